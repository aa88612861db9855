"""Who may do what, asked of the database once per request instead of once for the user and once for the groups."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User

# Of a row of auth_user: what its user was given, and what their groups were.
HELD = """
    ARRAY(
        SELECT DISTINCT app_label || '.' || codename FROM auth_permission
        JOIN django_content_type ON django_content_type.id = content_type_id
        WHERE auth_permission.id IN (
            SELECT permission_id FROM auth_user_user_permissions WHERE user_id = auth_user.id
            UNION ALL SELECT permission_id FROM auth_group_permissions
            JOIN auth_user_groups USING (group_id) WHERE user_id = auth_user.id
        )
    )
"""


class Permissions(ModelBackend):
    """As Django's own, in one query, or in none where the session brought them along."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            statement = f"SELECT id, {HELD} AS held FROM auth_user WHERE id = %s"  # noqa: S608
            asked: Any = User.objects.raw(statement, [user_obj.pk])
            user_obj._perm_cache = {name for user in asked for name in user.held}
        found: set[str] = user_obj._perm_cache
        return found

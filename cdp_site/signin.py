"""Signing in: a form that slows down guessing, and the demo's sign-ins where there is a demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.hashing import digest
from core.people import ROLE_LABELS
from demo import signins

FAILURES_MAX = 8  # per address and name, and ten times that per address
WINDOW_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """After too many failures the answer is the same for right and wrong passwords until the window has passed."""

    error_messages = {
        "invalid_login": gettext_lazy("That user name and that password do not belong together. Mind capital letters."),
        "inactive": gettext_lazy("This account has no access any more. Ask an administrator."),
    }

    def clean(self) -> dict[str, Any]:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        keys = _keys(address, self.cleaned_data.get("username", ""))
        if any(int(cache.get(key, 0)) >= most for key, most in keys.items()):
            raise ValidationError(_("Too many tries. Wait 15 minutes, or ask an administrator for a new password."))
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            for key in keys:
                cache.add(key, 0, WINDOW_SECONDS)
                cache.incr(key)
            raise
        cache.delete(next(iter(keys)))
        return cleaned


def _keys(address: str, name: str) -> dict[str, int]:
    return {
        f"signin:{digest(address, name.casefold())}": FAILURES_MAX,
        f"signin:{digest(address)}": FAILURES_MAX * 10,
    }


class SignIn(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nobody = not User.objects.filter(is_active=True).exists()
        return super().get_context_data(**kwargs) | {"demo_people": demo_people(), "nobody": nobody}


@login_not_required
def administration(request: HttpRequest) -> HttpResponse:
    """In place of the administration's own sign-in, where nothing slows down guessing."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))


def demo_people() -> list[dict[str, str]]:
    """User name, password and role of the demo's people who are there; none in production."""
    if settings.PRODUCTION:
        return []
    names = signins.usernames()
    there = set(
        User.objects.filter(
            is_active=True, username__in=names.values(), email__endswith="@kindred.example"
        ).values_list("username", flat=True)
    )
    return [
        {"username": name, "password": signins.PASSWORD, "role": str(ROLE_LABELS[role])}
        for role, name in names.items()
        if name in there
    ]

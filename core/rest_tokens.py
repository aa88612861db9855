"""Tokens of the API: `Authorization: Token …`. Only whoever was shown one knows it; here is its digest."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from core.models import ApiToken

BYTES = 20  # 160 random bits: no salt and no slow hash is needed, as nobody can guess them


def new_text() -> str:
    return secrets.token_hex(BYTES)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ApiTokens(TokenAuthentication):
    def authenticate_credentials(self, key: str) -> tuple[User, Any]:
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(key), user__is_active=True).first()
        if token is None:
            raise AuthenticationFailed(_("This token does not work. Make a new one under Settings, API."))
        return token.user, token

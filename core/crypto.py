"""Secrets at rest: a JSON field that is encrypted in the database."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from core.errors import Unavailable


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"kindred.secrets{key!s}".encode()).digest())) for key in keys]
    )


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """A JSON value, encrypted with a key derived from SECRET_KEY (old keys: SECRET_KEY_FALLBACKS). Not searchable.

    Raises Unavailable when a stored value cannot be decrypted with any of the keys.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if not value:
            return {}
        try:
            return json.loads(_cipher().decrypt(value.encode()))
        except InvalidToken as error:
            raise Unavailable(
                _("A stored secret cannot be read with today's SECRET_KEY. Enter the secret again, or restore the key.")
            ) from error

    def get_prep_value(self, value: Any) -> str:
        return _cipher().encrypt(json.dumps(value or {}).encode()).decode()

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value

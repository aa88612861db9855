"""The API's one error shape."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import KindredError, SignOfNoText, TooLarge

API = "/api/"  # below it, every refusal is in the one shape


def is_sign_of_no_text(error: Exception) -> bool:
    """Whether the database refuses a text for the one sign that it keeps in none."""
    return isinstance(error, DataError) and any(words in str(error) for words in ("NUL", "\\u0000"))


def error_body(error: KindredError) -> dict[str, Any]:
    body = {"code": error.code, "message": str(error.message), "fields": error.fields, "place": error.place}
    return {"error": body}


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {"error": {"code", "message", "fields", "place"}}."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    if is_sign_of_no_text(error):
        error = SignOfNoText()
    if isinstance(error, KindredError):
        set_rollback()
        return Response(error_body(error), status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    fields: dict[str, Any] = {}
    message = str(getattr(error, "detail", error))
    if isinstance(error, exceptions.ValidationError):
        message = str(error.default_detail)
        fields = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
    code = getattr(error, "default_code", "error")
    response.data = {"error": {"code": code, "message": message, "fields": fields, "place": ""}}
    return response

"""What the builder of rules asks with every change."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from core.errors import KindredError
from core.rest_errors import error_body
from core.roles import actor
from rules import counting


@require_POST
def count(request: HttpRequest) -> JsonResponse:
    """As the API's, without its weight: that takes as long as a quick count."""
    try:
        return JsonResponse(counting.answer(counting.read(request.body), by=actor(request)))
    except KindredError as error:
        return JsonResponse(error_body(error), status=error.status)

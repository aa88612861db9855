"""Who may use the API, how it pages, and files in it. Named in the settings, so nothing here may import REST
framework's views."""

from typing import Any

from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import DjangoModelPermissions

from core.errors import TooLarge

CSV_BYTES = 50_000_000  # about half a million lines


class Csv(BaseParser):
    """The file as it is, in bytes. Raises TooLarge for more than `CSV_BYTES`, unread."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if int(parser_context["request"].META["CONTENT_LENGTH"]) > CSV_BYTES:
            raise TooLarge()
        return stream.read()


class Pages(PageNumberPagination):
    """`?page=2&page_size=100`; at most 1,000 a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 1000


class Newest(CursorPagination):
    """Of tables that grow for ever: the newest first, by key. `next` and `previous` lead on; nothing is counted, and
    the thousandth page costs what the first costs."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 1000
    ordering: str | tuple[str, ...] = "-pk"


class ModelPermissions(DjangoModelPermissions):
    """Django's model permissions, for reading too."""

    perms_map = DjangoModelPermissions.perms_map | {
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        "OPTIONS": [],
    }


def public(endpoints: list[Any]) -> list[Any]:
    """What the description of the API names: not the addresses that our own pages ask."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]

"""Who may use the API, and how it pages. Named in the settings, so nothing here may import REST framework's views."""

from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.permissions import DjangoModelPermissions


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

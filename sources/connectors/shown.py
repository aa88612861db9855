"""Addresses of databases as people may see them."""

from typing import Any


def shown(url: str) -> str:
    """An address without its password; "" for what is none."""
    from sqlalchemy.engine import make_url  # half a second that only pages about sources have to wait for
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).set(password=None).render_as_string()
    except ArgumentError:
        return ""


def server_of(url: str) -> tuple[Any, ...]:
    """Whom an address leads to; nobody, where it is none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        found = make_url(url)
    except ArgumentError:
        return ()
    return found.get_backend_name(), found.host, found.port, *(found.query.get(name) for name in ("host", "hostaddr"))

"""Addresses of databases as people may see them."""


def shown(url: str) -> str:
    """An address without its password; "" for what is none."""
    from sqlalchemy.engine import make_url  # half a second that only pages about sources have to wait for
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).set(password=None).render_as_string()
    except ArgumentError:
        return ""

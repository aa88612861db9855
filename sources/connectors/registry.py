"""All kinds of sources. What comes with Kindred is imported when first asked for: a database library takes long."""

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from sources.connectors.base import Connector

_SHIPPED = {
    "file": "sources.connectors.file.FileConnector",
    "sql": "sources.connectors.sql.SqlConnector",
    "delta": "sources.connectors.delta.DeltaConnector",
}
_connectors: dict[str, Connector] = {}


def register(connector: Connector) -> None:
    _connectors[connector.name] = connector


def get(name: str) -> Connector:
    """Raises InvalidInput, naming those that exist."""
    if name not in _connectors and name in _SHIPPED:
        register(import_string(_SHIPPED[name])())
    if name not in _connectors:
        message = _("There is no connector “%(name)s”. Choose one of: %(names)s.")
        raise InvalidInput(message % {"name": name, "names": ", ".join(_names())}, place="connector")
    return _connectors[name]


def all_connectors() -> list[Connector]:
    return [get(name) for name in _names()]


def _names() -> list[str]:
    return list(_SHIPPED | _connectors)

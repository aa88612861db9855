"""All kinds of sources."""

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from sources.connectors.base import Connector
from sources.connectors.delta import DeltaConnector
from sources.connectors.file import FileConnector
from sources.connectors.sql import SqlConnector

_connectors: dict[str, Connector] = {}


def register(connector: Connector) -> None:
    _connectors[connector.name] = connector


def get(name: str) -> Connector:
    """Raises InvalidInput, naming those that exist."""
    if name not in _connectors:
        message = _("There is no connector “%(name)s”. Choose one of: %(names)s.")
        raise InvalidInput(message % {"name": name, "names": ", ".join(_connectors)}, place="connector")
    return _connectors[name]


def all_connectors() -> list[Connector]:
    return list(_connectors.values())


for _shipped in (FileConnector(), SqlConnector(), DeltaConnector()):
    register(_shipped)

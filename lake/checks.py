"""Whether the engine that is configured can answer: `manage.py check` looks at its name, `check --deploy` asks it."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from lake import engine


@register
def named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The setting names an engine whose packages are installed."""
    address = settings.LAKE_ENGINE
    if address == engine.DUCKDB:
        return []
    if not address.startswith(engine.SPARK):
        hint = "Set LAKE_ENGINE to duckdb, or to sc://host:port, the address of a Spark Connect server."
        return [Error(f"There is no engine {address!r}.", hint=hint, id="kindred.E010")]
    if find_spec("pyspark") is None or find_spec("grpc") is None:
        hint = "Run .venv/bin/pip install -r requirements-spark.txt -c requirements.lock."
        return [Error("LAKE_ENGINE needs packages that are not installed.", hint=hint, id="kindred.E011")]
    return []


@register(deploy=True)
def reachable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A Spark Connect server answers."""
    if not settings.LAKE_ENGINE.startswith(engine.SPARK) or named(None):
        return []
    try:
        engine.warm_up()
    except engine.Unreachable as error:
        hint = "Start the Spark Connect server, correct LAKE_ENGINE, or set it to duckdb."
        return [Error(str(error), hint=hint, id="kindred.E012")]
    return []

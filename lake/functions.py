"""Functions of the engines that Ibis has no name for. No Django here.

Each is declared as DuckDB knows it; `engines.spark_sql` says it for Spark. The bodies are never called.
"""

import ibis

__all__ = ["clock_time", "without_accents"]


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))
def clock_time(zone, moment):  # type: ignore[no-untyped-def]
    """What the clocks of a zone show at a moment, for parts of a date: without a zone."""


@ibis.udf.scalar.builtin(name="strip_accents", signature=(("string",), "string"))
def without_accents(text):  # type: ignore[no-untyped-def]
    """Letters without their marks: é becomes e."""

"""The client of Spark Connect, loaded in any program.

Where the program has no file (`python -c`, a worker of a test run), pyspark takes it for its own doctests, looks for an
installation of Spark, and ends the process.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _with_a_file() -> Iterator[None]:
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = __file__
    try:
        yield
    finally:
        del main.__file__


with _with_a_file():
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client import DefaultChannelBuilder
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.plan import SQL
    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

__all__ = ["SQL", "DefaultChannelBuilder", "DefaultPolicy", "PySparkException", "SparkSession", "from_arrow_schema"]

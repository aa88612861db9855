"""The lake's engines, one after the other: what holds on one must hold on the other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.sail import is_installed, sail
from lake import engine
from lake.queries import _load


@pytest.fixture(scope="session")
def sail_address() -> Iterator[str]:
    """A server for all tests of this process. Where its package has no build, these tests are not covered."""
    if not is_installed():
        pytest.skip("no pysail: not covered on Spark Connect")
    with sail() as (address, _pid):
        yield address


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def each_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The tests of a module on each engine."""
    address = engine.DUCKDB if request.param == "duckdb" else request.getfixturevalue("sail_address")
    with answered_by(address):
        yield request.param


@contextmanager
def answered_by(address: str) -> Iterator[None]:
    """Snapshots hold tables of the engine that made them: they are read anew."""
    limits, before = engine.configured()
    _configure(limits, address)
    try:
        yield
    finally:
        _configure(limits, before)


def _configure(limits: engine.Limits, address: str) -> None:
    engine.configure(limits, address)
    _load.cache_clear()

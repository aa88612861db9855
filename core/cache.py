"""The cache: it makes things quicker, and nothing fails for want of it."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

logger = logging.getLogger(__name__)


class Cache(RedisCache):
    """Django's own, but empty while its server does not answer. Counting, as sign-in does of failures, stands still."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", default, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._ask("set", None, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("add", False, key, value, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", 0, key, delta, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("delete", False, key, version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return dict(self._ask("get_many", {}, keys, version))

    def set_many(self, data: Mapping[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._ask("set_many", [], data, *args, **kwargs))

    def answers(self) -> bool:
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False

    def _ask(self, verb: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), verb)(*args, **kwargs)
        except RedisError as error:
            logger.warning("The cache does not answer (%s).", type(error).__name__)
            return otherwise

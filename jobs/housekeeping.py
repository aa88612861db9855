"""What is tidied up once a day, so that nothing grows for ever. Rooms register what they let go of. How long things are
kept is in docs/operate.md."""

import datetime
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone

logger = logging.getLogger(__name__)

HISTORY = datetime.timedelta(days=365)  # so that a day can be compared with the same one a year ago
IN_USE = datetime.timedelta(days=1)  # no task may take longer: what was not touched since is in nobody's use

Forget = Callable[[], object]
_registered: list[Forget] = []


def register(forget: Forget) -> None:
    """It is called once a day, and must be safe beside everything else."""
    _registered.append(forget)


def tidy() -> None:
    """All of it: what fails does not hold up the rest."""
    for forget in _registered:
        try:
            forget()
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("The housekeeping could not do %s.", forget)


def forget_history(model: type[Model], of: Sequence[str], at: str) -> int:
    """Deletes rows of more than a year ago by the column `at`, but never the newest of each value of `of`; how many."""
    rows = model._default_manager.all()
    newer = rows.filter(**{f"{at}__gt": OuterRef(at)}, **{name: OuterRef(name) for name in of})
    return rows.filter(Exists(newer), **{f"{at}__lt": timezone.now() - HISTORY}).delete()[0]


def forget_temporary_files() -> None:
    """Deletes what processes that were killed left in the folder of temporary files."""
    before = (timezone.now() - IN_USE).timestamp()
    for path in Path(settings.DATA_DIR / "tmp").rglob("*"):
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)

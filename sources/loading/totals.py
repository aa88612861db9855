"""Totals that spreadsheets put below their rows: they are no record and are set aside."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from core.text import fold
from sources.reading.batch import Batch, Reject

LOOKED_AT = 3  # rows at the end of a file
_WORDS = (
    "sum|sums|summe|summen|gesamt|gesamtsumme|insgesamt|total|totals|grand total|sub ?total|totale|totaux|somme|suma|"
    "soma|totaal|summa|razem|ogolem|toplam|yhteensa|itogo|vsego|tong|tong cong|he ?ji|zong ?ji|xiao ?ji"
)
_TOTAL = re.compile(rf"({_WORDS})\W*[\d.,\s]*")
_NUMBER = re.compile(r"\W{0,2}[\d.,'\s]+\W{0,3}(\w{1,3})?")


def without_totals(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same batches; totals at the end of each file are among its rejects. Holds back one batch with rows."""
    held: list[Batch] = []
    for batch in batches:
        goes_on = bool(held) and batch.file == held[0].file
        if held and (batch.data.num_rows or not goes_on):
            yield from held if goes_on else [_cut(held[0]), *held[1:]]
            held = []
        held.append(batch)
    if held:
        yield from [_cut(held[0]), *held[1:]]


def is_total(values: Sequence[object]) -> bool:
    """Whether a row begins with a word for a total and holds but numbers and gaps beside it."""
    texts = ["" if value is None else str(value).strip() for value in values]
    filled = [text for text in texts if text]
    if len(texts) < 2 or not filled or len(filled) == len(texts) or not _TOTAL.fullmatch(fold(filled[0])):
        return False
    return all(_NUMBER.fullmatch(text) for text in filled[1:])


def _cut(batch: Batch) -> Batch:
    for row in range(batch.data.num_rows - 1, max(-1, batch.data.num_rows - 1 - LOOKED_AT), -1):
        if not is_total([column[row].as_py() for column in batch.data.columns]):
            break
        text = _("This is a total, not a row. The table was loaded without it; nothing needs to be done.")
        batch.rejects.append(Reject(batch.file, int(batch.lines[row]), "", "total", text, batch.raw(row)))
        batch.data, batch.lines = batch.data.slice(0, row), batch.lines[:row]
    return batch

"""What kind of file this is, and how delimited text in it is written."""

import csv
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from sources.reading.encoding import Utf8Chunks, bom_of, guess_wide

SAMPLE_BYTES = 256 * 1024
SAMPLE_RECORDS = 300
MOST_TITLES = 20
WHITESPACE = "whitespace"
DELIMITERS = (",", ";", "\t", "|", "^", "~", ":")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\n', re.I)
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|rss|svg)\b", re.I)
_OBJECTS = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*\"")  # how JSON begins, and hardly ever the names of columns
_DELIMITED = {".csv", ".tsv", ".txt", ".tab", ".dat", ".psv", ""}
_KINDS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "excel", ".xls": "excel", ".xlsm": "excel", ".xlsb": "excel", ".ods": "excel",
}  # fmt: skip
_MAGIC = (
    (b"PAR1", "parquet", gettext_lazy("a Parquet file")),
    (b"PK\x03\x04", "zip", gettext_lazy("a ZIP archive or an Excel workbook")),
    (b"\xd0\xcf\x11\xe0", "excel", gettext_lazy("an old Excel workbook")),
    (b"\x89PNG", "image", gettext_lazy("a PNG image")),
    (b"\xff\xd8\xff", "image", gettext_lazy("a JPEG image")),
    (b"GIF8", "image", gettext_lazy("a GIF image")),
    (b"%PDF", "pdf", gettext_lazy("a PDF document")),
    (b"\x1f\x8b", "gzip", gettext_lazy("a gzip archive")),
    (b"SQLite format 3\x00", "sqlite", gettext_lazy("an SQLite database")),
)
# What a ZIP archive holds that is a workbook: of Excel, of binary Excel, of OpenDocument.
_WORKBOOK_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_VALUE = re.compile(r"^[\s$€£]*[-+]?\d[\d.,:/\-\sTZ]*$|^[^@\s]+@[^@\s]+\.\w+$")
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Dialect:
    """`delimiter` may be `whitespace` (any run of blanks). `skip`: lines above the table, titles and the like.
    `is_escaped`: quotes within values have a backslash before them, and so have backslashes."""

    encoding: str
    delimiter: str
    quote: str
    has_header: bool
    skip: int = 0
    notes: list[str] = field(default_factory=list)
    is_escaped: bool = False


def kind_of(path: Path, stated: str = "") -> str:
    """`delimited`, `jsonl`, `parquet` or `excel`. Workbooks and Parquet files are known by their content, whatever they
    are called; so is JSON that is called CSV, and text that is called a workbook. Raises InvalidInput for other files,
    and where the content is not what is stated."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise InvalidInput(
            _("%s is empty. Export it again, and check that the export finished.") % path.name, place=path.name
        )
    kind = stated or kind_by_name(path)
    found, words = next(((kind_, words) for magic, kind_, words in _MAGIC if head.startswith(magic)), ("", ""))
    if kind == "excel" and found in ("zip", "excel"):
        return kind
    if not stated and (found in ("excel", "parquet") or (found == "zip" and _is_workbook(path))):
        return "excel" if found == "zip" else found
    if found and found != kind:
        message = _(
            "%(file)s is %(what)s. Choose a CSV, TSV, JSON lines, Parquet or Excel file, or give it its right ending."
        )
        raise InvalidInput(message % {"file": path.name, "what": words}, place=path.name)
    if kind == "excel" and not found and not stated and not _is_binary(head) and not _MARKUP.match(head):
        kind = ""  # tables as text, which many programs give an ending of Excel's, that it may open them
    if kind in ("excel", "parquet") and not found and not _MARKUP.match(head):
        message = _("%s is not what its ending says: its content cannot be read. Export it again.")
        raise InvalidInput(message % path.name, place=path.name)
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        message = _("%s is a web page or an XML file. Was a sign-in page saved instead of the data? Export it as CSV.")
        raise InvalidInput(message % path.name, place=path.name)
    if kind in ("delimited", "jsonl", "") and _is_binary(head):
        raise InvalidInput(
            _("%s is not a text file. Export it as CSV, or choose another file.") % path.name, place=path.name
        )
    if kind == "delimited" and not stated and _OBJECTS.match(head):
        return "jsonl"
    return kind or ("jsonl" if head.lstrip().startswith(b"{") else "delimited")


def kind_by_name(path: Path) -> str:
    """What the ending of its name says a file is; "" for endings that say nothing."""
    suffix = path.suffix.lower()
    return "delimited" if suffix in _DELIMITED else _KINDS.get(suffix, "")


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return not _WORKBOOK_PARTS.isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        return False


def sniff(
    path: Path, encoding: str = "", delimiter: str = "", quote: str | None = None, header: bool | None = None
) -> Dialect:
    """Whatever is not stated is found out from the beginning of the file."""
    chunks = Utf8Chunks(path, encoding, chunk_bytes=SAMPLE_BYTES)
    sample = next(iter(chunks), b"").decode("utf-8", "replace").replace("\0", "").lstrip("\r\n")
    sample = sample.replace("\r\n", "\n").replace("\r", "\n")
    if path.stat().st_size > SAMPLE_BYTES and "\n" in sample:
        sample = sample[: sample.rfind("\n") + 1]
    if not sample.strip():
        raise InvalidInput(_("%s holds nothing but blanks. Export it again.") % path.name, place=path.name)
    if delimiter.lower() in ("tab", "\\t"):
        delimiter = "\t"
    hint = _SEPARATOR_LINE.match(sample)  # Excel writes and heeds it
    if hint is not None:
        delimiter, sample = delimiter or hint[1], sample[hint.end() :]
    if quote is None:
        quote = '"' if '"' in sample or not re.search(r"(^|[,;\t|])'[^'\n]*'([,;\t|]|$)", sample, re.M) else "'"
    delimiter = delimiter or _delimiter(sample, quote)
    is_escaped = quote == '"' and _is_escaped(sample, delimiter)
    if is_escaped:
        sample = sample.replace('\\"', '""')
    rows = records(sample, delimiter, quote)
    titles = title_rows(rows) if header is not False else 0
    has_header = header if header is not None else _has_header(rows[titles:])
    skip = _lines_of(sample, titles) + (hint is not None)
    return Dialect(encoding, delimiter, quote, has_header, skip, list(chunks.notes), is_escaped)


def _is_escaped(sample: str, delimiter: str) -> bool:
    """Whether quotes are written \\" within values, as Spark, Hive and MySQL do: more often than a value, such as a
    folder of Windows, ends with a backslash."""
    if '\\"' not in sample or not re.search(rf'(^|{re.escape(delimiter)})\s*"', sample, re.M):
        return False
    inside = len(re.findall(rf'\\"(?=[^\n"{re.escape(delimiter)}])', sample))
    ending = len(re.findall(rf'\\"(?=[\n{re.escape(delimiter)}])', sample))
    return inside > ending


def title_rows(rows: list[list[str]]) -> int:
    """How many rows stand above the table: a title, a date, a comment, each in one cell, before a row of names."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    first = next((position for position, count in enumerate(filled[: MOST_TITLES + 1]) if count > 1), 0)
    is_table = bool(first) and sum(count > 1 for count in filled) * 2 > len(filled) and filled[first] * 2 >= max(filled)
    return first if is_table and _has_header(rows[first:]) else 0


def _lines_of(sample: str, titles: int) -> int:
    """The lines of so many rows, blank ones between and behind them included."""
    seen = 0
    for number, line in enumerate(sample.split("\n")):
        if line.strip():
            seen += 1
            if seen > titles:
                return number if titles else 0
    return 0


def records(sample: str, delimiter: str, quote: str) -> list[list[str]]:
    """The first records of a sample, read patiently."""
    if delimiter == WHITESPACE:
        return [line.split() for line in sample.splitlines()[:SAMPLE_RECORDS] if line.strip()]
    quoting: Any = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = csv.reader(
        sample.splitlines(keepends=True),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=quoting,
        skipinitialspace=True,
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return rows


def _delimiter(sample: str, quote: str) -> str:
    best, best_score = "", 0.0
    for candidate in DELIMITERS:
        counts = Counter(len(row) for row in records(sample, candidate, quote))
        if not counts:
            continue
        width, times = counts.most_common(1)[0]
        score = times / counts.total() + min(width, 20) / 100
        if width > 1 and times / counts.total() >= 0.5 and score > best_score:
            best, best_score = candidate, score
    if best:
        return best
    lines = [line for line in sample.splitlines()[:SAMPLE_RECORDS] if line.strip()]
    widths = {len(line.split()) for line in lines}
    aligned = sum(bool(re.search(r"\S\s{2,}\S", line)) for line in lines) > len(lines) / 2
    return WHITESPACE if len(widths) == 1 and widths != {1} and aligned else ","


def _has_header(rows: list[list[str]]) -> bool:
    """A first row without a number, date or e-mail address names the columns."""
    first = [cell.strip() for cell in rows[0]]
    if any(_VALUE.match(cell) for cell in first):
        return _names_years(rows)
    filled = [cell for cell in first if cell]
    return bool(filled) and len(set(filled)) >= len(filled) * 0.5


def _names_years(rows: list[list[str]]) -> bool:
    """Whether the first row names years beside other columns ("region, 2022, 2023") over what are none."""
    first = [cell.strip() for cell in rows[0]]
    years = [at for at, cell in enumerate(first) if _VALUE.match(cell)]
    if len(years) < 2 or len(years) == len(first) or not all(_YEAR.fullmatch(first[at]) for at in years):
        return False
    below = [row[at].strip() for row in rows[1:] for at in years if at < len(row) and row[at].strip()]
    is_rising = sorted({first[at] for at in years}) in ([first[at] for at in years], [first[at] for at in years][::-1])
    return is_rising and bool(below) and sum(bool(_YEAR.fullmatch(cell)) for cell in below) * 2 < len(below)


def _is_binary(head: bytes) -> bool:
    if bom_of(head) or guess_wide(head):
        return False
    control = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return control > len(head) * 0.05 or head.count(0) > len(head) * 0.3

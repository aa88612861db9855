"""Reads an author's text: finds tokens written as labels ("{{ First Name }}") and turns them into Liquid variables.

Pure. Labels may have spaces, any script and most punctuation; case, spaces, `_` and `-` do not count. What the author
wrote between `{{ }}` and `{% %}` is replaced by short markers, so that HTML and MJML tools may work on the rest.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from core.text import label_key

MAX_LABEL_PARTS = 16  # words and signs that one label may consist of
KEYWORDS = frozenset(
    "and or contains in true false nil null empty blank limit offset reversed with not".split()  # noqa: SIM905
)
PLAIN_TAGS = frozenset(
    "else endif endunless endcase endfor endcapture break continue".split()  # noqa: SIM905
)
EXPRESSION_TAGS = frozenset("if elsif unless case when cycle".split())  # noqa: SIM905
VERBATIM_TAGS = frozenset("raw comment".split())  # noqa: SIM905

_OPEN = re.compile(r"\{\{-?|\{%-?")
_TAG = re.compile(r"\s*([^\W\d]\w*|#)(.*)", re.DOTALL)
_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*(=|\bin\b)?(.*)", re.DOTALL)
_LEXEME = re.compile(
    r"""(?P<space>\s+)|(?P<string>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?(?![^\s|:,=<>()\[\]!"']))"""
    r"""|(?P<operator>==|!=|<>|<=|>=|\.\.|[<>|:,=()\[\].!])|(?P<word>[^\s"'|:,=<>()\[\].!]+)|(?P<other>.)"""
)


@dataclass(frozen=True)
class Token:
    """Something that can be written into a text. `type` is a column type; `currency` is the money's ("USD");
    `semantic` the catalog's meaning ("person.first_name")."""

    name: str
    label: str
    type: str = "string"
    currency: str = ""
    group: str = ""
    semantic: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a text cannot be used. `code` names the kind; `text` is the piece of text; line and column start at 1."""

    code: str
    text: str = ""
    line: int = 0
    column: int = 0
    near: tuple[str, ...] = ()


class Vocabulary:
    """The tokens that exist, found by label or by name."""

    def __init__(self, tokens: Iterator[Token] | list[Token]) -> None:
        self.tokens = list(tokens)
        by_name = {label_key(token.name): token for token in self.tokens}
        self.by_key = by_name | {label_key(token.label): token for token in self.tokens}

    def find(self, text: str) -> Token | None:
        return self.by_key.get(label_key(text))

    def near(self, text: str) -> tuple[str, ...]:
        """Up to three labels that look like `text`, the closest first."""
        from rapidfuzz import fuzz, process

        found = process.extract(label_key(text), list(self.by_key), scorer=fuzz.WRatio, limit=6, score_cutoff=75)
        return tuple(dict.fromkeys(self.by_key[key].label for key, _score, _index in found))[:3]


@dataclass
class Scan:
    """A text with markers in place of its Liquid. `snippets` is what each marker stands for; `used` the tokens met."""

    text: str = ""
    snippets: dict[str, str] = field(default_factory=dict)
    outputs: set[str] = field(default_factory=set)
    used: dict[str, Token] = field(default_factory=dict)
    required: dict[str, Token] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def restore(self, text: str) -> str:
        """Puts the Liquid back in place of the markers."""
        return _MARKER.sub(lambda match: self.snippets.get(match[0], match[0]), text)

    def mark(self, snippet: str, *, output: bool = True) -> str:
        marker = f"kq{len(self.snippets)}{self.prefix}q"
        self.snippets[marker] = snippet
        if output:
            self.outputs.add(marker)
        return marker

    prefix: str = "b"

    def has_marker(self, text: str) -> bool:
        return any(match[0] in self.snippets for match in _MARKER.finditer(text))


_MARKER = re.compile(r"kq\d+[a-z]q")


def identifier(token: Token) -> str:
    """The Liquid variable of a token: letters and digits only, the same in every text."""
    return "v_" + label_key(token.name).encode().hex()


def scan(source: str, vocabulary: Vocabulary, *, prefix: str = "b", filters: Collection[str] | None = None) -> Scan:
    """Reads one text. `prefix` (one letter) keeps the markers of several texts apart; `filters`: those that exist."""
    return _Scanner(source, vocabulary, Scan(prefix=prefix), filters).run()


class _Scanner:
    def __init__(self, source: str, vocabulary: Vocabulary, result: Scan, filters: Collection[str] | None) -> None:
        self.source, self.vocabulary, self.result, self.filters = source, vocabulary, result, filters
        self.locals: set[str] = {"forloop"}

    def run(self) -> Scan:
        parts, position = [], 0
        while match := _OPEN.search(self.source, position):
            parts.append(self.source[position : match.start()])
            close = "}}" if match[0].startswith("{{") else "%}"
            end = self.source.find(close, match.end())
            if end < 0:
                self.problem("not_closed", self.source[match.start() : match.start() + 40], match.start())
                position = len(self.source)
                break
            if close == "}}":
                parts.append(self.output(match, end))
                position = end + 2
            else:
                marker, position = self.tag(match, end)
                parts.append(marker)
        parts.append(self.source[position:])
        self.result.text = "".join(parts)
        return self.result

    def problem(self, code: str, text: str, offset: int) -> None:
        line = self.source.count("\n", 0, offset) + 1
        column = offset - (self.source.rfind("\n", 0, offset) + 1) + 1
        near = self.vocabulary.near(text) if code == "unknown_token" else ()
        self.result.problems.append(Problem(code, text, line, column, near))

    def output(self, match: re.Match[str], end: int) -> str:
        inner, dash = _trim(self.source[match.end() : end])
        if not inner.strip():
            self.problem("empty_token", "{{ }}", match.start())
        code = self.expression(inner, match.end(), output=True)
        return self.result.mark(f"{match[0]} {code} {dash}}}}}")

    def tag(self, match: re.Match[str], end: int) -> tuple[str, int]:
        inner, dash = _trim(self.source[match.end() : end])
        found = _TAG.fullmatch(inner)
        name = found[1] if found else ""
        if name in VERBATIM_TAGS:
            return self.verbatim(name, match, end)
        if name == "#":
            return "", end + 2
        rest, offset = (found[2], match.end() + found.start(2)) if found else ("", match.end())
        code = self.tag_code(name, rest, offset, match.start())
        return self.result.mark(f"{match[0]} {code} {dash}%}}", output=False), end + 2

    def tag_code(self, name: str, rest: str, offset: int, start: int) -> str:
        if name in PLAIN_TAGS:
            return name
        if name in EXPRESSION_TAGS:
            return f"{name} {self.expression(rest, offset)}"
        named = _NAMED.fullmatch(rest)
        if name in {"assign", "capture", "for"} and named and not named[1].startswith("v_"):
            self.locals.add(named[1])
            code = self.expression(named[3], offset + named.start(3)) if name != "capture" else ""
            return f"{name} {named[1]} {named[2] or ''} {code}"
        self.problem("tag", name or rest.strip()[:40], start)
        return "comment %}{% endcomment"

    def verbatim(self, name: str, match: re.Match[str], end: int) -> tuple[str, int]:
        closing = re.compile(r"\{%-?\s*end" + name + r"\s*-?%\}").search(self.source, end)
        if closing is None:
            self.problem("not_closed", name, match.start())
            return "", len(self.source)
        if name == "comment":
            return "", closing.end()
        return self.result.mark("{% raw %}" + self.source[end + 2 : closing.start()] + "{% endraw %}"), closing.end()

    def expression(self, text: str, offset: int, *, output: bool = False) -> str:
        """The expression with its labels turned into variables."""
        if "&" in text:
            text = html.unescape(text)
        lexemes = [(m.lastgroup or "", m.start(), m.end()) for m in _LEXEME.finditer(text)]
        parts: list[str] = []
        index, before = 0, ""
        first: Token | None = None
        while index < len(lexemes):
            kind, start, end = lexemes[index]
            raw = text[start:end]
            if kind == "space":
                parts.append(" ")
                index += 1
                continue
            if raw == "..":
                self.problem("range", text.strip()[:40], offset + start)
            if kind in {"word", "number"} and before not in {"|", "."}:
                after, code, token = self.name(text, lexemes, index, offset)
                first = first or token
                parts.append(code)
                index, before = after, "name"
                continue
            if before == "|" and self.filters is not None and raw not in self.filters:
                self.problem("filter", raw, offset + start)
            parts.append(raw)
            before = raw if kind == "operator" else kind
            index += 1
        if output and first and "default" not in text:
            self.result.required[identifier(first)] = first
        return "".join(parts).strip()

    def name(
        self, text: str, lexemes: list[tuple[str, int, int]], index: int, offset: int
    ) -> tuple[int, str, Token | None]:
        """(index after, code, token) of the longest label that starts here; else a keyword, a number or a local. A
        label with further words behind it is none: “Total spend” is not “Total”."""
        kind, start, end = lexemes[index]
        raw = text[start:end]
        for after in range(min(len(lexemes), index + MAX_LABEL_PARTS), index, -1):
            last_kind, _last, last_end = lexemes[after - 1]
            if last_kind == "space" or "|" in text[start:last_end]:
                continue
            token = None if raw in self.locals else self.vocabulary.find(text[start:last_end])
            if token and _goes_on(text, lexemes, after):
                break
            if token and not (kind == "number" and after == index + 1):
                self.result.used[identifier(token)] = token
                return after, identifier(token), token
        is_argument = index + 1 < len(lexemes) and text[end : lexemes[index + 1][2]] == ":"
        if kind == "number" or raw in KEYWORDS or raw in self.locals or is_argument:
            return index + 1, raw, None
        after = _run_of_words(text, lexemes, index)
        self.problem("unknown_token", text[start : lexemes[after - 1][2]].strip(), offset + start)
        return after, "nil", None


def _goes_on(text: str, lexemes: list[tuple[str, int, int]], index: int) -> bool:
    """Whether a further word follows, which is no keyword."""
    if index + 1 >= len(lexemes) or lexemes[index][0] != "space":
        return False
    kind, start, end = lexemes[index + 1]
    return kind in {"word", "number"} and text[start:end] not in KEYWORDS


def _run_of_words(text: str, lexemes: list[tuple[str, int, int]], index: int) -> int:
    """Where a run of words that starts at `index` ends: before a keyword, an operator or a text in quotes."""
    after = index
    while after < len(lexemes):
        kind, start, end = lexemes[after]
        if kind not in {"word", "space", "number"} or (kind == "word" and text[start:end] in KEYWORDS):
            break
        after += 1
    while after > index + 1 and lexemes[after - 1][0] == "space":
        after -= 1
    return max(after, index + 1)


def _trim(inner: str) -> tuple[str, str]:
    """Splits the whitespace-control dash off the end."""
    return (inner[:-1], "-") if inner.endswith("-") else (inner, "")

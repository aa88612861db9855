"""Compiles an e-mail once and renders it for thousands of people. Pure: no database, no settings.

`compile_template(content, vocabulary, …)` reads the author's texts; `render(compiled, values)` makes one mail.
Whatever is wrong with a text is in `compiled.problems` and such a template must not be sent.
"""

import html as html_module
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liquid.exceptions import LiquidError, ResourceLimitError

from core.text import label_key
from messaging import html_text, mjml
from messaging.liquid_env import Markup, Missing, MissingValueError, environment
from messaging.skeleton import Body, Skeleton
from messaging.tokens import Problem, Scan, Token, Vocabulary, identifier, scan
from messaging.values import Style, clean, default_reader, reader

UNSUBSCRIBE = Token("unsubscribe_link", "Unsubscribe link", group="message")
OPEN_PIXEL = "k_open"  # the variable that prints the pixel
_LINK = re.compile(r"""(<(?:a|area)\b[^>]*?\bhref\s*=\s*)(["'])(.*?)\2""", re.IGNORECASE | re.DOTALL)
_BODY_START = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_TAG_INSIDE = re.compile(r"<(?!!)/?[a-zA-Z][^<>]*>")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f]+")  # what browsers pass over in an address
_RUNS = re.compile(r"(javascript|data|vbscript):", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_SPACER = "&#847;&zwnj;&nbsp;" * 60  # keeps mail programs from showing the body's first words after the preview text


class RenderError(Exception):
    """The content cannot be made for this person: a limit was reached, or a comparison makes no sense. Its text holds
    nothing of the person: it is kept with messages, and shown to whoever may see these. `code`: "limit" or "unfit";
    `part`: the filter or sign of the template that it is about, where that is known."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(f"{code} {part}".rstrip())
        self.code, self.part = code, part


@dataclass(frozen=True)
class Content:
    """An author's e-mail. `format` is "html" or "mjml"; an empty `text` is made from the body."""

    subject: str
    body: str
    format: str = "html"
    preview_text: str = ""
    text: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Footer:
    """What is added to a body without an unsubscribe link: HTML and text, which may hold tokens. Empty: nothing."""

    html: str = ""
    text: str = ""


@dataclass(frozen=True)
class Slot:
    """One token of a compiled mail: where its value is found and how it is read."""

    variable: str
    token: Token
    read: Callable[[Any], Any]
    default: Any


@dataclass
class Compiled:
    """A mail ready to be rendered. `links` are the addresses that may be tracked; variable `k_c<n>` prints number n."""

    subject: Skeleton
    html: Skeleton
    text: Skeleton
    preview_text: Skeleton
    slots: list[Slot]
    links: list[str]
    problems: list[Problem]
    tokens: list[Token]
    required: list[Token]
    has_unsubscribe: bool
    body_html: str
    constants: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    subject: str
    html_body: Body
    text_body: Body

    @property
    def html(self) -> str:
        return str(self.html_body)

    @property
    def text(self) -> str:
        return str(self.text_body)


def compile_template(
    content: Content, vocabulary: Vocabulary, style: Style | None = None, footer: Footer | None = None
) -> Compiled:
    """Reads the texts, makes HTML of MJML, adds preview text, pixel place and footer.

    Never raises for an author's mistake: `problems` says what is wrong.
    """
    return _Compiler(content, vocabulary, style or Style(), footer or Footer()).run()


def render(
    compiled: Compiled, values: Mapping[str, Any], links: Mapping[str, str] | None = None, *, pixel: str = ""
) -> Rendered:
    """One mail. `values` maps token names to values (money in major units); `links` maps `k_c<n>` to an address,
    where a link that is not named leads to its own. `pixel` is the HTML of the open pixel.

    Raises MissingValueError when a printed token has neither value nor default, RenderError when a limit is reached.
    """
    context = _context(compiled, values, pixel)
    if links:
        context.update(links)
    subject, html, text = _filled(context, compiled.subject, compiled.html, compiled.text)
    return Rendered(clean(str(subject)), html, text)


def render_preview_text(compiled: Compiled, values: Mapping[str, Any]) -> str:
    """What an inbox shows beside the subject. Raises as `render` does."""
    (text,) = _filled(_context(compiled, values), compiled.preview_text)
    return str(text)


def _context(compiled: Compiled, values: Mapping[str, Any], pixel: str = "") -> dict[str, Any]:
    context = compiled.constants | {OPEN_PIXEL: Markup(pixel)}
    for slot in compiled.slots:
        value = slot.read(values.get(slot.token.name))
        if value is None:
            value = slot.default
        context[slot.variable] = Missing(slot.token.label) if value is None else value
    return context


def _filled(context: Mapping[str, Any], *skeletons: Skeleton) -> list[Body]:
    try:
        return [skeleton.fill(context) for skeleton in skeletons]
    except (LiquidError, ValueError, TypeError, OverflowError, AttributeError, RecursionError) as error:
        raise _unfit(error) from None


class _Compiler:
    def __init__(self, content: Content, vocabulary: Vocabulary, style: Style, footer: Footer) -> None:
        self.content, self.style, self.footer = content, style, footer
        self.vocabulary = vocabulary
        self.filters = environment(style, autoescape=True).filters.keys()
        self.problems: list[Problem] = []
        self.scans: list[Scan] = []
        self.links: list[str] = []

    def run(self) -> Compiled:
        subject = self.scan(self.content.subject, "subject", "s")
        preview = self.scan(self.content.preview_text, "preview_text", "p")
        body = self.scan(self.content.body, "body", "b")
        has_unsubscribe = identifier(UNSUBSCRIBE) in body.used
        body_html = self.body_html(body)
        text = self.text(body, body_html)
        if not has_unsubscribe and self.footer.html:
            footer = self.scan(self.footer.html, "footer", "f")
            body_html = _insert(body_html, footer.restore(footer.text), _BODY_END, before=True)
        self.check_places(body_html, body)
        html = self.finish(body_html, body, preview)
        used = {name: token for scan_ in self.scans for name, token in scan_.used.items()}
        required = {name: token for scan_ in self.scans for name, token in scan_.required.items()}
        constants = {f"k_c{number}": url for number, url in enumerate(self.links)}
        variables = {*used, *constants, OPEN_PIXEL}
        return Compiled(
            subject=self.skeleton(subject.restore(clean(subject.text)), "subject", variables, autoescape=False),
            html=self.skeleton(html, "body", variables, autoescape=True),
            text=self.skeleton(text, "text", variables, autoescape=False),
            preview_text=self.skeleton(
                preview.restore(clean(preview.text)), "preview_text", variables, autoescape=False
            ),
            slots=[self.slot(name, token) for name, token in used.items()],
            links=self.links,
            problems=self.problems,
            tokens=list(used.values()),
            required=list(required.values()),
            has_unsubscribe=has_unsubscribe,
            body_html=body_html,
            constants=constants,
        )

    def scan(self, source: str, place: str, prefix: str) -> Scan:
        result = scan(source, self.vocabulary, prefix=prefix, filters=self.filters)
        self.problems += [Problem(f"{place}.{p.code}", p.text, p.line, p.column, p.near) for p in result.problems]
        self.scans.append(result)
        return result

    def body_html(self, body: Scan) -> str:
        """The body as a whole HTML document, still with markers."""
        text = body.text
        if self.content.format == "mjml":
            html, problem = mjml.to_html(text)
            self.problems += [problem] if problem else []
            return html
        if html_text.is_plain(text):
            text = html_text.from_plain(text)
        if _BODY_START.search(text):
            return text
        return (
            '<!doctype html><html><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"></head>'
            '<body style="margin:0;padding:24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">'
            f"{text}</body></html>"
        )

    def text(self, body: Scan, body_html: str) -> str:
        if self.content.text.strip():
            own = self.scan(self.content.text, "text", "t")
            text = own.restore(own.text)
            has_link = identifier(UNSUBSCRIBE) in own.used
        else:
            text = body.restore(html_text.to_text(body_html))
            has_link = identifier(UNSUBSCRIBE) in body.used
        if not has_link and self.footer.text:
            footer = self.scan(self.footer.text, "footer", "g")
            text += "\n\n-- \n" + footer.restore(footer.text)
        return text

    def check_places(self, html: str, body: Scan) -> None:
        """A value may stand in text and in quoted attributes; anywhere else it could become markup."""
        for match in _TAG_INSIDE.finditer(html):
            if body.has_marker(_QUOTED.sub("", match[0])):
                self.problems.append(Problem("body.unquoted", _readable(body, match[0])))
        for match in _SCRIPT.finditer(html):
            if any(marker in match[2] for marker in body.outputs):
                self.problems.append(Problem("body.in_script", match[1].lower()))
        for match in _LINK.finditer(html):
            url = match[3].strip()
            start = re.match(r"https?://[^/?#\s]+", url)
            opens_with_value = body.has_marker(url) and (not start or body.has_marker(start[0]))
            if opens_with_value and f" {identifier(UNSUBSCRIBE)} " not in body.restore(url):
                self.problems.append(Problem("body.link_start", _readable(body, url)))
        for link in html_text.inventory(html).links:
            if _RUNS.match(_IGNORED.sub("", link)):
                self.problems.append(Problem("body.link_scheme", link.strip()[:80]))

    def finish(self, html: str, body: Scan, preview: Scan) -> str:
        """Numbers the links, puts preview text first and the pixel's place last, and the Liquid back in."""
        html = _LINK.sub(lambda match: self.number_link(match, body), html)
        if preview.text.strip():
            hidden = html_module.escape(clean(preview.text), quote=False)
            block = f'<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{hidden}{_SPACER}</div>'
            html = _insert(html, preview.restore(block), _BODY_START, before=False)
        return body.restore(_insert(html, f"{{{{ {OPEN_PIXEL} }}}}", _BODY_END, before=True))

    def number_link(self, match: re.Match[str], body: Scan) -> str:
        url = html_module.unescape(match[3].strip())
        if not re.match(r"https?://[^/?#\s]", url) or body.has_marker(url):
            return match[0]
        if url not in self.links:
            self.links.append(url)
        return f"{match[1]}{match[2]}{{{{ k_c{self.links.index(url)} }}}}{match[2]}"

    def skeleton(self, source: str, place: str, variables: set[str], *, autoescape: bool) -> Skeleton:
        env = environment(self.style, autoescape=autoescape)
        try:
            return Skeleton(env.from_string(source), variables)
        except LiquidError as error:
            self.problems.append(Problem(f"{place}.liquid", _error_text(error)))
            return Skeleton(env.from_string(""))

    def slot(self, variable: str, token: Token) -> Slot:
        texts = {label_key(label): text for label, text in self.content.defaults.items()}
        text = texts.get(label_key(token.label)) or texts.get(label_key(token.name))
        return Slot(variable, token, reader(token), default_reader(token)(text) if text else None)


def _insert(html: str, piece: str, place: re.Pattern[str], *, before: bool) -> str:
    matches = list(place.finditer(html))
    if not matches:
        return html + piece if before else piece + html
    match = matches[-1] if before else matches[0]
    position = match.start() if before else match.end()
    return html[:position] + piece + html[position:]


def _readable(body: Scan, text: str) -> str:
    """The text with its Liquid, variables written as labels again."""
    text = body.restore(text)
    for variable, token in body.used.items():
        text = text.replace(variable, token.label)
    return text[:80]


def _unfit(error: Exception) -> RenderError:
    """Without what was raised, which may quote a value."""
    if isinstance(error, ResourceLimitError | RecursionError | OverflowError):
        return RenderError("limit")
    token = error.token if isinstance(error, LiquidError) else None
    return RenderError("unfit", token.value[:40] if token and token.start_index >= 0 else "")


def _error_text(error: LiquidError) -> str:
    return str(error).split("\n")[0][:200]


__all__ = [
    "Compiled",
    "Content",
    "Footer",
    "MissingValueError",
    "Problem",
    "RenderError",
    "Rendered",
    "Style",
    "Token",
    "Vocabulary",
    "compile_template",
    "render",
    "render_preview_text",
]

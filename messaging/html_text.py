"""HTML to plain text for the text part of a mail, and what an HTML body consists of. Pure."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SKIPPED = {"script", "style", "head", "title"}
_BLOCKS = {"p", "div", "table", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "hr"}
_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!]")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.skip = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.skip += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in {"p", "h1", "h2", "h3", "blockquote"} else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skip = max(0, self.skip - 1)
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            shown = "".join(self.parts[start:]).strip()
            if href and not href.startswith("#") and href != shown:
                self.parts.append(f" ({href})" if shown else href)
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in {"p", "h1", "h2", "h3", "blockquote"} else "\n")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(re.sub(r"\s+", " ", data))


def to_text(html: str) -> str:
    """Readable text: paragraphs apart, list items with dashes, links as "text (address)", images as their alt text."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    text = "".join(parser.parts).replace("\xa0", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_plain(body: str) -> bool:
    """True for a body without any tag: text typed by a person."""
    return _TAG.search(body) is None


def from_plain(body: str) -> str:
    """Paragraphs and line breaks of a text without tags as HTML; what is an entity already stays one."""
    paragraphs = [p for p in re.split(r"\n\s*\n", body.strip()) if p]
    return "\n".join("<p>" + p.replace("<", "&lt;").replace("\n", "<br>\n") + "</p>" for p in paragraphs)


@dataclass
class Inventory:
    """What a body holds: links and images in the order of the text, and tags that mail programs drop."""

    links: list[str] = field(default_factory=list)
    images: list[dict[str, str | None]] = field(default_factory=list)
    active: list[str] = field(default_factory=list)


class _Inventory(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Inventory()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"a", "area"} and "href" in values:
            self.found.links.append(values["href"] or "")
        elif tag == "img":
            self.found.images.append(values)
        if tag in {"script", "iframe", "object", "embed", "form"}:
            self.found.active.append(tag)
        self.found.active += [name for name in values if name.startswith("on")]


def inventory(html: str) -> Inventory:
    parser = _Inventory()
    parser.feed(html)
    parser.close()
    return parser.found

"""Which tokens a text may use, and how values are written in this workspace."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import Workspace
from lake.queries import Snapshot, snapshot
from messaging.models import EmailTemplate, Purpose, TemplateVersion
from messaging.render import UNSUBSCRIBE, Compiled, Content, Footer, Style, Token, Vocabulary, compile_template

COMPANY_NAME = Token("company_name", "Company Name", group="workspace")
COMPANY_ADDRESS = Token("company_address", "Company Address", group="workspace")
OWN_TOKENS = [COMPANY_NAME, COMPANY_ADDRESS, UNSUBSCRIBE]


def vocabulary(catalog: Snapshot | None = None) -> Vocabulary:
    """The attributes and measures of the catalog, and the workspace's own tokens (which win)."""
    attributes = (catalog or snapshot()).attributes()
    known = [Token(a.name, a.label, a.type, a.currency, group=a.table, semantic=a.semantic) for a in attributes]
    return Vocabulary([*known, *OWN_TOKENS])


def style(workspace: Workspace) -> Style:
    """The workspace's language for mails and its time zone."""
    return Style(locale=workspace.locale, time_zone=workspace.time_zone)


def workspace_values(workspace: Workspace) -> dict[str, Any]:
    return {
        COMPANY_NAME.name: workspace.company_name,
        COMPANY_ADDRESS.name: workspace.company_address,
    }


def footer(purpose: str, locale: str) -> Footer:
    """What a marketing mail without an unsubscribe link gets at its end."""
    if purpose != Purpose.MARKETING:
        return Footer()
    with override(locale):
        word = _("Unsubscribe")
        why = _("You receive this e-mail as a customer of {{ Company Name }}.")
    style_ = "margin:24px 0 0;text-align:center;font:12px/1.5 Helvetica,Arial,sans-serif;color:#64748b"
    link = f'<a href="{{{{ Unsubscribe link }}}}" style="color:#64748b">{word}</a>'
    return Footer(f'<p style="{style_}">{why} {link}</p>', f"{why}\n{word}: {{{{ Unsubscribe link }}}}")


def content_of(source: EmailTemplate | TemplateVersion) -> Content:
    return Content(
        subject=source.subject,
        body=source.body,
        format=source.format,
        preview_text=source.preview_text,
        text=source.text,
        defaults=source.defaults,
    )


def compile_draft(template: EmailTemplate, words: Vocabulary | None = None) -> Compiled:
    """The draft as it is now, against today's catalog."""
    look = style(Workspace.current())
    return compile_template(content_of(template), words or vocabulary(), look, footer(template.purpose, look.locale))


def compile_version(version: TemplateVersion, workspace: Workspace) -> Compiled:
    """A frozen version with the tokens as they were when it was frozen."""
    look = style(workspace)
    words = Vocabulary([*(Token(**token) for token in version.tokens), *OWN_TOKENS])
    return compile_template(content_of(version), words, look, footer(version.purpose, look.locale))


def token_rows(compiled: Compiled) -> list[dict[str, str]]:
    """The tokens of the catalog that a mail uses, as JSON, in a stable order."""
    own = {token.name for token in OWN_TOKENS}
    return [asdict(token) for token in sorted(compiled.tokens, key=lambda t: t.name) if token.name not in own]


def fill_of(names: list[str]) -> dict[str, float]:
    """The share of people that have a value, per attribute: 0 to 1. Unknown attributes are left out."""
    catalog = snapshot()
    people = catalog.info("unified.profiles").rows if catalog.has("unified.profiles") else 0
    shares: dict[str, float] = {}
    for attribute in catalog.attributes():
        if attribute.name in names and people:
            rows = catalog.info(attribute.table).rows
            shares[attribute.name] = max(0.0, (rows - attribute.stats.missing) / people)
    return shares

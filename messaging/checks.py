"""What a person should know about an e-mail before it is sent: errors, which stop it, warnings and hints."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import InvalidInput
from core.formats import size
from core.text import label_key
from messaging import catalog, html_text
from messaging.models import EmailTemplate, Purpose
from messaging.render import Compiled, Problem, RenderError
from messaging.tokens import Vocabulary

ERROR, WARNING, HINT, FINE = "error", "warning", "hint", "fine"
MAX_BYTES = 102_000  # Gmail cuts a mail's HTML at 102 kB and hides the rest, with the unsubscribe link
SUBJECT_LENGTH = 60  # more is cut off in most inboxes


@dataclass(frozen=True)
class Check:
    """One line of the list. `place`: subject, preview_text, body, text or footer; `line` 0 means no line. `near` are
    labels that may be meant by `unknown`, which is written there."""

    level: str
    text: str
    place: str = ""
    line: int = 0
    column: int = 0
    near: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def has_lines(self) -> bool:
        """Whether the place has more lines than one, so that the number helps."""
        return bool(self.line) and self.place in {"body", "text"}


def check(template: EmailTemplate, words: Vocabulary | None = None) -> list[Check]:
    """Everything there is to say, errors first."""
    compiled = catalog.compile_draft(template, words)
    found = [_problem(problem) for problem in compiled.problems]
    found += _texts(template) + _values(template, compiled) + _body(template, compiled)
    order = {ERROR: 0, WARNING: 1, HINT: 2, FINE: 3}
    return sorted(found, key=lambda item: order[item.level])


def require_sendable(template: EmailTemplate) -> None:
    """Raises InvalidInput with the first error and its place."""
    for item in check(template):
        if item.level == ERROR:
            place = f"{template.name}: {item.place}" + (f", {_('line')} {item.line}" if item.line else "")
            raise InvalidInput(item.text, place=place)


def _problem(problem: Problem) -> Check:
    place, _dot, code = problem.code.partition(".")
    text = _PROBLEMS[code]() % {"text": problem.text}
    if problem.near:
        text += " " + _("Did you mean %(near)s?") % {"near": _(" or ").join(f"“{label}”" for label in problem.near)}
    unknown = problem.text if code == "unknown_token" else ""
    return Check(ERROR, text, place, problem.line, problem.column, problem.near, unknown)


_PROBLEMS = {
    "unknown_token": lambda: _(
        "Nothing is known as “%(text)s”. Insert a value from the list, or give a column this name under Sources."
    ),
    "empty_token": lambda: _("There is nothing between the braces of “%(text)s”. Choose a token."),
    "not_closed": lambda: _("“%(text)s” is opened and never closed."),
    "tag": lambda: _("“%(text)s” cannot be used in an e-mail. Use if, unless, case, for, assign or comment."),
    "filter": lambda: _("There is no filter “%(text)s”."),
    "range": lambda: _("Ranges such as “%(text)s” cannot be used in an e-mail."),
    "unquoted": lambda: _("Put quotation marks around the value in “%(text)s”; else a name could become markup."),
    "in_script": lambda: _("A token cannot be used inside <%(text)s>."),
    "link_start": lambda: _("A link must begin with a fixed address such as https://…, not with “%(text)s”."),
    "link_scheme": lambda: _("The link “%(text)s” is not allowed. Use https, mailto or tel."),
    "mjml": lambda: _("The MJML cannot be read: %(text)s."),
    "liquid": lambda: _("The personalisation cannot be read: %(text)s."),
}


def unrendered(error: RenderError) -> str:
    """Why an e-mail could not be made for somebody, for the ledger and the preview: nothing of the person is in it."""
    if error.code == "limit":
        return _("It becomes too long, or takes too many steps. Make its loops and texts shorter.")
    if error.part:
        message = _("The value of this person does not fit “%(part)s”. Check what the filter or comparison is given.")
        return message % {"part": error.part}
    return _("A value of this person does not fit a filter or a comparison. Check what these are given.")


def _texts(template: EmailTemplate) -> list[Check]:
    found = []
    if not template.subject.strip():
        found.append(Check(ERROR, _("The subject is empty."), "subject"))
    elif len(template.subject) > SUBJECT_LENGTH:
        found.append(Check(HINT, _("Many inboxes cut a subject off after 60 characters."), "subject"))
    if not template.body.strip():
        found.append(Check(ERROR, _("The body is empty."), "body"))
    if not template.preview_text.strip():
        found.append(
            Check(HINT, _("Without a preview text, inboxes show the first words of the body."), "preview_text")
        )
    return found


def _values(template: EmailTemplate, compiled: Compiled) -> list[Check]:
    """Tokens that people may lack, without a default."""
    own = {token.name for token in catalog.OWN_TOKENS}
    given = {label_key(label) for label, text in template.defaults.items() if str(text).strip()}
    fill = catalog.fill_of([token.name for token in compiled.required])
    found = []
    for token in compiled.required:
        share = fill.get(token.name, 1.0)
        if token.name in own or share >= 1 or given & {label_key(token.label), label_key(token.name)}:
            continue
        text = _("%(missing)s%% of people have no “%(label)s”. They will not get this e-mail; a default changes that.")
        missing = f"{max(0.1, 100 * (1 - share)):.1f}".removesuffix(".0")
        found.append(Check(WARNING, text % {"missing": missing, "label": token.label}, "defaults"))
    return found


def _body(template: EmailTemplate, compiled: Compiled) -> list[Check]:
    found = []
    holds = html_text.inventory(compiled.body_html)
    without_alt = sum(1 for image in holds.images if image.get("alt") is None)
    if without_alt:
        text = ngettext("%d picture has no alternative text.", "%d pictures have no alternative text.", without_alt)
        found.append(Check(WARNING, text % without_alt, "body"))
    if holds.active:
        names = ", ".join(dict.fromkeys(holds.active))
        found.append(Check(WARNING, _("Mail programs remove: %(names)s.") % {"names": names}, "body"))
    empty = [link for link in holds.links if link.strip() in {"", "#"}]
    if empty:
        found.append(Check(WARNING, _("A link leads nowhere."), "body"))
    if any(link.startswith("http://") for link in holds.links):
        found.append(Check(HINT, _("A link uses http. Use https where the site has it."), "body"))
    length = len(compiled.body_html.encode())
    if length > MAX_BYTES:
        text = _("The e-mail has %(size)s; Gmail hides everything after 102 kB.") % {"size": size(length)}
        found.append(Check(WARNING, text, "body"))
    if template.purpose == Purpose.MARKETING and not compiled.has_unsubscribe:
        text = _("No unsubscribe link in the body: a small line with one is added at the end.")
        found.append(Check(HINT, text, "body"))
    return found

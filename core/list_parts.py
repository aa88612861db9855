"""What a list page is declared with: columns, bulk actions, and what it says while it is empty."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """One column. `key` is a field, attribute or dictionary key (`owner__name` and `owner.name` follow relations).

    kind: text, number, figure (a number in words), percent, money (minor units), date, ago, bytes, duration, phone,
    bool, pill, tags, html.
    `link`: True links to the row's address, or a function row → address. `value`: row → value instead of `key`.
    `pill`: row → (words, tone) for kind "pill". `template`: a template that gets `row` and `value`.
    `sort`: False, or the ordering key where it differs. `hidden`: not shown until chosen.
    `currency`: an ISO code, or row → code. `one_line`: short words that are read better unbroken, as names of people.
    """

    key: str
    label: Text
    kind: str = "text"
    sort: bool | str = True
    link: bool | Callable[[Any], str] = False
    value: Callable[[Any], Any] | None = None
    pill: Callable[[Any], tuple[Text, str]] | None = None
    template: str = ""
    hidden: bool = False
    currency: str | Callable[[Any], str] = ""
    export: bool = True
    one_line: bool = False

    @property
    def sort_key(self) -> str:
        if self.sort is True:
            return "" if self.value or "." in self.key else self.key
        return self.sort or ""

    @property
    def is_number(self) -> bool:
        return self.kind in {"number", "percent", "money", "bytes", "duration", "figure"}


@dataclass(frozen=True)
class BulkAction:
    """`run(request, ids)` does it for the picked rows and returns a sentence for the toast (or a response).

    `confirm` names the consequences in the dialog. For "all that match", ids are all keys of the narrowed rows.
    """

    name: str
    label: Text
    run: Callable[[HttpRequest, list[str]], Any]
    permission: str = ""
    confirm: Text = ""
    icon: str = ""
    danger: bool = False

    def allowed(self, request: HttpRequest) -> bool:
        return not self.permission or request.user.has_perm(self.permission)


@dataclass(frozen=True)
class Empty:
    """What a list without any row says: one sentence, one action, an example."""

    title: Text
    text: Text = ""
    icon: str = "inbox"
    action: Text = ""
    url: str = ""
    panel: bool = False
    example: Text = ""
    permission: str = ""

"""The form of an activity: columns are chosen, and what a table tells is suggested."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import humanize
from lake.models import Relationship
from lake.queries import Snapshot, snapshot
from lake.specs import CUSTOMERS, DATE, INTEGER, MONEY, NUMBER, STRING, TIMESTAMP, ColumnInfo, TableInfo
from lake.words import table_title
from profiles.inputs.mapping import candidates, is_source_table
from profiles.models import ActivityType

WORD_LENGTH = 40
BIRTH = "person.birth_date"
TELLING_FROM = 5  # different values that a column must have to tell rows apart: fewer are a state or a flag


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    """Rules live in the service; here is only shape. A form without an instance is filled by what `table` suggests."""

    table = forms.ChoiceField(label=gettext_lazy("Rows of"))
    time = forms.ChoiceField(label=gettext_lazy("Time"))
    amount = forms.ChoiceField(label=gettext_lazy("Amount"), required=False)

    class Meta:
        model = ActivityType
        fields = ["table", "type", "time", "title", "amount", "url"]
        help_texts = {
            "type": gettext_lazy("One word, for example order or visit."),
            "title": gettext_lazy("Text; columns in braces, for example: Order {order_id}"),
            "url": gettext_lazy("An address, columns in braces, if there is one."),
        }

    def __init__(self, *args: Any, table: str = "", **kwargs: Any) -> None:
        now = snapshot()
        names = [name for name in now.names() if is_source_table(name)]
        kept = getattr(kwargs.get("instance"), "table", "")
        chosen = kept or table or next(iter([*by_telling(now), *names]), "")
        if not kept and now.has(chosen):
            kwargs["initial"] = suggested(now.info(chosen))
        super().__init__(*args, **kwargs)
        if kept and kept not in names:
            names.append(kept)
        if self.is_bound:
            chosen = str(self.data.get("table") or chosen)
        columns = list(now.info(chosen).columns) if now.has(chosen) else []
        fields: dict[str, Any] = self.fields
        fields["table"].choices = [(name, table_title(now, name)) for name in names]
        fields["time"].choices = [(c.name, c.label) for c in columns if c.type in (TIMESTAMP, DATE)]
        fields["time"].help_text = _("The column that says when it happened.")
        if columns and not fields["time"].choices:
            fields["time"].help_text = _(
                "No column of this table is a date or a time. Where one holds them as text or numbers, open the table "
                "in Sources, choose the type of that column and load the table again."
            )
        amounts = [(c.name, c.label) for c in columns if c.type in (MONEY, NUMBER, INTEGER)]
        fields["amount"].choices = [("", _("None")), *amounts]


def undeclared(now: Snapshot) -> list[str]:
    """Tables that look like something that happened: with a time, no people themselves, and not declared yet; those
    first that were paid."""
    people = {info.name for info in candidates(now)}
    return [name for name in by_telling(now) if name not in people and _has(now, name, TIMESTAMP)]


def by_telling(now: Snapshot) -> list[str]:
    """Source tables that are not declared yet, those first whose rows look most like something that happened: with a
    time, not of people themselves (though an order may name its buyer), paid, and belonging to a person directly."""
    taken = set(ActivityType.objects.values_list("table", flat=True))
    people = {info.name for info in candidates(now)}
    direct = set(Relationship.objects.filter(to_table__in={*people, CUSTOMERS}).values_list("from_table", flat=True))
    names = [name for name in now.names() if is_source_table(name) and name not in taken]

    def doubt(name: str) -> tuple[bool, ...]:
        return not _has(now, name, TIMESTAMP), name in people, not _has(now, name, MONEY), name not in direct

    return sorted(sorted(names), key=doubt)


def _has(now: Snapshot, name: str, kind: str) -> bool:
    return any(column.type == kind for column in now.info(name).columns)


def suggested(info: TableInfo) -> dict[str, str]:
    """What could be declared of a table: its first time, its money, and a title."""
    word = info.name.partition(".")[2]
    dates = [c for kind in (TIMESTAMP, DATE) for c in info.columns if c.type == kind]
    times = [c.name for c in sorted(dates, key=lambda column: column.semantic == BIRTH)]  # a birth is hardly ever meant
    return {
        "table": info.name,
        "type": word.lower()[:WORD_LENGTH],
        "time": times[0] if times else "",
        "title": _title(info, word),
        "amount": next((c.name for c in info.columns if c.type == MONEY), ""),
    }


def _title(info: TableInfo, word: str) -> str:
    """The text that says most of a row, such as the product bought; else the table's name and key."""
    apart = {*info.key, *(row.from_column for row in Relationship.objects.filter(from_table=info.name))}
    texts = [c for c in info.columns if c.type == STRING and not c.semantic and c.name not in apart]
    telling = [c for c in texts if c.stats.distinct >= TELLING_FROM and not _is_nested(c)]
    if telling:
        return f"{{{max(telling, key=lambda column: column.stats.distinct).name}}}"
    states = [c.name for c in texts if c.stats.distinct > 1]
    return humanize(word) + "".join(f" {{{column}}}" for column in info.key or states[:1])


def _is_nested(column: ColumnInfo) -> bool:
    """Lists and objects, kept as JSON text, are nothing to read."""
    return str(column.stats.min).startswith(("[", "{")) and str(column.stats.max).startswith(("[", "{"))

"""The form of a measure. Its choices are what the catalog knows."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import json_text
from core.errors import InvalidInput, KindredError
from lake.queries import Snapshot, snapshot
from lake.words import table_title, title
from measures.models import Measure
from measures.services import preview
from profiles.models import Unification
from rules.language import UNITS


class MeasureForm(forms.ModelForm[Measure]):
    """`what` names a table, or a table and its column, in one choice; the window is "the last n units"."""

    what = forms.ChoiceField(label=gettext_lazy("Calculate with"))
    last = forms.IntegerField(label=gettext_lazy("Only the last"), min_value=1, max_value=100_000, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    where = forms.CharField(label=gettext_lazy("Only rows where"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Measure
        fields = ("name", "of", "function", "what", "last", "unit", "where", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = choices(snapshot())
        self.has_tables = len(known) > 1  # besides none
        self.fields["what"].choices = known  # type: ignore[attr-defined]
        words = [_("minutes"), _("hours"), _("days"), _("weeks"), _("months"), _("years")]
        self.fields["unit"].choices = list(zip(UNITS, words, strict=True))  # type: ignore[attr-defined]
        within = self.instance.within or {}
        self.fields["function"].choices = Measure.Function.choices  # type: ignore[attr-defined]
        self.initial.setdefault("unit", within.get("unit", "days"))
        if self.instance.table:
            self.initial["what"] = _joined(self.instance.table, self.instance.column)
            self.initial["last"] = within.get("last")
            self.initial["where"] = json.dumps(self.instance.where) if self.instance.where else ""

    def clean_where(self) -> dict[str, Any] | None:
        text = self.cleaned_data.get("where")
        if not text:
            return None
        try:
            value = json_text.load(text)
        except InvalidInput as error:
            raise forms.ValidationError(_("These conditions cannot be read. Enter them again.")) from error
        return value if isinstance(value, dict) and any(value.values()) else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        table, _separator, column = data.get("what", "").partition("\t")
        data["table"], data["column"] = table, column
        if data.get("function") != Measure.Function.COUNT and table and not column:
            self.add_error("what", _("Choose a column to calculate with. Only a number of rows needs none."))
        last, unit = data.get("last"), data.get("unit") or "days"
        kept = self.instance.within if self.instance.within and "last" not in self.instance.within else None
        data["within"] = {"last": last, "unit": unit} if last else kept
        if not self.errors:
            self._fill(data)
        return data

    def _fill(self, data: dict[str, Any]) -> None:
        """Sets the instance, and finds out whether the calculation fits the data."""
        for name in ("of", "function", "table", "column", "where", "within", "name", "description"):
            setattr(
                self.instance, name, data.get(name) or ("" if name in {"column", "description"} else data.get(name))
            )
        try:
            self.example = preview(self.instance)
        except KindredError as error:
            self.add_error(None, str(error))


def _joined(table: str, column: str) -> str:
    return f"{table}\t{column}" if column else table


def choices(current: Snapshot) -> list[tuple[str, Any]]:
    """Grouped by table: its rows, then its columns. Only tables whose rows belong to customers: what they did before
    what they are, of which there is hardly more than one row to each."""
    groups: list[tuple[str, Any]] = [("", "—")]
    people = set(Unification.current().tables)
    for name in sorted(current.related(), key=lambda name: name in people):
        if not current.has(name):
            continue
        info = current.info(name)
        rows = (name, _("Rows of %(table)s") % {"table": title(info)})
        columns = [(_joined(name, column.name), f"{title(info)} · {column.label}") for column in info.columns]
        groups.append((table_title(current, name), [rows, *columns]))
    return groups

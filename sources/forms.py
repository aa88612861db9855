"""Forms of the source pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sources import semantics
from sources.models import SourceColumn, safe_name
from sources.queries import identifiers_in_use

TYPES = [(value, label) for value, label in SourceColumn.Type.choices]
OTHER_IDS = ("id.customer", "id.loyalty_card", "id.device", "id.cookie", "id.national_id")


def meanings(*also: str) -> list[tuple[str, Any]]:
    """Choices of meaning, with the identifiers of all sources: the number of the shop's customers stands in its orders
    too. "none" states that there is none."""
    known = list(dict.fromkeys([*semantics.SEMANTIC_TYPES, *OTHER_IDS, *identifiers_in_use()]))
    more = [value for value in also if value and value not in known and value != "none"]
    return [("none", _("No meaning")), *((value, semantics.label(value)) for value in [*known, *more])]


class SourceForm(forms.Form):
    """Name of a new source; the connector's own fields are in its own form."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        validators=[safe_name],
        help_text=_("Short, for example shop. It cannot change later."),
    )


class SourceEditForm(forms.Form):
    """A secret that is left empty stays as it is."""

    label = forms.CharField(label=_("Shown name"), max_length=200, required=False)
    url = forms.CharField(label=_("New address"), required=False, help_text=_("Left empty, the stored one stays."))
    password = forms.CharField(
        label=_("New password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, the stored one stays. Nobody can read it here."),
    )

    def __init__(self, *args: Any, secret_fields: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("url", "password"):
            if name not in secret_fields:
                del self.fields[name]


class TableForm(forms.Form):
    """What a table is called and whether refreshes load it."""

    name = forms.CharField(label=_("Table name"), max_length=120, validators=[safe_name])


class NewerFileForm(forms.Form):
    """A file, and whether what was loaded from the older ones stays."""

    HOW = (
        ("replace", _("It holds everything: it takes the place of what is there")),
        ("add", _("It holds only what is new: its rows are added")),
    )

    upload = forms.FileField(label=_("File"), help_text=_("With the same columns as before."))
    how = forms.ChoiceField(label=_("What it holds"), choices=HOW, initial="replace", widget=forms.RadioSelect)


class ColumnForm(forms.Form):
    """One column: what is chosen here is stated and wins over what is found out; "" finds out again."""

    label = forms.CharField(label=_("Shown name"), max_length=250, required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    semantic = forms.ChoiceField(label=_("Meaning"), required=False)
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False, help_text=_("Of money, for example USD.")
    )
    format = forms.CharField(
        label=_("How it is written"),
        max_length=60,
        required=False,
        help_text=_(
            "A date pattern such as %d/%m/%Y, epoch_s, epoch_ms or epoch_us; for numbers the decimal mark; "
            "minor for money in the smallest unit, as in 1050 for 10.50."
        ),
    )
    sensitive = forms.BooleanField(label=_("Sensitive: masked for most roles"), required=False)

    def __init__(self, *args: Any, column: SourceColumn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = {} if column.states("type") else {"type": column.get_type_display()}
        automatic = _("Found out: %s") % found["type"] if found else _("Find out")
        self.fields["type"].choices = [("", automatic), *TYPES]  # type: ignore[attr-defined]
        guess = semantics.label(column.semantic) if column.semantic and not column.states("semantic") else _("none")
        self.fields["semantic"].choices = [("", _("Found out: %s") % guess), *meanings(column.semantic)]  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

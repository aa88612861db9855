from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lake.queries import Snapshot
from lake.specs import CUSTOMERS, OWN_NAMESPACES
from lake.words import column_title, table_title


class RelationshipForm(forms.Form):
    """`column` is chosen as "table|column", so that one field names both."""

    column = forms.ChoiceField(
        label=_("Column"),
        help_text=_(
            "It holds the key of the other table, such as the customer's number in an order. For customers themselves: "
            "an e-mail address, a phone number or an id that they have, too, by its meaning."
        ),
    )
    to_table = forms.ChoiceField(label=_("Belongs to"))

    def __init__(self, *args: Any, now: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = [name for name in now.names() if name.partition(".")[0] not in OWN_NAMESPACES]
        self.fields["column"].choices = [("", "")] + [  # type: ignore[attr-defined]
            (
                table_title(now, name),
                [
                    (f"{name}|{column.name}", f"{table_title(now, name)} · {column_title(column)}")
                    for column in now.info(name).columns
                ],
            )
            for name in tables
        ]
        customers = (CUSTOMERS, _("Customers, by e-mail address, phone number or id"))
        places = [("", ""), customers, *((name, table_title(now, name)) for name in tables)]
        self.fields["to_table"].choices = places  # type: ignore[attr-defined]

    def clean_column(self) -> tuple[str, str]:
        table, _bar, column = self.cleaned_data["column"].partition("|")
        return table, column

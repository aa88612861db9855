"""Forms of journeys: one per intention."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import humanize
from journeys.models import Journey
from messaging.conversions import MAX_DAYS
from profiles.models import ActivityType


class NameForm(forms.ModelForm[Journey]):
    class Meta:
        model = Journey
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


def activity_choices(current: str = "") -> list[tuple[str, Any]]:
    """Every kind of activity once; one that is no longer declared stays choosable where it is chosen."""
    kinds = dict.fromkeys(ActivityType.objects.order_by("type").values_list("type", flat=True))
    if current:
        kinds[current] = None
    return [("", _("Nothing")), *((kind, humanize(kind)) for kind in kinds)]


class GoalForm(forms.Form):
    conversion_activity = forms.ChoiceField(label=_("What counts as a conversion"), required=False)
    conversion_days = forms.IntegerField(
        label=_("Days after a message"), min_value=1, max_value=MAX_DAYS,
        help_text=_("An activity counts for the newest message that the person got within this many days before it."),
    )  # fmt: skip

    def __init__(self, journey: Journey, data: object = None) -> None:
        super().__init__(
            data,  # type: ignore[arg-type]
            initial={"conversion_activity": journey.conversion_activity, "conversion_days": journey.conversion_days},
        )
        field = self.fields["conversion_activity"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = activity_choices(journey.conversion_activity)

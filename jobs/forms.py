import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jobs.schedule import Plan


class ScheduleForm(forms.Form):
    """Becomes a `Plan`."""

    is_on = forms.BooleanField(label=_("Refresh by itself"), required=False)
    every = forms.ChoiceField(
        label=_("How often"),
        choices=[("minutes", _("every … minutes")), ("hours", _("every … hours")), ("day", _("once a day"))],
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(label=_("Minutes or hours"), min_value=1, max_value=10_000, required=False)
    at = forms.TimeField(
        label=_("Time of day"),
        required=False,
        help_text=_("In the time zone of the workspace. Used for once a day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("every") == "day" and not values.get("at"):
            self.add_error("at", _("Say at what time."))
        if values.get("every") in ("minutes", "hours") and not values.get("count") and "count" not in self.errors:
            self.add_error("count", _("Say how many."))
        return values

    def plan(self) -> Plan:
        values = self.cleaned_data
        return Plan(values["is_on"], values["every"], values["count"] or 1, values["at"] or datetime.time(3, 0))

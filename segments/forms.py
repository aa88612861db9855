"""The form of a segment: a name, a description and the rule as JSON text from the builder."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import json_text
from core.errors import InvalidInput, KindredError
from rules.language import Rule, parse

MAX_RULE = 1_000_000  # characters of JSON


class SegmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Give the segment a name.")})
    description = forms.CharField(label=_("Description"), required=False, max_length=2000)
    rule = forms.CharField(max_length=MAX_RULE, strip=True)

    def clean_rule(self) -> Rule:
        text: str = self.cleaned_data["rule"]
        try:
            value = json_text.load(text)
        except InvalidInput as error:
            raise forms.ValidationError(_("The rule is not valid JSON.")) from error
        try:
            return parse(value)
        except KindredError as error:
            raise forms.ValidationError(str(error)) from error

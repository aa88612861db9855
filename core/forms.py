"""Forms of the settings pages."""

from typing import Any

from babel import Locale
from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import formats, places
from core.models import Workspace
from core.people import ROLE_HINTS, ROLE_LABELS, role_of
from core.text import fold

COMMON_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "SEK", "PLN", "THB", "VND")


def currencies() -> list[tuple[str, str]]:
    """Those that people pay with today, the most common first; a workspace that uses another one keeps it."""
    names = formats.locale().currencies
    rest = sorted({*places.currencies(), Workspace.current().currency} - {"", *COMMON_CURRENCIES})
    return [(code, f"{code} · {names.get(code, code)}") for code in (*COMMON_CURRENCIES, *rest)]


def countries() -> list[tuple[str, str]]:
    """Those that there are today, by their name in the language of the page."""
    names = formats.locale().territories
    return sorted(((code, names.get(code, code)) for code in places.countries()), key=lambda item: fold(item[1]))


def time_zones() -> list[tuple[str, str]]:
    """One name for each; a workspace that uses an older one keeps it."""
    now = Workspace.current().time_zone
    names = sorted({*places.time_zones(), now} - {""})
    return [(name, name.replace("_", " ")) for name in names]


def languages() -> list[tuple[str, str]]:
    """By their name in the language of the page; of those of several countries, each. A workspace keeps what it has."""
    here, now = formats.locale(), Workspace.current().locale
    names = {code: str(Locale.parse(code).get_display_name(here)) for code in places.languages()}
    return sorted((names | {now: names.get(now, now)}).items(), key=lambda item: fold(item[1]))


class WorkspaceForm(forms.ModelForm[Workspace]):
    currency = forms.TypedChoiceField(
        label=_("Currency"), choices=currencies, help_text=_("For amounts whose source does not say.")
    )
    default_country = forms.TypedChoiceField(
        label=_("Default country"), choices=countries, help_text=_("For phone numbers and addresses without one.")
    )
    time_zone = forms.TypedChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times on all pages are shown in it.")
    )

    company_address = forms.CharField(
        label=_("Postal address"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E-mails can use it as {{Company Address}}. In many countries marketing must name it."),
    )  # fmt: skip
    from_name = forms.CharField(
        label=_("Sender of e-mails"), max_length=200, required=False,
        help_text=_("Where an e-mail names none. Left empty: the company's name."),
    )  # fmt: skip
    from_email = forms.EmailField(
        label=_("Address of the sender"), required=False,
        help_text=_("Of a domain that you may send from. Left empty: the installation's."),
    )  # fmt: skip
    locale = forms.TypedChoiceField(
        label=_("Language of e-mails"), choices=languages, help_text=_("In which dates and amounts are written.")
    )
    consent_required = forms.BooleanField(
        label=_("Send marketing only to people who agreed to it"), required=False,
        help_text=_("Otherwise it is sent to everybody who did not object."),
    )  # fmt: skip

    class Meta:
        model = Workspace
        fields = [
            "company_name", "currency", "default_country", "time_zone",
            "company_address", "from_name", "from_email", "locale", "consent_required",
        ]  # fmt: skip
        labels = {"company_name": _("Company name")}
        help_texts = {"company_name": _("E-mails can use it as {{Company Name}}.")}

    def parts(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """The fields below their headings."""
        fields = list(self)
        mails = next(number for number, field in enumerate(fields) if field.name == "company_address")
        return [(_("Your company"), fields[:mails]), (_("For all e-mails"), fields[mails:])]


class PersonForm(forms.Form):
    """A person's name, address and role; the user name only when they are new."""

    username = forms.CharField(label=_("User name"), max_length=150, validators=[UnicodeUsernameValidator()])
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        if person:
            names = ("first_name", "last_name", "email")
            kwargs["initial"] = {name: getattr(person, name) for name in names} | {"role": role_of(person)}
        super().__init__(*args, **kwargs)
        if person:
            del self.fields["username"]
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(name, f"{label}: {ROLE_HINTS[name]}") for name, label in ROLE_LABELS.items()]

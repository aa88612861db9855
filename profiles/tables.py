"""The tables of the lake in which it stands who is who, and how tables are called in words."""

from django.utils.translation import gettext_noop

from lake.words import register_columns

LINKS, PROFILES, PROVENANCE = "unified.links", "unified.profiles", "unified.provenance"
FORMER, REVIEW, GROUPS = "unified.former", "unified.review", "unified.groups"
# What every run writes.
WRITTEN = (LINKS, PROFILES, PROVENANCE, GROUPS)
# What a trial of another configuration found, until it is published or dropped.
TRIAL_LINKS, TRIAL_CASES = "unified.trial_links", "unified.trial_cases"
TRIAL_CHANGES, TRIAL_EXAMPLES = "unified.trial_changes", "unified.trial_examples"
TRIED = (TRIAL_LINKS, TRIAL_CASES, TRIAL_CHANGES, TRIAL_EXAMPLES)
# What columns of customers are called that no source names.
COLUMN_LABELS = {
    "profile_id": gettext_noop("Customer id"),
    "record_count": gettext_noop("Records"),
    "sources": gettext_noop("Sources"),
    "email": gettext_noop("E-mail"),
    "emails": gettext_noop("E-mail addresses"),
    "phones": gettext_noop("Phone numbers"),
    "address": gettext_noop("Address"),
    "household_id": gettext_noop("Household"),
    "household_size": gettext_noop("Household: people"),
}
register_columns(COLUMN_LABELS)

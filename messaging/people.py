"""Values of people, for mails."""

from collections.abc import Collection, Iterable
from typing import Any

from profiles.customers.queries import personal


def values_of(profile_ids: Iterable[str], names: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """Attributes and measures by name (those of `names`, when given), per profile that exists, in one read.

    Dates and times are Python's, money is in major units. Where both have a name, the measure wins, as in the catalog.
    """
    return {pk: person.attributes | person.measures for pk, person in personal(list(profile_ids), names).items()}

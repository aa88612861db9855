"""Which tables take part as long as nobody has chosen any."""

from collections.abc import Sequence

from lake.queries import Snapshot
from lake.specs import TableInfo
from profiles.inputs.mapping import by_trust, keyless, mapped

NAMES = {"person.full_name", "person.first_name", "person.last_name", "person.birth_date"}
SEVERAL_TIMES = 1.5  # rows to each address or number from which on a table is taken for one of what people did


def tells_of_events(info: TableInfo) -> bool:
    """Whether its rows name nobody and the same people come up again and again: tickets sold, newsletters opened. As
    records of people each of its rows would be one more stranger with nothing but an address."""
    if NAMES & set(mapped(info).values()):
        return False
    contacts = [column for column in info.columns if column.semantic.startswith("contact.") and column.stats.distinct]
    return bool(contacts) and all(
        info.rows - column.stats.missing >= SEVERAL_TIMES * column.stats.distinct for column in contacts
    )


def people_without_key(snap: Snapshot) -> list[TableInfo]:
    """Tables of people that cannot take part until their key is named; rows of what people did need none."""
    return [info for info in keyless(snap) if not tells_of_events(info)]


def first_tables(known: Sequence[TableInfo]) -> list[str]:
    """Those of people, the one that tells the most first; all where there is none."""
    people = [info for info in known if not tells_of_events(info)]
    return [info.name for info in by_trust(people or known)]

"""Names of tables that write them differently."""

import numpy as np
import pyarrow as pa
import pytest

from profiles.unify.config.rules import parse_rules
from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.run import unify
from profiles.unify.setup import Setup
from profiles.unify.values.names import NamePairs
from profiles.unify.weighing.aspects import Aspects

SAME_NAME = parse_rules([{"name": "Same name", "when": [{"semantic": "person.name"}]}])
SETUP = Setup(country="US", rules=tuple(SAME_NAME))


def test_a_name_in_one_column_equals_the_same_name_in_two() -> None:
    columns = {"given": "person.first_name", "family": "person.last_name"}
    apart = pa.table({"id": ["1", "2"], "given": ["Mary", None], "family": ["Garfield", None]})
    whole = pa.table({"id": ["3", "4"], "name": ["GARFIELD, Mary", None]})
    tables = [
        TableInput("x", "apart", ("id",), apart, columns),
        TableInput("x", "whole", ("id",), whole, {"name": "person.full_name"}),
    ]
    found = unify(tables, SETUP, lambda records: pa.nulls(records.count, pa.timestamp("us", "UTC")))
    people = dict(zip(found.links["record_id"].to_pylist(), found.links["profile_id"].to_pylist(), strict=True))
    assert people["1"] == people["3"]
    assert len(set(people.values())) == 3


ALIKE = """
Jürgen Müller | Juergen Mueller
Björn Ahlström | Bjoern Ahlstroem
Maria García López | Maria García
Juan Carlos García López | Juan García
Maria García López | Maria Garcia-Lopez
João da Silva | Joao Silva
Сидоров Иван Петрович | Ivan Sidorov
Ivan Petrovich Sidorov | Ivan Sidorov
Mohammed Al-Fayed | Mohamed Fayed
Ahmed El-Sayed | Ahmad Al Sayed
Abd al-Rahman Saleh | Abdelrahman Saleh
Khalid ibn Walid | Khaled Bin Waleed
Hussein Saeed | Husain Said
Anna Meyer-Schmidt | Anna Schmidt
Hans-Peter Huber | Hanspeter Huber
J. R. R. Tolkien | JRR Tolkien
John Kennedy | John F. Kennedy
Anna Schmidt, geb. Müller | Anna Schmidt
Nguyễn Văn An | An Nguyen
Trần Thị Mai | Mai Tran
王小明 | Xiao-Ming Wang
김민수 | Kim Min-su
Iuliia Petrova | Julia Petrova
خالد فهد صالح | Khaled Salih
عمر صالح | Umar Saleh
DUPONT Jean | Jean Dupont
"""
OTHERS = """
Maria García López | Maria López García
Juan García López | Juan García Pérez
Ivan Petrovich Sidorov | Ivan Sergeevich Sidorov
Abdul Rahman Khan | Abdul Rahim Khan
Abd al-Aziz Saleh | Abd al-Rahman Saleh
Ali Abu Bakr | Ali Abu Omar
Hans-Peter Huber | Klaus-Peter Huber
John A. Smith | John B. Smith
Mohammed Ali | Mahmoud Ali
Nguyễn Văn An | Nguyễn Văn Anh
Nguyễn Thị Hoa | Nguyễn Thị Mai
Kim Minsu | Kim Minji
王小明 | 王小红
Jürgen Müller | Jürgen Möller
Samuel Noe | Samuel No
عبد الله صالح | عبد الرحمن صالح
"""
SLIPS = """
Ana Lívia Teixeira | Aa Lívia Teixeira
Ana Lívia Teixeira | Ena Lívia Teixeira
Nguyễn Văn An | Nguyễn Văn Anh
"""
NEARLY = 4  # the level of parts of names that are a small spelling mistake apart
# From here on a rule takes two names for very similar, and for similar.
VERY_SIMILAR, SIMILAR = 0.92, 0.86
# Where a table with names in two columns draws the line between them, and the same name in one column.
DIVIDED = (
    ("Luiz Miguel", "Casa Grande", "Luiz Miguel Casa Grande"),
    ("Luiz Miguel", "Casa Grannde", "Luiz Miguel Casa Grande"),
    ("Anna", "Huber Meier", "Anna Huber Meier"),
    ("Thi Mai", "Tran Le", "Thi Mai Tran Le"),
)


def alike(pair: str) -> float:
    """Of two full names in one column."""
    data = pa.table({"id": ["1", "2"], "name": pair.split(" | ")})
    records = read_records([TableInput("x", "y", ("id",), data, {"name": "person.full_name"})], "US")
    name = records.features["person.name"]
    given, family = (np.append(part, np.int32(-1))[name.codes] for part in name.parts)
    found = NamePairs(name.words, (given[:1], given[1:]), (family[:1], family[1:])).whole()
    return float(found[0])


@pytest.mark.parametrize("pair", ALIKE.strip().split("\n"))
def test_one_name_written_in_two_ways_is_very_similar(pair: str) -> None:
    assert alike(pair) >= VERY_SIMILAR


@pytest.mark.parametrize("pair", SLIPS.strip().split("\n"))
def test_names_of_several_words_one_letter_apart_are_similar(pair: str) -> None:
    assert SIMILAR <= alike(pair) < VERY_SIMILAR


@pytest.mark.parametrize(("given", "family", "whole"), DIVIDED)
def test_the_line_between_given_and_family_name_may_be_drawn_elsewhere(given: str, family: str, whole: str) -> None:
    apart = pa.table({"id": ["1"], "given": [given], "family": [family]})
    tables = [
        TableInput("x", "apart", ("id",), apart, {"given": "person.first_name", "family": "person.last_name"}),
        TableInput("x", "whole", ("id",), pa.table({"id": ["2"], "name": [whole]}), {"name": "person.full_name"}),
    ]
    records = read_records(tables, "US")
    name = records.features["person.name"]
    one, other = (np.append(part, np.int32(-1))[name.codes] for part in name.parts)
    assert NamePairs(name.words, (one[:1], one[1:]), (other[:1], other[1:])).whole()[0] >= VERY_SIMILAR
    levels = Aspects(records).levels(np.array([0]), np.array([1]))
    assert (levels["given name"] >= NEARLY).all()
    assert (levels["family name"] >= NEARLY).all()


@pytest.mark.parametrize("pair", OTHERS.strip().split("\n"))
def test_two_names_that_begin_alike_are_not(pair: str) -> None:
    assert alike(pair) < VERY_SIMILAR

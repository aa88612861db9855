"""Given and family names as people read them: taken out of full names, and in the order of their script."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.merging.merge import merge
from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.values.written_names import given_and_family, whole_name

WRITTEN = [
    ("John Smith", "John", "Smith"),
    ("SMITH, John", "John", "SMITH"),
    ("SMITH John", "John", "SMITH"),
    ("Mme LE GOFF Anne-Marie", "Anne-Marie", "LE GOFF"),
    ("MR John Smith", "John", "Smith"),
    ("TJ Smith", "TJ", "Smith"),
    ("Dr. Smith, Mary Ann", "Mary Ann", "Smith"),
    ("Smith, John, Jr.", "John", "Smith"),
    ("John Smith, PhD", "John", "Smith"),
    ("SMITH/JOHN MR", "JOHN", "SMITH"),
    ("Smith/John", "John", "Smith"),
    ("Herr Prof. Dr. Hans von der Aue", "Hans", "von der Aue"),
    ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
    ("Gabriel José García Márquez", "Gabriel José", "García Márquez"),
    ("Mary Ann O'Brien", "Mary Ann", "O'Brien"),
    ("Marie Dupont, née Martin", "Marie", "Dupont"),
    ("Jane Smith (born Jones)", "Jane", "Smith"),
    ("Max Born", "Max", "Born"),
    ("  Zoë \t Müller-Lüdenscheidt ", "Zoë", "Müller-Lüdenscheidt"),
    ("J. Smith", "J.", "Smith"),
    ("王小明", "小明", "王"),
    ("李 超", "超", "李"),
    ("欧阳娜娜", "娜娜", "欧阳"),
    ("司马相如", "相如", "司马"),
    ("上官婉儿", "婉儿", "上官"),
    ("西門吹雪", "吹雪", "西門"),
    ("赫连勃勃", "勃勃", "赫连"),
    ("纳兰性德", "性德", "纳兰"),
    ("王小明明", None, None),
    ("张三李四", None, None),
    ("王小明先生", "小明", "王"),
    ("김민수", "민수", "김"),
    ("田中太郎", "太郎", "田中"),
    ("Kim Min-su", "Min-su", "Kim"),
    ("Nguyễn Văn An", "Văn An", "Nguyễn"),
    ("Nguyễn An", "An", "Nguyễn"),
    ("Mai Nguyễn", "Mai", "Nguyễn"),
    ("Сидоров Иван Петрович", "Иван Петрович", "Сидоров"),
    ("Иван Петрович Сидоров", "Иван Петрович", "Сидоров"),
    ("คุณสมชาย ใจดี", "สมชาย", "ใจดี"),
    ("Cher", None, None),
    ("小明", None, None),
    ("", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN)
def test_a_full_name_is_taken_apart_as_it_is_written(text: str | None, first: str | None, last: str | None) -> None:
    found = [part.to_pylist() for part in given_and_family(pa.array([text], pa.string()))]
    assert found == [[first], [last]]


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("John", "Smith", "John Smith"),
        ("小明", "王", "王小明"),
        ("민수", "김", "김민수"),
        ("Xiaoming", "王", "Xiaoming 王"),
        ("John", None, "John"),
        (None, "Smith", "Smith"),
        (None, None, None),
    ],
)
def test_a_whole_name_stands_in_the_order_of_its_script(first: str | None, last: str | None, whole: str | None) -> None:
    assert whole_name(pa.array([first], pa.string()), pa.array([last], pa.string())).to_pylist() == [whole]


@given(st.lists(st.one_of(st.none(), st.text(max_size=30))))
def test_any_text_is_taken_apart_without_an_error_and_one_by_one_as_all_at_once(texts: list[str | None]) -> None:
    together = [part.to_pylist() for part in given_and_family(pa.array(texts, pa.string()))]
    alone = [[part.to_pylist()[0] for part in given_and_family(pa.array([text], pa.string()))] for text in texts]
    assert together == [[pair[0] for pair in alone], [pair[1] for pair in alone]]


def test_the_name_of_the_most_trusted_record_counts_in_its_own_script() -> None:
    club = pa.table({"id": ["C1"], "name": ["李超"], "mail": ["li.chao@example.com"]})
    news = pa.table({"id": ["N1"], "first": ["Chao"], "last": ["Li"], "mail": ["li.chao@example.com"]})
    tables = [
        TableInput("club", "members", ("id",), club, {"name": "person.full_name", "mail": "contact.email"}),
        TableInput("news", "readers", ("id",), news, {"first": "person.first_name", "last": "person.last_name"}),
    ]
    records = read_records(tables, "CN")
    merged = merge(records, pa.array(["p", "p"]), pa.nulls(2, pa.timestamp("us", "UTC"))).profiles.to_pylist()
    assert [(row["first_name"], row["last_name"], row["full_name"]) for row in merged] == [("超", "李", "李超")]

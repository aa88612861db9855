"""How a Japanese name is read stands beside it: so it meets its Latin spelling in another system."""

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from profiles.unify.normalisers.kana import in_latin
from profiles.unify.reading.kana import part_read
from profiles.unify.reading.plain import plain_columns
from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.values.words import words
from tests.profiles.unify.test_beside_names import table, values_of
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import full_run
from tests.profiles.unify.test_plain import table as as_table

PARTS = {"姓": "person.last_name", "名": "person.first_name"}
WHOLE = {"氏名": "person.full_name"}


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ジュンイチロウ", "junichiro"), ("オオノ", "ono"), ("ﾔﾏﾀﾞ ﾕｳｺ", "yamada yuko"), ("はっとり", "hattori"),
        ("イノウエ", "inoue"), ("マッチャ", "matcha"), ("キュウ", "kyu"), ("ヴィクター", "vikuta"), ("Lee", "lee"),
    ],
)  # fmt: skip
def test_kana_are_written_as_in_passports(kana: str, latin: str) -> None:
    assert in_latin(kana) == latin


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("フリガナ", "full_name"), ("氏名カナ", "full_name"), ("氏名（フリガナ）", "full_name"),
        ("name_kana", "full_name"), ("カナ氏名", "full_name"),
        ("セイ", "last_name"), ("姓カナ", "last_name"), ("カナ姓", "last_name"),
        ("last_name_kana", "last_name"), ("メイ", "first_name"),
        ("名（かな）", "first_name"), ("会社名カナ", ""), ("住所カナ", ""), ("セイベツ", ""), ("氏名", ""),
    ],
)  # fmt: skip
def test_a_column_is_called_as_readings_are(column: str, part: str) -> None:
    assert part_read(column) == (f"person.{part}" if part else "")


LATIN = TableInput("y", "t", ("id",), table(WHOLE, 氏名=["Bob Ray"]).data, WHOLE)


def names(*tables: TableInput) -> list[str | None]:
    return values_of(read_records(tables, "JP").features["person.name"])


@pytest.mark.parametrize(
    ("meanings", "columns"),
    [
        (PARTS, {"姓": ["小鳥遊"], "名": ["一花"], "セイ": ["タカナシ"], "メイ": ["イチカ"]}),
        (PARTS, {"姓": ["小鳥遊"], "名": ["一花"], "フリガナ": ["タカナシ　イチカ"]}),
        (WHOLE, {"氏名": ["小鳥遊 一花"], "氏名カナ": ["ﾀｶﾅｼ ｲﾁｶ"]}),
        (WHOLE, {"氏名": ["小鳥遊一花"], "セイ": ["たかなし"], "メイ": ["いちか"]}),
        ({}, {"フリガナ": ["タカナシ イチカ"]}),
    ],
)
def test_a_name_is_compared_as_it_is_read(meanings: dict[str, str], columns: dict[str, Any]) -> None:
    one = table(meanings, **columns)
    assert names(one, LATIN) == ["ichika takanashi", "bob ray"]
    assert not plain_columns([one])


def test_a_name_without_a_reading_and_one_in_latin_letters_stay() -> None:
    one = table(WHOLE, 氏名=["佐藤 恵", "Ann Lee", "小鳥遊 一花"], フリガナ=[None, "アン リー", "タカナシ イチカ"])
    assert names(one, LATIN)[:3] == ["megumi sato", "ann lee", "ichika takanashi"]


def test_where_all_names_are_in_signs_they_are_compared() -> None:
    one = table(WHOLE, 氏名=["小鳥遊 一花"], フリガナ=["タカナシ イチカ"])
    found = names(one, TableInput("z", "t", ("id",), one.data, WHOLE))
    assert found[0] == found[1] != "ichika takanashi"


def test_so_they_are_where_nobody_tells_how_another_table_is_read() -> None:
    one = table(WHOLE, 氏名=["小鳥遊 一花"], フリガナ=["タカナシ イチカ"])
    signs = TableInput("z", "t", ("id",), table(WHOLE, 氏名=["東海林 朔"]).data, WHOLE)
    assert names(one, signs, LATIN)[0] != "ichika takanashi"


@pytest.mark.parametrize("written", ["小鳥遊 一花", "小鳥遊一花", "小鳥遊　一花 様", "たかなし いちか"])
def test_names_without_readings_are_read_as_in_the_tables_that_have_them(written: str) -> None:
    one = table(
        PARTS, 姓=["小鳥遊", "東海林"], 名=["一花", "朔"], セイ=["タカナシ", "ショウジ"], メイ=["イチカ", "サク"]
    )
    other = TableInput("z", "t", ("id",), table(WHOLE, 氏名=[written, "Saku Shoji", "東海林"]).data, WHOLE)
    assert names(one, other)[2:] == ["ichika takanashi", "saku shoji", "shoji"]


def test_the_reading_of_most_people_counts() -> None:
    one = table(PARTS, 姓=["神代"] * 3, 名=["朔"] * 3, セイ=["コウジロ", "クマシロ", "クマシロ"], メイ=["サク"] * 3)
    assert (
        names(one, TableInput("z", "t", ("id",), table(WHOLE, 氏名=["神代 朔"]).data, WHOLE), LATIN)[3]
        == "saku kumashiro"
    )


def test_a_run_of_changes_reads_as_the_full_one_did() -> None:
    one = table(WHOLE, 氏名=["小鳥遊 一花"], フリガナ=["タカナシ イチカ"])
    readings = read_records([one, LATIN], "JP").readings
    alone = read_records([one, replace(LATIN, data=LATIN.data.slice(0, 0))], "JP", readings=readings)
    assert values_of(alone.features["person.name"]) == ["ichika takanashi"]


FAMILIES = words(
    """
    小鳥遊:タカナシ:takanashi 五十嵐:イガラシ:igarashi 東海林:ショウジ:shoji 勅使河原:テシガワラ:teshigawara
    月見里:ヤマナシ:yamanashi 四月一日:ワタヌキ:watanuki 神代:クマシロ:kumashiro 小比類巻:コヒルイマキ:kohiruimaki
    服部:ハットリ:hattori 大内:オオウチ:ouchi 鬼頭:キトウ:kito 日下部:クサカベ:kusakabe
    """
)
GIVEN = words(
    """
    一花:イチカ:ichika 大和:ヤマト:yamato 樹:イツキ:itsuki 朔:サク:saku 凛:リン:rin 紬:ツムギ:tsumugi
    新:アラタ:arata 碧:アオ:ao 律:リツ:ritsu 澪:ミオ:mio 遼太郎:リョウタロウ:ryotaro 優:ユウ:yu
    """
)


def people(count: int, chance: random.Random) -> list[list[str]]:
    """Each one's parts of the family and of the given name, and day of birth."""
    born = [f"{chance.randint(1950, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(count)]
    return [[*chance.choice(FAMILIES).split(":"), *chance.choice(GIVEN).split(":"), day] for day in born]


def linked(readings: bool) -> tuple[int, int]:
    """How many of 200 people who are in both systems are found to be, and how many are taken for others."""
    known = people(400, random.Random(5))
    shop: list[Row] = [
        {"id": f"{n:03}", "姓": f, "名": g, "born": day} | ({"セイ": fk, "メイ": gk} if readings else {})
        for n, (f, fk, _fl, g, gk, _gl, day) in enumerate(known[:300])
    ]
    cards: list[Row] = [
        {"id": f"{n:03}", "last": fl, "first": gl, "born": day}
        for n, (_f, _fk, fl, _g, _gk, gl, day) in enumerate(known[100:], 100)
    ]
    born = {"born": "person.birth_date"}
    state = full_run(
        [
            as_table("shop", shop, PARTS | born),
            as_table("cards", cards, {"last": "person.last_name", "first": "person.first_name"} | born),
        ]
    )
    ids, pairs = state.compared.column("record_id").to_pylist(), Counter[bool]()
    for one, other in combinations(range(len(ids)), 2):
        if state.clusters[one] == state.clusters[other]:
            pairs[ids[one] == ids[other]] += 1
    return pairs[True], pairs[False]


def test_people_are_found_again_under_their_latin_names_and_nobody_else_is() -> None:
    assert linked(readings=False)[0] < 20
    assert linked(readings=True) == (200, 0)

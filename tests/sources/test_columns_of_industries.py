"""Meanings of columns as banks, shops, schools and airlines of many countries name and fill them."""

from itertools import cycle, islice
from pathlib import Path

import pytest

from sources.semantics import suggest
from tests.sources.test_semantics import PARTS

BLOCKS = (Path(__file__).parent / "columns_of_industries.txt").read_text(encoding="utf-8").strip().split("\n\n")
SHORT = PARTS | {
    "id": "id.",
    "middle": "person.middle_name",
    "whole": "address.full",
    "-": "",
}


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0].removeprefix("# ") for block in BLOCKS])
def test_columns_mean_what_a_reader_would_say_and_nothing_where_they_mean_nothing(block: str) -> None:
    head, *rows = block.splitlines()
    wanted, samples = {}, {}
    for row in rows:
        column, values = row.split(" : ", 1)
        name, meaning = column.rsplit(" = ", 1)
        wanted[name] = SHORT[meaning]
        samples[name] = [value.strip() for value in values.split("|")]
    found = suggest(list(wanted), samples, table=head.split(": ")[1], source="src")
    told = {name: "id." if item.semantic.startswith("id.") else item.semantic for name, item in found.items()}
    assert told == wanted


NAMES = [
    *("Maria Lopez", "John Smith", "Peter Novak", "Aisha Khan"),
    *("Emily Clark", "David Miller", "Anna Berg", "Luis Gil"),
]
EMAILS = {"mail": ["a@x.org", "b@x.org", "c@x.org"]}


def test_people_who_are_named_again_and_again_are_not_the_customers() -> None:
    again = list(islice(cycle(NAMES), 400))
    assert suggest(["who", "mail"], EMAILS | {"who": again})["who"].semantic == ""
    assert suggest(["who", "mail"], EMAILS | {"who": NAMES})["who"].semantic == "person.full_name"


def test_of_two_columns_of_names_nobody_knows_which_is_the_customers() -> None:
    found = suggest(["one", "two", "mail"], EMAILS | {"one": NAMES, "two": NAMES[::-1]})
    assert [found[name].semantic for name in ("one", "two")] == ["", ""]


def test_names_in_a_table_that_tells_nothing_else_of_people_are_of_things() -> None:
    assert suggest(["stadium", "seats"], {"stadium": NAMES, "seats": ["100", "200"]})["stadium"].semantic == ""


@pytest.mark.parametrize(
    ("years", "meaning"), [((1950, 2004), "person.birth_date"), ((2008, 2024), ""), ((1700, 1760), "")]
)
def test_days_of_lifetimes_beside_a_name_are_birth_dates(years: tuple[int, int], meaning: str) -> None:
    days = [f"{year}-03-{1 + year % 28:02}" for year in range(*years)]
    assert suggest(["Name", "when", "mail"], EMAILS | {"when": days}, table="members")["when"].semantic == meaning
    assert suggest(["sku", "when"], {"when": days})["when"].semantic == ""


@pytest.mark.parametrize(
    ("name", "values", "meaning"),
    [
        ("cep", ["01310-100", "20040-020", "30130010"], "address.postcode"),
        ("cep", ["05321234567", "5321234567", "0532 123 45 67"], "contact.phone"),
        ("il", ["12", "3", "40"], ""),
        ("card", ["Visa", "Mastercard", "Visa"], ""),
        ("passport", ["yes", "no", "yes"], ""),
        ("device", ["desktop", "mobile", "tablet"], ""),
        ("device", ["356938035643809", "490154203237518", "352099001761481"], "id.device"),
        ("caller", ["447700900123", "447700900456", "447700900789"], "contact.phone"),
        ("zip", ["00491711234567", "00491711234568", "00491711234569"], ""),
        ("place_of_birth_country", ["Spain", "Italy", "France"], ""),
        ("call", ["212-555-0100", "212-555-0101", "646-555-0102"], "contact.phone"),
        ("isbn", ["0-306-40615-2", "0-306-40615-3", "0-306-40615-4"], ""),
    ],
)
def test_values_decide_where_names_are_of_two_meanings(name: str, values: list[str], meaning: str) -> None:
    assert suggest([name], {name: values})[name].semantic == meaning


def test_ids_of_contacts_that_were_counted_are_no_telephones() -> None:
    ids = [str(1_000_000_000 + number) for number in range(60)]
    assert suggest(["Contact"], {"Contact": ids})["Contact"].semantic == ""
    phones = [str(9_000_000_000 + number * 7_919_317) for number in range(60)]
    assert suggest(["Contact"], {"Contact": phones})["Contact"].semantic == "contact.phone"


def test_a_nationality_is_the_country_where_no_address_tells_one() -> None:
    countries = {"Nationality": ["Spain", "Italy", "France"], "Country": ["Spain", "Spain", "Spain"]}
    assert suggest(["Nationality"], countries)["Nationality"].semantic == "address.country"
    found = suggest(["Nationality", "Country"], countries)
    assert [found[name].semantic for name in found] == ["", "address.country"]


def test_what_stands_behind_one_strange_word_is_of_the_person_whom_it_names() -> None:
    found = suggest(["xyz_fname", "xyz_lname", "xyz_city", "hotel_name", "hotel_city"], {})
    told = [item.semantic for item in found.values()]
    assert told == ["person.first_name", "person.last_name", "address.city", "", ""]
    assert {item.semantic for item in suggest(["agent_fname", "agent_lname"], {}).values()} == {""}


@pytest.mark.parametrize(("name", "values"), [("Member", ["Gold Member", "Silver Member"]), ("会员", ["金卡", "银卡"])])
def test_grades_of_members_are_no_names(name: str, values: list[str]) -> None:
    assert suggest([name], {name: values * 20})[name].semantic == ""


EAST_ASIAN_PEOPLE = {
    "ja": "田中 太郎|佐藤　花子|鈴木一郎|高橋さくら|渡辺 健|山本 美咲|中村 翔太|小林 誠|林 真由美|五十嵐 大輔",
    "ja_joined": "田中太郎|佐藤花子|鈴木一郎|高橋美咲|渡辺健一|山口和子|石川真理子|松本隆|木村陽菜|千葉雄大",
    "zh": "王伟|李秀英|张敏|刘洋|陈静|欧阳娜娜|黄丽|赵军|周杰|吴婷婷",
    "zh_tw": "陳怡君|林志豪|黃淑芬|張家豪|李雅婷|王俊傑|吳宗翰|劉佳玲|蔡佩珊|楊雅惠",
    "ko": "김민준|이서연|박지훈|최수진|정하은|강동원|조은비|윤서준|장미란|한지민",
}
EAST_ASIAN_THINGS = {
    "cities_ja": "山口市|福島市|千葉市|川崎市|松本市|長野市|宮崎市|石川県|岡崎市|小松市",
    "stations_ja": "中野|上野|川口|大塚|目黒|原宿|品川|秋葉原|池袋|渋谷",
    "companies_ja": "田中商店|鈴木工業|佐藤製作所|高橋建設|山本電機|中村屋|小林製薬|加藤歯科|吉田印刷|林商事",
    "goods_ja": "緑茶|麦茶|白菜|大根|牛乳|食パン|納豆|豆腐|味噌|醤油",
    "cities_zh": "张家口|石家庄|郑州|武汉|杭州|苏州|温州|常州|南京|连云港",
    "goods_zh": "黄瓜|牛奶|白酒|马克杯|毛巾|金枪鱼|苏打水|江米|石榴|高粱",
    "companies_zh": "华为|李宁|万科|安踏|海尔|联想|王老吉|张小泉|周黑鸭|同仁堂",
    "dishes_zh": "宫保鸡丁|麻婆豆腐|鱼香肉丝|陈皮牛肉|周村烧饼|李庄白肉|孔府菜|王府酱肉|谢家饺子|郭家包子",
    "cities_ko": "서울시|성남시|강릉시|정읍시|고양시|안산시|이천시|김해시|장성군|강남구",
    "goods_ko": "김치|이불|장갑|조미료|정수기|강아지|우유|주스|고추장|신발",
    "jobs_ko": "교사|의사|간호사|정비사|조리사|이발사|강사|변호사|임원|최고경영자",
    "companies_ko": "김밥천국|이마트|정관장|강남치과|조선호텔|장수돌침대|한샘|오리온|신세계|서울우유",
}


@pytest.mark.parametrize("which", EAST_ASIAN_PEOPLE)
def test_names_of_people_in_east_asia_are_told_by_their_family_names(which: str) -> None:
    samples = EMAILS | {"col_3": EAST_ASIAN_PEOPLE[which].split("|")}
    assert suggest(["col_3", "mail"], samples)["col_3"].semantic == "person.full_name"


@pytest.mark.parametrize("which", EAST_ASIAN_THINGS)
def test_places_goods_and_companies_in_east_asia_are_no_people(which: str) -> None:
    samples = EMAILS | {"col_3": EAST_ASIAN_THINGS[which].split("|")}
    assert suggest(["col_3", "mail"], samples)["col_3"].semantic not in ("person.full_name", "person.first_name")


@pytest.mark.parametrize("name", ["担当者", "主治医", "业务员", "담당 의사", "緊急連絡先"])
def test_names_of_others_than_the_customer_are_not_the_customers_in_east_asia(name: str) -> None:
    samples = EMAILS | {name: EAST_ASIAN_PEOPLE["ja"].split("|")}
    assert suggest([name, "mail"], samples)[name].semantic != "person.full_name"


def test_telephones_in_digits_of_full_width_are_telephones() -> None:
    values = ["０９０－７７８０－２７４７", "090-5601-8957", "０８０－３９９９－４０３５", "090-1234-5678"]
    assert suggest(["予約", "連絡先"], {"予約": ["R1", "R2"], "連絡先": values})["連絡先"].semantic == "contact.phone"

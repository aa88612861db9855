"""Meanings of columns, by their names in many languages and by their values alone."""

import pytest

from sources.semantics import suggest

MEANINGS = [
    "id.",
    "person.first_name",
    "person.last_name",
    "contact.email",
    "contact.phone",
    "person.birth_date",
    "address.line",
    "address.postcode",
    "address.city",
    "address.country",
    "person.gender",
]
VALUES = [
    ["K1", "K2", "K3"],
    ["Anna", "Jürgen", "李"],
    ["Müller", "Smith", "García"],
    ["a@x.org", "b@x.org", "c@x.org"],
    ["+49 30 1234567", "030 76543210", "+49 171 5555555"],
    ["1980-01-02", "1990-02-03", "1975-05-06"],
    ["Hauptstr. 5", "Rue de Rivoli 3", "Ginza 1-2-3"],
    ["10115", "75001", "100-0001"],
    ["Köln", "Paris", "東京"],
    ["DE", "FR", "JP"],
    ["m", "f", "f"],
]
HEADERS = """
Kundennr|Vorname|Nachname|E-Mail-Adresse|Telefonnummer|Geburtsdatum|Straße|PLZ|Ort|Land|Geschlecht
N° client|Prénom|Nom|Adresse e-mail|Téléphone|Date de naissance|Adresse|Code postal|Ville|Pays|Sexe
ID cliente|Nombre|Apellidos|Correo electrónico|Teléfono|Fecha de nacimiento|Dirección|Código postal|Ciudad|País|Sexo
Codice cliente|Nome|Cognome|Indirizzo e-mail|Telefono|Data di nascita|Indirizzo|CAP|Città|Paese|Sesso
Código do cliente|Nome|Sobrenome|E-mail|Telefone|Data de nascimento|Endereço|CEP|Cidade|País|Sexo
Klantnummer|Voornaam|Achternaam|E-mailadres|Telefoonnummer|Geboortedatum|Straat|Postcode|Woonplaats|Land|Geslacht
Numer klienta|Imię|Nazwisko|Adres e-mail|Telefon|Data urodzenia|Ulica|Kod pocztowy|Miasto|Kraj|Płeć
Mã khách hàng|Tên|Họ|Email|Số điện thoại|Ngày sinh|Địa chỉ|Mã bưu chính|Thành phố|Quốc gia|Giới tính
客户编号|名|姓|电子邮件|手机号码|出生日期|地址|邮政编码|城市|国家|性别
客戶編號|名字|姓氏|電子郵件|電話|生日|地址|郵遞區號|城市|國家|性別
顧客番号|名|姓|メールアドレス|電話番号|生年月日|住所|郵便番号|市区町村|国|性別
Код клиента|Имя|Фамилия|Электронная почта|Телефон|Дата рождения|Адрес|Индекс|Город|Страна|Пол
Müşteri no|Ad|Soyad|E-posta|Telefon|Doğum tarihi|Adres|Posta kodu|Şehir|Ülke|Cinsiyet
"""


@pytest.mark.parametrize("names", HEADERS.split("\n")[1:-1])
def test_the_columns_of_a_customer_export_are_known(names: str) -> None:
    columns = names.split("|")
    found = suggest(columns, dict(zip(columns, VALUES, strict=True)), table="customers", source="shop")
    told = [found[name].semantic for name in columns]
    assert ["id." if meaning.startswith("id.") else meaning for meaning in told] == MEANINGS


def test_values_alone_tell_addresses_phones_and_genders_and_guess_nothing_else() -> None:
    columns = [f"c{number}" for number in range(len(VALUES))]
    found = suggest(columns, dict(zip(columns, VALUES, strict=True)))
    told = {name: item.semantic for name, item in found.items() if item.semantic}
    assert told == {"c3": "contact.email", "c4": "contact.phone", "c10": "person.gender"}


@pytest.mark.parametrize(
    "values", [["0123456789", "0223456789", "0323456789"], ["2024-01-02", "2024-01-03", "2024-01-04"]]
)
def test_numbers_and_dates_are_no_phones(values: list[str]) -> None:
    assert suggest(["c"], {"c": values})["c"].semantic == ""

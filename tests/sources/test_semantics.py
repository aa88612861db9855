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


EVERYTHING = [
    "id.",
    "person.full_name",
    "contact.email",
    "contact.phone",
    "person.birth_date",
    "person.gender",
    "address.line",
    "address.postcode",
    "address.city",
    "address.country",
    "organization.name",
]
COMPANY_HEADERS = """
会员编号|会员姓名|电子邮箱|手机号码|出生年月|性别|通讯地址|邮编|所在城市|国籍|单位名称
會員編號|真实姓名|電子信箱|行動電話|出生日期|性別|詳細地址|郵遞區號|縣市|國家|公司名稱
お客様コード|お名前|Eメールアドレス|携帯電話番号|お誕生日|性別|ご住所|〒|市町村|国籍|勤務先
รหัสลูกค้า|ชื่อ-นามสกุล|อีเมล์|โทรศัพท์|วันเดือนปีเกิด|เพศ|ที่อยู่|รหัสไปรษณีย์|อำเภอ|ประเทศ|ชื่อบริษัท
Mã KH|Họ và tên|Thư điện tử|SĐT|Ngày tháng năm sinh|Giới tính|Địa chỉ|Mã bưu điện|Quận/Huyện|Quốc tịch|Tên công ty
Код покупателя|ФИО|Эл. почта|Телефон клиента|ДР|Пол|Адрес доставки|Индекс|Населенный пункт|Страна|Место работы
رقم العميل|الاسم الكامل|البريد الإلكتروني|رقم الجوال|تاريخ الميلاد|الجنس|العنوان|الرمز البريدي|المدينة|الدولة|الشركة
Kundennr.|Vor- und Nachname|Mailadresse|Handynr.|Geb.-Datum|Geschlecht|Straße/Nr.|PLZ|Wohnort|Staat|Arbeitgeber
N° d'adhérent|Nom et prénom|Courriel|Tél.|Né(e) le|Sexe|Adresse|CP|Commune|Pays|Raison sociale
Nº de cliente|Nombre y apellidos|Correo electrónico|Móvil|F. nacimiento|Sexo|Domicilio|C.P.|Población|País|Razón social
N. tessera|Nome e cognome|Posta elettronica|Cellulare|Nato il|Sesso|Indirizzo|C.A.P.|Comune|Nazione|Ragione sociale
Nº de cliente|Nome e sobrenome|E-mail|Telemóvel|Nascimento|Gênero|Morada|Código postal|Município|País|Empresa
Kundenr.|Fulde navn|E-postadresse|Tlf.|Fødselsdato|Køn|Gade|Postnr.|Bynavn|Land|Virksomhed
Asiakasnumero|Nimi|Sähköposti|Puhelin|Syntymäaika|Sukupuoli|Katuosoite|Postinumero|Kaupunki|Maa|Yritys
Číslo zákazníka|Jméno a příjmení|E-mail|Telefonní číslo|Datum narození|Pohlaví|Ulice|PSČ|Město|Země|Firma
고객번호|성명|이메일|휴대폰번호|생년월일|성별|주소|우편번호|시|국가|회사명
"""


@pytest.mark.parametrize("names", COMPANY_HEADERS.split("\n")[1:-1])
def test_companies_abroad_name_their_columns_in_their_own_way(names: str) -> None:
    columns = names.split("|")
    found = [suggest(columns, {}, table="customers", source="shop")[name].semantic for name in columns]
    assert ["id." if meaning.startswith("id.") else meaning for meaning in found] == EVERYTHING


PARTS = {
    "id.": "id.", "given": "person.first_name", "family": "person.last_name", "full": "person.full_name",
    "born": "person.birth_date", "sex": "person.gender", "mail": "contact.email", "phone": "contact.phone",
    "line": "address.line", "number": "address.number", "city": "address.city", "zip": "address.postcode",
    "region": "address.region", "country": "address.country", "company": "organization.name", "": "",
}  # fmt: skip
# As shops, registers, clinics and databases call their columns: name=meaning, nothing behind = where it has none.
SPELLED = """
KUNNR=id.|NAME1=full|STRAS=line|PSTLZ=zip|ORT01=city|LAND1=country|TELF1=phone|SMTP_ADDR=mail|ERDAT=
GUEST_ID=id.|GUEST_FIRST=given|GUEST_LAST=family|CITY_NM=city|POSTAL_CD=zip|CTRY_CD=country|EMAIL_TXT=mail|PHONE_NBR=phone
cust_no=id.|fname=given|lname=family|addr1=line|addr2=|zip=zip|ph=phone|email_addr=mail|dob=born|pts=
cust_full_nm=full|cust_dob=born|mob_no=phone|email_id=mail|pin_cd=zip|email_date=|phone_country_code=|first_visit=
voter_reg_num=|res_city_desc=city|state_cd=region|full_phone_number=phone|gender_code=sex|birth_year=|birth_city=
Default Address Zip=zip|Default Address Address1=line|Default Address Address2=|State / Region=region
E-mail 1 - Value=mail|E-mail 1 - Type=|Address 1 - City=city|Address 1 - Postal Code=zip|Organization 1 - Name=company
id_client=id.|nom_client=family|prenom_client=given|adr_1=line|adr_cp=zip|adr_ville=city|mail_perso=mail|dt_naiss=born
COD_CLI=id.|COGN=family|NOME=given|IND_VIA=line|IND_CAP=zip|IND_COMUNE=city|IND_PROV=region|DATA_NASC=born|CELL=phone
cod_cliente=id.|apellido1=family|fec_nac=born|tlf_movil=phone|correo_e=mail|cod_postal=zip|nombre_cliente=given
cd_cliente=id.|nm_cliente=full|dt_nascimento=born|nr_telefone=phone|ds_email=mail|nr_cep=zip|nm_cidade=city|tp_sexo=sex
klant_id=id.|achternaam=family|straatnaam=line|huisnummer=number|woonplaats=city|geb_datum=born|tel_mobiel=phone
id_klienta=id.|imie=given|nazwisko=family|data_ur=born|nr_tel=phone|ul=line|nr_domu=number|miejscowosc=city
profil_prenom=given|profil_nom=family|profil_dateNaissance=born|contact_mobile=phone|adresse_codePostal=zip
Vardas=given|Pavardė=family|Asmens kodas=id.|Miestas=city
Vārds=given|Uzvārds=family|Tālrunis=phone|Pilsēta=city
Eesnimi=given|Perekonnanimi=family|Isikukood=id.|Linn=city|Sünniaeg=born|E-post=mail
Full Legal Name=full|DOB (DD/MM/YYYY)=born|Numéro de téléphone personnel=phone|Name of hotel=|Date of visit=
Name of Customer=full|Email ID=mail|Pincode=zip|Name of product=|Type of name=
field_name=|line_name=|CTY_NM=city|PRIM_PHN_NBR=phone
GivenNm=given|SurNm=family|BrthDt=born|address1_stateorprovince=region|gendercode=sex|Associated Company=company
data.customer.first_name=given|data.customer.last_name=family|traits_email=mail|attributes.phone=phone|pet_name=|bank_city=
customer.name.given=given|customer.name.family=family|location.city=city|location_name=|attribute_name=|ZIP/City=
IPP=|Nom d'usage=family|Prénom=given|DDN=born|Tél. domicile=phone|Company/Org=company|billing_line1=line
caller_name=full|Nr karty=id.|nr_klienta=id.|Tel. Zentrale=phone|Durchwahl=phone|aniversario=born|numero_tessera=id.
Name1=family|Vorname1=given|HausNr=number|first_order=|last_visit=
last_contact_date=|user_name=|customer_key=|owner=|last_email=|country_id=|street_number=number|product_name=
"""


@pytest.mark.parametrize("columns", SPELLED.split("\n")[1:-1])
def test_columns_are_known_as_systems_spell_them(columns: str) -> None:
    wanted = dict(column.split("=") for column in columns.split("|"))
    found = {name: item.semantic for name, item in suggest(list(wanted), {}, table="customers", source="shop").items()}
    told = {name: "id." if meaning.startswith("id.") else meaning for name, meaning in found.items()}
    assert told == {name: PARTS[meaning] for name, meaning in wanted.items()}


def test_a_street_number_may_be_the_street_and_the_number() -> None:
    for values, meaning in ((["12", "5b", "3-5"], "number"), (["Main St 12", "Hauptstr. 5", "12 High St"], "line")):
        assert suggest(["Street No."], {"Street No.": values})["Street No."].semantic == f"address.{meaning}"


def test_a_name_of_several_words_without_a_family_name_beside_it_is_a_whole_one() -> None:
    names = {"Nombre": ["Ana García López", "Luis Pérez", "Eva Ruiz"]}
    assert suggest(["Nombre"], names, table="clientes")["Nombre"].semantic == "person.full_name"
    beside = suggest(["Nombre", "Apellidos"], names, table="clientes")
    assert beside["Nombre"].semantic == "person.first_name"


@pytest.mark.parametrize("name", ["patient", "Klient", "Besucher", "Donor"])
def test_a_column_called_after_a_role_holds_whole_names(name: str) -> None:
    people = {name: ["Ana García López", "Luis Pérez", "DUPONT Jean"]}
    assert suggest([name], people)[name].semantic == "person.full_name"
    assert suggest([name], {name: ["4711", "4712", "4713"]})[name].semantic == ""
    assert suggest([name, "Nachname"], people | {"Nachname": ["García"]})[name].semantic == ""


def test_what_stands_for_nothing_contradicts_no_name_of_a_column() -> None:
    phones = {"teléfono 2": ["n/a", "N/A", "n/a", "980604650", "-", "+34 967 060 381"]}
    assert suggest(["teléfono 2"], phones)["teléfono 2"].semantic == "contact.phone"


@pytest.mark.parametrize("table", ["Mitglieder", "tblKunden", "customer_export", "Mitgliederliste_2024", "clientes"])
def test_a_name_is_a_person_where_the_table_is_of_people(table: str) -> None:
    assert suggest(["Nr", "Name", "Punkte"], {}, table=table)["Name"].semantic == "person.full_name"


@pytest.mark.parametrize("table", ["customer_products", "stores", "export"])
def test_a_name_is_no_person_where_the_table_is_not_of_people(table: str) -> None:
    assert suggest(["Nr", "Name", "Points"], {}, table=table)["Name"].semantic == ""


@pytest.mark.parametrize("born", ["Geboren", "geb.", "Geburtsdat", "Birth dt", "nacido", "Født", "Urodzony"])
def test_a_name_is_a_person_where_somebody_is_born(born: str) -> None:
    found = suggest(["Name", born], {born: ["1980-01-02", "1999-11-30", "2001-05-06"]}, table="export")
    assert [found[name].semantic for name in found] == ["person.full_name", "person.birth_date"]


def test_an_address_that_holds_city_and_postcode_is_a_whole_one() -> None:
    whole = {"Adresse": ["Kirchplatz 1, 20099 Hamburg", "Hauptstr. 5, 50667 Köln", "Am Markt 3"]}
    street = {"Adresse": ["Kirchplatz 1", "Hauptstr. 5", "Am Markt 3, 10115 Berlin"]}
    assert suggest(["Adresse"], whole)["Adresse"].semantic == "address.full"
    assert suggest(["Adresse"], street)["Adresse"].semantic == "address.line"
    assert suggest(["Adresse", "PLZ"], whole)["Adresse"].semantic == "address.line"


@pytest.mark.parametrize("name", ["Nombre", "ชื่อ", "名称", "Tên", "الاسم", "이름"])
def test_the_name_of_a_thing_is_no_person(name: str) -> None:
    assert suggest([name, "価格", "SKU"], {}, table="articles")[name].semantic == ""


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (["男", "女", "男"], "person.gender"),
        (["ชาย", "หญิง", "ชาย"], "person.gender"),
        (["Männlich", "weiblich", "weiblich"], "person.gender"),
        (["ذكر", "أنثى", "ذكر"], "person.gender"),
        (["13812345678", "15912345678", "18612345678"], "contact.phone"),
        (["13800000001", "13800000002", "13800000003"], ""),
        (["Deutschland", "Österreich", "Schweiz"], "address.country"),
        (["中国", "日本", "泰国"], "address.country"),
        (["SW1A 1AA", "M1 1AE", "ec1a 1bb"], "address.postcode"),
        (["00-950", "31-042", "80-001"], "address.postcode"),
        (["01310-100", "20040-020", "30130-010"], "address.postcode"),
        (["10-12", "8-16", "9-17"], ""),
        (["de", "fr", "it"], ""),
        (["DE", "CA", "IN"], ""),
    ],
)
def test_values_of_other_countries_tell_their_meaning(values: list[str], meaning: str) -> None:
    assert suggest(["c"], {"c": values})["c"].semantic == meaning


@pytest.mark.parametrize(
    "name",
    [
        "SSN", "Social Security No.", "DNI/NIE", "CPF", "Codice Fiscale", "Personnummer", "PESEL", "Steuer-ID",
        "Steueridentifikationsnummer", "NIN", "National Insurance Number", "Aadhaar", "Passport No", "customer_ssn",
        "Reisepassnummer", "Numéro de sécurité sociale", "身份证号", "СНИЛС",
    ],
)  # fmt: skip
def test_numbers_that_a_state_gives_are_told_by_their_names(name: str) -> None:
    assert suggest([name], {}, source="shop")[name].semantic == "id.national_id"


@pytest.mark.parametrize(
    "values",
    [
        ["12345678Z", "00000000T", "X1234567L", "87654321X", "Y1234567X"],
        ["529.982.247-25", "111.444.777-35", "123.456.789-09", "987.654.321-00", "390.533.447-05"],
        ["811218-9876", "670919-9530", "640823-3234", "121212-1212", "900101-2385"],
        ["123-45-6780", "078-05-1120", "219-09-9999", "457-55-5462", "529-98-2247"],
        ["AB123456C", "AA 12 34 56 B", "CE123456D", "JG103759A", "SN123456C"],
    ],
)
def test_numbers_that_a_state_gives_are_told_by_their_check_digits(values: list[str]) -> None:
    assert suggest(["document"], {"document": values}, source="shop")["document"].semantic == "id.national_id"


@pytest.mark.parametrize(
    "values",
    [
        ["12345678A", "00000000A", "X1234567A", "87654321X", "Y1234567X"],
        ["529.982.247-26", "111.444.777-36", "123.456.789-09", "987.654.321-00", "390.533.447-05"],
        ["811218-9877", "670919-9531", "640823-3234", "121212-1212", "900101-2384"],
        ["12345678Z", "12345678Z", "12345678Z", "12345678Z", "12345678Z"],
    ],
)
def test_numbers_with_wrong_check_digits_are_none(values: list[str]) -> None:
    assert suggest(["document"], {"document": values})["document"].semantic == ""


def test_numbers_of_a_shop_are_none() -> None:
    numbers = [str(number) for number in range(100_000_000, 100_000_040)]
    assert suggest(["number"], {"number": numbers})["number"].semantic == ""
    assert (
        suggest(["customer_id"], {"customer_id": numbers}, source="shop")["customer_id"].semantic == "id.shop_customer"
    )


def test_what_objects_of_other_scripts_hold_is_the_persons() -> None:
    wanted = {
        "氏名_姓": "person.last_name",
        "氏名_名": "person.first_name",
        "連絡先_電話": "contact.phone",
        "連絡先_住所_郵便番号": "address.postcode",
        "連絡先_住所_市区町村": "address.city",
        "氏名_カナ_セイ": "",
        "商品_名": "",
        "会社_名": "organization.name",
        "店舗_電話": "",
        "Контакты_Телефон": "contact.phone",
    }
    found = suggest(list(wanted), {}, table="kaiin")
    assert {name: item.semantic for name, item in found.items()} == wanted


def test_a_state_of_things_is_no_region() -> None:
    values = ["pagada", "pendiente", "anulada"]
    assert suggest(["Estado"], {"Estado": values}, table="matriculas")["Estado"].semantic == ""
    assert suggest(["Estado", "Ciudad"], {"Estado": ["Jalisco"]})["Estado"].semantic == "address.region"
    assert suggest(["State"], {"State": ["CA", "NY", "TX"]})["State"].semantic == "address.region"


@pytest.mark.parametrize("name", ["Nº alumno", "Alumno ID", "student_no", "Schülernummer", "Nº élève"])
def test_pupils_are_numbered_as_customers_are(name: str) -> None:
    assert suggest([name], {}, source="escuelas")[name].semantic == "id.escuelas_customer"


PINS = ["600032", "110 031", "400083", "600032", "110031", "560027"]


def test_the_pin_of_india_is_a_postcode_beside_the_rest_of_an_address() -> None:
    born = ["1972-11-24", "1957-10-22", "1993-02-03"]
    found = suggest(["dob", "town", "pin"], {"dob": born, "town": ["Chennai", "Delhi"], "pin": PINS})
    assert found["pin"].semantic == "address.postcode"
    assert suggest(["dob", "pin"], {"dob": born, "pin": PINS})["pin"].semantic == ""  # many share one
    assert suggest(["town", "pin"], {"town": ["Chennai"], "pin": ["4711", "0815", "1234"]})["pin"].semantic == ""


def test_a_place_is_the_city_beside_the_rest_of_an_address() -> None:
    places = ["Köln", "Görlitz", "Hamburg"]
    assert suggest(["street", "place"], {"place": places})["place"].semantic == "address.city"
    assert suggest(["zip", "place", "city"], {"place": places, "city": places})["place"].semantic == ""
    assert suggest(["name", "place"], {"place": places})["place"].semantic == ""
    assert suggest(["street", "place"], {"place": ["1", "2", "3"]})["place"].semantic == ""


COMPANIES = [
    "Blue Energy Ltd", "Pioneer Robotics, Inc.", "Müller & Söhne GmbH & Co. KG", "Vertex Foods", "Fiat S.p.A.",
    "Acme Pty Ltd", "Global Media LLC", "Summit Health", "Delta Systems", "株式会社日立製作所",
]  # fmt: skip


def test_names_of_companies_are_told_by_their_legal_forms() -> None:
    assert suggest(["Account"], {"Account": COMPANIES})["Account"].semantic == "organization.name"
    few = ["DHL Ltd", "UPS Inc", "Rail GmbH", "Post Corp", "Hermes LLC"] * 20
    assert suggest(["carrier"], {"carrier": few})["carrier"].semantic == ""
    assert suggest(["supplier"], {"supplier": COMPANIES})["supplier"].semantic == ""


@pytest.mark.parametrize(
    "values",
    [
        ["Rice 5 kg", "Sugar 1 kg", "Salt 2 kg", "Flour 10 kg", "Oats 3 kg", "Nuts 1 kg"],
        ["Sparta", "Corp", "Inc", "Sarl", "Limited", "Plc"],
        ["Wei Ong", "Maria Sal", "Ana Sas", "Tom Asa", "Jo Sae", "Li Sia"],
        ["Time is limited to now", "A", "B", "C", "D", "E"],
    ],
)
def test_other_words_are_no_names_of_companies(values: list[str]) -> None:
    assert suggest(["c"], {"c": values})["c"].semantic == ""


def test_a_document_of_a_person_is_their_own() -> None:
    born = ["1972-11-24", "1957-10-22", "1993-02-03"]
    own = {"dt_nasc": born, "documento": ["82992884030", "33889919874", "3956854552"]}
    assert suggest(list(own), own)["documento"].semantic == "id.national_id"
    shared = own | {"documento": ["RG", "RG", "CPF"]}
    assert suggest(list(shared), shared)["documento"].semantic == ""


def test_a_contact_no_is_a_telephone_where_the_values_are() -> None:
    phones, numbers = ["9876543210", "9896066943", "9568925963"], ["100234", "100235", "100240"]
    assert suggest(["Contact No"], {"Contact No": phones})["Contact No"].semantic == "contact.phone"
    assert suggest(["Contact No"], {"Contact No": numbers}, source="crm")["Contact No"].semantic == "id.crm_customer"


@pytest.mark.parametrize("table", ["restaurants", "CRM_Accounts", "firmen", "tbl_suppliers"])
def test_a_name_is_a_companys_where_the_table_is_of_companies(table: str) -> None:
    found = suggest(["id", "name", "phone", "city"], {}, table=table)
    assert found["name"].semantic == "organization.name"
    assert suggest(["name", "company"], {}, table=table)["name"].semantic != "organization.name"


def test_a_customer_that_is_not_called_as_the_contact_is_a_company() -> None:
    contacts = {"contactLastName": ["Schmitt", "King", "Ferguson", "Labrune", "Bergulfsen"], "contactFirstName": []}
    firms = ["Atelier graphique", "Signal Gift Stores", "Australian Collectors", "La Rochelle Gifts", "Baane Mini"]
    people = ["Carine Schmitt", "King, Jean", "Peter Ferguson", "Janine LABRUNE", "Jonas Bergulfsen"]
    columns = ["customerName", *contacts]
    assert suggest(columns, contacts | {"customerName": firms})["customerName"].semantic == "organization.name"
    assert suggest(columns, contacts | {"customerName": people})["customerName"].semantic == "person.full_name"
    others = ["Anna Brown", "Maria Silva", "Peter Parker", "John Miller", "Linda Jones"]
    assert suggest(columns, contacts | {"customerName": others})["customerName"].semantic == "person.full_name"
    kana = ["ヤマダ タロウ", "スズキ ハナコ", "サトウ ケンジ", "タナカ ユミ", "イトウ アキラ"]
    assert suggest(columns, contacts | {"customerName": kana})["customerName"].semantic == "person.full_name"
    assert suggest(columns, contacts)["customerName"].semantic == "person.full_name"

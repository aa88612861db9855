"""What columns are called in languages that write with other letters, or whose words a fold joins in its own way."""

from core.text import fold

_NAMES = {
    "person.first_name": "名 名前 名字 名稱 下の名前 Tên Имя Имя_клиента",
    "person.last_name": "姓 姓氏 苗字 名字姓 Họ Фамилия",
    "person.full_name": "氏名 お名前 姓名 客户姓名 客戶姓名 顧客名 Họ_tên Họ_và_tên ФИО 이름 성명",
    "person.birth_date": "生年月日 誕生日 出生日期 生日 出生年月日 Ngày_sinh Дата_рождения День_рождения 생년월일",
    "person.gender": "性別 性别 Giới_tính Пол 성별",
    "contact.email": "メール メールアドレス Eメール 电子邮件 電子郵件 邮箱 電郵 Thư_điện_tử Электронная_почта 이메일",
    "contact.phone": (
        "電話 電話番号 携帯電話 携帯番号 电话 电话号码 手机 手机号 手机号码 手機 手機號碼 電話號碼 "
        "Số_điện_thoại Điện_thoại Телефон Мобильный_телефон Номер_телефона 전화번호 휴대폰"
    ),
    "address.line": "住所 地址 详细地址 詳細地址 番地 Địa_chỉ Адрес Улица 주소",
    "address.postcode": "郵便番号 邮编 邮政编码 郵遞區號 Mã_bưu_chính Mã_bưu_điện Индекс Почтовый_индекс 우편번호",
    "address.city": "市区町村 市 都市 城市 Thành_phố Город Woonplaats 도시",
    "address.region": "都道府県 省 省份 州 Tỉnh Tỉnh_thành Область Регион",
    "address.country": "国 国名 國家 国家 Quốc_gia Страна 국가",
    "organization.name": "会社名 会社 公司 公司名称 公司名稱 Công_ty Компания Организация 회사",
}
_IDS = {
    "customer": (
        "顧客番号 顧客ID お客様番号 客户编号 客户号 客户ID 客戶編號 Mã_khách_hàng Код_клиента Номер_клиента "
        "Numer_klienta Nr_klienta Müşteri_no Müşteri_numarası N°_client Numéro_client Código_do_cliente"
    ),
    "member": "会員番号 会员编号 会員編號 会员号 Mã_hội_viên Номер_участника",
    "loyalty_card": "会员卡号 カード番号 Номер_карты Mã_thẻ",
}


def _folded(words: str) -> frozenset[str]:
    return frozenset("".join(fold(word.replace("_", " ")).split()) for word in words.split()) - {""}


def joined(known: dict[str, frozenset[str]], native: dict[str, str]) -> dict[str, frozenset[str]]:
    """`known` with the native words; a word that already means something else keeps its meaning."""
    taken = frozenset().union(*known.values())
    return {meaning: words | (_folded(native.get(meaning, "")) - taken) for meaning, words in known.items()}


def with_names(known: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return joined(known, _NAMES)


def with_ids(known: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return joined(known, _IDS)

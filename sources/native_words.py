"""What columns are called in languages that write with other letters, or whose words a fold joins in its own way.

Words are compared as they are written, without accents, signs and spaces: a transliteration of one or two letters would
mean something else in another language.
"""

import re
import unicodedata

from core.text import fold

_NAMES = {
    "person.first_name": (
        "名 名字 名稱 下の名前 名前_名 Tên Tên_gọi Имя Имя_клиента 이름 ชื่อ ชื่อจริง ชื่อแรก الاسم_الأول الإسم_الأول "
        "Όνομα Ім'я Имя_гостя שם_פרטי पहला_नाम प्रथम_नाम Името Ім’я"
    ),
    "person.last_name": (
        "姓 姓氏 苗字 名字姓 名前_姓 Họ Họ_đệm Фамилия 성 성씨 นามสกุล สกุล ชื่อสกุล اسم_العائلة اللقب الكنية "
        "الاسم_الأخير Επώνυμο Επίθετο Прізвище שם_משפחה उपनाम कुलनाम Презиме"
    ),
    "person.middle_name": ("中间名 По_батькові Отчество ชื่อกลาง ミドルネーム Tên_đệm Πατρώνυμο"),
    "person.full_name": (
        "氏名 口座名義 口座名義人 名義人 契約者名 契約者氏名 持卡人姓名 投保人姓名 开户名 户名 계약자명 예금주명 "
        "お名前 姓名 名前 客户姓名 客戶姓名 会员名 会员名称 會員名 客户名 客户名称 客戶名稱 顾客名 顧客名 真实姓名 "
        "用户姓名 联系人 聯絡人 收件人 Họ_tên Họ_và_tên Tên_đầy_đủ Tên_KH ФИО Полное_имя Имя_и_фамилия Покупатель "
        "성명 고객명 회원명 ชื่อ-นามสกุล ชื่อ_สกุล ชื่อและนามสกุล ชื่อลูกค้า ชื่อเต็ม ชื่อสมาชิก الاسم الإسم "
        "الاسم_الكامل اسم_العميل الاسم_بالكامل Ονοματεπώνυμο Όνομα_και_επώνυμο ПІБ П.І.Б. Повне_ім'я שם שם_מלא "
        "שם_לקוח नाम पूरा_नाम ग्राहक_का_नाम اسم_الضيف اسم_المريض اسم_الطالب اسم_المسافر اسم_المشترك 이름_전체 "
        "ชื่อผู้เข้าพัก ชื่อผู้โดยสาร ชื่อผู้ป่วย ชื่อผู้ซื้อ Tên_chủ_thẻ Tên_chủ_tài_khoản Chủ_tài_khoản 예약자명 "
        "주문자명 구매자명 수령인 받는사람 乘客姓名 患者姓名 学生姓名 收货人 购买人 宿泊者名 Ф.И.О."
    ),
    "person.birth_date": (
        "生年月日 誕生日 出生日期 生日 出生年月日 出生年月 お誕生日 Ngày_sinh Ngày_tháng_năm_sinh Sinh_nhật "
        "Дата_рождения День_рождения Д.Р. Др 생년월일 생일 วันเกิด วันเดือนปีเกิด วัน/เดือน/ปีเกิด تاريخ_الميلاد "
        "تاريخ_الولادة يوم_الميلاد Ημερομηνία_γέννησης Ημ/νία_γέννησης Ημ._γέννησης Γέννηση Дата_народження "
        "Народження תאריך_לידה जन्म_तिथि जन्मतिथि जन्म_दिनांक 出生 出生日 Дата_рожд. Рождение"
    ),
    "person.gender": ("性別 性别 Giới_tính Phái Пол 성별 เพศ الجنس Φύλο Стать מין लिंग"),
    "contact.email": (
        "メール メールアドレス Eメール Eメールアドレス 电子邮件 電子郵件 电子邮箱 電子郵箱 電子信箱 邮箱 邮件 郵箱 "
        "电邮 電郵 邮箱地址 电邮地址 電郵地址 邮件地址 Thư_điện_tử Электронная_почта Эл._почта Почта Эл._адрес Емейл "
        "Имейл 이메일 이메일주소 전자우편 อีเมล อีเมล์ ที่อยู่อีเมล จดหมายอิเล็กทรอนิกส์ البريد_الإلكتروني الايميل "
        "الإيميل إيميل بريد_إلكتروني عنوان_البريد_الإلكتروني Ηλεκτρονικό_ταχυδρομείο Ηλ._ταχυδρομείο Електронна_пошта "
        "Ел._пошта Пошта דואל אימייל מייל דואר_אלקטרוני ईमेल ई-मेल"
    ),
    "contact.phone": (
        "電話 電話番号 携帯 携帯電話 携帯番号 携帯電話番号 TEL番号 电话 电话号码 手机 手机号 手机号码 手機 手機號碼 "
        "電話號碼 行動電話 联系方式 联系电话 聯絡電話 移动电话 Số_điện_thoại Điện_thoại Điện_thoại_di_động Di_động "
        "Số_di_động SĐT ĐT Телефон Тел. Мобильный_телефон Мобильный Моб._телефон Номер_телефона Сотовый 전화번호 전화 "
        "휴대폰 휴대폰번호 휴대전화 핸드폰 연락처 โทร โทรศัพท์ โทรศัพท์มือถือ เบอร์โทร เบอร์โทรศัพท์ เบอร์มือถือ "
        "หมายเลขโทรศัพท์ มือถือ เบอร์ติดต่อ الهاتف رقم_الهاتف هاتف الجوال رقم_الجوال جوال رقم_الموبايل الموبايل "
        "رقم_المحمول المحمول الهاتف_المحمول التليفون Τηλέφωνο Κινητό Κινητό_τηλέφωνο Τηλ. Τηλέφωνο_επικοινωνίας "
        "Мобільний Номер_телефону Моб._тел. Контактный_телефон Моб._номер טלפון נייד סלולרי טלפון_נייד מספר_טלפון "
        "मोबाइल फोन फ़ोन मोबाइल_नंबर फोन_नंबर 핸드폰번호 휴대전화번호 연락전화 جوال_العميل رقم_التواصل"
    ),
    "address.line": (
        "住所 住所1 地址 地址1 详细地址 詳細地址 通讯地址 通訊地址 街道 街道地址 家庭住址 住址 番地 Địa_chỉ "
        "Địa_chỉ_nhà Số_nhà Đường Адрес Адрес_доставки Адрес_проживания Улица Улица_дом 주소 상세주소 기본주소 "
        "도로명주소 지번주소 "
        "ที่อยู่ ที่อยู่จัดส่ง ที่อยู่ปัจจุบัน บ้านเลขที่ ถนน العنوان عنوان عنوان_السكن الشارع اسم_الشارع Διεύθυνση "
        "Οδός Адреса Вулиця כתובת רחוב पता सड़क"
    ),
    "address.postcode": (
        "郵便番号 〒 邮编 邮政编码 郵遞區號 郵政編碼 Mã_bưu_chính Mã_bưu_điện Mã_vùng Mã_zip Индекс Почтовый_индекс "
        "우편번호 รหัสไปรษณีย์ ไปรษณีย์ الرمز_البريدي رمز_بريدي صندوق_البريد ΤΚ Τ.Κ. Ταχυδρομικός_κώδικας "
        "Поштовий_індекс Індекс מיקוד पिन_कोड पिनकोड"
    ),
    "address.city": (
        "市区町村 市町村 市 都市 城市 所在城市 县市 縣市 城市名 城市名称 Thành_phố Quận/Huyện Quận Huyện Город "
        "Населенный_пункт Город_проживания Woonplaats 도시 시 시군구 อำเภอ เขต อำเภอ/เขต เมือง المدينة مدينة "
        "اسم_المدينة Πόλη Місто עיר ישוב शहर नगर 市区 所在市"
    ),
    "address.region": (
        "都道府県 県 省 省份 省市 所在省份 州 Tỉnh Tỉnh/Thành Область Регион Край 도 시도 จังหวัด รัฐ المحافظة "
        "المنطقة الولاية Νομός Περιφέρεια Область_проживання מחוז राज्य प्रांत"
    ),
    "address.country": (
        "国 国名 國家 国家 国籍 國籍 国家/地区 國家/地區 Quốc_gia Quốc_tịch Nước Страна 국가 나라 ประเทศ สัญชาติ "
        "الدولة دولة البلد بلد الجنسية Χώρα Εθνικότητα Країна Громадянство Гражданство מדינה ארץ देश राष्ट्रीयता 국적"
    ),
    "organization.name": (
        "会社名 会社 勤務先 勤務先名 法人名 公司 公司名称 公司名稱 单位 单位名称 工作单位 企业名称 公司名 Công_ty "
        "Tên_công_ty Cơ_quan Компания Организация Название_компании Место_работы 회사 회사명 บริษัท ชื่อบริษัท "
        "หน่วยงาน الشركة اسم_الشركة المؤسسة جهة_العمل Εταιρεία Επωνυμία Компанія Організація חברה कंपनी"
    ),
}
_IDS = {
    "customer": (
        "顧客番号 顧客ID 顧客No 顧客コード お客様番号 お客様No お客様コード "
        "客户编号 客户号 客户ID 客户代码 客户编码 顾客编号 "
        "顾客号 客戶編號 客戶代碼 用户编号 用户ID Mã_khách_hàng Mã_KH Mã_khách Số_khách_hàng Код_клиента "
        "Номер_клиента ID_клиента Код_покупателя 고객번호 고객ID 고객코드 รหัสลูกค้า หมายเลขลูกค้า เลขที่ลูกค้า "
        "Κωδικός_πελάτη Αριθμός_πελάτη Код_клієнта Номер_клієнта מספר_לקוח ग्राहक_संख्या ग्राहक_आईडी "
        "رقم_العميل رمز_العميل معرف_العميل كود_العميل رقم_الزبون Numer_klienta Nr_klienta Müşteri_no "
        "Müşteri_numarası N°_client Numéro_client Numéro_de_client Code_client Código_do_cliente "
        "Código_de_cliente N.º_de_cliente Nº_cliente Número_de_cliente N._cliente Numero_cliente"
    ),
    "member": (
        "会員番号 会員ID 会員No 会员编号 会员ID 会員編號 會員編號 會員號 会员号 会员号码 Mã_hội_viên Mã_thành_viên "
        "Номер_участника Код_участника 회원번호 회원ID รหัสสมาชิก หมายเลขสมาชิก เลขสมาชิก رقم_العضوية "
        "رقم_العضو Numéro_d'adhérent N°_adhérent N°_d'adhérent Número_de_socio Nº_socio Numero_socio N._socio "
        "Número_de_sócio"
    ),
    "loyalty_card": (
        "会员卡号 會員卡號 卡号 カード番号 会員カード番号 ポイントカード番号 Номер_карты Карта_лояльности "
        "Mã_thẻ Số_thẻ 카드번호 หมายเลขบัตร เลขที่บัตร รหัสบัตร رقم_البطاقة بطاقة_الولاء N._tessera "
        "Αριθμός_κάρτας Номер_картки מספר_כרטיס "
        "Numero_tessera Numéro_de_carte N°_carte Número_de_tarjeta Nº_de_tarjeta Número_do_cartão"
    ),
    "national_id": (
        "身份证 身份证号 身份证号码 身分證字號 マイナンバー CCCD CMND Số_CMND Số_CCCD ИНН СНИЛС Паспорт ΑΦΜ Α.Φ.Μ. "
        "ΑΜΚΑ РНОКПП ІПН תעודת_זהות ת.ז. मतदाता_पहचान आधार आधार_संख्या 여권번호 护照号 护照号码 パスポート番号 "
        "주민등록번호 เลขบัตรประชาชน เลขประจำตัวประชาชน رقم_الهوية الرقم_القومي رقم_الجواز"
    ),
    "account": (
        "Номер_счета Номер_счёта Лицевой_счет Лицевой_счёт Номер_рахунку 账号 银行账号 賬號 口座番号 계좌번호 "
        "เลขที่บัญชี หมายเลขบัญชี رقم_الحساب מספר_חשבון खाता_संख्या Số_tài_khoản Αριθμός_λογαριασμού"
    ),
    "policy": (
        "Номер_полиса Номер_договора Номер_поліса 保单号 保单号码 保單號碼 証券番号 증권번호 เลขที่กรมธรรม์ "
        "رقم_الوثيقة رقم_البوليصة מספר_פוליסה पॉलिसी_संख्या Số_hợp_đồng Αριθμός_συμβολαίου"
    ),
}
_ROLES = (
    "Заказчик Клиент Гость Пациент Пассажир Ученик Студент Абонент Владелец Владелец_карты Страхователь Жертвователь "
    "Участник Получатель Клієнт Замовник Гість Пацієнт Пасажир Учень Власник Πελάτης Ασθενής Μαθητής Επιβάτης "
    "Συνδρομητής Επισκέπτης Κάτοχος Δικαιούχος Δωρητής לקוח אורח מטופל תלמיד נוסע תורם מנוי מבוטח ग्राहक मरीज छात्र "
    "यात्री अतिथि दाता العميل الضيف المريض الطالب المسافر المشترك الزبون المتبرع المستلم صاحب_الحساب 会员 會員 客户 "
    "客戶 顾客 顧客 乘客 旅客 病人 患者 学生 學生 投保人 持卡人 户主 捐款人 购买者 購入者 注文者 会員 お客様 宿泊者 "
    "生徒 契約者 寄付者 予約者 名義人 주문자 고객 회원 구매자 환자 학생 승객 예약자 가입자 예금주 기부자 ผู้เข้าพัก "
    "ลูกค้า สมาชิก ผู้ป่วย นักเรียน ผู้โดยสาร ผู้ซื้อ ผู้เอาประกัน Khách_hàng Bệnh_nhân Học_sinh Hành_khách Chủ_thẻ "
    "Chủ_tài_khoản"
)
"""Who the customer is: a column called so alone holds whole names, where its values do."""

_SECOND_LINES = "상세주소 나머지주소 建物名 マンション名 住所2 地址2"
"""What stands behind the street where another column has it: a floor, a house."""

_OWNERS = (
    "контактный контактний домашний домашній личный рабочий гостя пациента пассажира абонента ученика клієнта "
    "пацієнта 买家 买方 收货人 收件人 下单人 乘客 旅客 患者 学生 宿泊者 予約者 契約者 주문자 구매자 환자 학생 예약자 "
    "수령인 الضيف المريض الطالب المسافر ผู้เข้าพัก ผู้ป่วย นักเรียน ผู้โดยสาร πελάτη ασθενή ग्राहक 客户 客戶 顾客 "
    "顧客 会员 會員 お客様 お客さま 所在 收货 收件 联系 聯絡 购买者 購入者 お届け先 配送先 ご お клиента покупателя "
    "участника العميل الزبون khách_hàng ของลูกค้า ลูกค้า ผู้ซื้อ สมาชิก 고객 회원"
)
"""Words before or behind a name that say whose it is: nothing new, for the whole row is the customer's."""

_HOLDERS = (
    "連絡先 個人情報 基本情報 会員情報 顧客情報 本人 联系方式 联系信息 基本信息 个人信息 个人资料 客户信息 "
    "聯絡資訊 基本資料 個人資料 연락처 기본정보 개인정보 회원정보 고객정보 контакты контакт клиент анкета "
    "thông_tin liên_hệ ข้อมูลติดต่อ ข้อมูลลูกค้า بيانات بيانات_العميل معلومات_الاتصال"
)
"""Objects of JSON in which it stands what somebody is called, and where they are reached."""

_KEYS = (
    "编号 編號 编码 編碼 代码 代碼 单号 單號 订单号 序号 番号 コード 번호 코드 Номер Код Артикул "
    "מספר رقم رمز كود معرف รหัส หมายเลข เลขที่"
)
_KEY_WORDS = frozenset(
    ["ma", "numero", "codice", "codigo", "nummer", "numer", "kod"]
)  # as one of a name's outer words, folded
# Number, in short, before or behind what is numbered: 会員No, InvoiceNo, № договора, N° client; and of lines, L.p.
_NUMBERED = re.compile(r"(?:^|[^A-Za-z])(?i:no|n[°º])[.:]?$|[a-z]No[.:]?$|^(?i:no\.?|n[°º]\.?)[\s_]|^(?i:l\.? ?p\.?)$")
_OF_ANYTHING = (
    "name nome nom nombre nama nume nev isim ime jmeno nimi naam navn namn title שם नाम "
    "Όνομα 名 名字 名稱 名前 Tên Имя 이름 ชื่อ الاسم الإسم"
)
_OTHER_PEOPLE = (
    "医生 医師 主治医 醫師 老师 老師 教师 教師 教员 講師 销售 銷售 业务员 業務員 经办人 經辦人 操作员 客服 顾问 顧問 "
    "店员 司机 担当 営業 店員 保護者 監護人 监护人 家长 紧急联系人 緊急聯絡人 緊急連絡先 作者 監督 导演 歌手 "
    "담당 의사 교사 강사 상담원 직원 기사 보호자 비상연락처 저자 감독 가수"
)
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه"})  # written either way at the end of words


def plain(name: str) -> str:
    """As it is written, in lower case, without accents, punctuation and spaces."""
    apart = unicodedata.normalize("NFKD", name).translate(_ARABIC).casefold()
    return "".join(sign for sign in apart if unicodedata.category(sign)[0] in "LNS")


def _by_word(known: dict[str, str]) -> dict[str, str]:
    return {plain(word): meaning for meaning, words in known.items() for word in words.split()}


NAMES, IDS, ROLES = _by_word(_NAMES), _by_word(_IDS), frozenset(map(plain, _ROLES.split()))
OF_ANYTHING = frozenset(map(plain, _OF_ANYTHING.split()))  # the name of a person, or of a product
OTHER_PEOPLE = tuple(map(plain, _OTHER_PEOPLE.split()))  # more people than the customer, as `vocabulary.OTHER_PEOPLE`
KEYS = tuple(map(plain, _KEYS.split()))  # before or behind what is numbered
SECOND_LINES = frozenset(map(plain, _SECOND_LINES.split()))
HOLDERS = frozenset(map(plain, _HOLDERS.split()))
OWNERS = tuple(sorted(map(plain, _OWNERS.split()), key=len, reverse=True))


def meaning(name: str, known: dict[str, str]) -> str:
    """What a column of this name means, also when it says whose it is (会员姓名, телефон клиента), and within objects
    that hold what is said of a person (連絡先_電話). "" if not known."""
    spelled = plain(name)
    for word in (spelled, *_without_owner(spelled)):
        if word in known:
            return known[word]
    if known is NAMES and _numbers_a_phone(spelled):
        return "contact.phone"
    holder, _, rest = name.partition("_")
    return meaning(rest, known) if rest and _holds_a_person(plain(holder)) else ""


def _numbers_a_phone(spelled: str) -> bool:
    """The number of a telephone is what calls it: رقم الهاتف."""
    rests = [spelled.removeprefix(key) for key in KEYS] + [spelled.removesuffix(key) for key in KEYS]
    return any(NAMES.get(rest) == "contact.phone" for rest in rests)


def _holds_a_person(word: str) -> bool:
    return word in HOLDERS or word in OWNERS or NAMES.get(word, "").startswith(("person.", "contact.", "address."))


def is_second_line(name: str) -> bool:
    return plain(name) in SECOND_LINES


def names_a_key(name: str) -> bool:
    """Whether a name says that it numbers something: 门店编号, код товара, numéro de commande."""
    spelled, words = plain(name), re.sub(r"[\W_]+", " ", fold(name)).split()
    if spelled.startswith(KEYS) or spelled.endswith(KEYS) or {*words[:1], *words[-1:]} & _KEY_WORDS:
        return True
    return bool(_NUMBERED.search(name.replace("№", "No ").strip()))


def _without_owner(word: str) -> list[str]:
    fronts = [word.removeprefix(owner) for owner in OWNERS if word.startswith(owner)]
    return fronts + [word.removesuffix(owner) for owner in OWNERS if word.endswith(owner)]

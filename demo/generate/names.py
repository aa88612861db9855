"""Name and place pools of the generated people, by culture. Common public names; no real person is meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """Pools of one culture. `weight` is its share of all people; `latin` tells whether its script is Latin."""

    key: str
    weight: float
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str, str, str], ...]  # city, region, postcode prefix, country
    latin: bool = True


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH_STEMS = _words(
    "Ash Black Brad Brook Burn Clay Cross Dal Down East Ed Fair Farn Gar Glen Gold Grant Green Had Hamp Hart Haw Hol Hunt"
    " Kings Lang Lin Lock Marl Mid Mill Mor New Nor Oak Pem Pres Quin Rad Red Rich Ros Sand Sea Shel South Stan Ston Sut"
    " Thorn Tre Wal Ward Wes Whit Wil Win Wood York"
)
_ENGLISH_ENDS = _words(
    "ford ton well field ley wood man bury brook combe dale don er ett feld gate ham hill ings land more ridge shaw stead wick worth"
)
_ENGLISH_SURNAMES = _words(
    "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White"
    " Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker Nelson Carter Mitchell Roberts"
    " Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Reed"
    " Bailey Bell Kelly Howard Ward Cox Richardson Watson Brooks Wood Bennett Gray Hughes Price Myers Long Foster Sanders"
    " Ross Powell Sullivan Russell Ortiz Jenkins Perry Butler Barnes Fisher"
) + tuple(stem + end for stem in _ENGLISH_STEMS for end in _ENGLISH_ENDS)

_US_PLACES = (
    ("New York", "NY", "100", "US"), ("Brooklyn", "NY", "112", "US"), ("Boston", "MA", "021", "US"),
    ("Chicago", "IL", "606", "US"), ("Seattle", "WA", "981", "US"), ("Portland", "OR", "972", "US"),
    ("Austin", "TX", "787", "US"), ("Denver", "CO", "802", "US"), ("Atlanta", "GA", "303", "US"),
    ("San Francisco", "CA", "941", "US"), ("Los Angeles", "CA", "900", "US"), ("Miami", "FL", "331", "US"),
    ("Minneapolis", "MN", "554", "US"), ("Nashville", "TN", "372", "US"), ("Philadelphia", "PA", "191", "US"),
    ("Phoenix", "AZ", "850", "US"), ("Raleigh", "NC", "276", "US"), ("Salt Lake City", "UT", "841", "US"),
)  # fmt: skip

CULTURES = (
    Culture(
        "english", 0.62,
        _words("Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Margaret Sandra"
               " Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura"
               " Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Samantha Katherine Christine"
               " Rachel Carolyn Janet Catherine Maria Heather Diane Olivia Julie Joyce Victoria Ruth Grace Hannah Abigail"),
        _words("John James Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony"
               " Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan"
               " Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Frank"
               " Alexander Raymond Patrick Jack Dennis Jerry Tyler Aaron Henry Adam Douglas Nathan Peter Zachary Oliver"),
        _ENGLISH_SURNAMES,
        _words("Oak Maple Cedar Pine Elm Washington Lake Hill Park Main Church Spring River Highland Sunset Jefferson Willow"
               " Franklin Chestnut Walnut Lincoln Meadow Forest Birch Madison Jackson Valley Ridge Prospect Union"),
        _US_PLACES,
    ),
    Culture(
        "german", 0.06,
        _words("Anna Lena Sophie Katharina Käthe Friederike Ursula Gisela Monika Petra Sabine Renate Birgit Ingrid Änne"),
        _words("Jürgen Björn Günther Wolfgang Hans Jörg Klaus Dieter Uwe Matthias Stefan Rüdiger Götz Lukas Felix Sören"),
        _words("Müller Schmidt Schneider Fischer Weber Wagner Becker Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann"
               " Schwarz Zimmermann Krüger Hartmann Lange Werner Krause Meier Köhler Huber Kaiser Jäger Groß Böhm Strauß Voß"),
        _words("Hauptstraße Bahnhofstraße Gartenstraße Schulstraße Bergstraße Lindenstraße Mühlweg Kirchplatz Ringstraße"),
        (("Berlin", "BE", "101", "DE"), ("München", "BY", "803", "DE"), ("Köln", "NW", "506", "DE")),
    ),
    Culture(
        "french", 0.05,
        _words("Chloé Léa Zoé Hélène Amélie Élise Françoise Céline Aurélie Margaux Inès Noémie Anaïs Éléonore Béatrice"),
        _words("René François Théo Jérôme André Benoît Loïc Mathéo Étienne Grégoire Rémi Sébastien Cédric Gaël Raphaël"),
        _words("Lefèvre Durand Moreau Girard Bonnet François Mercier Dupré Guérin Boyer Garnier Chevalier Gauthier Lacroix"
               " Renaud Perrin Béranger Fournier Rousseau Lemaître Hébert Chatelain Desprès Collet Bélanger Côté Noël"),
        ("rue de la Paix", "avenue Foch", "rue Pasteur", "boulevard Voltaire", "rue des Écoles", "place d’Armes"),
        (("Paris", "IDF", "750", "FR"), ("Lyon", "ARA", "690", "FR"), ("Nîmes", "OCC", "300", "FR")),
    ),
    Culture(
        "italian", 0.05,
        _words("Giulia Sofia Aurora Alice Ginevra Chiara Francesca Martina Noemi Beatrice Lucia Elisa Ilaria Viola"),
        _words("Lorenzo Mattia Niccolò Giosuè Andrea Gabriele Alessandro Riccardo Tommaso Edoardo Pietro Matteo Davide Luca"),
        _words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano"
               " Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara D’Angelo Nicolò Bonfà"),
        ("Via Roma", "Via Garibaldi", "Corso Italia", "Via Dante", "Piazza Mazzini", "Via Verdi", "Via dei Mille"),
        (("Roma", "RM", "001", "IT"), ("Milano", "MI", "201", "IT"), ("Forlì", "FC", "471", "IT")),
    ),
    Culture(
        "spanish", 0.06,
        _words("Lucía María Sofía Valentina Camila Ximena Daniela Renata Begoña Nuria Rocío Inés Ángela Mónica Belén"),
        _words("José Jesús Martín Andrés Iñaki Álvaro Óscar Raúl Héctor Íñigo Rubén Adrián Sebastián Nicolás Joaquín"),
        _words("García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Gómez Díaz Vázquez"
               " Muñoz Peña Núñez Ibáñez Ordóñez Castañeda Álvarez Jiménez Gutiérrez Domínguez Suárez Méndez Ríos Marín"),
        ("Calle Mayor", "Avenida Juárez", "Calle del Sol", "Paseo de Gracia", "Calle Alcalá", "Calle Nueva"),
        (("Madrid", "MD", "280", "ES"), ("Sevilla", "AN", "410", "ES"), ("Málaga", "AN", "290", "ES")),
    ),
    Culture(
        "vietnamese", 0.04,
        _words("Linh Hương Thảo Trang Ngọc Mai Lan Hà Phương Yến Quỳnh Thúy Hạnh Châu Diễm Ánh Tuyết Hồng"),
        _words("Minh Đức Hùng Dũng Tuấn Quân Long Sơn Hải Khôi Phúc Thành Nam Bảo Trung Cường Vũ Thắng"),
        _words("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trịnh Đinh Mai Tô"),
        ("Đường Lê Lợi", "Đường Nguyễn Huệ", "Phố Huế", "Đường Trần Phú", "Phố Hàng Bông"),
        (("Hà Nội", "HN", "100", "VN"), ("Đà Nẵng", "DN", "550", "VN")),
    ),
    Culture(
        "chinese", 0.04,
        _words("芳 娜 敏 静 丽 秀英 艳 霞 秀兰 玲 桂英 丹 萍 红 玉兰 雪 梅 晓燕 婷婷 欣怡"),
        _words("伟 强 磊 军 洋 勇 杰 涛 明 超 刚 平 辉 鹏 建华 志强 文博 浩然 子轩 宇航"),
        _words("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 欧阳 司马"),
        ("南京路", "人民路", "解放大道", "中山路", "和平街", "建设路"),
        (("上海", "SH", "200", "CN"), ("北京", "BJ", "100", "CN")), latin=False,
    ),
    Culture(
        "thai", 0.03,
        _words("สมหญิง มาลี กัญญา วันดี สุดา พรทิพย์ นภา รัตนา ชลธิชา อรุณี ปราณี จันทร์ ลลิตา สุภาพร"),
        _words("สมชาย ประเสริฐ วิชัย สมศักดิ์ สุรชัย อนันต์ ธนา กิตติ ณัฐพล พงษ์ศักดิ์ ชัยวัฒน์ วีระ สุเทพ มานพ"),
        _words("ใจดี ศรีสุข ทองดี บุญมา แก้วมณี สุวรรณ พรหมมา วงศ์สวัสดิ์ จันทร์เพ็ญ รัตนพล เจริญสุข ศรีวิไล คงเจริญ ภักดี"),
        ("ถนนสุขุมวิท", "ถนนสีลม", "ถนนพระราม 4", "ถนนเยาวราช"),
        (("กรุงเทพฯ", "BKK", "101", "TH"), ("เชียงใหม่", "CM", "500", "TH")), latin=False,
    ),
    Culture(
        "arabic", 0.02,
        _words("فاطمة عائشة مريم زينب ليلى نور سارة هدى أمينة ياسمين رنا دينا سلمى خديجة"),
        _words("محمد أحمد علي عمر حسن خالد يوسف إبراهيم مصطفى طارق سامي كريم ياسر عبدالله"),
        _words("السيد حسن الشريف منصور سليمان المصري خليل فاروق العلي الحداد ناصر عثمان بكر الخطيب صالح درويش"),
        ("شارع النيل", "شارع التحرير", "شارع الجمهورية", "شارع السلام"),
        (("القاهرة", "C", "115", "EG"), ("الإسكندرية", "ALX", "215", "EG")), latin=False,
    ),
    Culture(
        "cyrillic", 0.03,
        _words("Анна Мария Елена Ольга Наталья Екатерина Ирина Светлана Татьяна Юлия Людмила Дарья Ксения Оксана Любовь"),
        _words("Александр Дмитрий Сергей Андрей Алексей Михаил Иван Николай Владимир Павел Юрий Фёдор Пётр Олег Тарас"),
        _words("Шевченко Коваленко Бондаренко Ткаченко Кравченко Олійник Поліщук Бойко Мельник Мороз Петренко Савченко"
               " Руденко Клименко Лисенко Гончар Щербак Яковенко Журавель Чумак"),
        ("вулиця Хрещатик", "вулиця Шевченка", "проспект Миру", "вулиця Садова"),
        (("Київ", "KV", "010", "UA"), ("Львів", "LV", "790", "UA")), latin=False,
    ),
)  # fmt: skip

NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Richard": "Rick", "James": "Jim", "John": "Jack", "Michael": "Mike",
    "Joseph": "Joe", "Thomas": "Tom", "Charles": "Charlie", "Christopher": "Chris", "Daniel": "Dan", "Matthew": "Matt",
    "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy", "Edward": "Ed", "Timothy": "Tim", "Benjamin": "Ben",
    "Samuel": "Sam", "Gregory": "Greg", "Alexander": "Alex", "Patrick": "Pat", "Elizabeth": "Liz", "Jennifer": "Jen",
    "Patricia": "Pat", "Katherine": "Kate", "Catherine": "Cathy", "Margaret": "Maggie", "Deborah": "Debbie",
    "Rebecca": "Becky", "Jessica": "Jess", "Kimberly": "Kim", "Stephanie": "Steph", "Samantha": "Sam",
    "Victoria": "Vicky", "Barbara": "Barb", "Susan": "Sue", "Alessandro": "Sandro", "José": "Pepe",
    "Александр": "Саша", "Екатерина": "Катя", "Дмитрий": "Дима", "Wolfgang": "Wolf", "Katharina": "Käthe",
}  # fmt: skip

PRODUCTS = (
    ("Trail running shoes", "Shoes", 8900), ("City sneakers", "Shoes", 7500), ("Leather boots", "Shoes", 14900),
    ("Rain jacket", "Jackets", 12900), ("Down jacket", "Jackets", 19900), ("Fleece jacket", "Jackets", 6900),
    ("Day backpack", "Backpacks", 5900), ("Hiking backpack", "Backpacks", 11900), ("Travel bag", "Backpacks", 9900),
    ("Wool socks", "Accessories", 1500), ("Merino beanie", "Accessories", 2500), ("Leather belt", "Accessories", 3500),
    ("Steel bottle", "Accessories", 2900), ("Sunglasses", "Accessories", 4900), ("Head torch", "Equipment", 3900),
    ("Tent for two", "Equipment", 24900), ("Sleeping mat", "Equipment", 7900), ("Trekking poles", "Equipment", 5900),
    ("Cotton T-shirt", "Clothing", 1900), ("Linen shirt", "Clothing", 4900), ("Jeans", "Clothing", 6900),
    ("Shorts", "Clothing", 3900), ("Summer dress", "Clothing", 5900), ("Gift card", "Gift cards", 5000),
)  # fmt: skip
"""Name, category, price in cents."""

"""Names, places and words to draw from. Common public names; no real person is meant."""

from random import Random

from demo.generate.names import CULTURES
from profiles.unify.values.words import words

BY_KEY = {culture.key: culture for culture in CULTURES}
_ONSETS = words("B Br C Ch D Dr F Fl G Gr H J K Kl L M N P Pr R S Sch Sl St T Tr V W Z")
_VOWELS = words("a e i o u ai au ea ei ie oo ou")
_ENDS = words("ck ld ll mann m n nd ner nn nson r rd rs rt s sen ski ss t th tt witz x z")
STREETS = words(
    "Acacia Almond Amber Ash Aspen Beacon Bell Birch Bridge Canal Castle Cedar Chapel Cherry Church Clover College"
    " Cooper Copper Coral Court Cross Crown Dale Dove Eagle Elm Fern Field Forge Garden Gate Glen Grange Harbour"
    " Hawthorn Hazel Heath Heron Hill Holly Ivy Juniper King Lake Larch Laurel Linden Lodge Maple Market Meadow Mill"
    " Moor Nightingale Oak Orchard Park Pine Poplar Priory Queen Quarry Raven River Rose Rowan Spring Station Stone"
    " Swan Temple Thistle Tower Valley View Vine Walnut Water Well Willow Wood Yew"
)
KINDS = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl", "Drive": "Dr", "Court": "Ct"}
TOWNS = [
    stem + end
    for stem in words("Ald Ash Barn Bex Brom Cam Charl Dar East Farn Guil Hast Kings Lang Maid Nor Old Pem Rad Sal")
    for end in ("ford", "ton", "bury", "ham", "wick")
]
JOBS = words(
    "actor baker barrister blacksmith bookseller botanist brewer builder butcher carpenter chemist clergyman clerk"
    " composer cook cricketer dentist diplomat draper engineer engraver explorer farmer footballer gardener geologist"
    " goldsmith grocer historian journalist judge lawyer librarian mathematician merchant miner musician novelist"
    " nurse painter pharmacist philosopher photographer physician physicist pilot poet politician printer publisher"
    " sailor sculptor singer soldier stockbroker surgeon surveyor tailor teacher translator tutor weaver writer"
)
TITLES = words(
    "Account Manager;Buyer;Chief Executive Officer;Chief Financial Officer;Consultant;Controller;Data Analyst;"
    "Engineer;Finance Manager;Head of Marketing;Head of Sales;HR Manager;IT Manager;Managing Director;"
    "Marketing Manager;Office Manager;Product Manager;Project Manager;Purchasing Manager;Sales Manager;"
    "Software Developer;Vice President Sales",
    ";",
)
TITLE_FORMS = {
    "Chief Executive Officer": "CEO", "Chief Financial Officer": "CFO", "Managing Director": "MD",
    "Vice President Sales": "VP Sales", "Human Resources Manager": "HR Manager", "IT Manager": "Manager IT",
}  # fmt: skip
WORDS = words(
    "adaptive analysis ancient angel autumn black blue bridge broken city cold dance dark data day deep distance"
    " distributed dream efficient empty evening ever fading fast fire garden ghost golden graph heart heaven history"
    " home house index indigo island kingdom ladder language learning letter light little lonely long lost love machine"
    " madness midnight mining mirror moon morning mountain network never night ocean old open optimal paper parallel"
    " party pattern pieces processing query quiet rain random red return river road robust rose runaway sea search"
    " secret semantic shadow silence silver sky slow song spatial spring star stochastic stone storage storm stream"
    " street summer sun sweet system temporal time train transaction tree under vector velvet view voice walking water"
    " web white wild wind window winter wonder world yesterday"
)
BRANCHES = words("Logistics Systems Foods Textiles Energy Media Consulting Optics Metals Pharma Software Tools Travel")
LEGAL = ("Inc", "LLC", "Ltd", "GmbH", "AG", "S.A.", "B.V.", "Corp")
JAPANESE = (
    "佐藤:サトウ:Sato 鈴木:スズキ:Suzuki 高橋:タカハシ:Takahashi"
    " 田中:タナカ:Tanaka 渡辺:ワタナベ:Watanabe 伊藤:イトウ:Ito"
    " 山本:ヤマモト:Yamamoto 中村:ナカムラ:Nakamura 小林:コバヤシ:Kobayashi"
    " 加藤:カトウ:Kato 吉田:ヨシダ:Yoshida 山田:ヤマダ:Yamada"
    " 佐々木:ササキ:Sasaki 山口:ヤマグチ:Yamaguchi 松本:マツモト:Matsumoto"
    " 井上:イノウエ:Inoue 木村:キムラ:Kimura 林:ハヤシ:Hayashi"
    " 清水:シミズ:Shimizu 森:モリ:Mori 池田:イケダ:Ikeda"
    " 橋本:ハシモト:Hashimoto 石川:イシカワ:Ishikawa 前田:マエダ:Maeda"
    " 藤田:フジタ:Fujita 岡田:オカダ:Okada 後藤:ゴトウ:Goto"
    " 長谷川:ハセガワ:Hasegawa 村上:ムラカミ:Murakami 近藤:コンドウ:Kondo"
)
JAPANESE_GIVEN = (
    "健太:ケンタ:Kenta 翔太:ショウタ:Shota 大輔:ダイスケ:Daisuke"
    " 直樹:ナオキ:Naoki 拓也:タクヤ:Takuya 美咲:ミサキ:Misaki"
    " 陽子:ヨウコ:Yoko 恵子:ケイコ:Keiko 由美:ユミ:Yumi 真由美:マユミ:Mayumi 智子:トモコ:Tomoko 健一:ケンイチ:Kenichi"
    " 誠:マコト:Makoto 隆:タカシ:Takashi 浩:ヒロシ:Hiroshi 愛:アイ:Ai"
    " 舞:マイ:Mai 彩:アヤ:Aya 裕子:ユウコ:Yuko 明美:アケミ:Akemi"
    " 大地:ダイチ:Daichi 蓮:レン:Ren 陽菜:ヒナ:Hina 結衣:ユイ:Yui 太郎:タロウ:Taro 花子:ハナコ:Hanako"
)
CYRILLIC = (
    "Иванов:Ivanov Смирнов:Smirnov Кузнецов:Kuznetsov Попов:Popov Васильев:Vasilyev,Vasiliev,Vassiliev Петров:Petrov"
    " Соколов:Sokolov Михайлов:Mikhailov,Mikhaylov Новиков:Novikov Фёдоров:Fedorov,Fyodorov Морозов:Morozov"
    " Волков:Volkov Алексеев:Alekseev,Alexeev Лебедев:Lebedev Семёнов:Semenov,Semyonov Егоров:Egorov,Yegorov"
    " Павлов:Pavlov Козлов:Kozlov Степанов:Stepanov Николаев:Nikolaev,Nikolayev Орлов:Orlov Андреев:Andreev,Andreyev"
    " Макаров:Makarov Никитин:Nikitin Захаров:Zakharov Зайцев:Zaitsev,Zaytsev Соловьёв:Solovyov,Soloviev"
    " Борисов:Borisov Яковлев:Yakovlev,Iakovlev"
    " Григорьев:Grigoryev,Grigoriev Романов:Romanov Воробьёв:Vorobyov,Vorobiev"
    " Шевченко:Shevchenko Бондаренко:Bondarenko Щербаков:Shcherbakov,Scherbakov Юдин:Yudin,Iudin Жуков:Zhukov,Jukov"
)
CYRILLIC_GIVEN = (
    "Александр:Alexander,Aleksandr Дмитрий:Dmitry,Dmitri,Dmitrii Сергей:Sergey,Sergei Андрей:Andrey,Andrei"
    " Алексей:Alexey,Aleksei Михаил:Mikhail,Michail Евгений:Evgeny,Yevgeni,Evgenii Юрий:Yuri,Iurii,Yury"
    " Николай:Nikolay,Nikolai Владимир:Vladimir Пётр:Petr,Pyotr"
    " Фёдор:Fedor,Fyodor Илья:Ilya,Ilia Юлия:Yulia,Iuliia,Julia"
    " Наталья:Natalia,Natalya Татьяна:Tatiana,Tatyana Екатерина:Ekaterina,Yekaterina Мария:Maria,Mariya"
    " Анастасия:Anastasia,Anastasiya Ксения:Ksenia,Xenia Елена:Elena,Yelena Ольга:Olga Светлана:Svetlana Анна:Anna"
)
RUSSIAN_TOWNS = (
    "Москва:Moscow Самара:Samara Казань:Kazan Омск:Omsk Пермь:Perm Уфа:Ufa Тула:Tula Киров:Kirov Томск:Tomsk"
    " Воронеж:Voronezh Саратов:Saratov Рязань:Ryazan Липецк:Lipetsk Курск:Kursk Тверь:Tver Брянск:Bryansk"
)
SECOND = words("del Carmen;de los Ángeles;del Pilar;José;Luis;Antonio;Teresa;Isabel;Paula;Manuel", ";")


def forms(text: str) -> list[tuple[str, ...]]:
    return [tuple(word.split(":")) for word in text.split()]


def given(draw: Random, key: str = "english") -> tuple[str, str]:
    """A given name and m or f."""
    culture, female = BY_KEY[key], draw.random() < 0.5
    return skewed(culture.women if female else culture.men, draw), "f" if female else "m"


def surname(draw: Random, key: str = "english") -> str:
    """Some common, many rare."""
    if key == "english" and draw.random() < 0.4:
        end = draw.choice(_ENDS)
        return draw.choice(_ONSETS) + draw.choice(_VOWELS) + end
    return skewed(BY_KEY[key].surnames, draw)


def skewed(pool: tuple[str, ...] | list[str], draw: Random) -> str:
    """The first ones are common."""
    return pool[int(len(pool) * draw.random() ** 1.8)]


def birth(draw: Random, oldest: int = 1935, youngest: int = 2005) -> str:
    return f"{draw.randrange(oldest, youngest)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"


def street(draw: Random) -> str:
    return f"{draw.randrange(1, 200)} {draw.choice(STREETS)} {draw.choice(list(KINDS))}"


def shortened(line: str) -> str:
    for long, short in KINDS.items():
        line = line.replace(f" {long}", f" {short}")
    return line


def digits(draw: Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))

"""Whole names of people in Chinese, Japanese and Korean, told by their family names and the shape of what follows.

Many family names are ordinary words or towns as well (黄, 山口, 강), so one value tells nothing: most of a column must
fit, and half of it with family names that begin hardly anything else. They are the usual ones of each language.
"""

import re
from collections.abc import Sequence

MOST = 0.8  # of the values fit; of the towns and goods of a language, at most a third
SURELY = 0.5  # of them with a family name that is hardly a word

# Simplified and traditional. They head word lists of names, and no lists of goods and places.
_CHINESE_SURE = (
    "王李张張刘劉陈陳杨楊赵趙吴吳周徐孙孫朱胡郭何罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭肖蔡潘董袁于"
    "余叶葉蒋蔣杜魏程吕呂"
    "沈任姚卢盧傅钟鍾崔谭譚廖范範汪陆陸贾賈韦韋邹鄒邱侯薛尹阎閻段郝邵戴孔龚龔严嚴赖賴覃莫乔喬洪俞倪庞龐蓝葛奚"
)
_CHINESE_MORE = (
    "林高马馬黄黃丁苏蘇姜田石金白江方毛夏熊秦孟顾顧史龙龍万萬雷钱錢汤湯易武文康贺賀施温溫季安尚牛洪殷包左"
    "鲁魯管祝柴欧歐"
    "华華凌霍成丘连連游骆駱裴翟向关關伍柯柳齐齊符路辛项項岳宁寧古盛童阮舒时時宫宮屈裘卜冉涂耿焦巩鞠樊应應"
    "瞿习習麦麥池米"
)
_CHINESE_DOUBLE = "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|慕容|令狐|司徒|夏侯|端木|公孙|公孫"
_NO_END = (
    "市省县縣区區镇鎮乡鄉村路街店馆館厂廠社所行院校站楼樓城港岛島山河湖江海州国國司团團部局酒茶菜饭飯面麵"
    "汤湯鱼魚肉包饼餅糖油水奶机機车車"
)
_HAN = r"[\u3400-\u9fff々]"

_JAPANESE = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 齋藤
清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田
西村 藤井 金子 藤原 岡本 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎
横山 高木 安藤 宮本 大野 小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 藤本 小山 平野 河野 上野 野口 武田
松井 千葉 菅原 岩崎 久保 木下 佐野 野村 松尾 菊地 菊池 杉本 市川 古川 大西 島田 水野 桜井 高野 渡会 吉川 山内 西田
飯田 菅野 西川 小松 北村 安田 五十嵐 川口 関 中田 平田 川崎 本田 久保田 吉村 東 中西 岩田 服部 川上 沢田 辻 熊谷
樋口 福島 永井 松岡 浅野 大久保 秋山 土屋 矢野 荒木 大橋 内藤 本間 松下 川村 小池 早川 栗原 広瀬 岡崎 星野 田口 須藤
片山 吉岡 石原 望月 三宅 松村 岡 尾崎 荒井 黒田 堀 大島 西山 小沢 萩原 白石 田辺 川島 篠原 大山 鎌田 桑原 馬場 富田
小西 榎本 青山 上原 中井 平井 森本 奥村 河合
"""
_JAPANESE_ENDS = (
    "子美恵郎太朗一二三夫雄男介助輔樹也人翔大香奈菜織里代江枝実真希貴彦幸明弘宏浩博誠隆孝健茂修進学徹剛斗"
    "平司治志次吾典史之紀則"
    "行正昭勇豊稔淳潤純亮涼諒蓮悠陽葵凛結愛咲優花華佳加衣沙紗羽音莉理梨乃穂帆歩絵瞳梓薫遥晴輝光聡智哲渉武"
    "翼匠伸悟満清久和"
)
_KANA = r"\u3041-\u3096"

_KOREAN_SURE = "김이박최정강조윤장임"  # two in three people have one of these
_KOREAN_MORE = (
    "한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연"
)
_KOREAN_ENDS = (
    "민준서지현영수진은혜우성재호경미정희숙자순옥연윤하아유나원태상철훈석규기형환승주예빈린찬건율솔한선명"
    "일종창용대병범인복춘"
    "화란애례섭식근균택욱헌혁현휘림람비별슬늘롬봄결겸온훤후"
)

_CHINESE_NAME = re.compile(
    rf"(?:({_CHINESE_DOUBLE}|[{_CHINESE_SURE}])|[{_CHINESE_MORE}])\s?{_HAN}?(?![{_NO_END}]){_HAN}"
)
_JAPANESE_NAME = re.compile(
    rf"({'|'.join(sorted(_JAPANESE.split(), key=len, reverse=True))})"
    rf"(?:\s?(?:{_HAN}{{0,2}}[{_JAPANESE_ENDS}]|[{_KANA}]{{2,4}})|\s{_HAN}{{1,3}})"
)
_KOREAN_NAME = re.compile(rf"(?:([{_KOREAN_SURE}])|[{_KOREAN_MORE}])\s?[가-힣]?[{_KOREAN_ENDS}]")


def share_of_people(values: Sequence[str]) -> float:
    """How many are whole names of people of one of the three languages; 0 if they are too few to be sure. Values are
    stripped and differ."""
    return max(_share(values, pattern) for pattern in (_CHINESE_NAME, _JAPANESE_NAME, _KOREAN_NAME))


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    found = [match for value in values if (match := pattern.fullmatch(value))]
    sure = sum(bool(match[1]) for match in found)
    is_most = len(found) >= MOST * len(values) and sure >= SURELY * len(values)
    return len(found) / len(values) if values and is_most else 0.0

"""Names in Han and Hangul signs: where the family name ends, and how it is written in Latin letters.

Transliteration sign by sign reads every name as Chinese, by the most frequent reading, and parts no words. These
tables hold what it cannot know: family names with a reading of their own, those of two signs, frequent Japanese and
Korean ones.
"""

import re

from core.text import fold
from profiles.unify.values.words import pairs, words

# Family names read otherwise than the sign at large.
READINGS = pairs(
    """
    曾:zeng 單:shan 单:shan 仇:qiu 解:xie 查:zha 盖:ge 蓋:ge 区:ou 區:ou 覃:qin 乐:yue 樂:yue 任:ren 缪:miao
    繆:miao 冼:xian 员:yun 朴:piao 秘:bi 尉迟:yuchi 万俟:moqi 長孫:zhangsun 长孙:zhangsun 呂:lu 吕:lu 纪:ji
    宁:ning 教:jiao 召:shao 翟:zhai
    """
)
COMPOUND = frozenset(
    words(
        """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 公孙 公孫 慕容 令狐 司徒 夏侯 南宫 南宮 端木 宇文
    长孙 長孫 独孤 獨孤 轩辕 东郭 百里 呼延 万俟 闻人 澹台 公冶 宗政 濮阳 太史 申屠 钟离 淳于 单于 南宮 황보
    軒轅 鍾離 聞人 濮陽 單于 東郭 赫连 赫連 拓跋 西门 西門 东门 東門 南门 南門 闾丘 閭丘 乐正 樂正 太叔 仲孙 仲孫 第五
    鲜于 鮮于 纳兰 納蘭 完颜 完顏 耶律 叶赫 葉赫 司空 司寇 公羊 公西 谷梁 穀梁 颛孙 顓孫 巫马 巫馬 漆雕 段干 羊舌 微生
    左丘 梁丘 宰父 亓官 子车 子車 壤驷 壤駟 夹谷 夾谷
    남궁 제갈 선우 독고 사공 서문
    """
    )
)
# The hundred or so that most Chinese bear, simplified and traditional.
FAMILY = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈"
    "丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文"
)
KOREAN = pairs(
    """
    김:kim 이:lee 박:park 최:choi 정:jung 강:kang 조:cho 윤:yoon 장:jang 임:lim 한:han 오:oh 서:seo 신:shin
    권:kwon 황:hwang 안:ahn 송:song 류:ryu 유:yoo 전:jeon 홍:hong 고:ko 문:moon 양:yang 손:son 배:bae 백:baek
    허:heo 남:nam 심:shim 노:noh 하:ha 곽:kwak 성:sung 차:cha 주:joo 우:woo 구:koo 나:na 민:min 진:jin 지:ji
    엄:eom 채:chae 원:won 천:cheon 방:bang 공:kong 현:hyun 함:ham 변:byun 염:yeom 여:yeo 추:choo 도:do 소:so
    석:seok 선:sun 설:seol 마:ma 길:gil 연:yeon 위:wi 표:pyo 명:myung 기:ki 반:ban 왕:wang 금:keum 옥:ok 육:yook
    인:in 맹:maeng 제:je 모:mo
    """
)
JAPANESE = pairs(
    """
    佐藤:sato 鈴木:suzuki 高橋:takahashi 髙橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 渡邊:watanabe
    渡邉:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada 佐々木:sasaki
    山口:yamaguchi 松本:matsumoto 井上:inoue 木村:kimura 斎藤:saito 斉藤:saito 齋藤:saito 清水:shimizu
    山崎:yamazaki 阿部:abe 池田:ikeda 橋本:hashimoto 山下:yamashita 石川:ishikawa 中島:nakajima 前田:maeda
    藤田:fujita 小川:ogawa 後藤:goto 岡田:okada 長谷川:hasegawa 石井:ishii 村上:murakami 近藤:kondo
    坂本:sakamoto 遠藤:endo 藤井:fujii 青木:aoki 西村:nishimura 福田:fukuda 太田:ota 三浦:miura 藤原:fujiwara
    岡本:okamoto 松田:matsuda 中川:nakagawa 中野:nakano 原田:harada 小野:ono 田村:tamura 竹内:takeuchi
    金子:kaneko 中山:nakayama 和田:wada 石田:ishida 上田:ueda 森田:morita 柴田:shibata 酒井:sakai 工藤:kudo
    横山:yokoyama 宮崎:miyazaki 宮本:miyamoto 内田:uchida 高木:takagi 安藤:ando 谷口:taniguchi 大野:ono
    丸山:maruyama 今井:imai 高田:takada 藤本:fujimoto 武田:takeda 村田:murata 上野:ueno 杉山:sugiyama
    増田:masuda 平野:hirano 大塚:otsuka 千葉:chiba 久保:kubo 松井:matsui 小島:kojima 岩崎:iwasaki 桜井:sakurai
    野口:noguchi 松尾:matsuo 野村:nomura 木下:kinoshita 菊地:kikuchi 佐野:sano 大西:onishi 杉本:sugimoto
    新井:arai 浜田:hamada 古川:furukawa 市川:ichikawa 水野:mizuno 小松:komatsu 島田:shimada
    """
)
# Given names, read so after a Japanese family name.
JAPANESE_GIVEN = pairs(
    """
    太郎:taro 一郎:ichiro 次郎:jiro 二郎:jiro 三郎:saburo 健:ken 健太:kenta 健一:kenichi 誠:makoto 翔太:shota
    大輔:daisuke 拓也:takuya 直樹:naoki 和也:kazuya 達也:tatsuya 翔:sho 蓮:ren 陽翔:haruto 大翔:hiroto 悠斗:yuto
    隆:takashi 浩:hiroshi 博:hiroshi 明:akira 茂:shigeru 花子:hanako 陽子:yoko 洋子:yoko 幸子:sachiko 恵子:keiko
    京子:kyoko 和子:kazuko 久美子:kumiko 由美子:yumiko 裕子:yuko 真由美:mayumi 美咲:misaki 愛:ai 葵:aoi 結衣:yui
    陽菜:hina 桜:sakura 七海:nanami 優子:yuko 智子:tomoko 直美:naomi 恵:megumi 美穂:miho 明美:akemi
    真理子:mariko
    """
)
_HONORIFICS = re.compile(
    r"\s*(?:先生|女士|小姐|太太|老师|老師|同志|さん|さま|様|さん|ちゃん|くん|殿|님|씨)$|^(?:คุณ|นางสาว|น\.ส\.|นาง|นาย|ด\.ช\.|ด\.ญ\.|ดร\.)\s*"
)
_HAN, _HANGUL = re.compile(r"^[\u3400-\u9fff々]+$"), re.compile(r"^[\uac00-\ud7a3]+$")


def without_honorific(text: str) -> str:
    """Of signs that are written without a space to the name; at least two signs of Thai, one of others stay."""
    text = text.strip()
    left = _HONORIFICS.sub("", text)
    return left if len(left) > (1 if left and left[0] >= "\u0e00" and left[0] <= "\u0e7f" else 0) else text


def in_latin(text: str, *, whole: bool) -> str:
    """A name in Han or Hangul signs: with `whole` given and family name, the given one first, else one of the
    two; titles are dropped. Other text comes back as it is."""
    text = without_honorific(text)
    parts = text.split()
    if not whole:
        return family(parts[0]) if len(parts) == 1 else text
    if len(parts) == 1:
        parts = parted(parts[0])
    elif len(parts) != 2 or not is_eastern_pair(*parts):
        return text
    if len(parts) != 2:
        return text
    given = parts[1]
    read = given_in_japan(given) if parts[0] in JAPANESE else given
    return f"{fold(given).replace(' ', '') if read is given else read} {family(parts[0])}"


def given_in_japan(given: str) -> str:
    """A given name in Latin letters, as it is read beside a family name of Japan: 恵 is "megumi" there. As it is where
    that is not known."""
    return JAPANESE_GIVEN.get(without_honorific(given), given)


def family(name: str) -> str:
    return READINGS.get(name) or KOREAN.get(name) or JAPANESE.get(name) or name


def is_eastern_pair(first: str, second: str) -> bool:
    """Whether two words in Han or Hangul signs are a family name and a given one."""
    return _is_family(first) and not _is_family(second)


def _is_family(word: str) -> bool:
    return word in FAMILY or word in COMPOUND or word in KOREAN or word in JAPANESE


def parted(name: str) -> list[str]:
    """ "王小明" → ["王", "小明"]; the name alone where no family name is seen. Four signs are parted after a known
    family name of two alone: one sign and three may as well be two and two, or no name at all."""
    if not (_HAN.match(name) or _HANGUL.match(name)):
        return [name]
    for size in (3, 2):
        if len(name) > size and (name[:size] in JAPANESE or name[:size] in COMPOUND):
            return [name[:size], name[size:]]
    if 2 <= len(name) <= 3 and (name[0] in FAMILY or name[0] in KOREAN):
        return [name[0], name[1:]]
    return [name]

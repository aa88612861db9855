"""Names in Arabic letters, as their bearers write them in Latin ones.

Vowels are not written: transliteration letter by letter makes "khld" of Khalid, and leaves two letters of many names.
Frequent given names are known by this table; of all names the article, "son of" and "servant of" are.
"""

import re

from profiles.unify.values.words import pairs

ARABIC = r"\p{Arabic}"
# Letters that writers leave out or exchange.
_PLAIN = str.maketrans("أإآٱىةئؤ", "ااااييءء")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_ARTICLE, _SERVANT = "ال", "عبد"
_PARTS = {"بن": "bin", "ابن": "bin", "بنت": "bint", "ابو": "abu", "ام": "umm", "ال": "al", "عبدالله": "abdullah"}


def _plain(word: str) -> str:
    return _MARKS.sub("", word).translate(_PLAIN)


GIVEN = {
    _plain(word): name
    for word, name in pairs(
        """
    محمد:muhammad أحمد:ahmad محمود:mahmoud حامد:hamid حمد:hamad حسن:hasan حسين:hussein علي:ali عمر:omar
    عثمان:othman خالد:khalid وليد:walid سعيد:said سعود:saud سعد:saad فهد:fahad فيصل:faisal سلطان:sultan
    سلمان:salman سليمان:sulayman سالم:salem سامي:sami سمير:samir يوسف:yusuf يونس:yunus ياسر:yasser ياسين:yassin
    إبراهيم:ibrahim إسماعيل:ismail إسحاق:ishaq موسى:musa عيسى:isa داود:dawud زكريا:zakaria يحيى:yahya
    هارون:harun أيوب:ayoub آدم:adam نوح:nuh صالح:saleh ناصر:nasser منصور:mansour ماجد:majid تركي:turki
    بندر:bandar نايف:nayef مشعل:mishal طلال:talal بدر:badr عادل:adel كريم:karim رحيم:rahim مصطفى:mustafa
    مرتضى:murtada طارق:tariq راشد:rashid رشيد:rashid حمزة:hamza حمدان:hamdan زايد:zayed زيد:zaid جابر:jaber
    جمال:jamal جاسم:jassim قاسم:qasim كمال:kamal نبيل:nabil هشام:hisham هاني:hani وسام:wissam أنس:anas أمين:amin
    أسامة:osama أشرف:ashraf بلال:bilal رامي:rami زياد:ziad شريف:sherif ضياء:diaa عماد:imad عمرو:amr غسان:ghassan
    فادي:fadi فارس:fares فؤاد:fuad ماهر:maher مازن:mazen مروان:marwan معاذ:muadh منير:munir نادر:nader
    رحمن:rahman عزيز:aziz رزاق:razzaq لطيف:latif مجيد:majeed حميد:hamid قادر:qadir سلام:salam فاطمة:fatima
    عائشة:aisha خديجة:khadija مريم:maryam زينب:zaynab ليلى:layla سارة:sara نورة:noura نور:noor هند:hind ريم:reem
    رنا:rana ريما:rima هدى:huda منى:mona أمل:amal أميرة:amira أسماء:asma إيمان:iman عبير:abeer غادة:ghada
    لطيفة:latifa لينا:lina مها:maha ندى:nada نادية:nadia نجلاء:najla وفاء:wafa ياسمين:yasmin حنان:hanan
    حصة:hessa جواهر:jawaher دانة:dana دينا:dina رقية:ruqayya سلمى:salma سعاد:suad سميرة:samira شيماء:shaima
    صفية:safiya موزة:moza منيرة:munira بدرية:badriya رانيا:rania
    """
    ).items()
}


def in_latin(text: str) -> str:
    """Word by word: what is known as it is usually written, the article apart. All else comes back in its own
    letters."""
    found, words = list[str](), [_plain(word) for word in text.split()]
    while words:
        word = words.pop(0)
        if word == _SERVANT and words:
            word += words.pop(0)
        found.append(_word(word))
    return " ".join(found)


def _word(word: str) -> str:
    if known := _PARTS.get(word) or GIVEN.get(word):
        return known
    if word.startswith(_SERVANT + _ARTICLE):
        rest = word.removeprefix(_SERVANT + _ARTICLE)
        return f"abdul{GIVEN.get(rest, rest)}"
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
        rest = word.removeprefix(_ARTICLE)
        return f"al {GIVEN.get(rest, rest)}"
    return word

"""Words for genders, as people write them."""

import re
from functools import cache

from core.text import fold

_WORDS = {
    "m": "m male man boy mr herr männlich mann maschile maschio uomo masculino hombre homme"
    " masculin h hr señor sr monsieur signor heer mannelijk man mężczyzna muž férfi bărbat"
    " erkek мужской муж мужчина чоловіча чоловік 男 男性 남 남성 남자 nam ชาย ذكر זכר पुरुष άνδρας"
    " mies mand homem",
    "f": "f female woman girl mrs ms miss frau weiblich w femminile femmina donna femenino"
    " mujer femme féminin señora sra srta madame mademoiselle signora mevrouw vrouw"
    " vrouwelijk kobieta žena nő femeie kadın женский жен женщина жіноча жінка 女 女性 여 여성 여자"
    " nữ หญิง أنثى נקבה महिला γυναίκα nainen kvinna kvinde mulher feminino",
    "o": "o other diverse divers nonbinary enby otro autre altro другое 其他 その他 기타 khác อื่นๆ آخر",
}


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", fold(word))


@cache
def _table() -> dict[str, str]:
    return {_plain(word): gender for gender, words in _WORDS.items() for word in words.split()}


def known_gender(word: str) -> str:
    """ "m", "f" or "o"; the word itself where it is none of the known."""
    return _table().get(_plain(word), word)

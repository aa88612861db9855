"""UTF-8 is told from what is not as Python tells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.reading.encoding import _is_utf8, guess_narrow

PIECES = st.one_of(
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=6),
    st.sampled_from([b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe4\xb8", b"\xef\xbf\xbf", b"a" * 70]),
)


@given(st.lists(PIECES, max_size=6).map(b"".join))
def test_utf8_is_checked_as_python_decodes_it(data: bytes) -> None:
    try:
        data.decode()
        wanted = True
    except UnicodeDecodeError:
        wanted = False
    assert _is_utf8(data) == wanted


NAMES = {
    "cp932": ["佐藤\t拓也", "石川\t花子", "田中\t真由美", "渡辺\t健一", "鈴木\t翔太"],
    "gb18030": ["王秀英", "李建国", "欧阳娜娜", "陈静", "刘洋"],
    "cp949": ["김민준", "이서연", "박지훈", "최수진", "정하은"],
    "cp1251": ["Иван Петров", "Мария Смирнова", "Ольга Кузнецова", "Андрей Попов", "Елена Соколова"],
    "cp1252": ["Zoë Müller", "François Lefèvre", "José Núñez", "Élodie Bézu", "Åsa Öberg"],
}


@pytest.mark.parametrize("encoding", NAMES)
def test_names_tell_the_encoding_beside_many_addresses(encoding: str) -> None:
    rows = [f"M{n:04}\t{name}\tcustomer.number{n}@mail.example\tactive" for n, name in enumerate(NAMES[encoding] * 8)]
    data = "\r\n".join(rows).encode(encoding)
    assert data.decode(guess_narrow(data)) == data.decode(encoding)

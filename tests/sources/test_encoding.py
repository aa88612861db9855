"""UTF-8 is told from what is not as Python tells it."""

from hypothesis import given
from hypothesis import strategies as st

from sources.reading.encoding import _is_utf8

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

from email import message_from_bytes, policy

from hypothesis import given
from hypothesis import strategies as st

from messaging.mime import address_header, build, header_text, quoted_printable

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def parsed(subject: str, name: str, text: str, html: str):
    headers = [("From", address_header(name, "a@b.example")), ("To", "c@d.example"), ("Subject", header_text(subject))]
    data = build(headers, quoted_printable(text), quoted_printable(html), "=_test")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    return message_from_bytes(data, policy=policy.default)


@given(subject=TEXT, name=TEXT)
def test_no_text_adds_a_header_or_changes_the_sender(subject: str, name: str) -> None:
    mail = parsed(subject, name, "t", "h")
    assert set(mail.keys()) == {"From", "To", "Subject", "MIME-Version", "Content-Type"}
    assert [address.addr_spec for address in mail["From"].addresses] == ["a@b.example"]


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_a_subject_in_any_script_is_read_back(text: str) -> None:
    assert " ".join(str(parsed(text, "n", "t", "h")["Subject"]).split()) == " ".join(text.split())


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=500))
def test_bodies_are_read_back(text: str) -> None:
    mail = parsed("s", "n", text, f"<p>{text}</p>")
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert html.get_content_type() == "text/html"

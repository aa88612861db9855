"""Lists of words as they are written in the code."""


def words(text: str, separator: str | None = None) -> list[str]:
    """Parted by white space, or by the separator."""
    return [word.strip() for word in text.split(separator) if word.strip()]


def pairs(text: str) -> dict[str, str]:
    """ "a:b c:d" as {a: b, c: d}."""
    return dict(pair.split(":") for pair in text.split())


def groups(text: str) -> dict[str, str]:
    """Lines "short: word word" as {word: short}."""
    rows = [line.split(":") for line in text.strip().splitlines()]
    return {word: short.strip() for short, members in rows for word in members.split()}

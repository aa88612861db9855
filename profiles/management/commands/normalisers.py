"""`manage.py normalisers [FILE]`: the page of documentation on normalisers, written from the registry."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import profiles.unify.normalisers  # noqa: F401  (registers them)
from profiles.unify.normalisers.registry import Example, Normaliser, all_normalisers

HEAD = """# Normalisers

<!-- Written by `manage.py normalisers`: change the registry in profiles/unify/normalisers/, not this page. -->

Before records are compared, every distinct value is made comparable: spellings that mean the same become one key, and
what says nothing becomes unknown. The values that are shown and sent to stay as they are. Each meaning of a column has
a usual normaliser; a rule may name others for what it compares, in their order:

```yaml
unification:
  rules:
    - name: Same nickname
      when:
        - {column: nickname, normalise: [case, spaces, accents]}
        - {semantic: contact.phone}
  values:                           # by meaning, or by name of a column
    person.first_name:
      aliases: {bob: robert}        # one value stands for another
      ignore: [kunde, walk-in]      # says nothing, beside what is known
      trusted_values: ["Null"]      # a name, though it looks like a placeholder
    contact.email:
      trusted_values: [info@meier.example]  # theirs, though many records carry it
```

**Placeholders** (`n/a`, `unknown@…`, `0000000`, `1900-01-01`) become unknown, and so do **hubs**: contact points and
ids with more than 8 differently named people, or so many birth dates, and days on which far more were born than on
others. The page Unify lists them with their records and the reason; `trusted_values` overrules both.
"""


class Command(BaseCommand):
    help = "Writes the documentation of the normalisers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="default: standard output")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        text = "\n".join([HEAD, *map(section, all_normalisers())])
        if file is None:
            self.stdout.write(text)
        else:
            file.write_text(text, encoding="utf-8")


def section(normaliser: Normaliser) -> str:
    lines = [f"## {normaliser.label} (`{normaliser.name}`)", "", normaliser.description, ""]
    if normaliser.semantics:
        lines += [f"The usual one of {', '.join(f'`{name}`' for name in normaliser.semantics)}.", ""]
    lines += ["| Written | Compared as |", "|---|---|"]
    return "\n".join([*lines, *map(_row, normaliser.examples), ""])


def _row(example: Example) -> str:
    written = _code(example.written)
    if example.beside:
        written += f" beside {', '.join(map(_code, example.beside))}"
    if example.country != "US":
        written += f" (default country {example.country or 'none'})"
    return f"| {written} | {'unknown' if example.wanted is None else _code(example.wanted)} |"


def _code(text: str) -> str:
    """What cannot be seen is written as an escape."""
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return f"`{shown.replace('|', chr(92) + '|')}`"

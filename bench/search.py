"""Search as it is typed, and the page of a person, through HTTP.

Every query is typed letter by letter from the second one on: each state is one request, to the list of customers as
HTMX asks it, and to the search for anything (Ctrl-K). Pages are those of people drawn at random.
"""

import random
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bench.common import Result, Run, arguments, django, measured, percentile, report, wall
from bench.data import prepare
from bench.site import Site

SEARCH_P95_MS = 100
PAGE_P95_MS = 200
PAGES = 60
LATIN = ("john smi", "mary", "nguyễn", "jürgen müller", "muller jurgen", "lefevre")
OTHER_SCRIPTS = ("王秀英", "สมชาย", "Анна Шев", "محمد")
# Nearly everybody, nobody, or nothing to look for: typed whole.
HARD = (
    "a", "j", "%", "_", "'", "王", "ж", "a a a a", "jo sm", "s m", "ma ma", "1", "12", "+1", "+49", "0000", "1612",
    "7700", "c1", "c10", "com", "example", "org", "@example.com", "john@", "john.", "smith 9",
    "smith +1", "c1 m1", "7700 john", "maria org", "' or 1=1 --", "x" * 2000, "a " * 600, "1" * 300,
)  # fmt: skip
NOBODY = ("zzyzx qqq", "nobody@nowhere.example", "+15550000")


def queries() -> list[str]:
    """Names of many scripts, and what three of the people are found by."""
    from profiles.models import Profile

    who = Profile.objects.exclude(email="").exclude(phone="").order_by("id")
    middle = who[who.count() // 2]
    known = [middle.email, middle.phone, middle.phone[-7:], middle.pk, middle.attributes["shop_customers_ids"][0]]
    return [*LATIN, *OTHER_SCRIPTS, *NOBODY, *known]


def typed(text: str) -> list[str]:
    """What the field holds while somebody types, from two signs on; not every sign of long ones: people type fast."""
    step = 1 if len(text) < 10 else 3
    return [text[:end] for end in [*range(2, len(text), step), len(text)]]


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, 1_000_000, runs=3)
    django()
    prepare(options.people)
    from profiles.models import Profile

    states = [state for text in queries() for state in typed(text)]
    hard = [text for text in HARD for _time in range(2)]
    everybody = list(Profile.objects.values_list("pk", flat=True))
    ids = random.Random(5).sample(everybody, min(PAGES, options.people))
    with Site() as site:
        for pk in ids[:5]:
            site.get(f"/customers/{pk}/")

        def listed(text: str) -> str:
            return site.get(f"/customers/?q={quote(text)}", **{"HX-Request": "true"})

        def anything(text: str) -> str:
            return site.get(f"/search/?q={quote(text)}", **{"HX-Request": "true"})

        assert "Smith" in listed("john smi")
        found = [
            _result(site, f"list while typing, {len(states)} states", listed, states, options.runs, SEARCH_P95_MS),
            _result(site, f"list, {len(HARD)} hard searches", listed, hard, options.runs, SEARCH_P95_MS),
            _result(site, f"Ctrl-K while typing, {len(states)} states", anything, states, options.runs, SEARCH_P95_MS),
            _result(site, f"Ctrl-K, {len(HARD)} hard searches", anything, hard, options.runs, SEARCH_P95_MS),
            _result(site, f"page of a person, {len(ids)} people", lambda pk: site.get(f"/customers/{pk}/"), ids,
                    options.runs, PAGE_P95_MS),
        ]  # fmt: skip
    report([row for rows in found for row in rows], options.json)


def _result(
    site: Site, what: str, ask: Callable[[str], str], inputs: list[str], times: int, most_ms: int
) -> list[Result]:
    before = site.cpu()
    runs: list[tuple[str, Run]] = [(text, measured(lambda t=text: ask(t))) for _ in range(times) for text in inputs]
    spent = (site.cpu() - before) / len(runs)
    p95 = percentile((run.wall for _text, run in runs), 95) * 1000
    slowest = max(runs, key=lambda pair: pair[1].wall)
    median = wall(run for _text, run in runs) * 1000
    return [
        Result("search", f"{what}: p95", p95, None, "ms", None, f"< {most_ms} ms", p95 < most_ms, ours_cpu=spent),
        Result("search", "   median", median, None, "ms", None, "", None),
        Result("search", f"   slowest (“{slowest[0][:20]}”)", slowest[1].wall * 1000, None, "ms", None, "", None),
    ]


if __name__ == "__main__":
    main()

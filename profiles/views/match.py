"""Data › Unify › Match: rules as cards, edited one by one, tried before they run."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import htmx
from core.errors import InvalidInput, KindredError
from core.roles import actor
from lake.queries import Snapshot, snapshot
from lake.words import table_title
from profiles.config import rule_forms, services
from profiles.config.rule_choices import choices
from profiles.config.rule_preview import preview
from profiles.config.words import rule_words
from profiles.customers import facts
from profiles.decisions.services import Pair
from profiles.models import Unification, UnificationRun
from profiles.review.pair_words import fields_of
from profiles.trials import services as trials
from profiles.unify.config.rules import dump_rules, parse_rules
from profiles.views.unify_head import MATCH, head

# What undo takes back: the rules before the last change, of this browser.
UNDO = "unify_rules_before"


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    now = snapshot()
    context = head(now, MATCH, actor(request))
    context |= {"cards": _cards(context["config"], context["report"]), "undo": UNDO in request.session}
    return render(request, "profiles/match.html", context)


def _cards(config: Unification, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Rules as configured, with the numbers of the last run where a rule of this name took part."""
    results = {rule["name"]: (number, rule) for number, rule in enumerate(report.get("rules", []))}
    most = max([rule["added"] for _number, rule in results.values()] + [1])
    cards = []
    for card in rule_words(parse_rules(config.rules)):
        number, result = results.get(str(card["name"]), (None, {}))
        cards.append(card | {"number": number, "result": result, "most": most})
    return cards


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Another order (`order`: numbers of rules), or one button: "up 2", "down 2", "toggle 2", "drop 2", "suggested",
    "undo". Rules that are changed are one's own from then on."""
    config, wish = Unification.current(), request.POST.get("do", "")
    rules = [dict(rule) for rule in config.rules]
    if wish == "suggested":
        return _saved(request, services.SUGGEST, _("Rules follow from the data again, with every run."))
    if wish == "undo":
        before = request.session.pop(UNDO, None)
        return redirect("profiles:match") if before is None else _saved(request, before, _("Taken back."), undo=False)
    if wish:
        rules = _changed(rules, *_parts(wish))
    else:
        order = [int(text) for text in request.POST.getlist("order") if text.isdecimal()]
        if sorted(order) != list(range(len(rules))):
            raise Http404
        rules = [rules[number] for number in order]
    return _saved(request, rules, _("Saved. It takes effect with the next run."))


def _parts(wish: str) -> tuple[str, int]:
    verb, _space, number = wish.partition(" ")
    return verb, int(number) if number.isdecimal() else -1


def _changed(rules: list[dict[str, Any]], verb: str, at: int) -> list[dict[str, Any]]:
    if not 0 <= at < len(rules):
        raise Http404
    if verb in ("up", "down"):
        rules.insert(max(0, at + (-1 if verb == "up" else 1)), rules.pop(at))
    elif verb == "toggle":
        rules[at]["active"] = not rules[at].get("active", True)
    elif verb == "drop":
        rules.pop(at)
    return rules


def _saved(request: HttpRequest, rules: Any, text: str, undo: bool = True) -> HttpResponse:
    before = services.state_of(Unification.current())["rules"]
    try:
        services.save_unification(rules=rules, by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
    else:
        if undo:
            request.session[UNDO] = before
        messages.success(request, text)
    return redirect("profiles:match")


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """One rule in the side panel: a new one without a number. Previewed, tried beside the live result, or saved."""
    config = Unification.current()
    if number is not None and number >= len(config.rules):
        raise Http404
    mine = [] if number is None else rule_forms.from_rules([config.rules[number]])
    state = {"rules": mine} if mine else rule_forms.edited({"rules": []}, "add rule")
    if request.method == "GET":
        return _panel(request, number, state)
    state = rule_forms.parse(request.POST)
    if not state["rules"]:
        raise Http404
    if "edit" in request.POST:
        return _panel(request, number, rule_forms.edited(state, request.POST["edit"]))
    made = rule_forms.to_rules(state["rules"])[0]
    try:
        if not made["name"] and "preview" not in request.POST:
            raise InvalidInput(_("Give the rule a name."))
        if "preview" in request.POST:
            return _panel(request, number, state, tried=_tried(snapshot(), config, made))
        rules = list(config.rules)
        rules = [*rules[:number], made, *rules[number + 1 :]] if number is not None else [*rules, made]
        if "try" in request.POST:
            trials.start(rules=rules, by=actor(request))
            return htmx.go_to(request, reverse("profiles:trial"))
        before = services.state_of(config)["rules"]
        services.save_unification(rules=rules, by=actor(request))
    except KindredError as error:
        return _panel(request, number, state, error=error)
    request.session[UNDO] = before
    messages.success(request, _("Saved. It takes effect with the next run."))
    return htmx.go_to(request, reverse("profiles:match"))


def _panel(request: HttpRequest, number: int | None, state: dict[str, Any], **more: Any) -> HttpResponse:
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    url = reverse("profiles:match_new") if number is None else reverse("profiles:match_rule", args=[number])
    context = {"rule": state["rules"][0], "url": url, "is_new": number is None, "panel_layout": layout}
    context |= choices(snapshot(), Unification.current().tables) | more
    return render(request, "profiles/rule.html", context, status=422 if "error" in more else 200)


def _tried(now: Snapshot, config: Unification, made: dict[str, Any]) -> dict[str, Any]:
    found = preview(now, config, parse_rules([made])[0])
    return {"found": found, "pairs": [_pair(now, one, other) for one, other in found.examples]}


def _pair(now: Snapshot, one: tuple[str, str], other: tuple[str, str]) -> dict[str, Any]:
    """Two records, (table, id) of each, in rows of what means the same."""
    left, right = (facts.record_texts(now, *record) for record in (one, other))
    pair = Pair(*one, *other)
    return {
        "pair": pair,
        "sides": [table_title(now, table) for table, _id in (one, other)],
        "fields": fields_of(now, pair, left, right),
    }


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """The suggested rules beside those that are there; they replace them when that is wanted."""
    config, context, status = Unification.current(), dict[str, Any](), 200
    try:
        if request.method == "POST":
            before = services.state_of(config)["rules"]
            services.suggest_rules(by=actor(request))
            request.session[UNDO] = before
            messages.success(request, _("These rules follow from your data. Change them as you like."))
            return htmx.go_to(request, reverse("profiles:match"))
        context["diff"] = _diff(config.rules, dump_rules(services.suggested()))
        context["is_same"] = all(rule["state"] == "same" for rule in context["diff"])
    except KindredError as error:
        context["error"], status = error, 422
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, "profiles/suggest.html", context | {"panel_layout": layout}, status=status)


def _diff(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules in their new order, each with its `state` (same, new, changed), then those that go."""
    old = {rule["name"]: rule for rule in before}
    found = []
    for rule, words in zip(after, rule_words(parse_rules(after)), strict=True):
        state = "new" if rule["name"] not in old else "same" if old[rule["name"]] == rule else "changed"
        found.append(words | {"state": state})
    names = {rule["name"] for rule in after}
    gone = [rule for rule in before if rule["name"] not in names]
    return found + [words | {"state": "gone"} for words in rule_words(parse_rules(gone))]


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def samples(request: HttpRequest, number: int) -> HttpResponse:
    """Pairs that a rule joined, side by side."""
    rules = UnificationRun.latest_report().get("rules", [])
    if number >= len(rules):
        raise Http404
    now = snapshot()
    pairs = [
        _pair(now, (one, first), (other, second)) for one, first, other, second, _score in rules[number]["samples"]
    ]
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    context = {"rule": rules[number], "pairs": pairs, "panel_layout": layout}
    return render(request, "profiles/samples.html", context)

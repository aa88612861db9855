"""What is configured about people, and the serving copy of who they are. The truth of who is who lies in the lake."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.roles import VisibleQuerySet
from core.text import humanize


@SearchVectorField.register_lookup
class Matches(models.Lookup[str]):
    """`search__matches="'john':*"`: the text of a tsquery, whose words are folded already."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_values, *right_values)


class Unification(models.Model):
    """The one row that says how records become people: tables in order of trust, default country, rules.

    `only_matched`: tables whose records add to customers of other tables, and make nobody a customer by themselves."""

    tables = models.JSONField(_("tables, most trusted first"), default=list, blank=True)
    only_matched = models.JSONField(_("tables of which matched records alone count"), default=list, blank=True)
    default_country = models.CharField(
        _("default country"), max_length=2, default="US", validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    suggest_rules = models.BooleanField(_("suggest rules"), default=True)
    rules = models.JSONField(_("rules"), default=list, blank=True)
    values = models.JSONField(_("aliases, ignored and trusted values"), default=dict, blank=True)
    merge = models.JSONField(_("what is different in merging"), default=dict, blank=True)
    groups = models.JSONField(_("groups of people; null is the usual"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("unification")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_unification")]

    def __str__(self) -> str:
        return str(_("Unification"))

    @classmethod
    def current(cls) -> "Unification":
        return cls.objects.get_or_create(pk=1)[0]


class UnificationRun(models.Model):
    """One finished run. `report` holds the numbers of the flow, of each rule, the values set aside, and samples.
    `state` is what the next run goes on from; of earlier runs it is empty."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    seconds = models.FloatField(_("seconds"), default=0)
    report = models.JSONField(_("report"), default=dict)
    state = models.JSONField(_("state"), default=dict, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("unification run")
        verbose_name_plural = _("unification runs")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def latest_report(cls) -> dict[str, Any]:
        run = cls.objects.first()
        return run.report | {"at": run.at, "seconds": run.seconds} if run else {}


class Trial(models.Model):
    """What if: another configuration, run beside the live result. There is one at a time, for everybody.

    `proposal` is tried, and `current` was configured when it began; both as the workspace file writes them. `basis`:
    what the result was made from, and `report` what it would change; both are empty until the work is done.
    """

    proposal = models.JSONField(_("what is tried"))
    current = models.JSONField(_("what was configured"))
    basis = models.JSONField(_("what it was made from"), default=dict, editable=False)
    report = models.JSONField(_("report"), default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("work"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("trial of a unification")
        verbose_name_plural = _("trials of the unification")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def is_done(self) -> bool:
        return bool(self.report)


class ActivityType(models.Model):
    """Which rows of a table are activities. `time`, `amount`: columns; `title`, `url`: text with {column} in it."""

    type = models.CharField(_("kind"), max_length=60)
    table = models.CharField(_("table"), max_length=200)
    time = models.CharField(_("time"), max_length=200)
    title = models.CharField(_("title"), max_length=500)
    amount = models.CharField(_("amount"), max_length=200, blank=True)
    url = models.CharField(_("link"), max_length=500, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["type", "table"]
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")
        constraints = [models.UniqueConstraint(fields=["type", "table"], name="one_activity_type_per_table")]

    def __str__(self) -> str:
        return f"{self.label} ({self.table})"

    @property
    def label(self) -> str:
        return humanize(self.type)


class Profile(models.Model):
    """The serving copy of `unified.profiles`: for pages, search and messages. Written by the unify stage alone.

    `attributes` is keyed by the catalog's column names; dates are ISO text, money is an integer in minor units.
    `sort_name` is the folded name, "~" for nobody's; `search` and `identifiers` hold the words of `search.terms`;
    `digest` is the hash of all that a row is made from: only rows whose digest changed are written. After a first load
    the rows lie in the order of names.
    """

    id = models.CharField(_("id"), max_length=32, primary_key=True)
    name = models.TextField(_("name"), blank=True)
    sort_name = models.TextField(_("name for sorting"), blank=True, db_collation="C")
    email = models.TextField(_("e-mail"), blank=True)
    phone = models.TextField(_("phone"), blank=True)
    attributes = models.JSONField(_("attributes"), default=dict)
    search = SearchVectorField(_("search"), null=True)
    identifiers = ArrayField(models.TextField(db_collation="C"), verbose_name=_("identifiers"), default=list)
    digest = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            GinIndex(fields=["search"], name="profile_search", fastupdate=True),
            models.Index(fields=["sort_name", "id"], name="profile_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or self.id

    def get_absolute_url(self) -> str:
        return reverse("profiles:detail", args=[self.pk])


class Identifier(models.Model):
    """By which words one finds whom: `Profile.identifiers` the other way round, for beginnings of them."""

    pk = models.CompositePrimaryKey("word", "profile_id")
    word = models.TextField(_("word"), db_collation="C")
    profile_id = models.CharField(_("person"), max_length=32)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")

    def __str__(self) -> str:
        return self.word


class ProfileRedirect(models.Model):
    """An id that was shown once and now belongs to another person: merged into `target`."""

    old_id = models.CharField(_("old id"), max_length=32, primary_key=True)
    target = models.CharField(_("now"), max_length=32, db_index=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("old id")
        verbose_name_plural = _("old ids")

    def __str__(self) -> str:
        return f"{self.old_id} → {self.target}"


class Decision(models.Model):
    """What a person said about two records. A newer answer takes the place of the older one; the audit trail keeps all.

    The pair stands in the order of its text. Tables are named source.table, records by the text of their key.
    `act` is shared by all that was decided with one click; `before` is what the click replaced, for its undo.
    """

    class Verdict(models.TextChoices):
        JOIN = "join", _("One person")
        APART = "apart", _("Two people")
        UNSURE = "unsure", _("Don’t know")

    class Origin(models.TextChoices):
        REVIEW = "review", _("Review")
        SAMPLE = "sample", _("Measuring quality")
        LIST = "list", _("List")
        UNMERGE = "unmerge", _("Taken apart")
        CUSTOMER = "customer", _("Customer page")

    left_table = models.CharField(_("first table"), max_length=200)
    left_id = models.CharField(_("first record"), max_length=250)
    right_table = models.CharField(_("second table"), max_length=200)
    right_id = models.CharField(_("second record"), max_length=250)
    verdict = models.CharField(_("answer"), max_length=10, choices=Verdict)
    origin = models.CharField(_("from"), max_length=10, choices=Origin, default=Origin.REVIEW)
    probability = models.FloatField(_("probability at that time"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), db_index=True)
    act = models.CharField(_("act"), max_length=32, db_index=True)
    before = models.JSONField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["left_table", "left_id", "right_table", "right_id"], name="one_decision_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.left_table} {self.left_id} – {self.right_table} {self.right_id}: {self.get_verdict_display()}"


class IdentityEvent(models.Model):
    """What happened to an id. merge: `other_id` is gone, its records belong to `profile_id`. split: records of
    `profile_id` are another person now, under the new `other_id`. unmerge: the same, and that was their id before."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merged")
        SPLIT = "split", _("Split")
        UNMERGE = "unmerge", _("Taken apart again")

    profile_id = models.CharField(_("customer"), max_length=32, db_index=True)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    other_id = models.CharField(_("other id"), max_length=32, db_index=True)
    records = models.IntegerField(_("records"))
    at = models.DateTimeField(_("when"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of an identity")
        verbose_name_plural = _("events of identities")

    def __str__(self) -> str:
        return f"{self.profile_id} {self.kind} {self.other_id}"

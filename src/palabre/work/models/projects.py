"""A client's project, its versions of schema and guideline, its quotes and its batches."""

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact
from django.utils.safestring import SafeString, mark_safe

from palabre.ids import new_id
from palabre.pay.models import LedgerAccount
from palabre.people.models import Account, Organisation
from palabre.work.markdown import CLEANER, to_html
from palabre.work.spoken import Said


def first_language() -> str:
    """What members of this installation read as a rule."""
    return str(settings.LANGUAGES[0][0])


class Spoken(models.Model):
    """Texts that members read. The fields themselves are in the main language, so that each is always there in one;
    what was written in others stands in `translations`, by language and field."""

    main_language = models.TextField(default=first_language, db_default="en")
    translations = models.JSONField(default=dict, db_default={})

    class Meta:
        abstract = True

    def said(self, field: str, language: str) -> Said:
        """A text in `language`, or else in the main one."""
        text = self.translations.get(language, {}).get(field)
        return Said(text, language) if text else Said(str(getattr(self, field)), self.main_language)

    def texts(self, field: str) -> dict[str, str]:
        """A text by language, the main one first."""
        others = {language: texts[field] for language, texts in self.translations.items() if field in texts}
        return {self.main_language: str(getattr(self, field)), **others}


# No language has two texts of a field: the main one's stands in the field itself.
_MAIN_ONCE = Exact(
    models.Func(
        models.F("translations"),
        models.F("main_language"),
        function="jsonb_exists",
        output_field=models.BooleanField(),
    ),
    False,
)


class Project(Spoken):
    """What a client wants done, in words that members read."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PILOT = "pilot"
        LIVE = "live"
        PAUSED = "paused"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="operated_projects")
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="client_projects")
    name = models.TextField()
    purpose = models.TextField()
    # What in the content may be hard to bear, in words that members read before they take any. Empty: nothing.
    risk_note = models.TextField(default="")
    # The language of the data (BCP 47): `mul` for several, `zxx` for data without words. Empty: not said yet.
    language = models.TextField(default="")
    currency = models.CharField(max_length=3)
    overlap = models.SmallIntegerField(default=3)
    # ISO 3166 codes of the places whose members may work on it; empty: all that have a rate.
    countries = models.JSONField(default=list)
    state = models.TextField(choices=State, default=State.DRAFT)
    seconds_per_task = models.DecimalField(max_digits=8, decimal_places=2)
    # True when nobody measured the times (a replayed campaign): the ScoreCard says so.
    declared_times = models.BooleanField(default=False)
    lease_hours = models.SmallIntegerField(default=72)
    # How many tasks are offered first, to see whether the guideline is clear and how long an answer takes.
    pilot_tasks = models.IntegerField(null=True)
    # When the measured times took the place of the guess, and over how many judgements they were measured.
    piloted_at = models.DateTimeField(null=True)
    pilot_judgements = models.IntegerField(null=True)
    # The part of the measured seconds that is an answer's share of the time on tasks without one: skips, redo.
    pilot_shared_seconds = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Why all work was offered without a pilot, as it was said then.
    without_pilot = models.TextField(default="")
    # From the accepted quote: {country: {currency, pay, charge}} for one judgement, as decimal text.
    rates = models.JSONField(default=dict)
    escrow = models.ForeignKey(LedgerAccount, models.PROTECT, null=True)
    created_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Places are bits of a 16-bit mask (see Task.free).
            models.CheckConstraint(
                condition=models.Q(overlap__gte=1, overlap__lte=15), name="project_overlap_ck"
            ),
            # In a pilot it is known how many tasks are offered.
            models.CheckConstraint(
                condition=~models.Q(state="pilot") | models.Q(pilot_tasks__gte=1, pilot_tasks__isnull=False),
                name="project_pilot_tasks_ck",
            ),
            # Measured times always say over how many judgements.
            models.CheckConstraint(
                condition=models.Q(piloted_at=None, pilot_judgements=None)
                | models.Q(piloted_at__isnull=False, pilot_judgements__gte=1, pilot_judgements__isnull=False),
                name="project_piloted_ck",
            ),
            # Nothing is offered as a whole before a pilot, or a reason to go without one.
            models.CheckConstraint(
                condition=models.Q(launched_at=None)
                | models.Q(piloted_at__isnull=False)
                | ~models.Q(without_pilot=""),
                name="project_launch_ck",
            ),
            models.CheckConstraint(condition=_MAIN_ONCE, name="project_main_language_ck"),
            # What members read is there in the main language.
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(purpose="") & ~models.Q(main_language=""),
                name="project_texts_ck",
            ),
        ]


class LabelSchema(models.Model):
    """What a task shows and what it asks. A published version never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="schemas")
    version = models.IntegerField()
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="label_schema_version_uq")]


class Guideline(Spoken):
    """How to answer, in Markdown. `changes` tells members what is new in this version. A version has all its languages."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="guidelines")
    version = models.IntegerField()
    body = models.TextField()
    changes = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    # Safe HTML of `body` and `changes`, by language and field, and which cleaner made it (0: none yet).
    cleaned = models.JSONField(default=dict, db_default={})
    cleaner = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="guideline_version_uq"),
            models.CheckConstraint(condition=_MAIN_ONCE, name="guideline_main_language_ck"),
            # What members read is there in the main language.
            models.CheckConstraint(
                condition=~models.Q(body="") & ~models.Q(main_language=""), name="guideline_texts_ck"
            ),
        ]

    def html(self, field: str, language: str) -> SafeString:
        """A text as safe HTML, in `language` or else in the main one: as it was kept when it was written.

        What another cleaner made is not trusted: until `clean_again` was there, it is cleaned at each call.
        """
        said = self.said(field, language)
        kept: str | None = self.cleaned.get(said.language, {}).get(field)
        if kept is None or self.cleaner != CLEANER:
            return to_html(said.text)
        return mark_safe(kept)  # noqa: S308 (cleaned by `to_html`)

    def keep_html(self) -> None:
        """Clean every text, for who saves it."""
        self.cleaned, self.cleaner = {}, CLEANER
        for field in ("body", "changes"):
            for language, text in self.texts(field).items():
                self.cleaned.setdefault(language, {})[field] = to_html(text)


class Confirmation(models.Model):
    """What a member of the pilot says of a version of the guideline: clear, or what isn't."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="confirmations")
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    guideline_version = models.IntegerField()
    clear = models.BooleanField()
    remark = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # One answer of each member to each version; she may change it.
            models.UniqueConstraint(
                fields=["project", "member", "guideline_version"], name="confirmation_member_version_uq"
            ),
            # Who says that it isn't clear says what.
            models.CheckConstraint(
                condition=models.Q(clear=True) | ~models.Q(remark=""), name="confirmation_remark_ck"
            ),
        ]


class Quote(models.Model):
    """A price with every line of it. Accepting one fixes the project's rates."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="quotes")
    tasks = models.IntegerField()
    lines = models.JSONField()
    rates = models.JSONField()
    total = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    quoted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)


class Batch(models.Model):
    """Tasks that came together, from one import."""

    class State(models.TextChoices):
        IMPORTING = "importing"
        OPEN = "open"
        CLOSED = "closed"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="batches")
    number = models.IntegerField()
    name = models.TextField()
    state = models.TextField(choices=State, default=State.IMPORTING)
    size = models.IntegerField(default=0)
    # Tasks at positions up to this one are covered by the deposit and may be handed out.
    funded_upto = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="batch_number_uq")]

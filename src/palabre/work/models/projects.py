"""A client's project, its versions of schema and guideline, its quotes and its batches."""

from django.db import models

from palabre.ids import new_id
from palabre.pay.models import LedgerAccount
from palabre.people.models import Organisation


class Project(models.Model):
    """What a client wants done, in words that members read."""

    class State(models.TextChoices):
        DRAFT = "draft"
        LIVE = "live"
        PAUSED = "paused"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="operated_projects")
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="client_projects")
    name = models.TextField()
    purpose = models.TextField()
    currency = models.CharField(max_length=3)
    overlap = models.SmallIntegerField(default=3)
    # ISO 3166 codes of the places whose members may work on it; empty: all that have a rate.
    countries = models.JSONField(default=list)
    state = models.TextField(choices=State, default=State.DRAFT)
    seconds_per_task = models.DecimalField(max_digits=8, decimal_places=2)
    # True when nobody measured the times (a replayed campaign): the ScoreCard says so.
    declared_times = models.BooleanField(default=False)
    lease_hours = models.SmallIntegerField(default=72)
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
        ]


class LabelSchema(models.Model):
    """What a task shows and what it asks. A published version never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="schemas")
    version = models.IntegerField()
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="label_schema_version_uq")]


class Guideline(models.Model):
    """How to answer, in Markdown. `changes` tells members what is new in this version."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="guidelines")
    version = models.IntegerField()
    body = models.TextField()
    changes = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="guideline_version_uq")]


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

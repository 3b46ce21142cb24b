"""Imports and exports: long work with progress, that can be interrupted and resumed."""

from django.db import models

from palabre.ids import new_id
from palabre.work.models import Batch, Project


class Import(models.Model):
    """A client's file on its way to being tasks of a batch."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

    class Keep(models.TextChoices):
        GOOD_ROWS = "good_rows"
        ALL_OR_NOTHING = "all_or_nothing"

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT)
    batch = models.OneToOneField(Batch, models.PROTECT)
    file = models.TextField()
    name = models.TextField()
    size = models.BigIntegerField()
    keep = models.TextField(choices=Keep)
    id_column = models.TextField(default="")
    state = models.TextField(choices=State, default=State.WAITING)
    token = models.JSONField(null=True)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    error = models.JSONField(null=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="import_due_ix",
            )
        ]


class ImportProblem(models.Model):
    """One bad row: where, what was there, what is wrong."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    line = models.BigIntegerField()
    column = models.TextField()
    value = models.TextField()
    code = models.TextField()
    fields = models.JSONField()


class Export(models.Model):
    """A file of judgements or of consensus, made in the background."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT)
    what = models.TextField(choices=[("judgements", "judgements"), ("consensus", "consensus")])
    format = models.TextField(choices=[("jsonl", "jsonl"), ("csv", "csv"), ("label_studio", "label_studio")])
    provenance = models.BooleanField(default=False)
    state = models.TextField(choices=State, default=State.WAITING)
    file = models.TextField(default="")
    rows = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

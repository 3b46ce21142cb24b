"""Consensus per task and agreement per project, recomputed in the background."""

from django.db import models

from palabre.work.models import Project, Task


class Consensus(models.Model):
    """The labels that the judgements of a task lead to.

    `labels`: {question: [label, ...]} for the schema's choice questions. `confidence`: how probably
    all of them are right, in 0..1, by `method` (see quality.statistics for what each method means).
    """

    task = models.OneToOneField(Task, models.PROTECT, primary_key=True, related_name="consensus")
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    labels = models.JSONField()
    confidence = models.FloatField()
    judgements = models.SmallIntegerField()
    method = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["project", "task"], name="consensus_project_ix")]


class Agreement(models.Model):
    """A project's agreement, confusion, most disputed tasks and per-member reliability.

    The figures are those of the schema's first choice question; `confusion["questions"]` has each.
    """

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True)
    tasks = models.IntegerField()
    judgements = models.IntegerField()
    alpha = models.FloatField(null=True)
    alpha_low = models.FloatField(null=True)
    alpha_high = models.FloatField(null=True)
    confusion = models.JSONField()
    disputed = models.JSONField()
    reliability = models.JSONField()
    # The answers that this was computed from: no annotation and no revision above these numbers.
    through = models.BigIntegerField()
    revisions = models.BigIntegerField()
    computed_at = models.DateTimeField()

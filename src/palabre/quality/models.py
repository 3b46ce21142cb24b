"""Consensus per task and agreement per project, recomputed in the background."""

from django.db import models

from palabre.work.models import Project, Task


class Consensus(models.Model):
    """The label that the judgements of a task lead to, with its posterior."""

    task = models.OneToOneField(Task, models.PROTECT, primary_key=True, related_name="consensus")
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    labels = models.JSONField()
    confidence = models.FloatField()
    judgements = models.SmallIntegerField()
    method = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["project", "task"], name="consensus_project_ix")]


class Agreement(models.Model):
    """A project's agreement, confusion, most disputed tasks and per-member reliability."""

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True)
    tasks = models.IntegerField()
    judgements = models.IntegerField()
    alpha = models.FloatField(null=True)
    alpha_low = models.FloatField(null=True)
    alpha_high = models.FloatField(null=True)
    confusion = models.JSONField()
    disputed = models.JSONField()
    reliability = models.JSONField()
    # The state of the answers that this was computed from: count and digest-free marks.
    through = models.BigIntegerField()
    revisions = models.BigIntegerField()
    computed_at = models.DateTimeField()

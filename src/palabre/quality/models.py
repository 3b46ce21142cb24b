"""Consensus per task and agreement per project, recomputed in the background."""

from django.db import models

from palabre.work.models import Project, Task

# A consensus less sure than this, with all places of its task filled, is disputed: a reviewer decides.
CLEAR = 0.9


class Consensus(models.Model):
    """The labels that the judgements of a task lead to, or that a reviewer decided.

    `labels`: {question: [label, ...]} for the schema's choice questions. `confidence`: how probably
    all of them are right, in 0..1, by `method` (see quality.statistics for what each method means);
    with several labels at most one half where no member gave all of them together (consensus.NOBODY_GAVE);
    1 where the method is `adjudicated`, which is no estimate: a person decided.
    """

    task = models.OneToOneField(Task, models.PROTECT, primary_key=True, related_name="consensus")
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    labels = models.JSONField()
    confidence = models.FloatField()
    judgements = models.SmallIntegerField()
    method = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["project", "task"], name="consensus_project_ix"),
            # Disputed tasks, the least sure first.
            models.Index(
                fields=["project", "confidence", "task"],
                condition=models.Q(confidence__lt=CLEAR),
                name="consensus_disputed_ix",
            ),
        ]


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

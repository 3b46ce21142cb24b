"""ScoreCards, as they were signed."""

from django.db import models

from palabre.ids import new_id
from palabre.work.models import Project


class ScoreCard(models.Model):
    """The signed statement of what a project did, resting on a seal of the record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT, related_name="scorecards")
    version = models.IntegerField()
    seal = models.BigIntegerField()
    credential = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="scorecard_version_uq")]

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


class TallyMark(models.Model):
    """How far the rows of one table are counted into the tallies: none above `through` is.

    Pages add what came since, which is some minutes' worth, so that their figures are exact and their cost does
    not grow with the project.
    """

    class Table(models.TextChoices):
        ANNOTATIONS = "annotations"
        TIME = "time"

    table = models.TextField(primary_key=True, choices=Table)
    through = models.BigIntegerField(default=0)


class DayTally(models.Model):
    """Judgements of a project that came in on one UTC day; `counted` fill a place of their task."""

    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    day = models.DateField()
    judgements = models.BigIntegerField()
    counted = models.BigIntegerField()

    class Meta:
        constraints = [
            # Also read by: the days of a project, for its progress and its forecast.
            models.UniqueConstraint(fields=["project", "day"], name="day_tally_project_day_uq"),
        ]


class TimeTally(models.Model):
    """Counted working time that is charged to one ledger account."""

    charge = models.BigIntegerField(primary_key=True)
    counted_ms = models.BigIntegerField()

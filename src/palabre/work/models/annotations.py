"""Answers. The current one in `Annotation`; those it replaced in `AnnotationRevision`."""

from django.db import models

from palabre.people.models import Account
from palabre.work.models.projects import Project
from palabre.work.models.tasks import Task


class Annotation(models.Model):
    """One member's answer to one task.

    `place` is the place of the task that this answer fills; none for a late or extra answer,
    which is kept and paid but not counted. `result` is a list of Label Studio result items.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, db_index=False)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    place = models.SmallIntegerField(null=True)
    revision = models.SmallIntegerField(default=1)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    result = models.JSONField()
    note = models.TextField(default="")
    # Only where the note was erased with the person: the record's digest of the answer is checked with it.
    note_digest = models.TextField(db_default="")
    schema_version = models.IntegerField()
    guideline_version = models.IntegerField()
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    active_ms = models.IntegerField()
    late = models.BooleanField(default=False)
    pay = models.DecimalField(max_digits=18, decimal_places=8)
    pay_currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "member"], name="annotation_task_member_uq"),
            # No more counted answers than places.
            models.UniqueConstraint(
                fields=["task", "place"], condition=models.Q(place__isnull=False), name="annotation_place_uq"
            ),
            # The same submission twice is one.
            models.UniqueConstraint(fields=["member", "key"], name="annotation_key_uq"),
        ]
        indexes = [
            # Export and consensus walk a project's answers in order.
            models.Index(fields=["project", "id"], name="annotation_project_ix"),
        ]


class AnnotationRevision(models.Model):
    """An earlier answer of the same member to the same task, as it was. Never changed."""

    annotation = models.ForeignKey(Annotation, models.PROTECT, related_name="revisions")
    revision = models.SmallIntegerField()
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    result = models.JSONField()
    note = models.TextField(default="")
    schema_version = models.IntegerField()
    guideline_version = models.IntegerField()
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotation", "revision"], name="annotation_revision_uq"),
            models.UniqueConstraint(fields=["member", "key"], name="annotation_revision_key_uq"),
        ]


class RawSubmission(models.Model):
    """What a device sent and this version can't read: kept for a person to look at."""

    member = models.ForeignKey(Account, models.PROTECT)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    body = models.JSONField()
    why = models.TextField()
    received_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="raw_submission_key_uq")]

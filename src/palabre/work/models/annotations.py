"""Answers. The current one in `Annotation`; those it replaced in `AnnotationRevision`."""

from django.db import models

from palabre.people.models import Account, Organisation
from palabre.work.models.projects import Project
from palabre.work.models.tasks import Lease, Task


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


class OtherAnswer(models.Model):
    """An answer of hers with the same number as one that is here already: another phone's, as a rule.

    Both are kept. She or a reviewer chooses which one stands; the one that stood before takes this row then, so
    that nothing is lost. `settled_at` without `settled_by`: the two say the same, and nothing is to be chosen.
    """

    id = models.BigAutoField(primary_key=True)
    annotation = models.ForeignKey(Annotation, models.PROTECT, related_name="others")
    revision = models.SmallIntegerField()
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    result = models.JSONField()
    note = models.TextField(default="")
    # As in `Annotation`: only where the note was erased with the person.
    note_digest = models.TextField(db_default="")
    schema_version = models.IntegerField()
    guideline_version = models.IntegerField()
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    # Whether the two were changed with each other by that choice.
    taken = models.BooleanField(null=True)

    class Meta:
        constraints = [
            # The same submission twice is one.
            models.UniqueConstraint(fields=["member", "key"], name="other_answer_key_uq"),
        ]
        indexes = [
            # What waits for a choice, of one member or of all.
            models.Index(
                fields=["member"], condition=models.Q(settled_at__isnull=True), name="other_answer_waiting_ix"
            ),
        ]


class RawSubmission(models.Model):
    """What a device sent and this version can't read: kept for a person to look at.

    `project` and `lease`: where they could be read and are hers. `word`: what the person who looked says to her.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        NOTHING = "nothing"

    member = models.ForeignKey(Account, models.PROTECT)
    # With whose work it came: whose coordinators look at it.
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, db_index=False)
    lease = models.ForeignKey(Lease, models.PROTECT, null=True, db_index=False)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    body = models.JSONField()
    # Lines of `work.sync.reasons`: said in the reader's language.
    why = models.TextField()
    received_at = models.DateTimeField()
    state = models.TextField(choices=State, db_default=State.WAITING)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.UUIDField(null=True)
    word = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="raw_submission_key_uq"),
            # It waits until somebody has looked.
            models.CheckConstraint(
                condition=models.Q(state="waiting", looked_at__isnull=True)
                | models.Q(state__in=["taken", "nothing"], looked_at__isnull=False),
                name="raw_submission_looked_ck",
            ),
        ]
        indexes = [
            # What waits for the people of an operator.
            models.Index(
                fields=["operator", "received_at"],
                condition=models.Q(state="waiting"),
                name="raw_submission_waiting_ix",
            ),
        ]

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
    # What the file holds (`parts.digest_of`): the same one is not taken a second time unasked.
    digest = models.TextField(default="")
    # {field that members are shown: column of the file}, where the two are not named alike.
    columns = models.JSONField(default=dict)
    # Named by the client for a text that doesn't say it; empty: told by the file.
    encoding = models.TextField(default="")
    # The import whose bad rows this file puts right: what that one took already is left out, not refused.
    corrects = models.ForeignKey("self", models.PROTECT, null=True)
    known = models.IntegerField(default=0)
    state = models.TextField(choices=State, default=State.WAITING)
    token = models.JSONField(null=True)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    error = models.JSONField(null=True)
    asked_by = models.UUIDField(null=True)
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


class Upload(models.Model):
    """A file on its way in, in parts: what has arrived stays, also when the link is cut.

    `received` bytes of `size` are there. `became`: the import that was made of it; its parts are deleted then.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT)
    name = models.TextField()
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    corrects = models.ForeignKey(Import, models.PROTECT, null=True, related_name="corrections")
    became = models.OneToOneField(Import, models.PROTECT, null=True)
    begun_by = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__gte=0, received__lte=models.F("size")), name="upload_received_ck"
            ),
        ]
        indexes = [
            # Uploads that nobody goes on with are deleted.
            models.Index(fields=["changed_at"], condition=models.Q(became=None), name="upload_waiting_ix"),
        ]

    @property
    def whole(self) -> bool:
        """Whether every byte has arrived."""
        return self.received == self.size


class UploadPart(models.Model):
    """`size` bytes of an upload from `offset` on, in a file of their own: no storage can append."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    offset = models.BigIntegerField()
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.TextField()

    class Meta:
        constraints = [
            # A part sent twice is one part.
            models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_offset_uq"),
        ]


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
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

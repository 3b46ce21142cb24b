"""Tasks and what happens to them before an answer: leases, cursors, questions, media."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from palabre.ids import new_id
from palabre.people.models import Account
from palabre.work.models.projects import Batch, Project


class Media(models.Model):
    """A picture as members get it: re-encoded, without metadata. Addressed by its content."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT)
    sha256 = models.CharField(max_length=64)
    content_type = models.TextField()
    size = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    original_width = models.IntegerField()
    original_height = models.IntegerField()
    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="media_content_uq")]


class Task(models.Model):
    """One thing to judge. Dispatch touches two columns, `free` and `returned`.

    `free` is a mask of the places (0 .. overlap - 1) that nobody holds; a lease takes the lowest
    bit, an expired lease gives its bit back. `returned` is a rising number given to a task whose
    place came back, so that members who passed it meet it again. A task that a person took out
    (`taken_out_at`) is handed out no more; what was done of it stays, and was paid.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="tasks", db_index=False)
    position = models.IntegerField()
    external_id = models.TextField(null=True)
    payload = models.JSONField()
    media = models.ForeignKey(Media, models.PROTECT, null=True, db_index=False)
    free = models.SmallIntegerField()
    taken_out_at = models.DateTimeField(null=True)
    is_open = models.GeneratedField(
        expression=models.ExpressionWrapper(
            ~models.Q(free=0) & models.Q(taken_out_at__isnull=True), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    returned = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="task_batch_position_uq"),
            models.UniqueConstraint(
                fields=["project", "external_id"],
                condition=models.Q(external_id__isnull=False),
                name="task_external_id_uq",
            ),
            models.CheckConstraint(condition=models.Q(free__gte=0), name="task_free_ck"),
        ]
        indexes = [
            # Dispatch: the next open tasks after a member's cursor.
            models.Index(fields=["batch", "position"], condition=models.Q(is_open=True), name="task_open_ix"),
            # Dispatch: open tasks that came back.
            models.Index(
                fields=["batch", "returned"],
                condition=models.Q(is_open=True, returned__isnull=False),
                name="task_returned_ix",
            ),
            # How many places nobody will fill, when it is counted what the money covers.
            models.Index(
                fields=["batch"], condition=models.Q(taken_out_at__isnull=False), name="task_taken_out_ix"
            ),
        ]


class Cursor(models.Model):
    """How far a member has come in a batch: in its order, and among returned tasks."""

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, models.CASCADE, db_index=False)
    position = models.IntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    # Positions that were passed because another session held them just then: tried first next time.
    gaps = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "batch"], name="cursor_member_batch_uq")]


class Lease(models.Model):
    """A task handed to one member until a time. It holds a place while it is open."""

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"
        SKIPPED = "skipped"
        EXPIRED = "expired"

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, db_index=False)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    place = models.SmallIntegerField()
    state = models.TextField(choices=State, default=State.OPEN)
    leased_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reason = models.TextField(default="")
    comment = models.TextField(default="")
    # An item that came with it stood for time: the lease does so once (`timesheet.bounds`).
    explained = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            # Never the same task twice to one member.
            models.UniqueConstraint(fields=["task", "member"], name="lease_task_member_uq"),
            # Two open leases never hold one place.
            models.UniqueConstraint(
                fields=["task", "place"], condition=models.Q(state="open"), name="lease_place_uq"
            ),
        ]
        indexes = [
            # Leases to return in the background.
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="lease_expiry_ix"),
            # What a member holds.
            models.Index(
                fields=["member", "project"], condition=models.Q(state="open"), name="lease_member_ix"
            ),
            # How many tasks a member has skipped.
            models.Index(
                fields=["project", "member"], condition=models.Q(state="skipped"), name="lease_skipped_ix"
            ),
        ]


class Handout(models.Model):
    """What of a project was handed to a member, and when first: its tasks (version 0), or a version of its guideline.

    It bounds when her time on the project can have begun, and for how much a guideline read the first time stands.
    """

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    guideline_version = models.IntegerField()
    at = models.DateTimeField()
    # Counted reading that it stands for already.
    read_ms = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            # The first time only; and what a device's outbox is held against.
            models.UniqueConstraint(
                fields=["member", "project", "guideline_version"], name="handout_first_uq"
            ),
        ]


class SentKey(models.Model):
    """The key of a skip, a flag, a question or time in her outbox, and the digest of its content.

    The same item sent twice is one; the same key with other content is refused by name. A key is hers alone: what
    somebody else sends under it is another item.
    """

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.UUIDField()
    body_hash = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="sent_key_uq")]


class Flag(models.Model):
    """A member says that something about a task needs a look: she marks it, or leaves it (`skipped`).

    It waits until a person of the operator or the client has looked. `word`: what that person says to her.
    """

    class Reason(models.TextChoices):
        HARMFUL = "harmful"
        PERSONAL = "personal"
        WRONG = "wrong"
        HARD = "hard"
        UNCLEAR = "unclear"
        BROKEN = "broken"
        LANGUAGE = "language"
        OTHER = "other"

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        TAKEN_OUT = "taken_out"
        STAYS = "stays"
        ANSWERED = "answered"

    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.PROTECT)
    task = models.ForeignKey(Task, models.PROTECT, db_index=False)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    reason = models.TextField(choices=Reason)
    comment = models.TextField()
    skipped = models.BooleanField(db_default=False)
    flagged_at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome, db_default=Outcome.WAITING)
    word = models.TextField(db_default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            # It waits until somebody has looked.
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", settled_at__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(settled_at__isnull=False)),
                name="flag_settled_ck",
            ),
        ]
        indexes = [
            # What waits in the projects of an organisation.
            models.Index(
                fields=["project", "task"], condition=models.Q(outcome="waiting"), name="flag_waiting_ix"
            ),
            # What was said to a member of late.
            models.Index(
                fields=["member", "settled_at"], condition=~models.Q(word=""), name="flag_answered_ix"
            ),
        ]


class Question(models.Model):
    """A member asks; the answer goes to all concerned."""

    id = models.UUIDField(primary_key=True, default=new_id)
    project = models.ForeignKey(Project, models.PROTECT)
    task = models.ForeignKey(Task, models.PROTECT, null=True)
    member = models.ForeignKey(Account, models.PROTECT)
    text = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(default="")
    answered_by = models.UUIDField(null=True)
    # Which side answered: all that is said of it to people of other organisations.
    answered_by_client = models.BooleanField(db_default=False)
    answered_at = models.DateTimeField(null=True)

"""Time entries: both the measured and the counted value, never silently cut."""

from django.db import models

from palabre.ids import new_id
from palabre.people.models import Account
from palabre.timesheet.waits import SENTENCES


class Kind(models.TextChoices):
    TASK = "task"
    READING = "reading"
    QUESTION = "question"
    REDO = "redo"
    REVIEW = "review"
    TRAINING = "training"
    MEETING = "meeting"
    SUPPORT = "support"
    OUTAGE = "outage"
    PAYMENT = "payment"


class Source(models.TextChoices):
    DEVICE = "device"
    SERVER = "server"
    CORRECTION = "correction"
    # A duration that nobody measured: a replayed campaign's.
    DECLARED = "declared"


class TimeEntry(models.Model):
    """One stretch of a member's working time.

    `measured_ms`: what the device or the server measured. `counted_ms`: what is paid, after
    merging with her other entries and the published bounds (`rule` says which applied).
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.UUIDField(default=new_id)
    kind = models.TextField(choices=Kind)
    source = models.TextField(choices=Source)
    # The ledger account that this time is charged to (pay.LedgerAccount.id).
    charge = models.BigIntegerField()
    task = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    measured_ms = models.IntegerField()
    counted_ms = models.IntegerField()
    rule = models.TextField(default="")
    day = models.DateField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A slice sent twice counts once.
            models.UniqueConstraint(fields=["member", "key"], name="time_entry_member_key_uq"),
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")), name="time_entry_order_ck"
            ),
        ]
        indexes = [
            # The time sheet of a member's day, and her settlement.
            models.Index(fields=["member", "day"], name="time_entry_member_day_ix"),
            # What overlaps with a new slice of hers.
            models.Index(fields=["member", "started_at"], name="time_entry_member_start_ix"),
            # Hours of a project, for its ScoreCard.
            models.Index(fields=["charge", "kind"], name="time_entry_charge_kind_ix"),
        ]


class Tally(models.Model):
    """A day of a member on one account, so that its bounds cost the same however long the day was.

    Triggers of the database add up its entries and refuse more than 24 hours; `explained_ms` is what her answers stand
    for (`bounds.Tally`).
    """

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    day = models.DateField()
    charge = models.BigIntegerField()
    device_ms = models.BigIntegerField(default=0, db_default=0)
    word_ms = models.BigIntegerField(default=0, db_default=0)
    other_ms = models.BigIntegerField(default=0, db_default=0)
    explained_ms = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            # The bounds of a day and of the week around it.
            models.UniqueConstraint(fields=["member", "day", "charge"], name="time_tally_uq"),
        ]


class Correction(models.Model):
    """A member says that a day's time was different, and why; or her device measured what nothing else vouches for."""

    class State(models.TextChoices):
        ACCEPTED = "accepted"
        WAITING = "waiting"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Account, models.PROTECT)
    day = models.DateField()
    kind = models.TextField(choices=Kind)
    charge = models.BigIntegerField()
    delta_ms = models.IntegerField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    answer_due = models.DateTimeField(null=True)
    state = models.TextField(choices=State)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.TextField(default="")
    entry = models.OneToOneField(TimeEntry, models.PROTECT, null=True)
    # Empty where she asked; else why what a device measured waits (`timesheet.waits`).
    rule = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            # What a device measured waits once a day, account, kind and reason.
            models.UniqueConstraint(
                fields=["member", "day", "charge", "kind", "rule"],
                condition=models.Q(state="waiting") & ~models.Q(rule=""),
                name="correction_measured_uq",
            )
        ]
        indexes = [models.Index(fields=["state", "answer_due"], name="correction_state_due_ix")]

    @property
    def why(self) -> str:
        """Her reason, or why what her device measured waits."""
        return str(SENTENCES[self.rule]) if self.rule else self.reason

"""Reviews: what a reviewer decides about a task on which members disagree."""

from django.db import models

from palabre.pay.models import LedgerAccount
from palabre.people.models import Account
from palabre.work.models.projects import Project
from palabre.work.models.tasks import Task


class Review(models.Model):
    """One reviewer's decision about one task, kept apart from the judgements.

    It is handed out like a lease and paid like a judgement: `pay` and `charge` are those of her place when she
    took it. `result` is a list of Label Studio items, as in an annotation. A trigger (migration `0004_reviews`)
    refuses a task that was ever in the reviewer's own hands.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"  # it decides the task
        EXTRA = "extra"  # came when the task was decided or the project closed: kept and paid
        RETURNED = "returned"  # she gave it back, undecided
        EXPIRED = "expired"

    # Holds the task: nobody else gets it.
    HOLDING = (State.OPEN, State.SUBMITTED)

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="reviews")
    reviewer = models.ForeignKey(Account, models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    state = models.TextField(choices=State, default=State.OPEN)
    schema_version = models.IntegerField()
    guideline_version = models.IntegerField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    result = models.JSONField(default=list)
    reason = models.TextField(default="")
    submitted_at = models.DateTimeField(null=True)
    pay = models.DecimalField(max_digits=18, decimal_places=8)
    pay_currency = models.CharField(max_length=3)
    charge = models.DecimalField(max_digits=18, decimal_places=8)
    # What bore its pay, and what the task's consensus said before it: so that she can undo it, exactly.
    charged_to = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, db_index=False)
    stood = models.JSONField(null=True)
    undone = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            # Never the same task twice to one reviewer.
            models.UniqueConstraint(fields=["task", "reviewer"], name="review_task_reviewer_uq"),
            # One reviewer at a time, and one decision.
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(state__in=["open", "submitted"]), name="review_holder_uq"
            ),
            # She finishes one before she takes the next of the same project.
            models.UniqueConstraint(
                fields=["reviewer", "project"], condition=models.Q(state="open"), name="review_one_open_uq"
            ),
            # No decision without a why.
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "extra"])
                | (models.Q(submitted_at__isnull=False) & ~models.Q(reason="")),
                name="review_reason_ck",
            ),
        ]
        indexes = [
            # Her reviews, newest last; what she was paid for.
            models.Index(fields=["reviewer", "id"], name="review_reviewer_ix"),
            # Reviews of a project in somebody's hands: what its money is set aside for, and what is over.
            models.Index(
                fields=["project", "expires_at"], condition=models.Q(state="open"), name="review_open_ix"
            ),
        ]

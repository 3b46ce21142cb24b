"""Decisions about a member, and her appeals."""

from django.db import models

from palabre.ids import new_id
from palabre.people.models import Account, Organisation


class Decision(models.Model):
    """Rule, evidence, guideline version, who decided, how and until when to contest it."""

    class State(models.TextChoices):
        STANDING = "standing"
        APPEALED = "appealed"
        UPHELD = "upheld"
        REVERSED = "reversed"

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Account, models.PROTECT, related_name="decisions")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    # The project that it belongs to, when there is one; `decisions` knows no projects.
    project = models.UUIDField(null=True)
    kind = models.TextField()
    rule = models.TextField()
    evidence = models.JSONField()
    guideline_version = models.IntegerField(null=True)
    # What the kind's registered effect needs to be applied and undone.
    effect = models.JSONField()
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    contest_until = models.DateTimeField()
    state = models.TextField(choices=State, default=State.STANDING)

    class Meta:
        indexes = [models.Index(fields=["project", "member"], name="decision_project_member_ix")]


class Appeal(models.Model):
    """A member contests a decision; somebody else answers by a date."""

    id = models.UUIDField(primary_key=True, default=new_id)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    reason = models.TextField()
    appealed_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answer = models.TextField(default="")
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

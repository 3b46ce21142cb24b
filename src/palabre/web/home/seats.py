"""The people of the demo, for the welcome page's one-click sign-in."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from palabre.decisions.models import Decision
from palabre.exchange.models import Import, Upload
from palabre.impact.models import ScoreCard
from palabre.messages.wishes import Letters, off_address
from palabre.pay.models import Payout, PayoutBatch
from palabre.people.models import Grant, Organisation, Role
from palabre.quality.models import CLEAR, Consensus
from palabre.timesheet.models import Correction
from palabre.work.models import Lease, Project, Question, Review

# How many of a role are offered: two members, so that they can be seen to differ.
_MOST = {Role.MEMBER: 2}


@dataclass(frozen=True, slots=True)
class Seat:
    account: uuid.UUID
    name: str
    role: str
    organisation: str


def seats() -> list[Seat]:
    """One person for each role, two members, in the order in which a newcomer would try them. One statement."""
    rank = Window(RowNumber(), partition_by=F("role"), order_by="account_id")
    standing = (
        Grant.objects.filter(revoked_at=None, account__is_active=True, account__personal_data__isnull=False)
        .annotate(rank=rank)
        .filter(rank__lte=max(_MOST.values()))
        .select_related("account__personal_data", "organisation")
        .order_by("account_id")
    )
    order = (Role.MEMBER, Role.CLIENT, Role.COORDINATOR, Role.REVIEWER, Role.FINANCE, Role.AUDITOR, Role.DELEGATE,
             Role.ADMINISTRATOR)  # fmt: skip
    found: dict[Role, list[Seat]] = {role: [] for role in order}
    for grant in standing:
        places = found[Role(grant.role)]
        if len(places) < _MOST.get(Role(grant.role), 1):
            name = grant.account.personal_data.name
            places.append(Seat(grant.account_id, name, grant.role, grant.organisation.name))
    return [seat for role in order for seat in found[role]]


def objects() -> dict[str, str]:
    """The first of each kind of object that addresses name: `{project}` is a live one, `{closed}` a closed one."""
    found: dict[str, object] = {}
    for state, name in (
        (Project.State.LIVE, "project"),
        (Project.State.CLOSED, "closed"),
        (Project.State.DRAFT, "draft"),
        (Project.State.PILOT, "pilot"),
    ):
        found[name] = (
            Project.objects.filter(state=state).order_by("created_at").values_list("id", flat=True).first()
        )
    imports = Import.objects.order_by("-bad", "asked_at")
    found["import"] = imports.values_list("id", flat=True).first()
    found["importing"] = imports.values_list("project", flat=True).first()
    found["upload"] = Upload.objects.filter(became=None).order_by("id").values_list("id", flat=True).first()
    found["payout"] = Payout.objects.order_by("asked_at").values_list("id", flat=True).first()
    found["payout_batch"] = PayoutBatch.objects.order_by("id").values_list("id", flat=True).first()
    member = Grant.objects.filter(role=Role.MEMBER, revoked_at=None).order_by("account_id").first()
    found["account"] = member.account_id if member else None
    if member is not None:
        found["letters_off"] = urlsplit(off_address(member.account_id, Letters.MORNINGS)).path
    clients = Organisation.objects.filter(kind=Organisation.Kind.CLIENT)
    found["client"] = clients.order_by("id").values_list("id", flat=True).first()
    disputed = Consensus.objects.filter(confidence__lt=CLEAR).order_by("confidence", "task_id").first()
    if disputed is not None:
        found["task"], found["judged"] = disputed.task_id, disputed.project_id
    found["scorecard"] = ScoreCard.objects.order_by("-issued_at").values_list("id", flat=True).first()
    found |= _waiting()
    return {name: str(value) for name, value in found.items() if value is not None}


def _waiting() -> dict[str, object]:
    """What waits for a coordinator or a reviewer: one of each kind, and a member who holds tasks."""
    lease = Lease.objects.filter(state=Lease.State.OPEN).order_by("expires_at").first()
    return {
        "question": Question.objects.filter(answered_at=None).values_list("id", flat=True).first(),
        "correction": Correction.objects.filter(state="waiting").values_list("id", flat=True).first(),
        "decision": Decision.objects.order_by("-decided_at").values_list("id", flat=True).first(),
        "review": Review.objects.filter(state=Review.State.OPEN).values_list("id", flat=True).first(),
        "holder": lease.member_id if lease else None,
        "held": lease.project_id if lease else None,
    }

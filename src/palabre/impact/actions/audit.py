"""What an auditor asks for: that everything is recomputed, and evidence to take away."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.errors import NotFound
from palabre.impact.errors import NothingInPeriod
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record import verifications
from palabre.record.actions import record
from palabre.record.models import Evidence, Verification
from palabre.record.seals import seal_all
from palabre.work.access import project_for


@transaction.atomic
def ask_verification(*, by: Actor, at: dt.datetime) -> Verification:
    """Have seals, ledger and tables recomputed in the background.

    Raises: NotAllowed, VerificationRunning (one at a time, for the whole installation).
    """
    by.require(Permission.CHECK_RECORD)
    return verifications.ask(by=by.account, organisation=by.organisation, at=at)


@transaction.atomic
def ask_evidence(
    *,
    since: dt.datetime | None,
    until: dt.datetime | None,
    project: uuid.UUID | None,
    by: Actor,
    at: dt.datetime,
) -> Evidence:
    """Fix what a bundle of evidence holds; it is made when it is fetched, the same each time.

    The record is sealed first, so that everything until now can be proved. That somebody took evidence is an
    event of the record itself.

    Raises: NotAllowed, NotFound (another organisation's project), NothingInPeriod.
    """
    by.require(Permission.CHECK_RECORD)
    if by.organisation is None:
        raise NotFound
    if project is not None:
        project_for(by, project, Permission.READ_RECORD)
    if since and until and until <= since:
        raise NothingInPeriod(path="until")
    made = Evidence.objects.create(
        organisation=by.organisation,
        asked_by=by.account,
        asked_at=at,
        since=since,
        until=until,
        project=project,
        seal=seal_all(at=at).number,
    )
    data = {
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "project": str(project) if project else None,
        "seal": made.seal,
    }
    subject = f"evidence:{made.id}"
    record(
        "impact.evidence.asked",
        by=by.account,
        at=at,
        subject=subject,
        organisation=by.organisation,
        data=data,
    )
    return made

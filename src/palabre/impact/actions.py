"""Issuing ScoreCards."""

import datetime as dt
import uuid

from django.db import connection, transaction
from django.db.models import Max

from palabre.ids import new_id
from palabre.impact.errors import DaysNotSettled, NoWork, ProjectNotClosed
from palabre.impact.models import ScoreCard
from palabre.impact.scorecard.facts import Facts
from palabre.impact.scorecard.reading import read_facts, snapshot
from palabre.impact.scorecard.subject import subject_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.record.credentials import credential, sign
from palabre.record.seals import keys, seal_all
from palabre.work.access import project_for
from palabre.work.models import Project

_OVERDUE = """
SELECT count(*) FROM pay_dueday due JOIN people_residence place ON place.account_id = due.member_id
WHERE (due.day + 1)::timestamp AT TIME ZONE place.timezone <= %s
  AND EXISTS (SELECT 1 FROM timesheet_timeentry t WHERE t.member_id = due.member_id AND t.day = due.day
              AND t.charge = %s)
"""


def issue_scorecard(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> ScoreCard:
    """Compute the ScoreCard of a closed project from one snapshot, sign it, keep it.

    The record is sealed first, and the ScoreCard names the seal that it rests on. Issuing again
    gives the next version: days that were not over then may be settled now.

    Raises: NotAllowed, NotFound, ProjectNotClosed, NoWork, DaysNotSettled.
    """
    project = project_for(by, project_id, Permission.READ_RESULTS)
    _check(project, at)
    seal = seal_all(at=at)
    with snapshot():
        facts = read_facts(project.id, seal.number, as_of=at)
    if not facts.work.judgements:
        raise NoWork()
    return _issue(project, seal.number, facts, by, at)


def _check(project: Project, at: dt.datetime) -> None:
    if project.state != Project.State.CLOSED:
        raise ProjectNotClosed()
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [at, project.escrow_id])
        days = cursor.fetchone()[0]
    if days:
        raise DaysNotSettled(days=days)


@transaction.atomic
def _issue(project: Project, seal: int, facts: Facts, by: Actor, at: dt.datetime) -> ScoreCard:
    Project.objects.select_for_update(no_key=True).get(id=project.id)
    version = (ScoreCard.objects.filter(project=project).aggregate(Max("version"))["version__max"] or 0) + 1
    number, key = new_id(), keys(at).signing
    subject = subject_of(facts, number=f"urn:uuid:{number}", version=version)
    document = credential(
        "ScoreCardCredential", subject, issuer=key.did, valid_from=at, issuer_name=project.operator.name
    )
    signed = sign(document, key, created=at)
    card = ScoreCard.objects.create(
        id=number, project=project, version=version, seal=seal, credential=signed, issued_at=at
    )
    record(
        "impact.scorecard.issued",
        by=by.account,
        at=at,
        subject=f"project:{project.id}",
        organisation=project.operator_id,
        data={"scorecard": str(number), "version": version, "seal": seal},
    )
    return card

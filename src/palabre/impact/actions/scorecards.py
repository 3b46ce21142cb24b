"""Issuing ScoreCards."""

import datetime as dt
import uuid

from django.db.models import Max

from palabre.ids import new_id
from palabre.impact.errors import DaysNotOver, DaysNotSettled, NotAScoreCard, NoWork, ProjectNotClosed
from palabre.impact.models import ScoreCard
from palabre.impact.scorecard.checks import scorecard_problems
from palabre.impact.scorecard.facts import Facts
from palabre.impact.scorecard.reading import read_facts, snapshot
from palabre.impact.scorecard.subject import subject_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign
from palabre.record.seals import keys, seal_all
from palabre.work.access import project_for
from palabre.work.models import Project


def issue_scorecard(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> ScoreCard:
    """Compute the ScoreCard of a closed project from one snapshot, sign it, keep it.

    The record is sealed first, and the ScoreCard names the seal that it rests on. Every day with time or
    pay of the project must be settled; only those of a place without any floor are waited for by nobody,
    and stated as unknown. Issuing again gives the next version: what was unknown then may be known now.

    Raises: NotAllowed, NotFound, ProjectNotClosed, NoWork, DaysNotSettled, DaysNotOver.
    """
    project = project_for(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state != Project.State.CLOSED:
        raise ProjectNotClosed
    seal = seal_all(at=at)
    with snapshot():
        # Two at once take turns here, so that each gets a version of its own.
        Project.objects.select_for_update(no_key=True).get(id=project.id)
        facts = read_facts(project.id, seal.number, as_of=at)
        _check(facts)
        return _issue(project, facts, by, at)


def _check(facts: Facts) -> None:
    if not facts.work.judgements:
        raise NoWork
    if facts.days.waiting:
        raise DaysNotSettled(days=facts.days.waiting)
    if facts.days.over_at is not None:
        raise DaysNotOver(days=facts.days.not_over, ends=f"{facts.days.over_at:%Y-%m-%d %H:%M}")


def _issue(project: Project, facts: Facts, by: Actor, at: dt.datetime) -> ScoreCard:
    number = new_id()
    last = ScoreCard.objects.filter(project=project).aggregate(Max("version"))["version__max"]
    version = (last or 0) + 1
    subject = subject_of(facts, number=f"urn:uuid:{number}", version=version)
    card = ScoreCard.objects.create(
        id=number,
        project=project,
        version=version,
        seal=facts.seal.number,
        credential=_signed(subject, project.operator.name, at),
        issued_at=at,
    )
    record(
        "impact.scorecard.issued",
        by=by.account,
        at=at,
        subject=f"project:{project.id}",
        organisation=project.operator_id,
        data={"scorecard": str(number), "version": version, "seal": facts.seal.number},
    )
    return card


def _signed(subject: dict[str, Json], issuer_name: str, at: dt.datetime) -> dict[str, Json]:
    """Nothing is signed that `palabre verify` would refuse."""
    problems = scorecard_problems(subject)
    if problems:
        raise NotAScoreCard(path=subject["id"], why=problems[0])
    key = keys(at).signing
    document = credential(
        "ScoreCardCredential", subject, issuer=key.did, valid_from=at, issuer_name=issuer_name
    )
    return sign(document, key, created=at)

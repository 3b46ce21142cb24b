"""What waits for somebody in the demo: questions, a correction, a contested decision, money on its way."""

import datetime as dt
import uuid

from palabre.decisions.actions import appeal
from palabre.decisions.models import Decision
from palabre.demo.people import People
from palabre.pay.actions import request_payout
from palabre.people.models import Role
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Kind
from palabre.work.actions.questions import ask_question
from palabre.work.models import Project

_OPEN_QUESTIONS = (
    (2, "« Où garer un minibus » : trajet ou activités ?"),
    (3, "« Où peut-on garer un minibus » : est-ce le trajet ?"),
    (6, "Taxe de séjour : prix ?"),
)


def leave_matters(project: Project, people: People, now: dt.datetime) -> None:
    """On the running project, since this morning."""
    at = now - dt.timedelta(hours=4)
    for member, text in _OPEN_QUESTIONS:
        ask_question(project.id, text, by=people.members[member], at=at)
    _corrections(project, people, at)
    request_payout(uuid.uuid4(), 50, "XOF", by=people.members[0], at=at)


def _corrections(project: Project, people: People, at: dt.datetime) -> None:
    """One waits for an answer; another was refused, which is a decision, and she contests it."""
    day = (at - dt.timedelta(days=1)).date()
    charge = project.escrow_id
    if charge is None:
        raise ValueError("a launched project has its escrow")
    coordinator = people.others[Role.COORDINATOR]
    cut = "Coupure de courant, j’ai tout repris. · A power cut, I did it all again."
    ask_correction(day, Kind.OUTAGE, charge, 40 * 60_000, cut, by=people.members[2], at=at)
    asked = ask_correction(
        day, Kind.TASK, charge, 90 * 60_000, "J’ai travaillé hors ligne.", by=people.members[4], at=at
    )
    answer = "Aucune réponse n’est arrivée de cette heure-là. · No answer came from that hour."
    answer_correction(asked.id, False, answer, by=coordinator, at=at + dt.timedelta(hours=1))
    decision = Decision.objects.get(member=people.members[4].account)
    appeal(
        decision.id,
        "Mon téléphone les a envoyées le soir.",
        by=people.members[4],
        at=at + dt.timedelta(hours=2),
    )

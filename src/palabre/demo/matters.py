"""What waits for somebody in the demo: questions, a correction, a contested decision, money on its way."""

import datetime as dt
import uuid
from decimal import Decimal

from palabre.decisions.actions import appeal
from palabre.decisions.models import Decision
from palabre.demo.people import People
from palabre.pay.actions import (
    Way,
    carry_payouts,
    close_payout,
    mark_batch_sent,
    name_destination,
    request_payout,
    set_operator_account,
    set_way,
)
from palabre.pay.destinations import Wanted
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
_DESTINATIONS = (
    Wanted("mobile_money", "SN", service="wave", number="+221770000001", holder="Awa"),
    Wanted("mobile_money", "SN", service="orange", number="+221780000002", holder="Fatou"),
    Wanted("cash", "SN", place="Centre Palabre, Dakar"),
)


def leave_matters(project: Project, people: People, now: dt.datetime) -> None:
    """On the running project, since this morning."""
    at = now - dt.timedelta(hours=4)
    for member, text in _OPEN_QUESTIONS:
        ask_question(project.id, text, by=people.members[member], at=at)
    _corrections(project, people, at)
    _payouts(people, now)


def _payouts(people: People, now: dt.datetime) -> None:
    """Some have said where their money goes; one was paid this week, one waits in finance's hands, one is asked for."""
    finance = people.others[Role.FINANCE]
    ours = Wanted(
        "bank", "SN", number="SN08SN0100152000048500003035", bank="CBAOSNDA", holder="Palabre Dakar"
    )
    set_operator_account(ours, by=finance, at=now - dt.timedelta(days=4))
    for way, days, percent in (("SN:wave", 1, "1"), ("SN:orange", 1, "0"), ("cash", 5, "0")):
        set_way(Way(way, days, Decimal(percent), 0), by=finance, at=now - dt.timedelta(days=4))
    for number, where in enumerate(_DESTINATIONS):
        at = now - dt.timedelta(days=3)
        name_destination(where, proved_at=at, by=people.members[number], at=at)
    for member, days in ((1, 3), (2, 1)):
        at = now - dt.timedelta(days=days) + dt.timedelta(hours=1)
        asked = request_payout(uuid.uuid4(), 10, "XOF", by=people.members[member], at=at)
        batch = carry_payouts(uuid.uuid4(), [asked.id], by=finance, at=at + dt.timedelta(hours=1))
        if days > 1:
            mark_batch_sent(batch.id, by=finance, at=at + dt.timedelta(hours=2))
            receipt = "Reçu 0012 · Receipt 0012"
            close_payout(asked.id, True, receipt, by=finance, at=at + dt.timedelta(hours=3))
    request_payout(uuid.uuid4(), 50, "XOF", by=people.members[0], at=now - dt.timedelta(hours=4))


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

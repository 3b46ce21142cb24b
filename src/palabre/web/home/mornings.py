"""A morning's letter to each role: what its home says waits, by the same counts, each line with its page."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from palabre.impact.queries.standing import projects_at_a_glance
from palabre.impact.queries.waiting import Waiting, waiting_in
from palabre.messages.notices import Morning, Notice
from palabre.pay.models import Payout
from palabre.people.actor import Actor
from palabre.people.models import Role
from palabre.people.permissions import Permission
from palabre.quality.queries.reviews import reviews_waiting
from palabre.record import queries as record
from palabre.timesheet.models import Correction
from palabre.timesheet.queries import corrections_on_her_mind
from palabre.web.home.administrator import troubles
from palabre.web.home.client import LOOKED_AT
from palabre.web.home.coordinator import days_in_all, needs
from palabre.web.home.finance import waits
from palabre.web.templatetags.palabre import number as shown
from palabre.work.access import OFFERED, open_to_member
from palabre.work.queries.her_work import new_guidelines, open_work, pilots_to_confirm, recent_answers
from palabre.work.queries.looks import two_answers_count, words_to_her
from palabre.work.queries.waiting import appeals_due
from palabre.work.spoken import reads


def member(by: Actor, since: dt.datetime, _at: dt.datetime) -> Iterator[Notice]:
    """What is new for her, and what waits for her. Decisions about her are told at once (`decisions.told`)."""
    yield from _work_that_begins(by, since)
    answers = len(recent_answers(by, since))
    said = ngettext("%(n)s question of yours was answered", "%(n)s questions of yours were answered", answers)
    yield from _line(answers, said, reverse("home") + "#waits")
    new = [one for one in corrections_on_her_mind(by, since) if one.state == Correction.State.ACCEPTED]
    said = ngettext(
        "%(n)s correction of your time was accepted", "%(n)s corrections of your time were accepted", len(new)
    )
    yield from _line(len(new), said, reverse("timesheet"))
    words = len(words_to_her(by, since))
    said = ngettext(
        "somebody looked at %(n)s thing that you sent or marked",
        "somebody looked at %(n)s things that you sent or marked",
        words,
    )
    yield from _line(words, said, reverse("home") + "#waits")
    yield from _money(by, since)
    guidelines = sum(one.published_at >= since for one in new_guidelines(by))
    said = ngettext(
        "%(n)s guideline of your work has changed", "%(n)s guidelines of your work have changed", guidelines
    )
    yield from _line(guidelines, said, reverse("home") + "#waits")
    pilots = len(pilots_to_confirm(by))
    said = ngettext(
        "%(n)s pilot asks you whether its guideline is clear",
        "%(n)s pilots ask you whether their guidelines are clear",
        pilots,
    )
    yield from _line(pilots, said, reverse("home") + "#waits")
    choices = two_answers_count(by)
    said = ngettext("One task has two answers of yours", "%(n)s tasks have two answers of yours", choices)
    yield from _line(choices, said, reverse("two-answers"))


def _work_that_begins(by: Actor, since: dt.datetime) -> Iterator[Notice]:
    """Projects that were launched and have tasks left for her."""
    new = set(open_to_member(by, *OFFERED).filter(launched_at__gte=since).values_list("id", flat=True))
    for one in open_work(by) if new else ():
        if one.offer.project.id in new and one.details.can_work:
            said = gettext("work begins that you can do: %(project)s") % {
                "project": one.offer.project.said("name", reads()).text
            }
            yield Notice(said, reverse("member-project", kwargs={"project": one.offer.project.id}))


def _money(by: Actor, since: dt.datetime) -> Iterator[Notice]:
    hers = Payout.objects.filter(member=by.account, operator=by.organisation, changed_at__gte=since)
    states = list(hers.values_list("state", flat=True))
    sent, paid = states.count(Payout.State.SENT), states.count(Payout.State.PAID)
    said = ngettext("%(n)s payout was sent to you", "%(n)s payouts were sent to you", sent)
    yield from _line(sent, said, reverse("payouts"))
    said = ngettext("%(n)s payout has reached you", "%(n)s payouts have reached you", paid)
    yield from _line(paid, said, reverse("payouts"))


def reviewer(by: Actor, _since: dt.datetime, _at: dt.datetime) -> Iterator[Notice]:
    waiting = reviews_waiting(by)
    tasks = sum(one.tasks for one in waiting)
    said = ngettext(
        "%(shown)s task is in dispute and waits for you.",
        "%(shown)s tasks are in dispute and wait for you.",
        tasks,
    )
    yield from _line(tasks, said, reverse("reviews"))
    choices = two_answers_count(by)
    said = ngettext(
        "One task has two answers of the same person",
        "%(n)s tasks have two answers of the same person",
        choices,
    )
    yield from _line(choices, said, reverse("two-answers"))


def coordinator(by: Actor, _since: dt.datetime, at: dt.datetime) -> Iterator[Notice]:
    """What her home says with a member's name is counted."""
    found = needs(by, at)
    yield from (
        Notice(f"{shown(one.number)} {one.what}", one.address, one.late) for one in found if not one.names
    )
    for in_all, number in Counter(one.names for one in found if one.names).items():
        yield from _line(number, in_all(number), reverse("home"))


def finance(by: Actor, _since: dt.datetime, at: dt.datetime) -> Iterator[Notice]:
    found = {name: len(some) for name, some in waits(by, at).items()}
    number = found["no_money"]
    said = ngettext(
        "%(n)s project waits for its first deposit", "%(n)s projects wait for their first deposit", number
    )
    yield from _line(number, said, reverse("money-deposits"))
    number = found["running_out"]
    said = ngettext(
        "the deposit of %(n)s project does not reach for its tasks",
        "the deposits of %(n)s projects do not reach for their tasks",
        number,
    )
    yield from _line(number, said, reverse("money-deposits"))
    number = found["to_give_back"]
    said = ngettext(
        "%(n)s project is closed, and its client gets money back",
        "%(n)s projects are closed, and their clients get money back",
        number,
    )
    yield from _line(number, said, reverse("home"))
    number = found["to_carry"]
    said = ngettext("%(number)s payout to be carried", "%(number)s payouts to be carried", number)
    yield from _line(number, said, reverse("money-payouts"))
    number = found["carried"]
    said = ngettext(
        "%(n)s payout in somebody’s hands has no end yet",
        "%(n)s payouts in somebody’s hands have no end yet",
        number,
    )
    yield from _line(number, said, reverse("money-payouts"))
    number = found["waiting"]
    said = ngettext(
        "%(number)s day is over and not settled", "%(number)s days are over and not settled", number
    )
    yield from _line(number, said, reverse("money-settlements"))
    number = found["stuck"]
    yield from _line(number, days_in_all(number), reverse("home"))
    number = found["passed"]
    said = ngettext(
        "the shares of %(n)s project were not moved", "the shares of %(n)s projects were not moved", number
    )
    yield from _line(number, said, reverse("home"))


def client(by: Actor, _since: dt.datetime, at: dt.datetime) -> Iterator[Notice]:
    for one in waiting_in(projects_at_a_glance(by, limit=LOOKED_AT, at=at)):
        yield Notice(
            f"{one.project.said('name', reads()).text}: {_of_client(one)}",
            reverse("project", kwargs={"project": one.project.id}),
        )


def _of_client(one: Waiting) -> str:
    """In the words of her home (`impact/waiting.html`)."""
    plain = {
        "upload": gettext("A file is here. Look at it and import it."),
        "set_up": gettext("The set-up is not finished. Go on with it."),
        "quote": gettext("A quote waits for you. Look at it and accept it."),
        "deposit": gettext("The quote is accepted. The work starts when your deposit is here."),
        "launch": gettext("The money is here. Try the project with some tasks, or launch it."),
        "pilot": gettext("The pilot runs. Look at what members say and how long it takes."),
        "close": gettext("Every judgement is here. You can close the project."),
        "scorecard": gettext("The project is closed. Issue its ScoreCard."),
        "deposit_more": gettext("What your deposit covers is done. More tasks wait for more money."),
    }
    counted = {
        "bad_rows": ngettext(
            "%(shown)s row can’t be taken. Put it right.",
            "%(shown)s rows can’t be taken. Put them right.",
            one.number,
        ),
        "flags": ngettext(
            "%(shown)s task was marked or skipped. Take it out, let it stay, or answer her.",
            "%(shown)s tasks were marked or skipped. Take them out, let them stay, or answer her.",
            one.number,
        ),
        "questions": ngettext(
            "%(shown)s question about the guideline waits for an answer.",
            "%(shown)s questions about the guideline wait for an answer.",
            one.number,
        ),
    }
    return plain[one.what] if one.what in plain else counted[one.what] % {"shown": shown(one.number)}


def administrator(by: Actor, _since: dt.datetime, at: dt.datetime) -> Iterator[Notice]:
    found = troubles(by, at)
    failing = len(found["failing"])
    said = ngettext("One job fails again and again.", "%(number)s jobs fail again and again.", failing)
    yield from _line(failing, said, reverse("jobs"))
    said = ngettext(
        "Background work could not do one thing and passed it.",
        "Background work could not do %(number)s things and passed them.",
        found["passed"],
    )
    yield from _line(found["passed"], said, reverse("jobs"))
    if found["late"]:
        yield Notice(gettext("Background work is late: is it running?"), reverse("jobs"), late=True)
    said = ngettext(
        "One message of this week didn't arrive.",
        "%(number)s messages of this week didn't arrive.",
        found["lost"],
    )
    yield from _line(found["lost"], said, reverse("outbox"))
    if found["disk"].low:
        yield Notice(
            gettext("The disk is nearly full: below 2 GB the database may stop. Make room."),
            reverse("installation"),
        )
    if found["many_unsealed"]:
        yield Notice(
            gettext("The record isn't sealed any more: is the background work running?"), reverse("jobs")
        )


def auditor(by: Actor, _since: dt.datetime, at: dt.datetime) -> Iterator[Notice]:
    """Auditors and delegates: appeals for those who answer them, and a record that is off."""
    if by.may(Permission.ANSWER_APPEALS):
        appeals, due = appeals_due(by)
        said = ngettext(
            "%(number)s appeal waits for your answer.", "%(number)s appeals wait for your answer.", appeals
        )
        yield from _line(appeals, said, reverse("team-decisions"), late=due is not None and due < at)
    last = next(iter(record.verifications(by.organisation, 1)), None)
    if last is not None and last.finished_at is not None and (last.problems or last.gave_up):
        said = gettext(
            "The last verification of the record found something that is off, or could not be finished."
        )
        yield Notice(said, reverse("record-verifications"))


def _line(number: int, sentence: str, address: str, *, late: bool = False) -> Iterator[Notice]:
    """Nothing where there is none."""
    if number:
        words = dict.fromkeys(("n", "number", "shown"), shown(number))
        yield Notice(sentence % words, address, late)


MORNINGS: dict[Role, Morning] = {
    Role.MEMBER: member,
    Role.REVIEWER: reviewer,
    Role.COORDINATOR: coordinator,
    Role.CLIENT: client,
    Role.FINANCE: finance,
    Role.ADMINISTRATOR: administrator,
    Role.AUDITOR: auditor,
    Role.DELEGATE: auditor,
}

"""Who belongs to two operators is two strangers to them: walls follow the payer and the owner of the work."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.test import Client

from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotAllowed, NotFound
from palabre.impact.audit.events import Filter, events
from palabre.pay.actions import Move, carry_payouts, close_payout, open_account, post, request_payout
from palabre.pay.errors import PayoutNotFound
from palabre.pay.models import LedgerAccount, Payout
from palabre.people.actions import (
    Home,
    PersonalFields,
    agree,
    correct_person,
    erase_person,
    grant_role,
    move_residence,
    revoke_role,
)
from palabre.people.actor import SYSTEM, Actor
from palabre.people.errors import HeldElsewhere, NotOnesOwn
from palabre.people.models import Agreement, Residence, Role
from palabre.people.queries import people, person
from palabre.record.models import Event
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Correction, Kind
from palabre.work.actions.projects import create_project
from palabre.work.errors import PartyWrong
from palabre.work.models import Project
from palabre.work.queries.people import people_at_work
from palabre.work.queries.waiting import waiting_corrections
from palabre.work.setup.parties import parties_for
from tests.cast import BEGAN, Cast, Persona, enter
from tests.pay.leading import lead
from tests.work.stage import TERMS

LAGOS = Home(country="NG", timezone="Africa/Lagos")
YESTERDAY = (BEGAN - dt.timedelta(days=1)).date()


def waiting(cast: Cast, who: Persona, operator: uuid.UUID) -> Correction:
    """Forty minutes of hers that an operator bears."""
    charge = open_account(LedgerAccount.Kind.PLATFORM, operator, "XOF").id
    made = ask_correction(YESTERDAY, Kind.MEETING, charge, 40 * 60_000, "We met", by=who.actor, at=BEGAN)
    assert made.state == Correction.State.WAITING
    return made


def at(organisation: uuid.UUID, who: Persona) -> Actor:
    return replace(who.actor, organisation=organisation)


# -- her person -----------------------------------------------------------------------------------


def test_the_operator_that_she_left_does_not_reach_her(cast: Cast) -> None:
    """`former` went on to the other operator."""
    by, account = cast.administrator.actor, cast.former.account
    assert account not in [one.id for one in people(by)]
    for act in (
        lambda: person(account, by),
        lambda: move_residence(account, LAGOS, by=by, at=BEGAN),
        lambda: correct_person(account, PersonalFields("X"), by=by, at=BEGAN),
        lambda: erase_person(account, by=by, at=BEGAN),
        lambda: grant_role(account, cast.operator.id, Role.MEMBER, by=by, at=BEGAN),
    ):
        with pytest.raises(NotFound):
            act()
    assert Residence.objects.get(account=account).country == "KE"
    assert person(account, cast.stranger.actor).id == account


def test_where_all_her_roles_have_ended_the_last_one_keeps_her(cast: Cast) -> None:
    later = BEGAN + dt.timedelta(days=1)
    for role in cast.former.actor.roles:
        revoke_role(cast.former.account, cast.stranger_operator.id, role, by=SYSTEM, at=later)
    assert person(cast.former.account, cast.stranger.actor).roles == []
    with pytest.raises(NotFound):
        person(cast.former.account, cast.administrator.actor)


def test_who_works_for_two_is_moved_by_neither(cast: Cast) -> None:
    for by in (cast.administrator.actor, cast.stranger.actor):
        with pytest.raises(HeldElsewhere):
            move_residence(cast.shared.account, LAGOS, by=by, at=BEGAN)
    move_residence(cast.shared.account, LAGOS, by=SYSTEM, at=BEGAN)


# -- her time and her money -----------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["shared", "returned", "member"])
def test_who_bears_the_time_answers(cast: Cast, whose: str) -> None:
    who: Persona = getattr(cast, whose)
    asked = waiting(cast, who, cast.operator.id)
    assert waiting_corrections(cast.stranger.actor) == []
    with pytest.raises(NotFound):
        answer_correction(asked.id, True, "", by=cast.stranger.actor, at=BEGAN)
    assert waiting_corrections(cast.coordinator.actor) == [asked]
    assert answer_correction(asked.id, True, "", by=cast.coordinator.actor, at=BEGAN).state == "accepted"


def test_the_other_operators_time_is_not_hers_to_answer(cast: Cast) -> None:
    asked = waiting(cast, cast.shared, cast.stranger_operator.id)
    with pytest.raises(NotFound):
        answer_correction(asked.id, True, "", by=cast.coordinator.actor, at=BEGAN)
    assert answer_correction(asked.id, True, "", by=cast.stranger.actor, at=BEGAN).state == "accepted"


def test_a_correction_outlives_her_role(cast: Cast) -> None:
    asked = waiting(cast, cast.member, cast.operator.id)
    revoke_role(cast.member.account, cast.operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    assert answer_correction(asked.id, True, "", by=cast.coordinator.actor, at=BEGAN).state == "accepted"


def test_what_the_other_operator_has_of_her_is_not_counted(cast: Cast) -> None:
    waiting(cast, cast.shared, cast.stranger_operator.id)
    found = {one.id: one for one in people_at_work(cast.coordinator.actor, BEGAN, YESTERDAY)}
    hers = found[cast.shared.account]
    assert (hers.corrections, hers.worked, hers.heard) == (0, False, None)


# -- oneself --------------------------------------------------------------------------------------


def both(cast: Cast) -> Persona:
    """She works, and coordinates, pays out and manages people too."""
    roles = (Role.MEMBER, Role.COORDINATOR, Role.FINANCE, Role.ADMINISTRATOR)
    return enter(cast.operator, "both", *roles, home=LAGOS)


def test_nobody_answers_her_own_correction(cast: Cast) -> None:
    who = both(cast)
    asked = waiting(cast, who, cast.operator.id)
    for accept in (True, False):
        with pytest.raises(NotAboutOneself):
            answer_correction(asked.id, accept, "No", by=who.actor, at=BEGAN)


def test_nobody_closes_her_own_payout(cast: Cast) -> None:
    who = both(cast)
    world = open_account(LedgerAccount.Kind.WORLD, None, "XOF")
    hers = open_account(LedgerAccount.Kind.PAYABLE, who.account, "XOF", owed_by=who.organisation)
    post("gift", "gift", [Move(world.id, "XOF", -500), Move(hers.id, "XOF", 500)], by=SYSTEM, at=BEGAN)
    lead(who.account, at=BEGAN)
    asked = request_payout(uuid.uuid4(), 200, "XOF", by=who.actor, at=BEGAN)
    with pytest.raises(NotAboutOneself):
        carry_payouts(uuid.uuid4(), [asked.id], by=who.actor, at=BEGAN)
    Payout.objects.filter(id=asked.id).update(state=Payout.State.UNKNOWN)
    with pytest.raises(NotAboutOneself):
        close_payout(asked.id, True, "cash", by=who.actor, at=BEGAN)
    with pytest.raises(PayoutNotFound):
        close_payout(asked.id, True, "cash", by=cast.stranger.actor, at=BEGAN)


def test_nobody_gives_herself_a_role_or_moves_herself(cast: Cast) -> None:
    who = both(cast)
    with pytest.raises(NotOnesOwn):
        grant_role(who.account, cast.operator.id, Role.AUDITOR, by=who.actor, at=BEGAN)
    with pytest.raises(NotOnesOwn):
        move_residence(who.account, LAGOS, by=who.actor, at=BEGAN)


# -- clients --------------------------------------------------------------------------------------


def create(cast: Cast, by: Actor, *, client: uuid.UUID, operator: uuid.UUID) -> Project:
    return create_project(TERMS, client=client, operator=operator, by=by, at=BEGAN)


def test_a_draft_that_names_a_client_opens_nothing(cast: Cast) -> None:
    """Another operator's client is as unknown as none, and so are its events."""
    client, operator = cast.client.id, cast.stranger_operator.id
    with pytest.raises(PartyWrong):
        create(cast, cast.stranger.actor, client=client, operator=operator)
    assert not [one for one in parties_for(cast.stranger.actor).clients if one[0] == client]
    # As if it had been written before this rule.
    Project.objects.create(
        client=cast.client, operator=cast.stranger_operator, name="X", purpose="X", currency="EUR",
        seconds_per_task=10, created_at=BEGAN,
    )  # fmt: skip
    seen = events(cast.stranger.actor, Filter(), before=None, limit=500)
    assert client not in {one.organisation for one in seen}
    assert client in {
        one.organisation for one in events(cast.auditor.actor, Filter(), before=None, limit=500)
    }


def test_a_client_agrees_by_naming_the_operator_itself(cast: Cast) -> None:
    client, operator = cast.client.id, cast.stranger_operator.id
    create(cast, cast.client_person.actor, client=client, operator=operator)
    found = Agreement.objects.get(client=client, operator=operator)
    assert found.agreed_by == cast.client_person.account
    assert Event.objects.filter(code="people.agreement.made", organisation=operator).count() == 1
    create(cast, cast.stranger.actor, client=client, operator=operator)
    assert Agreement.objects.filter(client=client).count() == 2
    assert (client, "Client") in parties_for(cast.stranger.actor).clients


def test_each_operator_sees_what_the_client_did_in_their_own_projects(cast: Cast) -> None:
    ours = create(cast, cast.client_person.actor, client=cast.client.id, operator=cast.operator.id)
    theirs = create(cast, cast.client_person.actor, client=cast.client.id, operator=cast.stranger_operator.id)
    for auditor, sees, not_this in ((cast.auditor, ours, theirs), (cast.stranger, theirs, ours)):
        seen = {one.subject for one in events(auditor.actor, Filter(), before=None, limit=500)}
        assert f"project:{sees.id}" in seen
        assert f"project:{not_this.id}" not in seen


def test_who_may_agree(cast: Cast) -> None:
    for by in (cast.stranger.actor, cast.foreign_client.actor, cast.administrator.actor):
        with pytest.raises((NotFound, NotAllowed)):
            agree(cast.client.id, cast.stranger_operator.id, by=by, at=BEGAN)


def test_nobody_else_takes_a_client_that_she_is_not_of(cast: Cast, client: Client) -> None:
    body = {
        "name": "X", "purpose": "X", "currency": "EUR", "seconds_per_task": "10",
        "client": str(cast.client.id), "operator": str(cast.stranger_operator.id),
    }  # fmt: skip
    headers = {**cast.stranger.headers, "Idempotency-Key": "1"}
    answer = client.post("/api/v1/projects", body, content_type="application/json", headers=headers)
    unknown = client.post(
        "/api/v1/projects",
        body | {"client": str(uuid.uuid4())},
        content_type="application/json",
        headers=headers | {"Idempotency-Key": "2"},
    )
    assert (answer.status_code, answer.json()["code"]) == (unknown.status_code, unknown.json()["code"])

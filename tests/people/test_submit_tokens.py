"""The token that sends an outbox, and does nothing else."""

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import erase_person, revoke_role
from palabre.people.models import Role
from palabre.people.permissions import Permission
from palabre.people.queries import actor_for_submit_token
from palabre.people.tokens import SUBMIT_LASTS, read_submit_token, submit_token
from tests.cast import BEGAN, Cast, Persona

SECOND = dt.timedelta(seconds=1)


def token_of(who: Persona) -> str:
    return submit_token(who.account, who.organisation, at=BEGAN)


def test_whom_it_makes(member: Persona, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        actor = actor_for_submit_token(token_of(member), BEGAN)
    assert actor is not None
    assert (actor.account, actor.organisation) == (member.account, member.organisation)
    assert {one for one in Permission if actor.may(one)} == {Permission.WORK}


def test_it_opens_for_ninety_days(member: Persona) -> None:
    token = token_of(member)
    assert actor_for_submit_token(token, BEGAN + SUBMIT_LASTS - SECOND) is not None
    assert actor_for_submit_token(token, BEGAN + SUBMIT_LASTS) is None


def test_the_end_of_her_role_keeps_nothing_on_her_phone(cast: Cast) -> None:
    """What was handed to her before is still taken and paid."""
    token = token_of(cast.member)
    revoke_role(cast.member.account, cast.operator.id, Role.MEMBER, by=cast.administrator.actor, at=BEGAN)
    actor = actor_for_submit_token(token, BEGAN)
    assert actor is not None
    assert {one for one in Permission if actor.may(one)} == {Permission.WORK}


def test_nothing_is_opened_where_she_never_was(cast: Cast) -> None:
    token = submit_token(cast.member.account, cast.stranger_operator.id, at=BEGAN)
    assert actor_for_submit_token(token, BEGAN) is None


def test_nothing_is_opened_once_she_is_erased(cast: Cast) -> None:
    token = token_of(cast.member)
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    assert actor_for_submit_token(token, BEGAN) is None


def test_a_grant_elsewhere_opens_nothing(cast: Cast) -> None:
    token = submit_token(cast.member.account, cast.stranger_operator.id, at=BEGAN)
    assert actor_for_submit_token(token, BEGAN) is None


@given(st.text(max_size=120))
def test_what_nobody_signed_is_no_token(text: str) -> None:
    assert read_submit_token(text, BEGAN) is None


@given(st.integers(min_value=0), st.sampled_from("0aZ._-"))
def test_a_changed_token_is_none(place: int, letter: str) -> None:
    token = submit_token(uuid.UUID(int=1), uuid.UUID(int=2), at=BEGAN)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    assert (read_submit_token(changed, BEGAN) is None) is (changed != token)

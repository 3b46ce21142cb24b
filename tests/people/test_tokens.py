"""create_token, revoke_token, and who a token makes you."""

import datetime as dt
import hashlib
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import create_token, erase_person, revoke_role, revoke_token
from palabre.people.actor import SYSTEM, Actor
from palabre.people.errors import (
    AlreadyErased,
    ExpiryPast,
    OnlyOnesOwn,
    OutlivesIts,
    ScopeTooWide,
    UnknownScope,
)
from palabre.people.models import Role, Token
from palabre.people.permissions import Permission
from palabre.people.queries import actor_for_token, tokens_of
from palabre.people.tokens import digest, new_secret
from palabre.record.models import Event
from tests.cast import BEGAN, Cast, Persona

HOUR = dt.timedelta(hours=1)


def make(who: Persona, *scopes: str, **more: object) -> tuple[Token, str]:
    options = {"name": "test", "by": who.actor, "at": BEGAN} | more
    return create_token(who.account, who.organisation, scopes=scopes, **options)  # type: ignore[arg-type]


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(member: Persona) -> None:
    token, secret = make(member, "work.do")
    assert secret.startswith("pal_")
    assert len(secret) == 47
    kept = Token.objects.get(id=token.id)
    assert bytes(kept.digest) == hashlib.sha256(secret.encode()).digest()
    assert secret[4:] not in str(Event.objects.latest("seq").data)


def test_two_secrets_differ() -> None:
    assert len({new_secret() for _ in range(100)}) == 100


@given(st.text(max_size=60))
def test_what_can_be_no_secret_is_not_looked_up(text: str) -> None:
    assert digest(text) is None


def test_who_a_token_makes_you(member: Persona, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _, secret = make(member, "work.do")
    with django_assert_num_queries(1):
        actor = actor_for_token(secret, BEGAN)
    assert actor is not None
    assert (actor.account, actor.organisation) == (member.account, member.organisation)
    assert actor.roles == {Role.MEMBER}
    assert actor.may(Permission.WORK)


def test_scopes_narrow_and_never_widen(cast: Cast) -> None:
    _, narrow = make(cast.coordinator, "projects.read")
    _, wide = make(cast.member, "work.do", "projects.manage")
    coordinator, member = actor_for_token(narrow, BEGAN), actor_for_token(wide, BEGAN)
    assert coordinator is not None
    assert member is not None
    assert coordinator.may(Permission.READ_PROJECTS)
    assert not coordinator.may(Permission.MANAGE_PROJECTS)
    assert not member.may(Permission.MANAGE_PROJECTS)


def test_what_opens_nothing(cast: Cast) -> None:
    _, ended = make(cast.member, "work.do", expires_at=BEGAN + HOUR)
    assert actor_for_token(ended, BEGAN + HOUR - dt.timedelta(seconds=1)) is not None
    assert actor_for_token(ended, BEGAN + HOUR) is None
    _, revoked = make(cast.member, "work.do")
    revoke_token(Token.objects.get(digest=digest(revoked)).id, by=cast.member.actor, at=BEGAN)
    assert actor_for_token(revoked, BEGAN) is None
    assert actor_for_token(new_secret(), BEGAN) is None
    revoke_role(cast.member.account, cast.operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    assert actor_for_token(cast.member.token, BEGAN) is None


def test_a_scope_of_an_older_version_gives_nothing(member: Persona) -> None:
    token, secret = make(member, "work.do")
    Token.objects.filter(id=token.id).update(scopes=["work.gone"])
    actor = actor_for_token(secret, BEGAN)
    assert actor is not None
    assert actor.scopes == frozenset()


def test_nobody_makes_a_token_for_another_person(cast: Cast) -> None:
    for name in ("administrator", "colleague", "coordinator", "finance", "auditor", "stranger"):
        by = getattr(cast, name).actor
        with pytest.raises((OnlyOnesOwn, NotFound)):
            make(cast.member, "work.do", by=by)
    assert actor_for_token(make(cast.member, "work.do", by=SYSTEM)[1], BEGAN) is not None
    with pytest.raises(NotFound):
        create_token(
            cast.member.account, cast.client.id, name="test", scopes=[], by=cast.member.actor, at=BEGAN
        )
    with pytest.raises(NotFound):
        create_token(uuid.uuid4(), cast.operator.id, name="test", scopes=[], by=SYSTEM, at=BEGAN)


def with_token(secret: str) -> Actor:
    actor = actor_for_token(secret, BEGAN)
    assert actor is not None
    return actor


def test_a_token_with_an_end_makes_none_that_outlives_it(member: Persona) -> None:
    by = with_token(make(member, "work.do", expires_at=BEGAN + HOUR)[1])
    for end in (None, BEGAN + 2 * HOUR):
        with pytest.raises(OutlivesIts):
            make(member, "work.do", expires_at=end, by=by)
    made, _ = make(member, "work.do", expires_at=BEGAN + HOUR, by=by)
    assert made.expires_at == BEGAN + HOUR


def test_what_was_made_with_a_token_ends_with_it(member: Persona) -> None:
    first, secret = make(member, "work.do")
    _, second = make(member, "work.do", by=with_token(secret))
    _, third = make(member, "work.do", by=with_token(second))
    _, other = make(member, "work.do")
    revoke_token(first.id, by=member.actor, at=BEGAN)
    assert [actor_for_token(one, BEGAN) for one in (secret, second, third)] == [None] * 3
    assert actor_for_token(other, BEGAN) is not None


def test_a_token_makes_no_stronger_one(cast: Cast) -> None:
    narrow = replace(cast.administrator.actor, scopes=frozenset({Permission.MANAGE_PEOPLE}))
    make(cast.administrator, "people.manage", by=narrow)
    with pytest.raises(ScopeTooWide):
        make(cast.administrator, "people.erase", by=narrow)


def test_unknown_scopes_and_past_ends_are_refused(member: Persona) -> None:
    with pytest.raises(UnknownScope):
        make(member, "everything")
    with pytest.raises(ExpiryPast):
        make(member, "work.do", expires_at=BEGAN)


def test_no_token_for_the_erased(cast: Cast) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(AlreadyErased):
        make(cast.member, "work.do", by=SYSTEM)


def test_who_revokes(cast: Cast) -> None:
    for name in ("colleague", "coordinator", "stranger", "client_person"):
        token, _ = make(cast.member, "work.do")
        with pytest.raises(NotFound):
            revoke_token(token.id, by=getattr(cast, name).actor, at=BEGAN)
    revoke_token(token.id, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(NotFound):
        revoke_token(token.id, by=cast.administrator.actor, at=BEGAN)


def test_who_reads_the_list(cast: Cast) -> None:
    assert len(tokens_of(cast.member.account, cast.member.actor)) == 1
    assert len(tokens_of(cast.member.account, cast.administrator.actor)) == 1
    assert tokens_of(cast.member.account, cast.stranger.actor) == []
    with pytest.raises(NotAllowed):
        tokens_of(cast.member.account, cast.colleague.actor)

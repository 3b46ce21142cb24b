"""grant_role and revoke_role."""

import threading
import uuid

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import erase_person, grant_role, revoke_role
from palabre.people.actor import SYSTEM
from palabre.people.errors import AlreadyErased, LastAdministrator, ResidenceMissing, RoleHeld, RoleNotHere
from palabre.people.models import Grant, Role
from palabre.people.queries import standing_roles
from palabre.record.models import Event
from tests.cast import BEGAN, Cast, gather


def test_granting_works(cast: Cast) -> None:
    grant_role(cast.member.account, cast.operator.id, Role.REVIEWER, by=cast.administrator.actor, at=BEGAN)
    assert standing_roles(cast.member.account, cast.operator.id) == {Role.MEMBER, Role.REVIEWER}
    event = Event.objects.latest("seq")
    assert (event.code, event.data) == ("people.role.granted", {"role": "reviewer"})
    assert event.actor == cast.administrator.account


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance"])
def test_who_may_not_grant(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        grant_role(
            cast.member.account, cast.operator.id, Role.ADMINISTRATOR, by=getattr(cast, name).actor, at=BEGAN
        )


def test_no_role_in_another_organisation(cast: Cast) -> None:
    administrator, stranger = cast.administrator.actor, cast.stranger.actor
    for account, organisation, by in [
        (cast.member.account, cast.operator.id, stranger),  # their person, their organisation
        (cast.member.account, cast.stranger_operator.id, stranger),  # their person, into mine
        (cast.administrator.account, cast.stranger_operator.id, administrator),  # myself, into theirs
        (uuid.uuid4(), cast.operator.id, administrator),
    ]:
        with pytest.raises(NotFound):
            grant_role(account, organisation, Role.ADMINISTRATOR, by=by, at=BEGAN)


def test_granting_twice(cast: Cast) -> None:
    with pytest.raises(RoleHeld):
        grant_role(cast.member.account, cast.operator.id, Role.MEMBER, by=cast.administrator.actor, at=BEGAN)


def test_who_works_needs_a_home(cast: Cast) -> None:
    with pytest.raises(ResidenceMissing):
        grant_role(cast.finance.account, cast.operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)


def test_a_client_hands_out_no_rights_of_an_operator(cast: Cast) -> None:
    with pytest.raises(RoleNotHere):
        grant_role(cast.client_person.account, cast.client.id, Role.FINANCE, by=SYSTEM, at=BEGAN)


def test_nothing_is_granted_to_the_erased(cast: Cast) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(AlreadyErased):
        grant_role(cast.member.account, cast.operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)


def test_revoking_works_and_keeps_the_past(cast: Cast) -> None:
    revoke_role(cast.member.account, cast.operator.id, Role.MEMBER, by=cast.administrator.actor, at=BEGAN)
    assert standing_roles(cast.member.account, cast.operator.id) == set()
    assert Grant.objects.get(account=cast.member.account).revoked_at == BEGAN
    grant_role(cast.member.account, cast.operator.id, Role.MEMBER, by=cast.administrator.actor, at=BEGAN)
    assert Grant.objects.filter(account=cast.member.account).count() == 2


def test_revoking_what_nobody_holds(cast: Cast) -> None:
    with pytest.raises(NotFound):
        revoke_role(
            cast.member.account, cast.operator.id, Role.FINANCE, by=cast.administrator.actor, at=BEGAN
        )


def test_the_last_administrator_stays(cast: Cast) -> None:
    by = cast.administrator.actor
    with pytest.raises(LastAdministrator):
        revoke_role(cast.administrator.account, cast.operator.id, Role.ADMINISTRATOR, by=by, at=BEGAN)
    grant_role(cast.finance.account, cast.operator.id, Role.ADMINISTRATOR, by=by, at=BEGAN)
    revoke_role(cast.administrator.account, cast.operator.id, Role.ADMINISTRATOR, by=by, at=BEGAN)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_revoke_each_other_at_once() -> None:
    """Without a lock over both grants each would see the other one standing, and none would be left."""
    cast = gather()
    first, second = cast.administrator, cast.finance
    grant_role(second.account, cast.operator.id, Role.ADMINISTRATOR, by=SYSTEM, at=BEGAN)
    outcomes: list[str] = []
    barrier = threading.Barrier(2, timeout=30)

    def revoke(account: uuid.UUID) -> None:
        barrier.wait()
        try:
            revoke_role(account, cast.operator.id, Role.ADMINISTRATOR, by=first.actor, at=BEGAN)
            outcomes.append("revoked")
        except LastAdministrator:
            outcomes.append("last")
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke, args=[who.account]) for who in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["last", "revoked"]

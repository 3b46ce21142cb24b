"""erase_person: what identifies her is gone, everything else is as it was."""

import uuid

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import Home, PersonalFields, add_person, erase_person, grant_role
from palabre.people.actor import SYSTEM
from palabre.people.errors import AlreadyErased, HeldElsewhere
from palabre.people.models import Account, Grant, PersonalData, Residence, Role, Token
from palabre.people.queries import actor_for_token, people, person
from palabre.record.models import Event
from tests.cast import BEGAN, Cast


def test_it_works(cast: Cast) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    assert not PersonalData.objects.filter(account=cast.member.account).exists()
    account = Account.objects.get(id=cast.member.account)
    assert (account.is_active, account.erased_at) == (False, BEGAN)
    assert not Grant.objects.filter(account=account, revoked_at=None).exists()
    assert not Token.objects.filter(account=account, revoked_at=None).exists()
    assert actor_for_token(cast.member.token, BEGAN) is None
    seen = person(cast.member.account, cast.administrator.actor)
    assert (seen.name, seen.email, seen.roles, seen.country) == (None, None, [], "SN")


def test_no_count_and_no_event_changes(cast: Cast) -> None:
    before = list(Event.objects.order_by("seq").values_list("seq", "code", "data"))
    counted = len(people(cast.administrator.actor)), Residence.objects.count(), Account.objects.count()
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    after = list(Event.objects.order_by("seq").values_list("seq", "code", "data"))
    assert after[:-1] == before
    assert after[-1][1:] == ("people.person.erased", {"owing": False})
    assert counted == (
        len(people(cast.administrator.actor)),
        Residence.objects.count(),
        Account.objects.count(),
    )


def test_her_name_stands_nowhere_any_more(cast: Cast) -> None:
    """Every text of every table, so that a table added later is looked into as well."""
    who = PersonalFields("Zuwaira Unmistakable", "zuwaira@example.org", "+2348031234567")
    home = Home(country="NG", timezone="Africa/Lagos")
    account = add_person(
        who, organisation=cast.operator.id, roles=[Role.MEMBER], language="en", home=home, by=SYSTEM, at=BEGAN
    )
    assert _rows_with("zuwaira") == 1
    erase_person(account.id, by=cast.administrator.actor, at=BEGAN)
    assert _rows_with("zuwaira") == 0
    assert _rows_with("2348031234567") == 0


def _rows_with(word: str) -> int:
    found = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {quoted} AS row WHERE row::text ILIKE %s",  # noqa: S608 - names of tables
                [f"%{word}%"],
            )
            found += cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        erase_person(cast.member.account, by=getattr(cast, name).actor, at=BEGAN)


def test_foreign_and_unknown_look_the_same(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            erase_person(account, by=cast.stranger.actor, at=BEGAN)


def test_twice(cast: Cast) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(AlreadyErased):
        erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)


def test_who_takes_part_elsewhere_is_erased_at_the_terminal_only(cast: Cast) -> None:
    grant_role(cast.member.account, cast.stranger_operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    with pytest.raises(HeldElsewhere):
        erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    erase_person(cast.member.account, by=SYSTEM, at=BEGAN)

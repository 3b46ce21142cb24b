"""move_residence."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.errors import NotAllowed, NotFound
from palabre.pay.models import DueDay
from palabre.pay.queries import lived_by
from palabre.people.actions import Home, PersonalFields, add_person, erase_person, move_residence
from palabre.people.actor import SYSTEM
from palabre.people.errors import AlreadyErased, UnknownCountry, UnknownTimezone
from palabre.people.models import EarlierResidence, Residence, Role
from palabre.record.models import Event
from tests.cast import BEGAN, NAIROBI, Cast

LATER = BEGAN + dt.timedelta(days=40)


def test_it_works(cast: Cast) -> None:
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)
    home = Residence.objects.get(account=cast.member.account)
    assert (home.country, home.timezone, home.since) == ("KE", "Africa/Nairobi", LATER)
    event = Event.objects.latest("seq")
    assert event.code == "people.residence.moved"
    assert event.data == {
        "country": "KE",
        "region": "",
        "timezone": "Africa/Nairobi",
        "from": LATER.date().isoformat(),
    }


def test_what_held_is_kept_with_its_time(cast: Cast) -> None:
    member, by = cast.member.account, cast.administrator.actor
    before = Residence.objects.get(account=member)
    move_residence(member, NAIROBI, by=by, at=LATER)
    move_residence(member, Home("FR", "Europe/Paris"), by=by, at=LATER + dt.timedelta(days=10))
    lived = lived_by(member)
    moved, again = LATER.date(), (LATER + dt.timedelta(days=10)).date()
    day = dt.timedelta(days=1)
    held = [
        lived.on(one).country for one in (dt.date.min, moved - day, moved, again - day, again, dt.date.max)
    ]
    assert held == [before.country, before.country, "KE", "KE", "FR", "FR"]
    assert lived.on(moved - day).timezone == before.timezone


def test_a_day_with_time_or_pay_stays_as_it_began(cast: Cast) -> None:
    """Else it would have two floors and two prices: who moved in the middle of a day was paid for it twice."""
    member, by, today = cast.member.account, cast.administrator.actor, LATER.date()
    DueDay.objects.create(member_id=member, day=today)
    moved = move_residence(member, NAIROBI, by=by, at=LATER)
    assert moved.from_day == today + dt.timedelta(days=1)
    # What was to begin tomorrow and is put right today never held.
    again = move_residence(member, Home("FR", "Europe/Paris"), by=by, at=LATER + dt.timedelta(hours=1))
    assert again.from_day == today + dt.timedelta(days=1)
    lived = lived_by(member)
    assert [one.country for one in lived.places] == ["SN", "FR"]
    assert lived.on(today).country == "SN"


def test_the_same_place_again_changes_nothing(cast: Cast) -> None:
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)
    told = Event.objects.count()
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER + dt.timedelta(days=3))
    assert Event.objects.count() == told
    assert EarlierResidence.objects.count() == 1


@pytest.mark.parametrize(("column", "other"), [("country", "FR"), ("region", "KE-30"), ("timezone", "UTC")])
def test_the_database_keeps_the_past(cast: Cast, column: str, other: str) -> None:
    member = Residence.objects.filter(account=cast.member.account)
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)
    earlier = EarlierResidence.objects.filter(account=cast.member.account)
    refused: list[tuple[str, Callable[[], object]]] = [
        ("day that is over", lambda: member.update(**{column: other}, since=LATER + dt.timedelta(days=9))),
        ("before is not kept", lambda: member.update(**{column: other}, from_day=dt.date(2027, 1, 1))),
        ("are never changed", lambda: earlier.update(**{column: other})),
        ("are never changed", earlier.delete),
    ]
    for why, change in refused:
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            change()


def test_an_earlier_residence_leaves_no_gap(cast: Cast) -> None:
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)
    for first in (LATER.date() - dt.timedelta(days=1), LATER.date() + dt.timedelta(days=1)):
        with pytest.raises(IntegrityError, match="begins where the one before"), transaction.atomic():
            EarlierResidence.objects.create(
                account_id=cast.member.account,
                country="FR",
                region="",
                timezone="Europe/Paris",
                from_day=first,
                until=LATER.date() + dt.timedelta(days=5),
            )


ZONES = st.sampled_from(
    [
        "Africa/Dakar",
        "Indian/Antananarivo",
        "Europe/Paris",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
        "America/Bogota",
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=st.lists(st.tuples(ZONES, st.lists(st.integers(1, 40), max_size=4)), min_size=1, max_size=4))
def test_no_move_changes_the_day_or_the_place_of_work(cast: Cast, moves: list[tuple[str, list[int]]]) -> None:
    """Wherever she moves: what an instant's day was when she worked, it stays, and so does the place of that day."""
    with transaction.atomic():
        member = add_person(
            PersonalFields("Awa Ndiaye"),
            organisation=cast.operator.id,
            roles=[Role.MEMBER],
            language="fr",
            home=Home("SN", "Africa/Dakar"),
            by=SYSTEM,
            at=BEGAN,
        ).id
        at, worked = BEGAN, list[tuple[dt.datetime, dt.date, str]]()
        for number, (zone, hours) in enumerate(moves):
            lived = lived_by(member)
            for passed in hours:
                at += dt.timedelta(hours=passed)
                day = lived.day_of(at)
                worked.append((at, day, lived.on(day).country))
                DueDay.objects.get_or_create(member_id=member, day=day)
            at += dt.timedelta(minutes=1)
            move_residence(member, Home(["FR", "KE", "MG", "SN"][number], zone), by=SYSTEM, at=at)
        lived = lived_by(member)
        days = [day for _at, day, _country in worked]
        assert days == sorted(days)
        for instant, day, country in worked:
            assert (lived.day_of(instant), lived.on(day).country) == (day, country)
            assert lived.day_end(day) > instant
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance"])
def test_who_may_not(cast: Cast, name: str) -> None:
    """Not even the member herself: her floor follows from it."""
    with pytest.raises(NotAllowed):
        move_residence(cast.member.account, NAIROBI, by=getattr(cast, name).actor, at=LATER)


def test_foreign_and_unknown_look_the_same(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            move_residence(account, NAIROBI, by=cast.stranger.actor, at=LATER)


def test_wrong_places(cast: Cast) -> None:
    by = cast.administrator.actor
    with pytest.raises(UnknownCountry):
        move_residence(cast.member.account, Home("XX", "Africa/Nairobi"), by=by, at=LATER)
    with pytest.raises(UnknownTimezone):
        move_residence(cast.member.account, Home("KE", "Nairobi"), by=by, at=LATER)


def test_the_erased_move_no_more(cast: Cast) -> None:
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(AlreadyErased):
        move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)

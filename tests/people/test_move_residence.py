"""move_residence."""

import datetime as dt
import uuid

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import Home, erase_person, move_residence
from palabre.people.errors import AlreadyErased, UnknownCountry, UnknownTimezone
from palabre.people.models import Residence
from palabre.record.models import Event
from tests.cast import BEGAN, NAIROBI, Cast

LATER = BEGAN + dt.timedelta(days=40)


def test_it_works(cast: Cast) -> None:
    move_residence(cast.member.account, NAIROBI, by=cast.administrator.actor, at=LATER)
    home = Residence.objects.get(account=cast.member.account)
    assert (home.country, home.timezone, home.since) == ("KE", "Africa/Nairobi", LATER)
    event = Event.objects.latest("seq")
    assert event.code == "people.residence.moved"
    assert event.data == {"country": "KE", "region": "", "timezone": "Africa/Nairobi"}


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

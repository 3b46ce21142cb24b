"""make_link, look_at_link and use_link."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from palabre.errors import NotFound
from palabre.people.actions import erase_person, look_at_link, make_link, use_link
from palabre.people.actor import SYSTEM
from palabre.people.errors import AlreadyErased, LinkOver
from palabre.people.models import Account, Link
from palabre.record.models import Event
from tests.cast import BEGAN, Cast, gather

SIGN_IN, INVITATION = Link.Purpose.SIGN_IN, Link.Purpose.INVITATION
MINUTE = dt.timedelta(minutes=1)


def test_it_works_once(cast: Cast) -> None:
    secret = make_link(cast.member.account, SIGN_IN, by=SYSTEM, at=BEGAN)
    assert look_at_link(secret, at=BEGAN).account_id == cast.member.account
    link = use_link(secret, at=BEGAN + MINUTE)
    assert (link.account_id, link.purpose, link.used_at) == (cast.member.account, "sign_in", BEGAN + MINUTE)
    for again in (use_link, look_at_link):
        with pytest.raises(LinkOver):
            again(secret, at=BEGAN + MINUTE)


def test_the_record_knows_of_it_but_not_the_secret(cast: Cast) -> None:
    secret = make_link(cast.member.account, INVITATION, by=cast.administrator.actor, at=BEGAN)
    use_link(secret, at=BEGAN)
    made, used = Event.objects.order_by("-seq")[1], Event.objects.order_by("-seq")[0]
    assert (made.code, made.actor, made.data) == (
        "people.link.made",
        cast.administrator.account,
        {"purpose": "invitation"},
    )
    assert (used.code, used.actor, used.data) == (
        "people.link.used",
        cast.member.account,
        {"purpose": "invitation"},
    )
    assert secret.encode() not in bytes(Link.objects.get().digest)


@pytest.mark.parametrize(
    ("purpose", "lasts"), [(SIGN_IN, dt.timedelta(hours=1)), (INVITATION, dt.timedelta(days=14))]
)
def test_it_ends(cast: Cast, purpose: Link.Purpose, lasts: dt.timedelta) -> None:
    secret = make_link(cast.member.account, purpose, by=SYSTEM, at=BEGAN)
    look_at_link(secret, at=BEGAN + lasts - MINUTE)
    with pytest.raises(LinkOver):
        use_link(secret, at=BEGAN + lasts)


def test_a_new_one_replaces_the_one_before(cast: Cast) -> None:
    first = make_link(cast.member.account, SIGN_IN, by=SYSTEM, at=BEGAN)
    other = make_link(cast.member.account, INVITATION, by=SYSTEM, at=BEGAN)
    second = make_link(cast.member.account, SIGN_IN, by=SYSTEM, at=BEGAN)
    with pytest.raises(LinkOver):
        use_link(first, at=BEGAN)
    use_link(second, at=BEGAN)
    use_link(other, at=BEGAN)


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "é" * 500, "\x00"])
def test_what_nobody_made(db: None, secret: str) -> None:
    with pytest.raises(LinkOver):
        use_link(secret, at=BEGAN)


def test_for_people_of_ones_own_organisation(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            make_link(account, INVITATION, by=cast.stranger.actor, at=BEGAN)


def test_not_for_the_erased(cast: Cast) -> None:
    secret = make_link(cast.member.account, INVITATION, by=SYSTEM, at=BEGAN)
    erase_person(cast.member.account, by=SYSTEM, at=BEGAN)
    with pytest.raises(LinkOver):
        use_link(secret, at=BEGAN)
    with pytest.raises(AlreadyErased):
        make_link(cast.member.account, INVITATION, by=SYSTEM, at=BEGAN)


def test_not_for_an_account_that_sleeps(cast: Cast) -> None:
    secret = make_link(cast.member.account, SIGN_IN, by=SYSTEM, at=BEGAN)
    Account.objects.filter(id=cast.member.account).update(is_active=False)
    with pytest.raises(LinkOver):
        use_link(secret, at=BEGAN)


@pytest.mark.django_db(transaction=True)
def test_two_who_use_it_at_the_same_time() -> None:
    secret = make_link(gather().member.account, SIGN_IN, by=SYSTEM, at=BEGAN)
    outcomes: list[str] = []
    barrier = threading.Barrier(2, timeout=30)

    def use() -> None:
        barrier.wait()
        try:
            use_link(secret, at=BEGAN)
            outcomes.append("in")
        except LinkOver:
            outcomes.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "over"]

"""Where money goes: checked in its form, changed with a proof and a wait, held in the record, gone with her."""

import csv
import datetime as dt
import uuid
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from palabre.errors import NotAllowed, NotFound, PalabreError
from palabre.messages.models import Message
from palabre.pay import verify
from palabre.pay.actions import in_use, name_destination, request_payout, waiting, withdraw_destination
from palabre.pay.actions.destinations import FRESH
from palabre.pay.destinations import SERVICES, Wanted, checked, checked_iban, masked, whole
from palabre.pay.errors import (
    BadAccountNumber,
    BadBic,
    BadIban,
    BadMobileNumber,
    DestinationIncomplete,
    IbanOfAnotherCountry,
    NoDestination,
    NothingWaits,
    ProofNotFresh,
    ServiceUnknown,
)
from palabre.pay.models import Destination
from palabre.people.actions import erase_person
from palabre.people.actor import SYSTEM, Actor
from palabre.people.errors import AlreadyErased, TextMissing, UnknownCountry
from palabre.people.permissions import Permission
from palabre.record.models import Event
from tests.cast import Cast, Persona
from tests.messages.channels import carry_everything
from tests.pay.conftest import NOON, Kind, give, new_member
from tests.pay.leading import ACCOUNT, BANK, CASH, ORANGE, WAVE, lead

VECTORS = Path(__file__).parents[3] / "shared/data/payments/iban/vectors.csv"
WAIT = dt.timedelta(hours=48)


# The form


@pytest.mark.parametrize(
    ("wanted", "number", "shown"),
    [
        (WAVE, "+221771234567", "Wave •••• 4567"),
        (ORANGE, "+221787654321", "Orange Money •••• 4321"),
        (BANK, "FR7630006000011234567890189", "Bank account •••• 0189"),
        (ACCOUNT, "0123456789", "Bank account •••• 6789"),
        (CASH, "", "Cash, Centre de Thiès"),
    ],
)
def test_each_way_has_one_form_in_which_it_is_kept(wanted: Wanted, number: str, shown: str) -> None:
    kept = checked(wanted)
    assert kept.number == number
    assert checked(kept) == kept, "what is kept may be said again"
    row = Destination(**asdict(kept))
    assert masked(row) == shown
    assert number in whole(row)


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Wanted("pigeon", "SN"), DestinationIncomplete),
        (Wanted("cash", "XX", place="here"), UnknownCountry),
        (Wanted("cash", "SN", place="  "), TextMissing),
        (Wanted("mobile_money", "SN", "mpesa", "771234567", holder="A"), ServiceUnknown),
        (Wanted("mobile_money", "FR", "wave", "0612345678", holder="A"), ServiceUnknown),
        (Wanted("mobile_money", "SN", "wave", "771234567"), TextMissing),
        (Wanted("mobile_money", "SN", "wave", "77123456", holder="A"), BadMobileNumber),
        (Wanted("mobile_money", "SN", "wave", "33 821 00 00", holder="A"), BadMobileNumber),  # a landline
        (Wanted("mobile_money", "SN", "wave", "+33612345678", holder="A"), BadMobileNumber),
        (Wanted("mobile_money", "SN", "wave", "", holder="A"), BadMobileNumber),
        (Wanted("bank", "FR", number="FR7630006000011234567890188", holder="A"), BadIban),
        (Wanted("bank", "SN", number="FR7630006000011234567890189", holder="A"), IbanOfAnotherCountry),
        (Wanted("bank", "FR", number="FR7630006000011234567890189", bank="BIC", holder="A"), BadBic),
        (Wanted("bank", "KE", number="12", bank="Equity", holder="A"), BadAccountNumber),
        (Wanted("bank", "KE", number="=1+1", bank="Equity", holder="A"), BadAccountNumber),
        (Wanted("bank", "KE", number="0123456789", holder="A"), TextMissing),
        (Wanted("bank", "KE", number="٠١٢٣٤٥٦٧٨٩", bank="Equity", holder="A"), BadAccountNumber),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(wanted: Wanted, error: type[PalabreError]) -> None:
    with pytest.raises(error) as found:
        checked(wanted)
    assert found.value.fields["path"]
    assert str(found.value)


@pytest.mark.parametrize(
    ("iban", "good"),
    [
        ("SN08SN0100152000048500003035", True),
        ("SN08SN0100152000048500003036", False),
        ("SN08SN010015200004850000303", False),
        ("CI93CI0080111301134291200589", True),
        ("MA64011519000001205000534921", True),
        ("TN5910006035183598478831", True),
    ],
)
def test_ibans_that_are_in_no_registry_are_held_by_length_and_digits(iban: str, good: bool) -> None:
    if good:
        assert checked_iban(iban) == iban
    else:
        with pytest.raises(BadIban):
            checked_iban(iban)


def test_real_ibans() -> None:
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS} is not there")
    wrong = []
    for row in csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()):
        try:
            checked_iban(row["iban"])
            good = True
        except BadIban:
            good = False
        if good != (row["valid"] == "1"):
            wrong.append(row["iban"])
    assert wrong == []


def test_every_service_is_of_a_country_and_fits_a_number_there() -> None:
    import phonenumbers

    for country in SERVICES:
        example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
        assert example is not None
        written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for service in SERVICES[country]:
            kept = checked(Wanted("mobile_money", country, service, written, holder="A"))
            assert kept.number == written


# The change

pytestmark = pytest.mark.django_db


def test_the_first_one_holds_at_once(cast: Cast) -> None:
    row = lead(cast.member.account, at=NOON)
    assert (row.usable_from, in_use(cast.member.account, NOON)) == (NOON, row)
    event = Event.objects.get(code="pay.destination.named")
    assert event.actor == cast.member.account
    assert "771234567" not in str(event.data)
    assert "Awa" not in str(event.data)
    assert list(verify.problems()) == []


def test_a_change_waits_and_money_goes_where_it_went_before(cast: Cast) -> None:
    first = lead(cast.member.account, at=NOON)
    later = NOON + dt.timedelta(days=1)
    second = lead(cast.member.account, ORANGE, at=later)
    assert second.usable_from == later + WAIT
    just_before = second.usable_from - dt.timedelta(seconds=1)
    for at, there, waits in (
        (later, first, second),
        (just_before, first, second),
        (second.usable_from, second, None),
    ):
        assert (in_use(cast.member.account, at), waiting(cast.member.account, at)) == (there, waits)
    give(cast.member.account, 100)
    before = request_payout(uuid.uuid4(), 10, "XOF", by=cast.member.actor, at=just_before)
    after = request_payout(uuid.uuid4(), 10, "XOF", by=cast.member.actor, at=second.usable_from)
    assert (before.destination_id, after.destination_id) == (first.id, second.id)
    assert list(verify.problems()) == []


def test_a_change_that_waits_is_taken_back_or_replaced(cast: Cast) -> None:
    first = lead(cast.member.account, at=NOON)
    with pytest.raises(NothingWaits):
        withdraw_destination(by=cast.member.actor, at=NOON)
    lead(cast.member.account, ORANGE, at=NOON)
    withdrawn = withdraw_destination(by=cast.member.actor, at=NOON)
    assert withdrawn.withdrawn_at == NOON
    assert in_use(cast.member.account, NOON + 2 * WAIT) == first
    replaced = lead(cast.member.account, ORANGE, at=NOON)
    last = lead(cast.member.account, CASH, at=NOON + dt.timedelta(hours=1))
    replaced.refresh_from_db()
    assert replaced.withdrawn_at == NOON + dt.timedelta(hours=1)
    assert in_use(cast.member.account, NOON + 2 * WAIT) == last
    assert list(verify.problems()) == []


def test_the_same_again_is_the_same(cast: Cast) -> None:
    first = lead(cast.member.account, at=NOON)
    assert lead(cast.member.account, at=NOON + WAIT) == first
    second = lead(cast.member.account, ORANGE, at=NOON)
    assert lead(cast.member.account, ORANGE, at=NOON) == second
    assert Destination.objects.count() == 2


@pytest.mark.parametrize(
    "proved", [None, NOON - FRESH - dt.timedelta(seconds=1), NOON + dt.timedelta(days=1)]
)
def test_without_a_fresh_proof_nothing_is_changed(cast: Cast, proved: dt.datetime | None) -> None:
    with pytest.raises(ProofNotFresh):
        name_destination(WAVE, proved_at=proved, by=cast.member.actor, at=NOON)
    assert not Destination.objects.exists()


def test_a_token_and_the_program_change_nothing(cast: Cast) -> None:
    narrow = Actor(
        cast.member.account, cast.operator.id, cast.member.actor.roles, scopes=frozenset(Permission)
    )
    with pytest.raises(NotAllowed):
        name_destination(WAVE, proved_at=NOON, by=narrow, at=NOON)
    with pytest.raises(NotFound):
        name_destination(WAVE, proved_at=NOON, by=SYSTEM, at=NOON)


def test_she_is_told_at_the_address_that_was_known(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_everything(monkeypatch)
    lead(cast.member.account, at=NOON)
    lead(cast.member.account, ORANGE, at=NOON)
    first, second = Message.objects.filter(person=cast.member.account).order_by("id")
    assert "from now on your money goes here: Wave •••• 4567" in first.body
    assert "Orange Money •••• 4321" in second.body
    assert "March 4, 2026" in second.body
    for message in (first, second):
        assert "771234567" not in message.body.replace(" ", "")


def test_somebody_whom_nothing_reaches_is_led_all_the_same() -> None:
    member = new_member()
    lead(member, at=NOON)
    assert in_use(member, NOON) is not None
    assert not Message.objects.exists()


def test_money_without_a_place_to_go_to_is_not_set_aside(cast: Cast) -> None:
    from palabre.pay.actions import Move, open_account, post

    world = open_account(Kind.WORLD, None, "XOF")
    hers = open_account(Kind.PAYABLE, cast.member.account, "XOF", owed_by=cast.operator.id)
    post("gift", "gift", [Move(world.id, "XOF", -5), Move(hers.id, "XOF", 5)], by=SYSTEM, at=NOON)
    with pytest.raises(NoDestination), transaction.atomic():
        request_payout(uuid.uuid4(), 5, "XOF", by=cast.member.actor, at=NOON)
    assert list(verify.problems()) == []


# The database


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"number": ""}, "destination_complete_ck"),
        ({"service": ""}, "destination_complete_ck"),
        ({"rail": "cash"}, "destination_complete_ck"),
        ({"usable_from": NOON - dt.timedelta(days=1)}, "destination_waits_ck"),
    ],
)
def test_the_database_refuses_what_is_none(cast: Cast, changed: dict[str, object], constraint: str) -> None:
    lead(cast.member.account, at=NOON)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Destination.objects.update(**changed)


# The erasure


def test_after_her_erasure_nothing_of_it_is_left_and_the_record_verifies(cast: Cast) -> None:
    give(cast.member.account, 100)
    lead(cast.member.account, ORANGE, at=NOON)
    erase_person(cast.member.account, by=SYSTEM, at=NOON, owing=True)
    for row in Destination.objects.filter(member=cast.member.account):
        assert {row.number, row.holder} == {"–"}
    assert list(verify.problems()) == []
    with pytest.raises(AlreadyErased):
        lead(cast.member.account, at=NOON)


def test_her_history_is_hers(member: Persona, cast: Cast) -> None:
    from palabre.pay.queries import destinations_of

    lead(member.account, at=NOON)
    lead(member.account, CASH, at=NOON + dt.timedelta(hours=1))
    assert [row.rail for row in destinations_of(member.account)] == ["cash", "mobile_money"]
    assert destinations_of(cast.colleague.account) == []

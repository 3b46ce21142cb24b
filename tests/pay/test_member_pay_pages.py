"""What a member sees of her money: the balance with its movements, statements, payouts that are asked for once."""

import datetime as dt
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.pay.actions import load_fixture
from palabre.pay.models import Payout
from palabre.people.actor import SYSTEM
from tests.cast import Cast, Persona
from tests.pay.conftest import give, work
from tests.web.reading import Seen, reader, weight

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def rich(cast: Cast) -> Persona:
    """The member, with 4,250 francs of which she has earned every one."""
    load_fixture(by=SYSTEM, at=LATER)
    give(cast.member.account, 4250)
    return cast.member


def ask(who: Persona, amount: str, **filled: str) -> Seen:
    browser = reader(who)
    page = browser.read("/pay/payouts/")
    return browser.send("/pay/payouts/", page, "amount", **{"amount": amount, **filled})


def test_the_balance_is_the_sum_of_its_movements(rich: Persona) -> None:
    ask(rich, "250")
    page = reader(rich).read("/pay/")
    assert "On your account now F CFA 4,000" in page.text
    assert "Taken out -F CFA 250" in page.text
    assert "= on your account F CFA 4,000" in page.text
    assert "Every counted hour brings you at least F CFA 370 (legal minimum)." in page.text
    assert "€1 = F CFA 655.957" in page.text


def test_nothing_earned_yet_leads_to_work(cast: Cast) -> None:
    page = reader(cast.member).read("/pay/")
    assert "Nothing has been earned yet." in page.text
    assert "/work/" in page.links
    assert "No floor is known yet" in page.text


@pytest.mark.parametrize("amount", ["1000", "1 000", "1\u00a0000", "1\u202f000"])
def test_she_takes_out_what_she_likes(rich: Persona, amount: str) -> None:
    page = ask(rich, amount)
    assert "the money is set aside for you" in page.text
    assert "to be carried" in page.text
    assert Payout.objects.get().amount == 1000


def test_the_same_form_twice_is_one_payout(rich: Persona) -> None:
    browser = reader(rich)
    page = browser.read("/pay/payouts/")
    for _ in range(2):
        browser.send("/pay/payouts/", page, "amount", amount="1000")
    assert Payout.objects.count() == 1


def test_a_changed_form_under_the_same_number_is_refused(rich: Persona) -> None:
    """She went back, wrote another amount and sent the old page again: the first payout stands."""
    browser = reader(rich)
    page = browser.read("/pay/payouts/")
    browser.send("/pay/payouts/", page, "amount", amount="1000")
    again = browser.send("/pay/payouts/", page, "amount", amount="2000")
    assert again.status == 422
    assert Payout.objects.get().amount == 1000


@pytest.mark.parametrize("amount", ["", "0", "-5", "1_000", "1e3", "٣", "12.5", "NaN", "4251", "1" * 21])
def test_amounts_that_are_none_change_nothing(rich: Persona, amount: str) -> None:
    page = ask(rich, amount)
    assert page.status == 422
    assert "Please look at this again" in page.text
    assert not Payout.objects.exists()


@pytest.mark.parametrize("wrong", [{"currency": "EUR"}, {"payout": "x"}, {"payout": ""}])
def test_fields_that_nobody_wrote(rich: Persona, wrong: dict[str, str]) -> None:
    assert ask(rich, "10", **wrong).status == 422
    assert not Payout.objects.exists()


def test_what_is_wrong_with_an_amount_stands_beside_it(rich: Persona) -> None:
    """More than she has, and what is no amount in francs, which have no decimals to speak of."""
    for amount, said in (("4251", "There is not enough money"), ("12,5", "Write digits and nothing else")):
        page = ask(rich, amount)
        assert page.text.count(said) == 2, "summed up at the top, and beside the field"
        assert "decimals" not in page.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("prepared", "waits for somebody of Operator to carry it"),
        ("sent", "It is said here as soon as it is known that it arrived"),
        ("accepted", "The payment service has taken it"),
        ("pending", "The payment service has taken it"),
        ("paid", "It was paid to you"),
        ("failed", "The money is back on your account"),
        ("unknown", "never sent twice and never lost"),
    ],
)
def test_each_state_in_plain_words(rich: Persona, state: str, said: str) -> None:
    ask(rich, "10")
    Payout.objects.update(state=state)
    assert said in reader(rich).read("/pay/payouts/").text


def test_a_week_as_on_paper_with_its_files(rich: Persona) -> None:
    work(rich.account, 1, 3_600_000)
    page = reader(rich).read("/pay/statement/?week=2026-W10")
    assert "Week 10 of 2026" in page.text
    assert "/time/day/?date=2026-03-02" in page.links
    for file in (
        "statement.pdf?week=2026-W10&language=en",
        "statement.csv?week=2026-W10",
        "statement?week=2026-W10",
    ):
        assert f"/api/v1/me/{file}" in page.links
        assert reader(rich).client.get(f"/api/v1/me/{file}").status_code == 200


@pytest.mark.parametrize("week", ["2026-W54", "x", "", "2026W10", "9999-W52"])
def test_weeks_that_are_none(rich: Persona, week: str) -> None:
    assert reader(rich).read(f"/pay/statement/?week={week}").status == 422


def test_money_is_ones_own(rich: Persona, cast: Cast) -> None:
    ask(rich, "10")
    for address in ("/pay/", "/pay/payouts/", "/pay/statement/"):
        page = reader(cast.reviewer).read(address)
        assert page.status == 200
        assert "4,250" not in page.text
        assert str(Payout.objects.get().reference)[-8:] not in page.text
        for who in (cast.coordinator, cast.client_person, cast.finance, cast.auditor):
            assert "4,250" not in reader(who).read(address).text


def test_she_can_not_take_anothers(rich: Persona, cast: Cast) -> None:
    give(cast.reviewer.account, 100)
    assert ask(cast.reviewer, "101").status == 422
    assert ask(cast.reviewer, "100", payout=str(uuid.uuid4())).status == 200
    assert Payout.objects.get().member_id == cast.reviewer.account


@pytest.mark.parametrize(
    ("address", "statements"), [("/pay/", 13), ("/pay/payouts/", 9), ("/pay/statement/", 12)]
)
def test_pages_are_light_and_ask_a_counted_number_of_statements(
    rich: Persona, django_assert_num_queries: DjangoAssertNumQueries, address: str, statements: int
) -> None:
    browser = reader(rich)
    with django_assert_num_queries(statements):
        page = browser.read(address)
    assert weight(page) < 60_000


def test_french(rich: Persona) -> None:
    page = reader(rich).read("/pay/", "fr")
    assert "Sur votre compte maintenant 4 250 F CFA" in page.text

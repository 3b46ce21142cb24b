import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from palabre.errors import NotAllowed
from palabre.pay.actions import import_rates
from palabre.pay.errors import NoExchangeRate, TableRefused
from palabre.pay.models import ExchangeRate
from palabre.pay.rates import rate_at
from palabre.people.actor import SYSTEM
from palabre.record.models import Event
from tests.cast import Cast
from tests.pay.conftest import DAY, LATER

pytestmark = pytest.mark.django_db
HEAD = b"base,quote,rate,on,source\n"


def test_rates_are_taken_with_their_source(cast: Cast) -> None:
    data = HEAD + b"EUR,NGN,1650.25,2026-03-01,A bank\nEUR,KES,150.1,2026-03-01,A bank\n"
    assert import_rates(data, by=cast.finance.actor, at=LATER) == (2, 0)
    assert import_rates(data, by=cast.finance.actor, at=LATER) == (0, 2)
    assert Event.objects.filter(code="pay.rates.imported").count() == 2


def test_a_rate_of_a_day_never_changes() -> None:
    import_rates(HEAD + b"EUR,NGN,1650.25,2026-03-01,A bank\n", by=SYSTEM, at=LATER)
    with pytest.raises(TableRefused, match="line 2, column rate"):
        import_rates(HEAD + b"EUR,NGN,1650.26,2026-03-01,A bank\n", by=SYSTEM, at=LATER)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("EUR,EUR,1,2026-03-01,x", "quote"),
        ("EUR,XXX,1,2026-03-01,x", "quote"),
        ("EUR,XOF,0,2026-03-01,x", "rate"),
        ("EUR,XOF,1.1234567890123,2026-03-01,x", "rate"),
        ("EUR,XOF,1,yesterday,x", "on"),
        ("EUR,XOF,1,2026-03-01,", "source"),
    ],
)
def test_a_wrong_cell_is_named(row: str, column: str) -> None:
    with pytest.raises(TableRefused, match=f"line 2, column {column}"):
        import_rates(HEAD + row.encode(), by=SYSTEM, at=LATER)
    assert not ExchangeRate.objects.exists()


def test_who_may_not(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        import_rates(HEAD, by=cast.coordinator.actor, at=LATER)


def test_the_newest_on_or_before_the_day_holds() -> None:
    for days, rate in ((-30, "600"), (-1, "650"), (1, "700")):
        ExchangeRate.objects.create(
            base="EUR", quote="XOF", rate=Decimal(rate), on=DAY + dt.timedelta(days=days), source=rate
        )
    found = rate_at("EUR", "XOF", DAY)
    assert found.exact == 650
    assert (found.on, found.source) == (DAY - dt.timedelta(days=1), "650")


def test_the_other_direction_is_exact(floors: None) -> None:
    assert rate_at("EUR", "XOF", DAY).exact == Fraction("655.957")
    assert rate_at("XOF", "EUR", DAY).exact == Fraction(1000, 655957)


def test_a_currency_is_worth_itself() -> None:
    assert rate_at("NGN", "NGN", DAY).exact == 1


def test_no_rate_is_guessed(floors: None) -> None:
    with pytest.raises(NoExchangeRate):
        rate_at("XOF", "XAF", DAY)
    with pytest.raises(NoExchangeRate):
        rate_at("EUR", "XOF", dt.date(1998, 12, 31))

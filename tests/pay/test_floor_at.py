import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from palabre.pay.errors import NoFloor
from palabre.pay.floors import floor_at, plain
from palabre.pay.models import Floor
from tests.pay.conftest import DAY

pytestmark = pytest.mark.django_db


def floor(amount: str, **fields: object) -> Floor:
    known: dict[str, object] = {
        "kind": "legal_minimum",
        "country": "SN",
        "amount": Decimal(amount),
        "currency": "XOF",
        "unit": "hour",
        "valid_from": DAY,
        "source": "x",
        "source_kind": "law",
        "licence": "x",
        "checked_on": DAY,
    }
    return Floor.objects.create(**(known | fields))


def test_the_newest_that_is_in_force() -> None:
    floor("100", valid_from=DAY - dt.timedelta(days=400))
    floor("110", valid_from=DAY - dt.timedelta(days=10))
    floor("120", valid_from=DAY + dt.timedelta(days=1))
    assert floor_at("SN", "", DAY).hourly == 110
    assert floor_at("SN", "", DAY - dt.timedelta(days=11)).hourly == 100
    assert floor_at("SN", "", DAY + dt.timedelta(days=1)).hourly == 120


def test_an_end_is_the_last_day() -> None:
    floor("100", valid_to=DAY)
    assert floor_at("SN", "", DAY).hourly == 100
    with pytest.raises(NoFloor):
        floor_at("SN", "", DAY + dt.timedelta(days=1))


def test_a_month_is_divided_exactly() -> None:
    floor("60000", unit="month", weekly_hours=Decimal(40))
    found = floor_at("SN", "", DAY)
    assert found.exact == Fraction(60000 * 12, 40 * 52)
    assert found.hourly == Decimal("346.1538461538461538461538462")


def test_a_region_has_its_own_or_its_countrys() -> None:
    floor("100", country="KE", valid_from=DAY)
    floor("150", country="KE", region="KE-30", valid_from=DAY - dt.timedelta(days=90))
    assert floor_at("KE", "KE-30", DAY).hourly == 150
    assert floor_at("KE", "KE-28", DAY).hourly == 100
    assert floor_at("KE", "", DAY).hourly == 100


def test_a_region_alone_is_not_the_countrys() -> None:
    floor("150", country="KE", region="KE-30")
    with pytest.raises(NoFloor):
        floor_at("KE", "KE-28", DAY)


def test_a_sector_of_its_own_is_not_everybodys() -> None:
    floor("90", sector="agriculture")
    with pytest.raises(NoFloor):
        floor_at("SN", "", DAY)


def test_the_living_tariff_is_paid_and_both_are_seen() -> None:
    legal, living = floor("100"), floor("180", kind="living_tariff", source_kind="study")
    found = floor_at("SN", "", DAY)
    assert found.floor == living
    assert found.hourly == 180
    assert found.legal_minimum is not None
    assert found.living_tariff is not None
    assert (found.legal_minimum.floor, found.living_tariff.floor) == (legal, living)


def test_a_living_tariff_below_the_law_is_not_paid() -> None:
    floor("100")
    floor("80", kind="living_tariff")
    assert floor_at("SN", "", DAY).hourly == 100


def test_it_says_when_nobody_read_the_law_or_lately_looked() -> None:
    floor("100", source_kind="press", checked_on=DAY)
    found = floor_at("SN", "", DAY)
    assert found.from_press
    assert not found.used.is_old(DAY + dt.timedelta(days=365))
    assert found.used.is_old(DAY + dt.timedelta(days=366))


def test_it_costs_one_statement(django_assert_num_queries: object) -> None:
    floor("100")
    with django_assert_num_queries(1):  # type: ignore[operator]
        floor_at("SN", "SN-DK", DAY)


def test_figures_are_shown_as_published() -> None:
    assert plain(Decimal("370.526000")) == "370.526"
    assert plain(Decimal("60000.000000")) == "60000"
    assert plain(Decimal(60000)) == "60000"

import datetime as dt
from decimal import Decimal
from importlib.resources import files

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.errors import NotAllowed
from palabre.pay.actions import import_floors, load_fixture
from palabre.pay.actions.imports import FLOOR_COLUMNS
from palabre.pay.errors import TableRefused
from palabre.pay.floors import hourly_exact, known_floors
from palabre.pay.models import ExchangeRate, Floor
from palabre.pay.tables import LARGEST
from palabre.people.actor import SYSTEM
from palabre.record.models import Event
from tests.cast import Cast
from tests.pay.conftest import LATER

pytestmark = pytest.mark.django_db
GOOD = {
    "kind": "living_tariff",
    "country": "SN",
    "amount": "500.5",
    "currency": "XOF",
    "unit": "hour",
    "valid_from": "2026-01-01",
    "source": "A study",
    "source_kind": "study",
    "licence": "bought",
    "checked_on": "2026-02-01",
}


def table(*rows: dict[str, str]) -> bytes:
    lines = [FLOOR_COLUMNS, *([row.get(column, "") for column in FLOOR_COLUMNS] for row in rows)]
    return "\n".join(",".join(line) for line in lines).encode()


def problems(data: bytes) -> str:
    with pytest.raises(TableRefused) as refused:
        import_floors(data, by=SYSTEM, at=LATER)
    assert not Floor.objects.filter(kind="living_tariff").exists()
    return str(refused.value)


def test_a_table_is_taken(cast: Cast) -> None:
    imported = import_floors(table(GOOD), by=cast.finance.actor, at=LATER)
    assert imported == (1, 0)
    floor = Floor.objects.get()
    assert (floor.amount, floor.currency, floor.region, floor.valid_to) == (Decimal("500.5"), "XOF", "", None)
    event = Event.objects.get(code="pay.floors.imported")
    assert (event.actor, event.data["added"]) == (cast.finance.account, [floor.id])


def test_columns_may_stand_in_any_order_with_a_byte_order_mark_and_blank_lines() -> None:
    columns = sorted(FLOOR_COLUMNS)
    text = ",".join(columns) + "\r\n\r\n" + ",".join(GOOD.get(name, "") for name in columns) + "\r\n,,\r\n"
    text = text.replace("\r\n,,\r\n", "\r\n" + "," * (len(columns) - 1) + "\r\n")
    assert import_floors(b"\xef\xbb\xbf" + text.encode(), by=SYSTEM, at=LATER).added == 1


def test_a_known_row_is_refreshed_and_its_figure_never_changes() -> None:
    import_floors(table(GOOD), by=SYSTEM, at=LATER)
    newer = GOOD | {"checked_on": "2026-11-01", "valid_to": "2026-12-31"}
    assert import_floors(table(newer), by=SYSTEM, at=LATER) == (0, 1)
    floor = Floor.objects.get(known_to=None)
    assert (floor.checked_on, floor.valid_to) == (dt.date(2026, 11, 1), dt.date(2026, 12, 31))
    with pytest.raises(TableRefused, match=r"line 2, column amount.*500.5"):
        import_floors(table(GOOD | {"amount": "400"}), by=SYSTEM, at=LATER)
    assert {one.amount for one in Floor.objects.all()} == {Decimal("500.5")}


def test_what_was_known_before_stays_known_as_of_then() -> None:
    first, second = LATER, LATER + dt.timedelta(days=1)
    import_floors(table(GOOD), by=SYSTEM, at=first)
    assert import_floors(table(GOOD), by=SYSTEM, at=second) == (0, 1)
    assert Floor.objects.get().known_to is None, "nothing else was said"
    import_floors(table(GOOD | {"checked_on": "2026-11-01"}), by=SYSTEM, at=second)
    checked = {at: known_floors(at).get().checked_on for at in (first, second, None)}
    assert checked == {
        first: dt.date(2026, 2, 1),
        second: dt.date(2026, 11, 1),
        None: dt.date(2026, 11, 1),
    }
    assert not known_floors(first - dt.timedelta(seconds=1)).exists()


def test_a_figure_is_known_once_and_not_the_wrong_way_round() -> None:
    import_floors(table(GOOD), by=SYSTEM, at=LATER)
    known = Floor.objects.get()
    with pytest.raises(IntegrityError, match="floor_known_ck"), transaction.atomic():
        Floor.objects.update(known_to=LATER - dt.timedelta(seconds=1))
    known.pk = None
    with pytest.raises(IntegrityError, match="floor_place_date_uq"):
        known.save(force_insert=True)


def test_a_new_figure_has_a_new_date() -> None:
    import_floors(table(GOOD, GOOD | {"valid_from": "2026-06-01", "amount": "600"}), by=SYSTEM, at=LATER)
    assert Floor.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "minimum"),
        ("country", "sn"),
        ("country", "SEN"),
        ("region", "KE-30"),
        ("region", "Dakar"),
        ("sector", "Farming!"),
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "1e3"),
        ("amount", "1_000"),
        ("amount", "1,5"),
        ("amount", "NaN"),
        ("amount", "٣"),
        ("amount", "1.1234567"),
        ("currency", "FCFA"),
        ("unit", "day"),
        ("weekly_hours", "0"),
        ("weekly_hours", "169"),
        ("valid_from", "01/01/2026"),
        ("valid_from", "2026-02-30"),
        ("valid_to", "2025-12-31"),
        ("source", ""),
        ("source_kind", "rumour"),
        ("licence", ""),
        ("checked_on", "2027-01-01"),
    ],
)
def test_a_wrong_cell_is_named(column: str, value: str) -> None:
    said = problems(table(GOOD, GOOD | {"valid_from": "2026-05-01", column: f'"{value}"'}))
    assert f"line 3, column {column}: “{value}”" in said


def test_every_problem_is_named_at_once() -> None:
    said = problems(table(GOOD | {"country": "x", "amount": "x"}, GOOD | {"unit": "x"}))
    assert said.count("\n") == 3


def test_a_month_needs_its_hours_and_where_they_come_from() -> None:
    month = GOOD | {"unit": "month"}
    assert "column weekly_hours" in problems(table(month))
    assert "column hours_source" in problems(table(month | {"weekly_hours": "40"}))
    month |= {"weekly_hours": "40", "hours_source": "the law"}
    assert import_floors(table(month), by=SYSTEM, at=LATER).added == 1


def test_a_place_has_one_currency_at_a_time() -> None:
    load_fixture(by=SYSTEM, at=LATER)
    said = problems(table(GOOD | {"currency": "EUR"}))
    assert "SN has floors in EUR and XOF" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the columns must be"),
        (b"kind;country\n", "the columns must be"),
        ("kind,país".encode("latin-1"), "not text in UTF-8"),
        (table(GOOD).decode().encode("utf-16"), "not text in UTF-8"),
        (table(GOOD) + b"\n\0", "line 3: there is a NUL"),
        (table(GOOD) + b"\na,b", "line 3: has 2 cells instead of 16"),
        (table(GOOD) + b'\n"open', "the quotation marks are not closed"),
        (b"x" * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_such_table_is_refused(data: bytes, said: str) -> None:
    assert said in problems(data)


def test_who_may_not(cast: Cast) -> None:
    for who in (cast.member, cast.coordinator, cast.client_person, cast.auditor):
        with pytest.raises(NotAllowed):
            import_floors(table(GOOD), by=who.actor, at=LATER)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_damage_is_refused_or_read_never_half(noise: bytes, at: int) -> None:
    data = table(GOOD, GOOD | {"valid_from": "2026-05-01"})
    damaged = data[:at] + noise + data[at:]
    before = known_floors().count()
    try:
        imported = import_floors(damaged, by=SYSTEM, at=LATER)
    except TableRefused:
        assert known_floors().count() == before
    else:
        assert known_floors().count() == before + imported.added


def test_the_fixture_is_loaded_once() -> None:
    first = load_fixture(by=SYSTEM, at=LATER)
    assert load_fixture(by=SYSTEM, at=LATER) == (0, first.added)
    assert first.added == Floor.objects.count() + ExchangeRate.objects.count()


def test_the_fixture_says_where_each_figure_comes_from() -> None:
    load_fixture(by=SYSTEM, at=LATER)
    for floor in Floor.objects.all():
        assert floor.kind == "legal_minimum"  # no living tariff may be passed on
        assert floor.source.startswith("https://")
        assert floor.licence
        assert floor.legal_ref
        assert floor.weekly_hours is None or floor.hours_source
    read = {(f.country, f.source_kind) for f in Floor.objects.filter(sector="")}
    assert {country for country, kind in read if kind in {"law", "public_body"}} == {"SN", "FR", "CM"}


@pytest.mark.parametrize(
    ("country", "month"),
    # Checked by hand from the published figures: hourly x 52 weeks / 12.
    [("SN", "64224.5"), ("FR", "1823.03"), ("CM", "60000"), ("MG", "262680")],
)
def test_the_fixtures_months_come_out(country: str, month: str) -> None:
    load_fixture(by=SYSTEM, at=LATER)
    floor = Floor.objects.get(country=country, sector="")
    assert floor.weekly_hours is not None
    assert abs(float(hourly_exact(floor) * int(floor.weekly_hours) * 52 / 12) - float(month)) < 0.01


def test_the_packaged_tables_are_there() -> None:
    folder = files("palabre.pay") / "data"
    assert (folder / "floors.csv").is_file()
    assert (folder / "exchange_rates.csv").is_file()


def test_the_database_refuses_a_month_without_hours() -> None:
    import_floors(table(GOOD), by=SYSTEM, at=LATER)
    with pytest.raises(IntegrityError):
        Floor.objects.update(unit="month")

"""What finance and auditors see of money: sums that close, rows that can be reached, deposits that count once."""

import datetime as dt
import re
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.impact.audit.rows import KINDS, rows_of_kind
from palabre.pay.actions import Move, carry_payouts, open_account, post, request_payout, settle_day
from palabre.pay.jobs import run_settlements
from palabre.pay.models import ExchangeRate, LedgerAccount, LedgerTransaction, Payout, Settlement
from palabre.pay.queries import lived_by
from palabre.pay.verify import problems
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.models import Project
from palabre.work.queries import nights
from palabre.work.queries.escrows import escrows
from palabre.work.queries.ledger import transaction_for
from tests.pay.conftest import HOUR_MS, work
from tests.pay.leading import lead
from tests.web.filling import cells_of, fill, mark_in, page_of, plain
from tests.web.test_walls_pages import browser_of, content_of
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
DAY = AT.date()
NEXT_NIGHT = dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def worked(stage: Stage) -> Project:
    """Sixty tasks, forty-five answered in three rounds by the member, her day settled."""
    project = stage.live(tasks=60)
    for _ in range(3):
        stage.work(project, stage.cast.member, most=15)
    run_settlements(ManualClock(NEXT_NIGHT))
    return project


def test_what_is_promised_is_what_is_held(stage: Stage, worked: Project) -> None:
    page = page_of(stage.cast.finance, "/money/")
    assert cells_of(page, "Promised, in all") == cells_of(page, "Held: came in, less paid out")
    assert set(cells_of(page, "Difference")) == {"€0.00", "F CFA 0"}
    cost, ready, lacking = (
        cells_of(page, label)[0] for label in ("Cost of all", "Set aside for it", "Not set aside")
    )
    assert round(float(cost[1:]) - float(ready[1:]), 2) == float(lacking[1:])


def test_one_page_never_says_both_that_all_is_covered_and_that_it_is_not(
    stage: Stage, worked: Project
) -> None:
    """Before the shares are moved nothing is the operator's own: what was not set aside has nobody to pay for it."""
    said = [page_of(stage.cast.finance, where) for where in ("/", "/money/")]
    assert ["Every promise is covered" in page for page in said] == [False, False]
    assert ["does not pay for all of it" in page for page in said] == [True, True]
    world, platform = (
        open_account(kind, owner, "EUR").id
        for kind, owner in (
            (LedgerAccount.Kind.WORLD, None),
            (LedgerAccount.Kind.PLATFORM, worked.operator_id),
        )
    )
    moves = [Move(world, "EUR", -500), Move(platform, "EUR", 500)]
    post("capital", "deposit", moves, by=SYSTEM, at=AT)
    said = [page_of(stage.cast.finance, where) for where in ("/", "/money/")]
    assert ["Every promise is covered" in page for page in said] == [True, True]
    assert ["does not pay for all of it" in page for page in said] == [False, False]


def test_a_ledger_that_does_not_balance_is_named(stage: Stage, worked: Project) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE pay_balance SET amount = amount + 100 FROM pay_ledgeraccount a"
            " WHERE a.id = account_id AND a.kind = 'world' AND a.currency = 'EUR'"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    page = page_of(stage.cast.finance, "/money/")
    assert "The books in EUR do not balance: €1.00 are over" in plain(page)
    assert "do not balance" in page_of(stage.cast.finance, "/")


def test_without_a_rate_the_cost_is_not_known(stage: Stage, worked: Project) -> None:
    ExchangeRate.objects.all().delete()
    assert "no rate is known" in page_of(stage.cast.finance, "/money/")


def test_a_deposit_is_recorded_once(stage: Stage) -> None:
    project = stage.quoted().project
    browser = browser_of(stage.cast.finance)
    mark = mark_in(browser, "/money/deposits/")
    typed = {"_once": mark, "project": str(project.id), "amount": "12.50", "reference": "VIR 7"}
    first, again = (browser.post("/money/deposits/", typed) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert [
        one.amount for one in LedgerTransaction.objects.get(kind="deposit").postings.order_by("amount")
    ] == [
        -1250,
        1250,
    ]
    assert "VIR 7" in page_of(stage.cast.auditor, "/money/deposits/")


def test_the_same_reference_is_refused_by_name(stage: Stage) -> None:
    project = stage.quoted().project
    browser = browser_of(stage.cast.finance)
    typed = {"project": str(project.id), "amount": "12.50", "reference": "VIR 7"}
    assert fill(browser, "/money/deposits/", **typed)[0] == 302
    status, said = fill(browser, "/money/deposits/", **typed | {"amount": "99"})
    assert status == 422
    assert "“VIR 7” was recorded for this project on" in plain(said)
    assert "€12.50. Nothing was added." in plain(said)
    assert LedgerTransaction.objects.filter(kind="deposit").count() == 1


def test_a_deposit_is_taken_back_and_recorded_right(stage: Stage) -> None:
    project = stage.quoted().project
    browser = browser_of(stage.cast.finance)
    typed = {"project": str(project.id), "amount": "12.50", "reference": "VIR 7"}
    fill(browser, "/money/deposits/", **typed)
    wrong = LedgerTransaction.objects.get(kind="deposit").id
    address = f"/money/deposits/{wrong}/take-back/"
    assert address in page_of(stage.cast.finance, "/money/deposits/")
    assert fill(browser, address, reason=" ")[0] == 422
    assert fill(browser, address, reason="It was 21.50.") == (302, "/money/deposits/")
    assert fill(browser, "/money/deposits/", **typed | {"amount": "21.50"})[0] == 302
    page = page_of(stage.cast.finance, "/money/deposits/")
    assert address not in page
    assert page.count("/take-back/") == 1, "only the right one can be"
    said = plain(page)
    for words in ("-€12.50", "It was 21.50.", f"Takes back no. {wrong}", "taken back", "€21.50"):
        assert words in said
    assert cells_of(page, "Sum of this page, EUR")[0] == "€21.50"
    assert "It was taken back already." in page_of(stage.cast.finance, address)
    row = LedgerTransaction.objects.get(kind="deposit_reversed")
    assert "It was 21.50." in page_of(stage.cast.auditor, f"/money/transactions/{row.id}/")
    assert "take-back" not in page_of(stage.cast.auditor, "/money/deposits/")
    assert browser_of(stage.cast.auditor).get(address).status_code == 403
    assert browser_of(stage.cast.stranger).get(address).status_code == 404


def test_how_much_is_free_is_said(stage: Stage) -> None:
    from palabre.work.actions.reverse import free_money

    project = stage.live(tasks=1000, deposit=50)
    stage.work(project, stage.cast.member)
    number = LedgerTransaction.objects.get(kind="deposit").id
    browser, address = browser_of(stage.cast.finance), f"/money/deposits/{number}/take-back/"
    page = page_of(stage.cast.finance, address)
    assert f"€0.{free_money(project)} are free, the deposit is €0.50" in plain(page)
    assert 'name="reason"' not in page
    mark = mark_in(browser, "/money/deposits/")
    answer = browser.post(address, {"_once": mark, "reason": "x"})
    assert answer.status_code in {409, 422}
    assert not LedgerTransaction.objects.filter(kind="deposit_reversed").exists()


@pytest.mark.parametrize("amount", ["1e3", "1_000", "12.505", "-5", "0", "٣", "NaN", ""])
def test_an_amount_that_is_none(stage: Stage, amount: str) -> None:
    project = stage.quoted().project
    status, said = fill(
        browser_of(stage.cast.finance),
        "/money/deposits/",
        project=str(project.id),
        amount=amount,
        reference="A",
    )
    assert status == 422
    assert 'id="id_amount_error"' in said
    assert 'value="A"' in said, "what was typed is kept"
    assert not LedgerTransaction.objects.filter(kind="deposit").exists()


def test_an_auditor_records_nothing(stage: Stage) -> None:
    project = stage.quoted().project
    assert '<form method="post" class="stack">' not in page_of(stage.cast.auditor, "/money/deposits/")
    typed = {"project": str(project.id), "amount": "1", "reference": "A"}
    assert browser_of(stage.cast.auditor).post("/money/deposits/", typed).status_code == 403


def test_another_operators_project_gets_no_deposit(stage: Stage) -> None:
    project = stage.quoted().project
    typed = {"project": str(project.id), "amount": "1", "reference": "A"}
    answer = browser_of(stage.cast.stranger).post("/money/deposits/", typed)
    assert answer.status_code == 422, "it is not among her projects"
    assert not LedgerTransaction.objects.filter(kind="deposit").exists()


def test_the_books_of_a_list_are_those_of_each_project(stage: Stage, worked: Project) -> None:
    from palabre.work.queries.books import books_of

    stage.quoted()
    for one in escrows(stage.cast.finance.actor, after=None, limit=10):
        books = books_of(one.project)
        assert (one.deposited, one.left + one.bound + one.reserved) == (books.paid_in, books.balance)
        assert one.covers == books.affordable()
    assert sum(one.spent for one in escrows(stage.cast.finance.actor, after=None, limit=10)) > 0


def test_tasks_in_hand_are_set_aside(stage: Stage) -> None:
    from palabre.work.actions.leases import lease_tasks

    project = stage.live()
    before = escrows(stage.cast.finance.actor, after=None, limit=1)[0]
    lease_tasks(project.id, count=3, by=stage.cast.member.actor, at=AT)
    after = escrows(stage.cast.finance.actor, after=None, limit=1)[0]
    assert (after.in_hand, before.in_hand) == (3, 0)
    assert after.left == before.left - after.reserved < before.left


def test_a_project_without_enough_money_is_shown(stage: Stage) -> None:
    project = stage.live(tasks=10, deposit=3)
    said = plain(page_of(stage.cast.finance, "/money/cover/"))
    funded = sum(project.batches.values_list("funded_upto", flat=True))
    assert 0 < funded < 10
    assert f"{funded} of 10 tasks" in said
    assert "Deposits that do not reach" in page_of(stage.cast.finance, "/")


def test_each_posting_says_what_stood_there_after_it(stage: Stage, worked: Project) -> None:
    page = page_of(stage.cast.finance, f"/money/accounts/{worked.escrow_id}/")
    account = LedgerAccount.objects.get(owner=worked.id, kind="escrow")
    after = [plain(cell).strip() for cell in re.findall(r"<td class=\"number\">([^<]*)</td></tr>", page)]
    left = sum(account.balances.values_list("amount", flat=True)) / 100
    assert after[0] == f"€{left:.2f}"
    deposit = LedgerTransaction.objects.get(kind="deposit")
    assert f"/money/transactions/{deposit.id}/" in page
    sheet = page_of(stage.cast.finance, f"/money/transactions/{deposit.id}/")
    assert "€0.00" in sheet, "its sum"


def test_pages_of_postings_go_on_where_the_last_ended(
    stage: Stage, worked: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.work.queries import ledger

    account = ledger.account(stage.cast.finance.actor, worked.escrow_id or 0)
    whole = ledger.movements(stage.cast.finance.actor, account, before=None, limit=100)
    assert len(whole) >= 3
    rest = ledger.movements(stage.cast.finance.actor, account, before=whole[1].id, limit=100)
    assert rest == whole[2:]


def test_the_trial_balance_sums_to_zero(stage: Stage, worked: Project) -> None:
    answer = browser_of(stage.cast.auditor).get("/money/trial-balance.csv")
    lines = content_of(answer).decode("utf-8-sig").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    for currency in ("EUR", "XOF"):
        assert round(sum(float(row[5]) for row in rows if row[4] == currency), 2) == 0
    assert "Guest reviews" in lines[1] + lines[2]


def test_a_name_that_looks_like_a_formula_is_none(stage: Stage, worked: Project) -> None:
    Project.objects.filter(id=worked.id).update(name='=HYPERLINK("http://evil")')
    text = content_of(browser_of(stage.cast.finance).get("/money/trial-balance.csv")).decode()
    assert ",\"'=HYPERLINK(" in text


def test_last_nights_settlement_row_by_row(stage: Stage, worked: Project) -> None:
    settlement = Settlement.objects.get(member=stage.cast.member.account)
    page = plain(page_of(stage.cast.finance, f"/money/settlements/?day={DAY}"))
    assert f"No. {settlement.id}" in page
    assert stage.cast.member.account.hex[-8:] in page
    assert "Guest reviews" in page, "what it was charged"
    sheet = plain(page_of(stage.cast.auditor, f"/money/settlements/{settlement.id}/"))
    assert settlement.arithmetic["hourly"] in sheet, "with all its digits"
    rows = content_of(browser_of(stage.cast.finance).get(f"/money/settlements.csv?day={DAY}")).decode()
    assert str(stage.cast.member.account) in rows


def test_a_day_that_cannot_be_settled_says_why(stage: Stage) -> None:
    from palabre.pay.models import Floor

    project = stage.live()
    stage.work(project, stage.cast.member, most=2)
    Floor.objects.all().delete()
    run_settlements(ManualClock(NEXT_NIGHT))
    said = plain(page_of(stage.cast.finance, f"/money/settlements/?day={DAY}"))
    assert "1 day is over and not settled" in said
    assert "no floor is known for Senegal" in said


@pytest.mark.parametrize("day", ["x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-03-02T00:00"])
def test_a_day_that_is_none_is_last_night(stage: Stage, day: str) -> None:
    assert "Settlement of" in page_of(stage.cast.finance, f"/money/settlements/?day={day}")


def asked(stage: Stage) -> Payout:
    """Two francs, which the member has asked for."""
    lead(stage.cast.member.account, at=AT)
    return request_payout(uuid.uuid4(), 2, "XOF", by=stage.cast.member.actor, at=AT)


def test_a_payout_is_closed_by_a_person_who_looked(stage: Stage, worked: Project) -> None:
    made = asked(stage)
    carry_payouts(uuid.uuid4(), [made.id], by=stage.cast.finance.actor, at=AT)
    browser = browser_of(stage.cast.finance)
    address = f"/money/payouts/{made.id}/"
    assert "Payouts that wait for you" in browser.get("/").content.decode()
    status, said = fill(browser, address, outcome="paid", reason="")
    assert status == 422
    assert 'id="id_reason_error"' in said
    status, where = fill(browser, address, outcome="paid", reason="Receipt 12")
    assert (status, where) == (302, "/money/payouts/")
    assert Payout.objects.get(id=made.id).state == Payout.State.PAID
    assert "Receipt 12" in page_of(stage.cast.finance, address)
    assert list(problems()) == []


def test_names_are_for_who_pays_them_only(stage: Stage, worked: Project) -> None:
    asked(stage)
    assert "Member" in cells_of(page_of(stage.cast.finance, "/money/payouts/"), "/money/payouts/")[2]
    seen = page_of(stage.cast.auditor, "/money/payouts/")
    assert stage.cast.member.account.hex[-8:] in seen


def test_anothers_payout_is_not_there(stage: Stage, worked: Project) -> None:
    made = asked(stage)
    assert browser_of(stage.cast.stranger).get(f"/money/payouts/{made.id}/").status_code == 404


def test_a_table_with_errors_names_line_and_column(stage: Stage) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = browser_of(stage.cast.finance)
    mark = mark_in(browser, "/money/floors/")
    bad = SimpleUploadedFile("rates.csv", b"base,quote,rate,on,source\nEUR,XOF,1e3,2026-01-01,x\n")
    answer = browser.post("/money/floors/", {"_once": mark, "kind": "rates", "file": bad})
    assert answer.status_code == 422
    assert "line 2, column rate: “1e3”" in plain(answer.content.decode())
    good = SimpleUploadedFile(
        "rates.csv", b"base,quote,rate,on,source\nEUR,KES,150.5,2026-01-01,Central bank\n"
    )
    answer = browser.post("/money/floors/", {"_once": mark, "kind": "rates", "file": good})
    assert answer.status_code == 302
    assert "Central bank" in page_of(stage.cast.auditor, "/money/floors/")


def test_an_old_figure_is_shown_as_old(stage: Stage) -> None:
    from palabre.pay.models import Floor

    Floor.objects.update(checked_on=dt.date(2020, 1, 1))
    said = plain(page_of(stage.cast.finance, "/money/floors/"))
    assert "last looked at more than a year ago" in said
    assert "older than a year" in said


@pytest.mark.parametrize(
    ("address", "statements"),
    [("/money/", 6), ("/money/cover/", 8), ("/money/accounts/", 6), ("/money/settlements/", 16), ("/money/payouts/", 8),
     ("/money/floors/", 6), ("/money/deposits/", 9), ("/", 19)],
)  # fmt: skip
def test_a_page_asks_so_much_however_long_it_is(
    stage: Stage,
    worked: Project,
    address: str,
    statements: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        stage.live(tasks=2)
    browser = browser_of(stage.cast.finance)
    with django_assert_max_num_queries(statements):
        assert browser.get(address).status_code == 200


def test_what_the_operator_bears_is_on_an_account_of_its_own(stage: Stage) -> None:
    """A top-up that the deposit can't bear, and an answer after the close, on one account that finance can open."""
    from palabre.pay.actions import open_account
    from palabre.pay.queries import balance
    from palabre.work.actions.launch import close_project
    from palabre.work.actions.leases import lease_tasks

    project = stage.live(tasks=60, deposit=3)
    stage.work(project, stage.cast.member, most=2)
    held = lease_tasks(project.id, count=2, by=stage.cast.member.actor, at=AT)
    record_time_of(project, stage)
    close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert stage.answer(held, stage.cast.member) == ["late", "late"]
    run_settlements(ManualClock(NEXT_NIGHT))
    own = open_account(LedgerAccount.Kind.PLATFORM, project.operator_id, "EUR")
    (settlement,) = Settlement.objects.filter(member=stage.cast.member.account)
    bearers = [share["paid_by"] for share in settlement.arithmetic["shares"]]
    assert bearers == [project.escrow_id, own.id], "the deposit bears what it can"
    assert balance(own.id) < 0
    page = plain(page_of(stage.cast.finance, f"/money/accounts/{own.id}/"))
    assert stage.cast.operator.name in page
    assert "Top-up to the floor" in page
    assert "What no client pays" in page_of(stage.cast.finance, "/money/")
    assert browser_of(stage.cast.stranger).get(f"/money/accounts/{own.id}/").status_code == 404
    assert list(problems()) == []


def record_time_of(project: Project, stage: Stage) -> None:
    """Ten hours, far more than the deposit can bring to the floor."""
    from palabre.timesheet.actions import Slice, record_time
    from palabre.timesheet.models import Kind

    hours = Slice(
        key=uuid.uuid4(),
        kind=Kind.TASK,
        charge=project.escrow_id or 0,
        started_at=AT - dt.timedelta(hours=8),
        measured_ms=8 * 3_600_000,
        longest=dt.timedelta(hours=24),
        explains_ms=8 * 3_600_000,
    )
    record_time(stage.cast.member.account, [hours], lived=lived_by(stage.cast.member.account), at=AT)


def test_of_a_day_that_two_operators_share_each_reads_its_own_part(stage: Stage) -> None:
    """An hour for the one, two for the other; more of the first comes after the day was settled once."""
    cast, member = stage.cast, stage.cast.shared.account
    here, there = (
        open_account(LedgerAccount.Kind.PLATFORM, one.id, "XOF").id
        for one in (cast.operator, cast.stranger_operator)
    )
    work(member, here, HOUR_MS)
    work(member, there, HOUR_MS)
    work(member, there, HOUR_MS)
    first = settle_day(member, DAY, at=NEXT_NIGHT)
    work(member, here, HOUR_MS)
    second = settle_day(member, DAY, at=NEXT_NIGHT)
    assert first
    assert second
    ours, theirs = cast.finance.actor, cast.stranger.actor
    for by, charge, hours in ((ours, here, 2), (theirs, there, 2)):
        part = nights.settlement(by, second.id)
        assert part.shared
        assert {
            one["charge"] for name in ("counted", "earned", "shares") for one in part.arithmetic[name]
        } == {charge}
        assert part.counted_ms == hours * HOUR_MS
        # Each bears its own hours and those alone; the day is rounded up once.
        assert 0 <= part.due - part.topped_up_before - part.top_up <= 1
        (sums,) = nights.sums_of(by, DAY)
        assert (sums.counted_ms, sums.due, sums.top_up) == (
            hours * HOUR_MS,
            part.due,
            part.topped_up_before + part.top_up,
        )
        _, postings = transaction_for(by, first.transaction_id or 0)
        assert sum(one.amount for one in postings) == 0
        assert charge in {one.account_id for one in postings}
    assert not {one.account_id for one in transaction_for(ours, first.transaction_id or 0)[1]} & {there}
    before = nights.settlement(ours, first.id)
    assert before.counted_ms == HOUR_MS
    page = plain(page_of(cast.finance, f"/money/settlements/{second.id}/"))
    assert "Another operator bears some of this day" in page
    rows = content_of(browser_of(cast.finance).get(f"/money/settlements.csv?day={DAY}")).decode()
    assert str(4 * HOUR_MS) not in rows
    assert str(2 * HOUR_MS) in rows


def test_of_such_a_day_auditors_of_a_project_read_its_part(stage: Stage) -> None:
    cast, member, project = stage.cast, stage.cast.shared.account, stage.live(4)
    there = open_account(LedgerAccount.Kind.PLATFORM, cast.stranger_operator.id, "XOF").id
    work(member, project.escrow_id or 0, HOUR_MS)
    work(member, there, HOUR_MS)
    work(member, there, HOUR_MS)
    settle_day(member, DAY, at=NEXT_NIGHT)
    (row,) = rows_of_kind(KINDS["settlements"], project, after=None, limit=10)
    assert row["counted_ms"] == HOUR_MS
    assert row["share"] == row["top_up"]
    assert row["due"] == row["top_up"]
    assert row["reached"] is True

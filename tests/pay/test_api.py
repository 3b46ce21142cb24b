import csv
import io
import uuid
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from palabre.pay.actions import settle_day
from palabre.pay.actions.imports import FLOOR_COLUMNS
from palabre.pay.models import Floor, Payout
from palabre.pay.queries import name_of
from palabre.people.actions import erase_person
from palabre.people.actor import SYSTEM
from palabre.record.credentials import verify
from palabre.times import system_clock
from tests.cast import Cast, Persona
from tests.pay.conftest import DAY, HOUR_MS, LATER, NEXT_DAY, Book, give, work
from tests.web.answers import call, said

pytestmark = pytest.mark.django_db
WEEK = "2026-W10"


def get(who: Persona, path: str, **query: str) -> HttpResponse:
    return call("GET", f"{path}?{urlencode(query)}" if query else path, who)


def post(who: Persona, path: str, body: object) -> HttpResponse:
    return call("POST", path, who, body)


def upload(who: Persona, path: str, content: bytes) -> HttpResponse:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("table.csv", content, "text/csv")})
    return call("POST", path, who, raw=form, content_type=MULTIPART_CONTENT)


@pytest.fixture
def worked(member: Persona, xof: Book, floors: None) -> Persona:
    work(member.account, xof.escrow, HOUR_MS)
    settle_day(member.account, DAY, at=NEXT_DAY)
    return member


def test_a_member_sees_her_balances(cast: Cast) -> None:
    assert said(get(cast.member, "/me/balances")) == []
    give(cast.member.account, 500)
    give(cast.member.account, 12, "EUR")
    assert said(get(cast.member, "/me/balances")) == [
        {"currency": "EUR", "amount": 12},
        {"currency": "XOF", "amount": 500},
    ]
    assert said(get(cast.reviewer, "/me/balances")) == []


def test_her_statement_is_signed(worked: Persona) -> None:
    signed = said(get(worked, "/me/statement", week=WEEK))
    subject = verify(signed, at=system_clock.now()).subjects[0]
    assert (subject["member"], subject["week"]) == (str(worked.account), WEEK)


def test_her_statement_as_a_table_and_on_paper(worked: Persona) -> None:
    table = get(worked, "/me/statement.csv", week=WEEK)
    assert table["Content-Type"].startswith("text/csv")
    assert [row["line"] for row in csv.DictReader(io.StringIO(table.content.decode()))][:2] == [
        "time",
        "top_up",
    ]
    for language in ("fr", "en"):
        sheet = get(worked, "/me/statement.pdf", week=WEEK, language=language)
        assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert 'filename="statement-2026-W10.pdf"' in sheet["Content-Disposition"]


def test_a_week_is_read_strictly(worked: Persona) -> None:
    for week in ("2026-W54", "x", "../../etc", ""):
        assert get(worked, "/me/statement", week=week).status_code == 422
    assert get(worked, "/me/statement").status_code == 422
    assert get(worked, "/me/statement.pdf", week=WEEK, language="xx").status_code == 422


def test_finance_and_auditors_see_their_own_members(worked: Persona, cast: Cast) -> None:
    path = f"/people/{worked.account}/statement"
    for who in (cast.finance, cast.auditor):
        assert said(get(who, path, week=WEEK))["credentialSubject"]["member"] == str(worked.account)
    assert get(cast.coordinator, path, week=WEEK).status_code == 403
    assert get(cast.stranger, path, week=WEEK).status_code == 404
    assert (
        get(cast.finance, f"/people/{cast.stranger_member.account}/statement", week=WEEK).status_code == 404
    )
    assert get(cast.finance, f"/people/{cast.finance.account}/statement", week=WEEK).status_code == 404


def test_after_her_erasure_the_sums_stay_and_the_name_is_gone(worked: Persona, cast: Cast) -> None:
    assert name_of(worked.account) == "Member"
    erase_person(worked.account, by=SYSTEM, at=LATER, owing=True)
    assert get(cast.finance, f"/people/{worked.account}/statement", week=WEEK).status_code == 200
    assert name_of(worked.account) == ""


def test_a_member_asks_for_a_payout(cast: Cast) -> None:
    give(cast.member.account, 500)
    number = str(uuid.uuid4())
    made = post(cast.member, "/me/payouts", {"id": number, "amount": 200, "currency": "XOF"})
    assert made.status_code == 201
    assert (said(made)["id"], said(made)["state"]) == (number, "prepared")
    again = post(cast.member, "/me/payouts", {"id": number, "amount": 200, "currency": "XOF"})
    assert (again.status_code, said(again)["reference"]) == (201, said(made)["reference"])
    assert [one["id"] for one in said(get(cast.member, "/me/payouts"))["items"]] == [number]
    other = post(cast.member, "/me/payouts", {"id": number, "amount": 201, "currency": "XOF"})
    assert (other.status_code, said(other)["code"]) == (409, "pay.key_reused")


def test_what_is_not_right_is_refused(cast: Cast) -> None:
    body = {"id": str(uuid.uuid4()), "amount": 1, "currency": "XOF"}
    assert said(post(cast.member, "/me/payouts", body))["code"] == "pay.not_enough_money"
    for wrong in ({"amount": 0}, {"amount": "1"}, {"amount": 1.5}, {"amount": 10**18}, {"currency": "XXX"}):
        assert post(cast.member, "/me/payouts", body | wrong).status_code == 422
    assert post(cast.finance, "/me/payouts", body).status_code == 403


def test_finance_closes_payouts_of_its_own_members(cast: Cast) -> None:
    give(cast.member.account, 500)
    number = uuid.uuid4()
    post(cast.member, "/me/payouts", {"id": str(number), "amount": 200, "currency": "XOF"})
    post(cast.finance, "/payout-batches", {"id": str(uuid.uuid4()), "payouts": [str(number)]})
    assert [one["id"] for one in said(get(cast.finance, "/payouts"))["items"]] == [str(number)]
    assert said(get(cast.stranger, "/payouts"))["items"] == []
    close = {"paid": True, "reason": "cash, receipt 12"}
    assert post(cast.stranger, f"/payouts/{number}/close", close).status_code == 404
    assert post(cast.auditor, f"/payouts/{number}/close", close).status_code == 403
    assert said(post(cast.finance, f"/payouts/{number}/close", close))["state"] == "paid"
    assert post(cast.finance, f"/payouts/{number}/close", close).status_code == 409
    assert Payout.objects.get().state == Payout.State.PAID


def test_payouts_come_in_pages(cast: Cast) -> None:
    give(cast.member.account, 500)
    for _ in range(3):
        post(cast.member, "/me/payouts", {"id": str(uuid.uuid4()), "amount": 1, "currency": "XOF"})
    first = said(get(cast.member, "/me/payouts", limit="2"))
    rest = said(get(cast.member, "/me/payouts", limit="2", cursor=first["next"]))
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_anybody_signed_in_sees_the_floors(cast: Cast, floors: None) -> None:
    rows = said(get(cast.client_person, "/floors", limit="200"))["items"]
    cameroon = next(row for row in rows if (row["country"], row["sector"]) == ("CM", ""))
    assert (cameroon["amount"], cameroon["weekly_hours"]) == ("60000", "40")
    assert cameroon["hourly"] == "346.1538461538461538461538462"
    page = said(get(cast.client_person, "/floors", limit="1"))
    following = said(get(cast.client_person, "/floors", limit="1", cursor=page["next"]))
    assert [one["items"][0]["id"] for one in (page, following)] == [row["id"] for row in rows[:2]]


def test_finance_imports_tables(cast: Cast) -> None:
    row = "living_tariff,SN,,,500,XOF,hour,,,2026-01-01,,,A study,study,bought,2026-02-01"
    table = (",".join(FLOOR_COLUMNS) + "\n" + row + "\n").encode()
    assert said(upload(cast.finance, "/floors", table)) == {"added": 1, "known": 0}
    wrong = upload(cast.finance, "/floors", table.replace(b"XOF", b"FCFA"))
    assert (wrong.status_code, said(wrong)["code"]) == (422, "pay.table_refused")
    assert upload(cast.member, "/floors", table).status_code == 403
    rates = b"base,quote,rate,on,source\nEUR,NGN,1650,2026-03-01,A bank\n"
    assert upload(cast.finance, "/exchange-rates", rates).status_code == 201
    assert Floor.objects.count() == 1

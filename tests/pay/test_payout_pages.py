"""From “where should it go?” to “it was paid”, as a member and finance walk it on their pages."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from palabre.pay import verify
from palabre.pay.actions import carry_payouts, open_account, post
from palabre.pay.actions.ledger import Move
from palabre.pay.models import Destination, OperatorAccount, Payout, PayoutWay
from palabre.pay.queries import member_balances
from palabre.people.actor import SYSTEM
from palabre.people.models import Account
from tests.cast import BEGAN, Cast, Persona
from tests.pay.conftest import Kind
from tests.people.door import browser_of as signed_in
from tests.web.filling import mark_in
from tests.web.reading import Reader, Seen, reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(cast: Cast) -> Persona:
    """The member, with 4,250 francs, who has not said where they should go."""
    world, hers = (
        open_account(Kind.WORLD, None, "XOF"),
        open_account(Kind.PAYABLE, cast.member.account, "XOF", owed_by=cast.operator.id),
    )
    moves = [Move(world.id, "XOF", -4250), Move(hers.id, "XOF", 4250)]
    post("gift", "gift", moves, by=SYSTEM, at=BEGAN)
    return cast.member


def to_wave(browser: Reader, number: str = "77 123 45 67") -> Seen:
    address = "/pay/destination/mobile_money/"
    page = browser.read(address)
    return browser.send(address, page, "number", service="SN:wave", number=number)


def test_she_says_where_it_goes_sees_what_it_costs_and_takes_everything(rich: Persona) -> None:
    browser = reader(rich)
    page = browser.read("/pay/payouts/")
    assert "Say first where your money should go" in page.text
    assert "/pay/destination/" in page.links
    assert "Nothing can be paid to you until you do" in browser.read("/pay/destination/").text
    assert "Noted: your money goes there now" in to_wave(browser).text
    page = browser.read("/pay/payouts/")
    assert "It goes to Wave •••• 4567" in page.text
    assert "Likely there by" in page.text
    assert "has not said yet what the service takes" in page.text
    assert "(optional)" not in page.text
    assert "This field is required" in browser.send("/pay/payouts/", page, "amount").text
    page = browser.send("/pay/payouts/", page, "amount", everything="1")
    assert "waits to be carried" in page.text
    assert member_balances(rich.account) == {"XOF": 0}
    made = Payout.objects.get()
    assert (made.amount, made.state) == (4250, "prepared")
    assert "To: Wave •••• 4567" in page.text
    page = browser.send(f"/pay/payouts/{made.id}/take-back/", page, "_once")
    assert "the money is on your account again" in page.text
    assert member_balances(rich.account) == {"XOF": 4250}
    assert list(verify.problems()) == []


def test_a_change_is_asked_for_a_proof_waits_and_can_be_taken_back(rich: Persona) -> None:
    browser = reader(rich)
    to_wave(browser)
    assert "your money goes where it went before" in to_wave(browser, "78 765 43 21").text
    page = browser.read("/pay/destination/")
    assert re.search(r"From .*: Wave •••• 4321", page.text)
    assert "a change holds only after 48 hours" in page.text
    assert "It goes to Wave •••• 4567" in browser.read("/pay/payouts/").text
    page = browser.send("/pay/destination/take-back/", page, "_once")
    assert "your money goes where it went before" in page.text
    assert "taken back" in page.text
    later = signed_in(rich, since=600)
    answer = later.get("/pay/destination/cash/")
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/again/")
    answer = later.post("/pay/destination/cash/", {"place": "Elsewhere"})
    assert answer.status_code == 302
    assert Destination.objects.filter(rail="cash").count() == 0


@pytest.mark.parametrize(
    ("rail", "filled", "said"),
    [
        ("mobile_money", {"number": "33 821 00 00", "service": "SN:wave"}, "no number of a mobile telephone"),
        ("mobile_money", {"number": "", "service": "SN:wave"}, "required"),
        ("bank", {"number": "SN08SN0100152000048500003036", "country": "SN"}, "a digit is wrong or missing"),
        ("bank", {"number": "0123456789", "country": "KE"}, "write something here"),
        ("bank", {"number": "FR7630006000011234567890189", "country": "FR", "bank": "BIC"}, "no BIC"),
        ("cash", {"place": " "}, "required"),
    ],
)
def test_what_is_wrong_stands_beside_it(rich: Persona, rail: str, filled: dict[str, str], said: str) -> None:
    browser, address = reader(rich), f"/pay/destination/{rail}/"
    page = browser.send(address, browser.read(address), next(iter(filled)), **filled)
    assert page.status == 422
    assert said in page.text
    assert not Destination.objects.exists()


def test_no_other_way_has_a_page(rich: Persona) -> None:
    assert reader(rich).read("/pay/destination/pigeon/").status == 404


def test_what_another_way_is_set_is_read_before_she_asks(rich: Persona, cast: Cast) -> None:
    finance = reader(cast.finance)
    page = finance.read("/money/payouts/ways/")
    filled = {"way": "SN:wave", "days": "1", "fee_percent": "1,5", "fee_fixed": "5",
              "columns": 'MSISDN = phone\nType = "B2C"\nRef = reference'}  # fmt: skip
    page = finance.send("/money/payouts/ways/", page, "way", **filled)
    assert "Members read it before they ask" in page.text
    assert PayoutWay.objects.get().columns == [["MSISDN", "phone"], ["Type", '"B2C"'], ["Ref", "reference"]]
    page = finance.send("/money/payouts/ways/", page, "way", **(filled | {"columns": "A = secret"}))
    assert page.status == 422
    assert "with one of these fields: reference" in page.text
    to_wave(reader(rich))
    said = reader(rich).read("/pay/payouts/").text
    assert "Wave takes F CFA 69 if you take out everything: F CFA 4,181 reach you" in said


def asked_for(who: Persona, *amounts: str) -> list[Payout]:
    browser = reader(who)
    to_wave(browser)
    for amount in amounts:
        browser.send("/pay/payouts/", browser.read("/pay/payouts/"), "amount", amount=amount)
    return list(Payout.objects.order_by("amount"))


def test_who_ticks_them_has_them_alone(rich: Persona, cast: Cast) -> None:
    one, two = asked_for(rich, "1000", "2000")
    finance = reader(cast.finance)
    assert "2 payouts to be carried" in finance.read("/").text
    page = finance.read("/money/payouts/")
    assert "Wave •••• 4567" in page.text
    nothing = finance.send("/money/payouts/", page, "batch")
    assert nothing.status == 422
    assert "Tick the payouts that you will carry" in nothing.text
    data = page.form_with("batch") | {"payouts": [str(one.id), str(two.id)]}
    answer = finance.client.post("/money/payouts/", data)
    assert answer.status_code == 302
    where = answer["Location"]
    assert "Wave +221771234567, Member" in finance.read(where).text
    assert "carries it since" in reader(rich).read("/pay/payouts/").text
    again = finance.client.post("/money/payouts/", data | {"batch": str(uuid.uuid4())})
    assert again.status_code == 422
    assert "2 of these payouts can" in again.content.decode()
    page = finance.send(f"{where}sent/", finance.read(where), "_once")
    assert "Marked as sent" in page.text
    assert "It was sent on" in reader(rich).read("/pay/payouts/").text


def test_a_file_of_results_is_read_and_its_wrong_rows_are_named(rich: Persona, cast: Cast) -> None:
    one, two = asked_for(rich, "1000", "2000")
    carry_payouts(uuid.uuid4(), [one.id, two.id], by=cast.finance.actor, at=BEGAN)
    finance = reader(cast.finance)
    mark = mark_in(finance.client, "/money/payouts/results/")
    table = f"reference,result,reason\n{one.reference.hex},paid,\n{two.reference.hex},failed,\nx,paid,\n"
    file = SimpleUploadedFile("results.csv", table.encode())
    answer = finance.client.post("/money/payouts/results/", {"_once": mark, "file": file}, follow=True)
    said = answer.content.decode()
    assert "Taken: 1. Known before: 0. Not taken: 2 rows." in said
    assert "line 3, column reason" in said
    assert "line 4, column reference" in said
    one.refresh_from_db()
    assert one.state == "paid"
    assert "It was paid to you" in reader(rich).read("/pay/payouts/").text
    assert list(verify.problems()) == []


def test_a_batch_is_put_back_on_its_page(rich: Persona, cast: Cast) -> None:
    browser = reader(rich)
    to_wave(browser)
    browser.send("/pay/payouts/", browser.read("/pay/payouts/"), "amount", amount="10")
    finance = reader(cast.finance)
    page = finance.read("/money/payouts/")
    data = page.form_with("batch") | {"payouts": [str(Payout.objects.get().id)]}
    where = finance.client.post("/money/payouts/", data)["Location"]
    page = finance.send(f"{where}put-back/", finance.read(where), "_once")
    assert "these payouts wait for somebody again" in page.text
    assert Payout.objects.get().state == "prepared"


def test_the_operators_account_is_said_once_and_clients_read_it(cast: Cast) -> None:
    finance, address = reader(cast.finance), "/money/payouts/account/"
    page = finance.read(address)
    filled = {
        "country": "SN",
        "number": "SN08 SN01 0015 2000 0485 0000 3035",
        "bank": "CBAOSNDA",
        "holder": "Palabre",
    }
    page = finance.send(address, page, "number", **filled)
    assert "SN08SN0100152000048500003035" in page.text
    assert OperatorAccount.objects.get().operator_id == cast.operator.id
    assert reader(cast.auditor).read(address).status == 403


def test_nobody_is_erased_with_money_left_or_on_its_way(rich: Persona, cast: Cast) -> None:
    browser, address = reader(cast.administrator), f"/people/{rich.account}/erase/"
    to_wave(reader(rich))
    member = reader(rich)
    member.send("/pay/payouts/", member.read("/pay/payouts/"), "amount", amount="10")
    page = browser.send(address, browser.read(address), "confirmation", confirmation="Member")
    assert page.status == 422
    assert "a payout of hers is on its way" in page.text
    member.send(f"/pay/payouts/{Payout.objects.get().id}/take-back/", member.read("/pay/payouts/"), "_once")
    page = browser.send(address, browser.read(address), "confirmation", confirmation="Member")
    assert page.status == 422
    assert "4250 XOF are hers" in page.text
    assert str(rich.account) in page.text
    page = browser.send(address, browser.read(address), "confirmation", confirmation="Member", owing="on")
    assert page.status == 200
    assert Account.objects.get(id=rich.account).erased_at is not None
    assert member_balances(rich.account) == {"XOF": 4250}, "it stays owed"
    assert list(verify.problems()) == []


@pytest.mark.parametrize("address", ["/pay/destination/", "/pay/destination/cash/", "/pay/payouts/"])
def test_french(rich: Persona, address: str) -> None:
    browser = reader(rich)
    to_wave(browser)
    assert (
        "votre argent" in browser.read(address, "fr").text.lower()
        or "Envoyé à" in browser.read(address, "fr").text
    )

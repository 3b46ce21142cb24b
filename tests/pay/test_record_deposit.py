import uuid

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.pay.actions import record_deposit
from palabre.pay.errors import AmountNotPositive, KeyReused, ReasonMissing
from palabre.pay.models import LedgerTransaction
from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.record.models import Event
from tests.cast import Cast
from tests.pay.conftest import NOON, Book

pytestmark = pytest.mark.django_db


def deposit(xof: Book, by: Actor, amount: int = 500, reference: str = "VIR 1", currency: str = "XOF") -> int:
    return record_deposit(xof.project, xof.escrow, amount, currency, reference, by=by, at=NOON)


def test_it_comes_from_outside_to_the_escrow(xof: Book, cast: Cast) -> None:
    deposit(xof, cast.finance.actor)
    assert (balance(xof.world), balance(xof.escrow)) == (-500, 500)


def test_the_same_reference_is_the_same_deposit(xof: Book, cast: Cast) -> None:
    assert deposit(xof, cast.finance.actor) == deposit(xof, cast.finance.actor, reference=" VIR 1 ")
    with pytest.raises(KeyReused):
        deposit(xof, cast.finance.actor, amount=501)
    assert balance(xof.escrow) == 500


def test_the_record_does_not_repeat_the_reference(xof: Book, cast: Cast) -> None:
    number = deposit(xof, cast.finance.actor, reference="From Awa Diop")
    assert LedgerTransaction.objects.get(id=number).data["reference"] == "From Awa Diop"
    assert "Awa" not in str(Event.objects.filter(code="pay.posted").values_list("data"))


def test_who_may_not(xof: Book, cast: Cast) -> None:
    for who in (cast.member, cast.coordinator, cast.client_person, cast.auditor):
        with pytest.raises(NotAllowed):
            deposit(xof, who.actor)


def test_what_is_not_right_is_refused(xof: Book, eur: Book, cast: Cast) -> None:
    by = cast.finance.actor
    for amount in (0, -5):
        with pytest.raises(AmountNotPositive):
            deposit(xof, by, amount=amount)
    with pytest.raises(ReasonMissing):
        deposit(xof, by, reference=" ")
    with pytest.raises(NotFound):
        deposit(xof, by, currency="EUR")
    for project, escrow in ((uuid.uuid4(), xof.escrow), (xof.project, eur.escrow), (xof.project, xof.world)):
        with pytest.raises(NotFound):
            record_deposit(project, escrow, 5, "XOF", "x", by=by, at=NOON)

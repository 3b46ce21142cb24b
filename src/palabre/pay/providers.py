"""A program that carries money to a member: of a mobile money service or a bank. Without one, persons do (`batches`)."""

import uuid
from typing import NamedTuple, Protocol

from palabre.money import Money
from palabre.pay.models import Payout


class Outcome(NamedTuple):
    """What a provider says of a payout: accepted, pending, paid, failed or unknown, and why."""

    state: Payout.State
    reason: str = ""


class ProviderUnreachableError(Exception):
    """No answer, or none that can be read: whether the provider has acted is not known."""


class PaymentProvider(Protocol):
    """Both calls may raise ProviderUnreachableError; the payout is then unknown."""

    def send(self, reference: uuid.UUID, *, member: uuid.UUID, amount: Money) -> Outcome:
        """Ask for the payment, once. `reference` is ours and was stored before."""

    def status(self, reference: uuid.UUID) -> Outcome:
        """What became of it. A reference that the provider does not know is unknown, not failed."""

"""The files of a batch: a table for a service, an order for a bank."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.pay.batch_table import HOUSE, name_of_file, table
from palabre.pay.models import Destination, OperatorAccount, Payout, PayoutBatch
from palabre.pay.ways import columns_of, way_of
from palabre.web.csv_files import csv_pieces


def batch_csv_file(batch: PayoutBatch, payouts: Sequence[Payout]) -> HttpResponse:
    """Without the mark that spreadsheets like: services take it for a part of the first title."""
    ways = [way_of(one.destination) for one in payouts if one.destination is not None]
    head, rows = table(columns_of(batch.operator_id, ways) or HOUSE, payouts)
    return _download("".join(csv_pieces(head, rows)).encode(), "text/csv; charset=utf-8", batch, "csv")


def batch_pain_file(batch: PayoutBatch, payouts: Sequence[Payout]) -> HttpResponse:
    """Raises: NotFound, where there is something that a bank can't be told to pay."""
    from palabre.pay.pain import order

    account = OperatorAccount.objects.filter(operator=batch.operator_id).first()
    if account is None or not has_pain(batch, payouts):
        raise NotFound
    return _download(order(batch, payouts, account, note=account.holder), "application/xml", batch, "xml")


def pain_lacks(batch: PayoutBatch, payouts: Sequence[Payout]) -> str:
    """Why there is no order to a bank for this batch, in words; nothing where there is one."""
    rails = {one.destination.rail for one in payouts if one.destination is not None}
    if Destination.Rail.BANK not in rails:
        return ""
    if len(rails) > 1:
        return gettext("For an order to the bank, take on payouts to bank accounts alone.")
    if not OperatorAccount.objects.filter(operator=batch.operator_id).exists():
        return gettext("For an order to the bank, say first from which account you pay, under “How you pay”.")
    return ""


def has_pain(batch: PayoutBatch, payouts: Sequence[Payout]) -> bool:
    """Whether all of it goes to bank accounts, from one that is known."""
    to_bank = (
        one.destination is not None and one.destination.rail == Destination.Rail.BANK for one in payouts
    )
    return bool(payouts) and all(to_bank) and not pain_lacks(batch, payouts)


def _download(content: bytes, media_type: str, batch: PayoutBatch, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name_of_file(batch.taken_at, ending)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer

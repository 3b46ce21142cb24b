"""Writing to the double-entry ledger. Its laws are held by the database (migration 0002)."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from palabre.money import minor_units
from palabre.pay.errors import (
    AmountTooLarge,
    DepositSpent,
    KeyReused,
    NotEnoughMoney,
    NothingMoved,
    Unbalanced,
    WrongCurrency,
)
from palabre.pay.models import LedgerAccount
from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.record.actions import record
from palabre.record.canonical import Json, canonical_event, check_event_data

# Minor units in one posting: thousands of them still fit a balance.
LARGEST = 10**15
GUARDED = (LedgerAccount.Kind.PAYABLE, LedgerAccount.Kind.ESCROW)
# So many times what is taken: nobody takes the difference in the same moment.
AMPLE = 64

_FIND_OWNED = "SELECT id, guarded FROM pay_ledgeraccount WHERE kind = %s AND currency = %s AND owner = %s"
_FIND_OWED = f"{_FIND_OWNED} AND owed_by IS NOT DISTINCT FROM %s"
_FIND_COMMON = "SELECT id, guarded FROM pay_ledgeraccount WHERE kind = %s AND currency = %s AND owner IS NULL"


class Move(NamedTuple):
    """`amount` minor units of `currency` to (or, negative, from) the ledger account."""

    account_id: int
    currency: str
    amount: int


def open_account(
    kind: LedgerAccount.Kind,
    owner: uuid.UUID | None,
    currency: str,
    backer: uuid.UUID | None = None,
    *,
    owed_by: uuid.UUID | None = None,
) -> LedgerAccount:
    """The one account of this kind, owner and currency, made when it is not there yet.

    A member's payable account and an escrow are guarded: their balance can't go below zero. `backer`, of a new
    account: whose own account bears what it can't. A member has an account for each operator that owes her
    something, which is `owed_by`.
    Raises: UnknownCurrency.
    """
    minor_units(currency)
    found = _find(kind, owner, currency, owed_by)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO pay_ledgeraccount (kind, owner, currency, backer, owed_by, guarded)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [kind, owner, currency, backer, owed_by, kind in GUARDED],
            )
        found = LedgerAccount.objects.get(kind=kind, owner=owner, currency=currency, owed_by=owed_by)
    return found


def debtor_of(charged: LedgerAccount) -> uuid.UUID | None:
    """The operator that owes a member what is charged to an account: whose own it is, or who stands behind it."""
    return charged.owner if charged.kind == LedgerAccount.Kind.PLATFORM else charged.backer


def spendable(account: int, wanted: int, seen: int | None = None) -> int:
    """What stands on an account of which `wanted` minor units are to be taken; `seen`: where it was read before.

    Where that is far more, nobody is waited for. Else its parts are held until the end of the transaction, so that
    what is said here is still there when it is taken.
    """
    left = balance(account) if seen is None else seen
    if left >= AMPLE * wanted:
        return left
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pay_balance WHERE account_id = %s ORDER BY shard FOR UPDATE", [account])
    return balance(account)


def _find(
    kind: LedgerAccount.Kind, owner: uuid.UUID | None, currency: str, owed_by: uuid.UUID | None
) -> LedgerAccount | None:
    """By the unique index. Plain SQL: every posting begins here, and building a query costs more than it."""
    with connection.cursor() as cursor:
        if owner is None:
            cursor.execute(_FIND_COMMON, [str(kind), currency])
        elif kind == LedgerAccount.Kind.PAYABLE:
            cursor.execute(_FIND_OWED, [str(kind), currency, owner, owed_by])
        else:
            cursor.execute(_FIND_OWNED, [str(kind), currency, owner])
        row = cursor.fetchone()
    if row is None:
        return None
    return LedgerAccount(id=row[0], kind=kind, owner=owner, currency=currency, guarded=row[1])


def post(
    key: str,
    kind: str,
    postings: Sequence[Move],
    *,
    by: Actor,
    at: dt.datetime,
    data: Mapping[str, Json] | None = None,
) -> int:
    """Write one ledger transaction and give its id.

    `key` makes a repeat harmless: the same key with the same content gives the first
    transaction's id and writes nothing. Moves to the same account become one posting; the
    database takes the balances in the order of their accounts, so that writers never cross.

    Raises: NothingMoved, AmountTooLarge, Unbalanced, WrongCurrency, NotEnoughMoney (a member's account would
    go below zero), DepositSpent (an escrow would), KeyReused (same key, other content).
    """
    return post_once(key, kind, postings, by=by, at=at, data=data).transaction_id


class Posted(NamedTuple):
    """A ledger transaction, and whether it was written now or is an earlier one of the same key."""

    transaction_id: int
    is_new: bool


def post_once(
    key: str,
    kind: str,
    postings: Sequence[Move],
    *,
    by: Actor,
    at: dt.datetime,
    data: Mapping[str, Json] | None = None,
) -> Posted:
    """`post`, for whoever writes rows of its own beside the ledger transaction, once. Raises as it does."""
    moves = _merged(postings)
    details = dict(data or {})
    check_event_data(details)
    digest = body_hash(kind, moves, details)
    with transaction.atomic():
        number = _insert(key, kind, moves, digest, details, by=by, at=at)
        if number is None:
            return Posted(_first(key, digest), is_new=False)
        record(
            "pay.posted",
            by=by.account,
            at=at,
            subject=f"transaction:{number}",
            organisation=by.organisation,
            data={"key": key, "kind": kind, "moves": [list(move) for move in moves]},
        )
    return Posted(number, is_new=True)


def body_hash(kind: str, moves: Sequence[Move], data: Mapping[str, Json]) -> bytes:
    """SHA-256 of what a ledger transaction says, whoever says it and whenever."""
    return sha256(
        canonical_event({"kind": kind, "moves": [list(move) for move in moves], "data": data})
    ).digest()


def _merged(postings: Sequence[Move]) -> list[Move]:
    amounts: dict[tuple[int, str], int] = defaultdict(int)
    sums: dict[str, int] = defaultdict(int)
    for account_id, currency, amount in postings:
        amounts[account_id, currency] += amount
        sums[currency] += amount
    for currency, difference in sums.items():
        if difference != 0:
            raise Unbalanced(path="postings", currency=currency, difference=difference)
    moves = [Move(*place, amount) for place, amount in sorted(amounts.items()) if amount != 0]
    if any(abs(move.amount) > LARGEST for move in moves):
        raise AmountTooLarge(path="postings")
    if not moves:
        raise NothingMoved(path="postings")
    return moves


def _insert(
    key: str,
    kind: str,
    moves: Sequence[Move],
    digest: bytes,
    data: Mapping[str, Json],
    *,
    by: Actor,
    at: dt.datetime,
) -> int | None:
    """The new transaction's id, or None when the key is taken (after waiting for who takes it)."""
    accounts, currencies, amounts = zip(*moves, strict=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH added AS (INSERT INTO pay_ledgertransaction (key, kind, at, by, body_hash, size, data)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb) ON CONFLICT (key) DO NOTHING RETURNING id),"
                " moved AS (INSERT INTO pay_posting (transaction_id, account_id, currency, amount)"
                " SELECT added.id, m.* FROM added,"
                " unnest(%s::bigint[], %s::text[], %s::bigint[]) AS m (account, currency, amount))"
                " SELECT id FROM added",
                [
                    *(key, kind, at, by.account, digest, len(moves), json.dumps(data)),
                    *(list(accounts), list(currencies), list(amounts)),
                ],
            )
            row = cursor.fetchone()
    except IntegrityError as error:
        raise refused(error, key) from error
    return row[0] if row else None


def _first(key: str, digest: bytes) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, body_hash FROM pay_ledgertransaction WHERE key = %s", [key])
        number, first_digest = cursor.fetchone()
    if bytes(first_digest) != digest:
        raise KeyReused(key=key)
    first: int = number
    return first


def refused(error: IntegrityError, key: str) -> Exception:
    """The typed error for a law of the ledger that was broken; any other error as it is."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name == "balance_not_negative_ck":
        return NotEnoughMoney()
    if name == "escrow_not_negative":
        return DepositSpent()
    if name == "posting_currency" or name.startswith("pay_posting_account_id"):
        return WrongCurrency(path="postings")
    if name.startswith("pay_ledgertransaction_key"):
        return KeyReused(key=key)
    return error

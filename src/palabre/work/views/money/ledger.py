"""Accounts, their postings, ledger transactions, and the trial balance as a file."""

import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from palabre.money import Money
from palabre.pay.models import LedgerAccount
from palabre.pay.words import ACCOUNTS, TRANSACTIONS
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.times import iso
from palabre.web.access import actor_of, at_of
from palabre.web.csv_files import csv_file
from palabre.web.keyset import rows_of
from palabre.web.page import page
from palabre.work.queries import ledger
from palabre.work.views.money.sums import sums

SEE = Permission.READ_MONEY


@page(SEE)
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with its balance, or those of one kind."""
    by, kind = actor_of(request), request.GET.get("kind", "")
    kind = kind if kind in LedgerAccount.Kind.values else ""
    rows = rows_of(
        request, int, lambda after, limit: ledger.accounts(by, kind=kind, after=after, limit=limit), _id
    )
    context = {
        "listing": rows,
        "sums": sums((row.currency, row.amount) for row in rows.items),
        "kind": kind,
        "kinds": ACCOUNTS.items(),
        "names": ACCOUNTS,
        "projects": ledger.project_names(by),
    }
    return render(request, "work/money/accounts.html", context)


@page(SEE)
def account(request: HttpRequest, ledger_account: int) -> HttpResponse:
    """One account: its postings, the newest first, with what stood there after each."""
    by = actor_of(request)
    found = ledger.account(by, ledger_account)
    rows = rows_of(
        request,
        int,
        lambda before, limit: ledger.movements(by, found, before=before, limit=limit),
        lambda row: row.id,
    )
    context = {
        "account": found,
        "listing": rows,
        "came": sum(row.amount for row in rows.items if row.amount > 0),
        "went": sum(row.amount for row in rows.items if row.amount < 0),
        "at": at_of(request),
        "names": ACCOUNTS,
        "words": TRANSACTIONS,
        "projects": ledger.project_names(by),
    }
    return render(request, "work/money/account.html", context)


@page(SEE)
def transaction(request: HttpRequest, ledger_transaction: int) -> HttpResponse:
    """One ledger transaction with all its postings, which sum to zero in each currency."""
    by = actor_of(request)
    found, postings = ledger.transaction_for(by, ledger_transaction)
    context = {
        "transaction": found,
        "postings": postings,
        "sums": sums((one.currency, one.amount) for one in postings),
        "names": ACCOUNTS,
        "words": TRANSACTIONS,
        "projects": ledger.project_names(by),
    }
    return render(request, "work/money/transaction.html", context)


@page(SEE)
def trial_balance_csv(request: HttpRequest) -> HttpResponseBase:
    """Every account with its balance at this moment, as a table for a spreadsheet."""
    by, at = actor_of(request), at_of(request)
    header = ["account", "kind", "of", "project", "currency", "balance", "read_at"]
    rows = _trial_rows(by, ledger.project_names(by), iso(at))
    return csv_file(f"trial-balance-{at:%Y-%m-%d}.csv", header, rows)


def _trial_rows(by: Actor, projects: Mapping[uuid.UUID, str], at: str) -> Iterator[list[object]]:
    for row in ledger.trial_balance(by):
        project = projects.get(row.owner, "") if row.owner else ""
        yield [row.id, row.kind, row.owner, project, row.currency, _major(row.amount, row.currency), at]


@page(SEE)
def postings_csv(request: HttpRequest, ledger_account: int) -> HttpResponseBase:
    """All postings of one account, the newest first."""
    by = actor_of(request)
    found = ledger.account(by, ledger_account)
    header = ["posting", "transaction", "kind", "at", "currency", "amount", "after_it"]
    return csv_file(f"account-{found.id}.csv", header, _posting_rows(by, found))


def _posting_rows(by: Actor, found: ledger.Row) -> Iterator[list[object]]:
    before: int | None = None
    while rows := ledger.movements(by, found, before=before, limit=2000):
        for row in rows:
            after = "" if row.after is None else _major(row.after, found.currency)
            amount = _major(row.amount, found.currency)
            yield [row.id, row.transaction, row.kind, iso(row.at), found.currency, amount, after]
        before = rows[-1].id


def _major(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).decimal()


def _id(row: ledger.Row) -> int:
    return row.id

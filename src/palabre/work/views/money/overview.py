"""What is promised against what is held."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.pay.cover import MEMBERS, OTHERS, OWN, Standing, cover
from palabre.pay.models import LedgerAccount
from palabre.pay.words import ACCOUNTS
from palabre.people.permissions import Permission
from palabre.web.access import at_of
from palabre.web.page import page

Kind = LedgerAccount.Kind
GROUPS: tuple[tuple[str | Promise, tuple[LedgerAccount.Kind, ...]], ...] = (
    (_("Owed to members"), MEMBERS),
    (_("Kept for clients and for social cover"), OTHERS),
    (_("To be changed from or into other currencies"), (Kind.EXCHANGE,)),
    (_("The operator’s own"), OWN),
)


@page(Permission.READ_MONEY)
def money(request: HttpRequest) -> HttpResponse:
    """Liabilities in each currency against what is held: a table that must balance."""
    at = at_of(request)
    found = cover(at.date())
    standing = found.standing
    context = {
        "at": at,
        "standing": standing,
        "groups": [_group(title, kinds, standing) for title, kinds in GROUPS],
        "borne": {"kind": Kind.PLATFORM, "name": ACCOUNTS[Kind.PLATFORM]},
        "cover": found,
        "exchange": found.exchange,
        "short": found.short,
        "off": found.off,
    }
    return render(request, "work/money/overview.html", context)


def _group(
    title: str | Promise, kinds: Sequence[LedgerAccount.Kind], standing: Sequence[Standing]
) -> dict[str, object]:
    lines = [
        {"kind": kind, "name": ACCOUNTS[kind], "cells": [(one.currency, one.of(kind)) for one in standing]}
        for kind in kinds
    ]
    sums = [(one.currency, one.of(*kinds)) for one in standing]
    return {"title": title, "lines": lines, "sums": sums if len(kinds) > 1 else []}

"""Everything that can be recomputed, recomputed: seals, ledger, and each table against the record."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from palabre.pay import verify as ledger
from palabre.record.seals import first_problem
from palabre.work import verify as work

Check = tuple[str, Iterator[str]]


def checks(*, at: dt.datetime) -> Iterator[Check]:
    """Each part with what is off in it, one after the other; a part is computed when it is asked for."""
    yield _("seals"), _seals(at)
    yield _("ledger"), (str(problem) for problem in ledger.problems())
    yield _("answers, time and pay against the record"), iter(work.problems())


def _seals(at: dt.datetime) -> Iterator[str]:
    problem = first_problem(at=at)
    if problem is not None:
        yield str(problem)


def all_problems(*, at: dt.datetime) -> Iterator[str]:
    """What is off anywhere. Nothing when everything agrees."""
    for _part, problems in checks(at=at):
        yield from problems

"""Everything that can be recomputed, recomputed: seals, ledger, and each table against the record.

In the terminal all at once; after a button step by step in the background, each step in a run of its own, so
that other jobs get their turn in between and the death of a process costs one step.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from palabre.pay import verify as ledger
from palabre.record import verifications
from palabre.record.errors import RecordError
from palabre.record.files import file_problems
from palabre.record.rows import row_problems
from palabre.record.seals import problems as chain_problems
from palabre.times import Clock
from palabre.work import verify as work

Check = tuple[str, Iterator[str]]
# Says one thing that was found, in the language of the moment.
Words = Callable[[], str]
# Any number, as long as nothing else of ours uses it.
LOCK = 0x7E51F1


@dataclass(frozen=True, slots=True)
class Step:
    """`part`: seals, rows, files, ledger or tables."""

    part: str
    look: Callable[[dt.datetime], Sequence[Words]]


def steps() -> list[Step]:
    """All of it, in the order in which it is done."""
    return [
        Step("seals", _look_at_seals),
        Step("rows", _look_at_rows),
        Step("files", _look_at_files),
        *(Step("ledger", partial(_look_at_ledger, check)) for check in ledger.CHECKS),
        *(Step("tables", partial(_look_at_table, sentence, sql)) for sentence, sql in work.CHECKS),
        Step("tables", _look_at_answers),
    ]


def checks(*, at: dt.datetime) -> Iterator[Check]:
    """Each part with what is off in it, one after the other; a part is computed when it is asked for."""
    names = {
        "seals": _("seals"),
        "rows": _("each row against the record"),
        "files": _("stored files"),
        "ledger": _("ledger"),
        "tables": _("answers, time and pay against the record"),
    }
    for part, name in names.items():
        yield name, _found_in(part, at)


def _found_in(part: str, at: dt.datetime) -> Iterator[str]:
    for step in steps():
        if step.part == part:
            yield from (words() for words in step.look(at))


def all_problems(*, at: dt.datetime) -> Iterator[str]:
    """What is off anywhere. Nothing when everything agrees."""
    for _part, problems in checks(at=at):
        yield from problems


def run_verifications(clock: Clock) -> int:
    """Take the next step of the verification that was asked for; 1, or 0 when none is or another process has it."""
    with _claimed() as ours:
        one = verifications.unfinished() if ours else None
        todo = steps()
        if one is None or not verifications.begin_step(one, len(todo), at=clock.now()):
            return 0
        step = todo[one.done]
        found = [_said(words) for words in step.look(clock.now())]
        verifications.end_step(one, step.part, found, at=clock.now())
        return 1


@contextmanager
def _claimed() -> Iterator[bool]:
    """A lock of this session, freed by the death of the process. No transaction: seals are read in their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        ours: bool = cursor.fetchone()[0]
        try:
            yield ours
        finally:
            if ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _said(words: Words) -> Mapping[str, str]:
    """The sentence in each language of the installation: who reads it later may speak another one."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = words()
    return said


def _look_at_seals(at: dt.datetime) -> Sequence[Words]:
    try:
        return [partial(str, problem) for problem in chain_problems(at=at)]
    except RecordError as error:
        # Keys that are not there, or not those of this record: said like anything else that is off.
        return [partial(str, error)]


def _look_at_rows(_at: dt.datetime) -> Sequence[Words]:
    return [partial(str, problem) for problem in row_problems()]


def _look_at_files(_at: dt.datetime) -> Sequence[Words]:
    return [partial(str, problem) for problem in file_problems()]


def _look_at_ledger(check: ledger.Check, _at: dt.datetime) -> Sequence[Words]:
    fields = ledger.wrong(check)
    return [] if fields is None else [lambda: str(check.sentence) % fields]


def _look_at_table(sentence: Promise, sql: str, _at: dt.datetime) -> Sequence[Words]:
    found = work.wrong(sql)
    return [] if found is None else [lambda: str(sentence) % found]


def _look_at_answers(_at: dt.datetime) -> Sequence[Words]:
    answer = work.wrong_answer()
    return [] if answer is None else [lambda: str(work.ANSWER_DIFFERS) % answer]

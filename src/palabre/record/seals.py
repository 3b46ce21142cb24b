"""Sealing in the background, and reading the record as it was sealed. Writers never wait for it."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from palabre.ids import new_id
from palabre.record.actions import record
from palabre.record.canonical import Json, canonical_event
from palabre.record.chain import verify_chain
from palabre.record.errors import KeysElsewhere
from palabre.record.head import end_problems, keep_head
from palabre.record.keys import Keys, has_keys, open_keys, withdraw_key
from palabre.record.models import Seal
from palabre.record.problems import Problem
from palabre.record.sealing import NO_ROOT, EventFacts, SealContent, SealFacts, root_of, seal_credential
from palabre.settings import current
from palabre.times import iso

# One seal covers at most this many numbers, so that a backlog is sealed in bounded steps.
MOST_EVENTS = 50_000
_LOCK = 0x5EA1

# An event as it is sealed: of the rows that it holds, their digest, so that it can be shown without them.
COLUMNS = """
e.seq, e.at, e.code, e.actor::text, e.subject, e.organisation::text, e.data::text,
encode(sha256(convert_to(e.rows, 'UTF8')), 'hex')
"""
_EVENTS = f"SELECT {COLUMNS} FROM record_event e "  # noqa: S608


Row = tuple[int, dt.datetime, str, str | None, str, str | None, str, str | None]


def keys(at: dt.datetime) -> Keys:
    """The installation's signing keys; the first is made on first use and signs from `at`.

    Raises: KeysElsewhere, where the record was sealed under a key that this host hasn't: a new one would not be the
    record's, and whoever verifies would see two issuers.
    """
    folder = current().keys
    newest = Seal.objects.order_by("-number").values_list("credential__issuer", flat=True).first()
    if newest is not None and not has_keys(folder):
        raise KeysElsewhere(did=newest, folder=folder)
    opened = open_keys(folder, at=at)
    if newest is not None and newest not in {key.did for key in opened.public}:
        raise KeysElsewhere(did=newest, folder=folder)
    return opened


@transaction.atomic
def withdraw(did: str, since: dt.datetime, why: str, *, at: dt.datetime) -> Keys:
    """Withdraw a key of this installation from `since` on, with the reason that everybody reads; the event says so.

    Raises: what `record.keys.withdraw_key` does, KeysElsewhere.
    """
    keys(at)
    made = withdraw_key(current().keys, did, since, why, at=at)
    data = {
        "key": did,
        "since": iso(since),
        "why_sha256": sha256(why.encode()).hexdigest(),
        "signing": made.signing.did,
    }
    record("record.key.withdrawn", by=None, at=at, subject=f"key:{did}", data=data)
    return made


def canonical_row(row: Row) -> EventFacts:
    """An event as it is sealed, from its `COLUMNS`."""
    seq, at, code, actor, subject, organisation, data, rows = row
    event: dict[str, Json] = {
        "seq": seq,
        "at": iso(at),
        "code": code,
        "actor": actor,
        "subject": subject,
        "organisation": organisation,
        "data": json.loads(data),
    }
    if rows is not None:
        event["rows"] = rows
    return EventFacts(seq, canonical_event(event))


@transaction.atomic
def seal_next(*, at: dt.datetime) -> int:
    """Seal what came since the last seal; how many numbers it covers, 0 when there is nothing.

    Numbers are given out before transactions commit: those not visible yet are listed as missing,
    and one that shows up later is taken in as late. Only one process seals at a time; another
    one does nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        before = Seal.objects.order_by("-number").first()
        last = before.last if before else 0
        late = _late(cursor, before)
        upto = _upto(cursor, last)
        if upto == last and not late:
            return 0
        cursor.execute(
            _EVENTS + "WHERE seq = ANY(%s) OR (seq > %s AND seq <= %s) ORDER BY seq", [late, last, upto]
        )
        events = [canonical_row(row) for row in cursor.fetchall()]
    seal = _content(before, upto, late, events, at)
    _store(seal)
    _let_go(upto)
    return upto - last + len(late)


def seal_all(*, at: dt.datetime) -> Seal:
    """Seal everything that is there; the newest seal. An empty record gets a first, empty seal."""
    while seal_next(at=at):
        pass
    newest = Seal.objects.order_by("-number").first()
    if newest is None:
        _store(_content(None, 0, [], [], at))
        newest = Seal.objects.get(number=1)
    return newest


def _upto(cursor: CursorWrapper, last: int) -> int:
    """The last number that the next seal covers: MOST_EVENTS further, or as far as there are events.

    A long run of numbers that nobody used (a large insert that was rolled back) is covered too. A number that
    was never given out is a forgery, and is not followed: `end_problems` names it.
    """
    cursor.execute(
        "SELECT max(seq) FROM record_event"
        " WHERE seq > %s AND seq <= (SELECT last_value FROM record_event_seq_seq)",
        [last],
    )
    newest = cursor.fetchone()[0]
    return last if newest is None else min(int(newest), last + MOST_EVENTS)


def _late(cursor: CursorWrapper, before: Seal | None) -> list[int]:
    """Numbers that earlier seals missed and that are visible now. Gaps are rare: all of them are looked at."""
    if before is None:
        return []
    cursor.execute(
        "WITH recent AS (SELECT missing, late FROM record_seal WHERE cardinality(missing) + cardinality(late) > 0)"
        " SELECT seq FROM record_event WHERE seq IN (SELECT unnest(missing) FROM recent)"
        " AND seq NOT IN (SELECT unnest(late) FROM recent) ORDER BY seq"
    )
    return [row[0] for row in cursor.fetchall()]


def _content(
    before: Seal | None, upto: int, late: list[int], events: list[EventFacts], at: dt.datetime
) -> SealContent:
    first = before.last + 1 if before else 1
    there = {event.seq for event in events}
    return SealContent(
        number=before.number + 1 if before else 1,
        first=first,
        last=upto,
        late=late,
        missing=[seq for seq in range(first, upto + 1) if seq not in there],
        count=len(events),
        root=root_of(events),
        previous_root=before.root if before else NO_ROOT,
        sealed_at=at,
    )


def _store(seal: SealContent) -> None:
    made = Seal.objects.create(
        number=seal.number,
        first=seal.first,
        last=seal.last,
        late=list(seal.late),
        missing=list(seal.missing),
        count=seal.count,
        root=seal.root,
        previous_root=seal.previous_root,
        sealed_at=seal.sealed_at,
        credential=seal_credential(seal, keys(seal.sealed_at).signing),
    )
    transaction.on_commit(lambda: keep_head(made))


def _let_go(upto: int) -> None:
    """What is sealed needs no second digest. One that the event does not fit stays, for `end_problems` to find."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM record_unsealed u USING record_event e"
            " WHERE e.seq = u.seq AND u.seq <= %s AND record_event_digest(e) = u.digest",
            [upto],
        )


def stored_seals() -> Iterator[SealFacts]:
    """Every seal, in order, as it is stored."""
    for row in Seal.objects.order_by("number").iterator(chunk_size=500):
        yield SealFacts(
            number=row.number,
            first=row.first,
            last=row.last,
            late=row.late,
            missing=row.missing,
            count=row.count,
            root=row.root,
            previous_root=row.previous_root,
            sealed_at=row.sealed_at,
            credential=row.credential,
        )


@contextmanager
def stored_events() -> Iterator[Iterator[EventFacts]]:
    """Every event, in order, streamed in flat memory by a cursor on the server.

    One snapshot for events and seals alike: a seal made meanwhile is not seen half.
    """
    name = f"events_{new_id().hex}"
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {_EVENTS} ORDER BY seq")

        def stream() -> Iterator[EventFacts]:
            while True:
                cursor.execute(f"FETCH 5000 FROM {name}")
                rows = cursor.fetchall()
                if not rows:
                    return
                yield from map(canonical_row, rows)

        yield stream()


def problems(*, at: dt.datetime) -> list[Problem]:
    """Seal what is new, then recompute every seal from the events; the first thing that is off, and what is off
    at the end of the chain.

    Sealing first makes an event that committed late part of a seal; one that is in none was forged.
    """
    seal_all(at=at)
    public = keys(at).public
    with stored_events() as events:
        problem = verify_chain(stored_seals(), events, keys=public)
    return [*([] if problem is None else [problem]), *end_problems()]


def first_problem(*, at: dt.datetime) -> Problem | None:
    """The first of `problems`, or None."""
    return next(iter(problems(at=at)), None)

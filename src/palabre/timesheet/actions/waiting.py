"""What a device measured and nothing vouches for: kept, shown, answered by a person, or counted once it is explained."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from palabre.ids import new_id
from palabre.people.residences import Residences
from palabre.record.actions import record
from palabre.timesheet.bounds import Judged
from palabre.timesheet.figures import DAY_MS
from palabre.timesheet.models import Correction, Source, TimeEntry
from palabre.timesheet.waits import UNEXPLAINED

ANSWER_WITHIN = dt.timedelta(days=2)

# More of the same waits with it; none grows beyond a day.
_WAIT = """
INSERT INTO timesheet_correction AS c (id, member_id, day, charge, kind, rule, delta_ms, reason, asked_at, answer_due,
    state, answer)
SELECT s.id, %(member)s, s.day, s.charge, s.kind, s.rule, s.ms, '', %(at)s, %(due)s, 'waiting', ''
FROM unnest(%(ids)s::uuid[], %(days)s::date[], %(charges)s::bigint[], %(kinds)s::text[], %(rules)s::text[],
    %(ms)s::int[]) AS s (id, day, charge, kind, rule, ms)
ON CONFLICT (member_id, day, charge, kind, rule) WHERE state = 'waiting' AND rule <> ''
DO UPDATE SET delta_ms = least(c.delta_ms + excluded.delta_ms, %(most)s)
RETURNING id, day, kind, delta_ms
"""


def let_wait(member: uuid.UUID, judged: Sequence[Judged], at: dt.datetime) -> None:
    """Put what does not count yet before a person, one row a day, account, kind and reason."""
    sums: dict[tuple[dt.date, int, str, str], int] = defaultdict(int)
    for one in judged:
        for reason, ms in one.waits:
            sums[one.day, one.slice.charge, str(one.slice.kind), reason] += ms
    if not sums:
        return
    keys = sorted(sums)
    asked: dict[str, Any] = {
        "member": member,
        "at": at,
        "due": at + ANSWER_WITHIN,
        "most": DAY_MS,
        "ids": [new_id() for _ in keys],
        "days": [key[0] for key in keys],
        "charges": [key[1] for key in keys],
        "kinds": [key[2] for key in keys],
        "rules": [key[3] for key in keys],
        "ms": [min(sums[key], DAY_MS) for key in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, asked)
        rows = cursor.fetchall()
    for correction, day, kind, delta_ms in rows:
        note("timesheet.correction.measured", member, correction, day, kind, delta_ms, "waiting", None, at)


def release(
    member: uuid.UUID, explained: Mapping[tuple[dt.date, int], int], lived: Residences, at: dt.datetime
) -> None:
    """Count what waited unexplained and is explained by now: so the order in which things arrive decides nothing."""
    for (day, charge), ms in sorted(explained.items()):
        left = ms
        waiting = Correction.objects.filter(
            member=member, day=day, charge=charge, rule=UNEXPLAINED, state=Correction.State.WAITING
        )
        for one in waiting.order_by("asked_at", "id"):
            taken = min(left, one.delta_ms)
            if taken <= 0:
                break
            _release(one, taken, lived, at)
            left -= taken


def _release(waiting: Correction, taken: int, lived: Residences, at: dt.datetime) -> None:
    """The whole of it is accepted; a part becomes a row of its own beside what still waits."""
    done = waiting
    if taken < waiting.delta_ms:
        waiting.delta_ms -= taken
        waiting.save(update_fields=["delta_ms"])
        _noted(waiting, at)
        done = Correction(
            member_id=waiting.member_id,
            day=waiting.day,
            kind=waiting.kind,
            charge=waiting.charge,
            delta_ms=taken,
            rule=waiting.rule,
            asked_at=waiting.asked_at,
        )
    done.state, done.answered_at = Correction.State.ACCEPTED, at
    done.entry = entry_for(done, "explained", lived, at)
    done.save()
    _noted(done, at)


def entry_for(correction: Correction, rule: str, lived: Residences, at: dt.datetime) -> TimeEntry:
    """The time of an accepted correction, at the end of its day, which is due for settlement again."""
    instant = lived.day_end(correction.day) - dt.timedelta(seconds=1)
    made = TimeEntry.objects.create(
        member_id=correction.member_id,
        key=new_id(),
        kind=correction.kind,
        source=Source.CORRECTION,
        charge=correction.charge,
        started_at=instant,
        ended_at=instant,
        measured_ms=0,
        counted_ms=correction.delta_ms,
        rule=rule,
        day=correction.day,
        received_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pay_dueday (member_id, day) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [correction.member_id, correction.day],
        )
    return made


def _noted(one: Correction, at: dt.datetime) -> None:
    note(
        "timesheet.correction.measured",
        one.member_id,
        one.id,
        one.day,
        one.kind,
        one.delta_ms,
        one.state,
        one.entry_id,
        at,
    )


def note(
    code: str,
    member: uuid.UUID,
    correction: uuid.UUID,
    day: dt.date,
    kind: str,
    delta_ms: int,
    state: str,
    entry: int | None,
    at: dt.datetime,
    *,
    by: uuid.UUID | None = None,
    organisation: uuid.UUID | None = None,
) -> None:
    """Say in the record what a correction is from now on."""
    record(
        code,
        by=by,
        at=at,
        subject=f"member:{member}",
        organisation=organisation,
        data={
            "correction": str(correction),
            "day": day.isoformat(),
            "kind": str(kind),
            "delta_ms": delta_ms,
            "state": str(state),
            "entry": entry,
        },
    )

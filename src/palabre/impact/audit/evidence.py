"""A bundle of evidence as a ZIP that is made while it is read: memory does not grow with it.

What it holds was fixed when it was asked for. Events that the bundle does not show in full (of another
organisation, project or time) stand there as their hash, so that every root can be computed again.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from palabre.impact.audit.events import VISIBLE
from palabre.impact.models import ScoreCard
from palabre.people.models import Organisation
from palabre.people.walls import ONLY_HERE
from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign
from palabre.record.evidence_file import EVENTS, LEDGER, MANIFEST, SEALS, TYPE
from palabre.record.keys import key_list
from palabre.record.merkle import leaf_hash
from palabre.record.models import Evidence, Seal, Verification
from palabre.record.seals import COLUMNS, canonical_row, keys
from palabre.times import iso
from palabre.work.models import Project

STEP = 5_000
README = Path(__file__).parent / "readme"
_EPOCH = (2026, 1, 1, 0, 0, 0)

# Which seals: those made in the period, and the first one after it, which covers its last events.
_SEALS = """
SELECT min(number), max(number) FROM record_seal WHERE number <= %(seal)s
  AND (%(since)s::timestamptz IS NULL OR sealed_at >= %(since)s)
  AND number <= coalesce((SELECT min(number) FROM record_seal WHERE sealed_at >= %(until)s), %(seal)s)
"""
# The events under these seals; a number that was missing and came later is in by the seal that took it in.
_EVENTS = f"""
SELECT {COLUMNS},
    (%(since)s::timestamptz IS NULL OR e.at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s)
    AND {VISIBLE} AND (%(project)s::uuid IS NULL OR (
        e.subject = 'project:' || %(project)s::uuid OR e.data ->> 'project' = (%(project)s::uuid)::text
        OR (e.code = 'pay.posted' AND EXISTS (
            SELECT FROM jsonb_array_elements(e.data -> 'moves') move
            JOIN pay_ledgeraccount a ON a.id = (move ->> 0)::bigint WHERE a.owner = %(project)s::uuid))
        OR (e.code = 'work.synced' AND EXISTS (
            SELECT FROM jsonb_array_elements(e.data -> 'time') spent
            JOIN timesheet_timeentry t ON t.id = (spent ->> 0)::bigint
            JOIN work_project p ON p.escrow_id = t.charge WHERE p.id = %(project)s::uuid))
        OR (e.code = 'work.synced' AND EXISTS (
            SELECT FROM jsonb_array_elements(e.data -> 'answers') answer
            JOIN work_annotation n ON n.id = (answer ->> 0)::bigint WHERE n.project_id = %(project)s::uuid))))
FROM record_event e
WHERE e.seq > %(after)s AND (
    e.seq BETWEEN %(first)s AND %(last)s AND e.seq NOT IN (
        SELECT unnest(missing) FROM record_seal WHERE number BETWEEN %(low)s AND %(high)s
        EXCEPT SELECT unnest(late) FROM record_seal WHERE number BETWEEN %(low)s AND %(high)s)
    OR e.seq IN (SELECT unnest(late) FROM record_seal WHERE number BETWEEN %(low)s AND %(high)s))
ORDER BY e.seq LIMIT %(limit)s
"""  # noqa: S608
# Whole transactions of the period that touch an account of the organisation, or of the project.
_LEDGER = f"""
SELECT t.id, t.kind, t.at, t.key, o.id, o.account_id, a.kind, a.owner, o.currency, o.amount
FROM (
    SELECT t.* FROM pay_ledgertransaction t
    WHERE t.id > %(after)s AND (%(since)s::timestamptz IS NULL OR t.at >= %(since)s)
      AND t.at < coalesce(%(until)s::timestamptz, %(asked)s)
      AND EXISTS (
        SELECT FROM pay_posting o JOIN pay_ledgeraccount a ON a.id = o.account_id
        WHERE o.transaction_id = t.id AND CASE WHEN %(project)s::uuid IS NULL THEN a.owed_by = %(here)s OR a.owner IN (
            SELECT id FROM work_project WHERE operator_id = %(here)s
            UNION ALL SELECT %(here)s::uuid UNION ALL SELECT account_id FROM {ONLY_HERE} hers)
          ELSE a.owner = %(project)s::uuid END)
    ORDER BY t.id LIMIT %(limit)s
) t JOIN pay_posting o ON o.transaction_id = t.id JOIN pay_ledgeraccount a ON a.id = o.account_id
ORDER BY t.id, o.id
"""  # noqa: S608 - text of our own
_LEDGER_COLUMNS = ("transaction", "kind", "at", "key", "posting", "account", "account_kind", "owner", "currency",
                   "minor_units")  # fmt: skip


class _Sink(io.RawIOBase):
    """Where the ZIP is written to: what has come is taken out piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        out = b"".join(self._pieces)
        self._pieces.clear()
        return out


@dataclass(slots=True)
class _Bounds:
    """The seals of a bundle, and the numbers of the events that they cover."""

    low: int
    high: int
    first: int
    last: int


def stream_evidence(asked: Evidence, at: dt.datetime) -> Iterator[bytes]:
    """The bytes of the ZIP. `at`: when it is made, which is when the list of its files is signed."""
    bounds = _bounds(asked)
    sink, listed = _Sink(), list[dict[str, Json]]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as to:
        for name, pieces in _files(asked, bounds, at):
            digest, size = hashlib.sha256(), 0
            with to.open(_info(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    yield sink.taken()
            listed.append({"name": name, "sha256": digest.hexdigest(), "bytes": size})
        to.writestr(_info(MANIFEST), _json(_manifest(asked, bounds, listed, at)))
    yield sink.taken()


def _files(asked: Evidence, bounds: _Bounds, at: dt.datetime) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "README.en.txt", iter([(README / "evidence.en.txt").read_bytes()])
    yield "README.fr.txt", iter([(README / "evidence.fr.txt").read_bytes()])
    yield "keys.json", iter([_json(key_list(keys(at).public))])
    yield SEALS, _seals(bounds)
    yield EVENTS, _events(asked, bounds)
    yield LEDGER, _ledger(asked)
    yield "verification.json", iter([_json(_verification(asked.organisation))])
    for card in _scorecards(asked):
        yield f"scorecards/{card.id}.json", iter([_json(card.credential)])


def _bounds(asked: Evidence) -> _Bounds:
    with connection.cursor() as cursor:
        cursor.execute(_SEALS, {"seal": asked.seal, "since": asked.since, "until": asked.until})
        low, high = cursor.fetchone()
    low, high = low or asked.seal, high or asked.seal
    rows = dict(Seal.objects.filter(number__in=[low, high]).values_list("number", "first"))
    return _Bounds(low, high, rows[low], Seal.objects.get(number=high).last)


def _seals(bounds: _Bounds) -> Iterator[bytes]:
    found = Seal.objects.filter(number__range=(bounds.low, bounds.high)).order_by("number")
    for said in found.values_list("credential", flat=True).iterator(chunk_size=500):
        yield json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _events(asked: Evidence, bounds: _Bounds) -> Iterator[bytes]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                _EVENTS,
                {
                    **_asked(asked),
                    "after": after,
                    "first": bounds.first,
                    "last": bounds.last,
                    "low": bounds.low,
                    "high": bounds.high,
                    "limit": STEP,
                },
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield b"".join(_event_line(row) for row in rows)
        after = rows[-1][0]


def _event_line(row: tuple[Any, ...]) -> bytes:
    *columns, shown = row
    event = canonical_row(tuple(columns))
    if shown:
        return event.canonical + b"\n"
    return _json({"leaf": leaf_hash(event.canonical).hex(), "seq": event.seq}, indent=None)


def _ledger(asked: Evidence) -> Iterator[bytes]:
    """Amounts in whole minor units, exact for any program that adds them up."""
    text = io.StringIO()
    to = csv.writer(text, lineterminator="\r\n")
    to.writerow(_LEDGER_COLUMNS)
    after = 0
    while True:
        with connection.cursor() as cursor:
            values = {**_asked(asked), "asked": asked.asked_at, "after": after, "limit": STEP}
            cursor.execute(_LEDGER, values)
            rows = cursor.fetchall()
        for number, kind, at, key, *rest in rows:
            to.writerow([number, kind, iso(at), key, *rest])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
        if not rows:
            return
        after = rows[-1][0]


def _asked(asked: Evidence) -> dict[str, Any]:
    return {
        "here": asked.organisation,
        "since": asked.since,
        "until": asked.until,
        "project": asked.project,
    }


def _scorecards(asked: Evidence) -> Iterator[ScoreCard]:
    found = ScoreCard.objects.filter(
        project__in=Project.objects.filter(operator=asked.organisation), issued_at__lte=asked.asked_at
    )
    if asked.project:
        found = found.filter(project=asked.project)
    if asked.since:
        found = found.filter(issued_at__gte=asked.since)
    if asked.until:
        found = found.filter(issued_at__lt=asked.until)
    return found.order_by("issued_at", "id").iterator(chunk_size=50)


def _verification(organisation: uuid.UUID) -> dict[str, Json]:
    """The last verification that was asked for by the button; nothing when there was none."""
    last = _finished(organisation).order_by("-finished_at").first()
    if last is None or last.finished_at is None or last.started_at is None:
        return {"found": False}
    return {
        "found": True,
        "startedAt": iso(last.started_at),
        "finishedAt": iso(last.finished_at),
        "complete": not last.gave_up,
        "steps": last.steps,
        "events": last.events,
        "seals": last.seals,
        "problems": last.problems,
    }


def _finished(organisation: uuid.UUID) -> QuerySet[Verification]:
    return Verification.objects.filter(organisation=organisation).exclude(finished_at=None)


def _manifest(
    asked: Evidence, bounds: _Bounds, files: list[dict[str, Json]], at: dt.datetime
) -> dict[str, Json]:
    key = keys(at).signing
    subject: dict[str, Json] = {
        "id": f"urn:uuid:{asked.id}",
        "type": TYPE,
        "askedAt": iso(asked.asked_at),
        "since": iso(asked.since) if asked.since else None,
        "until": iso(asked.until) if asked.until else None,
        "project": f"urn:uuid:{asked.project}" if asked.project else None,
        "firstSeal": bounds.low,
        "lastSeal": bounds.high,
        "seals": bounds.high - bounds.low + 1,
        "files": list(files),
    }
    name = Organisation.objects.get(id=asked.organisation).name
    document = credential("EvidenceCredential", subject, issuer=key.did, valid_from=at, issuer_name=name)
    return sign(document, key, created=at)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return info


def _json(value: Any, indent: int | None = 2) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode()


def file_name(asked: Evidence) -> str:
    """What the ZIP is called."""
    return f"evidence-{asked.asked_at:%Y-%m-%d}-{asked.id.hex[-8:]}.zip"

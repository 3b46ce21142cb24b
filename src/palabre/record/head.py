"""The end of the chain: which seal was the newest is also known outside the database, and can be kept by anybody.

Whoever takes away the newest events and the seals over them leaves a chain that is right in itself. So the host
that seals keeps the newest seal in a file of its own; `palabre record root` gives it to anybody, and
`palabre record verify --root` compares with it, however long afterwards.
"""

import datetime as dt
import json
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection

from palabre.record.canonical import Json
from palabre.record.credentials import verify
from palabre.record.errors import CredentialError, FileUnreadable, RecordError
from palabre.record.keys import PublicKey
from palabre.record.models import Seal
from palabre.record.problems import Problem
from palabre.record.sealing import SealContent, seal_of
from palabre.record.strict_json import MOST_BYTES, read_json
from palabre.settings import current
from palabre.words import Sentence
from palabre.words import gettext_lazy as _

log = logging.getLogger("palabre.record")
# So many events are named; where more are gone, one knows enough.
NAMED = 20
_LOST = """
SELECT u.seq, e.seq IS NULL FROM record_unsealed u LEFT JOIN record_event e ON e.seq = u.seq
WHERE e.seq IS NULL OR record_event_digest(e) <> u.digest ORDER BY u.seq LIMIT %s
"""
# A number beyond those that were given out: no program of ours wrote this event.
_AHEAD = """
SELECT seq FROM record_event, record_event_seq_seq given WHERE seq > given.last_value ORDER BY seq LIMIT %s
"""


def head_file() -> Path:
    """Where this host keeps the newest seal of its database."""
    name = str(connection.settings_dict["NAME"])
    return current().home / f"record-head-{name}.json"


def keep_head(seal: Seal) -> None:
    """Write the newest seal aside, whole or not at all. One that the chain doesn't lead on from stays, to be found."""
    path = head_file()
    if any(_lost_seals()):
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(json.dumps(seal.credential, ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        # The seal stands. The file says less than it could until the next one.
        log.warning("the newest seal could not be kept", extra={"path": str(path), "why": error.strerror})


def end_problems() -> list[Problem]:
    """What is off at the end: events that no seal covered yet, or never can, and seals that this host has seen."""
    return [*_lost_events(), *_events_ahead(), *_lost_seals()]


def root_problem(path: Path, keys: Sequence[PublicKey], *, at: dt.datetime) -> Problem | RecordError | None:
    """Where the record is not the one whose root somebody kept in a file; None where it goes on from it."""
    try:
        document = _read(path)
        verify(document, at=at, trusted=keys)
    except (CredentialError, RecordError) as error:
        return error
    seal = _seal_in(document)
    if seal is None:
        return FileUnreadable(path=path, why=_("it holds no seal"))
    return _compared(
        seal,
        _("The root that you kept is that of seal %(seal)s, made on %(day)s: this record has no such seal."),
        _(
            "The root that you kept is that of seal %(seal)s, made on %(day)s: the seal of this record has another."
        ),
    )


def _lost_events() -> Iterator[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [NAMED])
        rows = cursor.fetchall()
    for seq, gone in rows:
        sentence = (
            _("Event %(event)s was written, and is gone.")
            if gone
            else _("Event %(event)s was changed before it was sealed.")
        )
        yield Problem("record.event_lost", sentence, {"event": seq}, event=seq)


def _events_ahead() -> Iterator[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, [NAMED])
        for (seq,) in cursor.fetchall():
            sentence = _("Event %(event)s has a number that was never given out: it was forged.")
            yield Problem("record.event_ahead", sentence, {"event": seq}, event=seq)


def _lost_seals() -> Iterator[Problem]:
    path = head_file()
    if not path.exists():
        return
    try:
        seal = _seal_in(_read(path))
    except RecordError:
        seal = None
    if seal is None:
        sentence = _("%(path)s, which holds the newest seal that this host has seen, can't be read.")
        yield Problem("record.head_unreadable", sentence, {"path": path})
        return
    problem = _compared(
        seal,
        _(
            "The end of the record is missing: this host has seen seal %(seal)s, made on %(day)s. If an older"
            " backup was restored on purpose, take %(path)s away."
        ),
        _("Seal %(seal)s, made on %(day)s, is not the one that this host has seen (%(path)s)."),
    )
    if problem is not None:
        yield problem


def _compared(seal: SealContent, absent: Sentence, other: Sentence) -> Problem | None:
    fields = {"seal": seal.number, "day": f"{seal.sealed_at:%Y-%m-%d}", "path": head_file()}
    stored = Seal.objects.filter(number=seal.number).first()
    if stored is None:
        return Problem("record.end_missing", absent, fields, seal=seal.number)
    if (stored.root, stored.previous_root) != (seal.root, seal.previous_root):
        return Problem("record.head_differs", other, fields, seal=seal.number)
    return None


def _read(path: Path) -> Json:
    """Raises: FileUnreadable, and those of `read_json`."""
    try:
        with path.open("rb") as file:
            return read_json(file.read(MOST_BYTES + 1))
    except OSError as error:
        raise FileUnreadable(path=path, why=error.strerror) from error


def _seal_in(document: Json) -> SealContent | None:
    subject = document.get("credentialSubject") if isinstance(document, dict) else None
    return seal_of(subject) if isinstance(subject, dict) else None

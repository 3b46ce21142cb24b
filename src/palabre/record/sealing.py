"""Seals: Merkle roots over stretches of the record, signed, each naming the root before it.

A seal covers every event from `first` to `last` except those in `missing`, and besides them the events in
`late`. Numbers are given out before transactions commit, so a gap may be a transaction that was given up, or
one that is still open when the seal is made: the second kind becomes visible afterwards, and a later seal
takes it in as late. Leaves are canonical events in ascending seq. `first` follows on the last seal's `last`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign
from palabre.record.instants import instant
from palabre.record.keys import SigningKey
from palabre.record.merkle import EMPTY_ROOT, root
from palabre.record.problems import Problem
from palabre.times import iso
from palabre.words import Sentence
from palabre.words import gettext_lazy as _

SEAL = "Seal"
# What the first seal names as the root before it: the root of a tree without leaves.
NO_ROOT = EMPTY_ROOT.hex()


class EventFacts(NamedTuple):
    """An event as it is sealed: its number and its canonical bytes."""

    seq: int
    canonical: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealContent:
    """What a seal states. Roots are lower-case hexadecimal; `late` and `missing` ascend."""

    number: int
    first: int
    last: int
    late: Sequence[int]
    missing: Sequence[int]
    count: int
    root: str
    previous_root: str
    sealed_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts(SealContent):
    """A seal as it is stored, with the credential that states it."""

    credential: Mapping[str, Json]


def root_of(events: Iterable[EventFacts]) -> str:
    """The root over `events`, which come in ascending seq, in hexadecimal."""
    return root(event.canonical for event in events).hex()


def seal_subject(seal: SealContent) -> dict[str, Json]:
    """The `credentialSubject` of a seal's credential."""
    return {
        "type": SEAL,
        "number": seal.number,
        "firstEvent": seal.first,
        "lastEvent": seal.last,
        "lateEvents": list(seal.late),
        "missingEvents": list(seal.missing),
        "eventCount": seal.count,
        "root": seal.root,
        "previousRoot": seal.previous_root,
        "sealedAt": iso(seal.sealed_at),
    }


def seal_credential(seal: SealContent, key: SigningKey) -> dict[str, Json]:
    """The signed credential of a seal, dated as the seal is."""
    document = credential("SealCredential", seal_subject(seal), issuer=key.did, valid_from=seal.sealed_at)
    return sign(document, key, created=seal.sealed_at)


def seal_of(subject: Mapping[str, Json]) -> SealContent | None:
    """What a seal's `credentialSubject` states; None when a part of it is missing or of another type."""
    numbers = [_integer(subject.get(name)) for name in ("number", "firstEvent", "lastEvent", "eventCount")]
    lists = [_integers(subject.get(name)) for name in ("lateEvents", "missingEvents")]
    roots = [_hexadecimal(subject.get(name)) for name in ("root", "previousRoot")]
    sealed_at = instant(subject.get("sealedAt"))
    match (*numbers, *lists, *roots, sealed_at):
        case (
            int(number), int(first), int(last), int(count),
            list(late), list(missing), str(root), str(previous_root), dt.datetime() as moment,
        ):  # fmt: skip
            return SealContent(
                number=number,
                first=first,
                last=last,
                late=late,
                missing=missing,
                count=count,
                root=root,
                previous_root=previous_root,
                sealed_at=moment,
            )
    return None


def content_problem(seal: SealContent) -> Problem | None:
    """What in a seal contradicts itself: its range, its lists, its count."""
    if seal.last < seal.first - 1 or seal.first < 1:
        return _off(seal, "seal_range", _("Seal %(seal)s: it ends before it begins."))
    if not _ascend(seal.first - 1, seal.missing, seal.last + 1):
        return _off(seal, "seal_missing", _("Seal %(seal)s: its list of missing events is not in order."))
    if not _ascend(0, seal.late, seal.first):
        return _off(seal, "seal_late", _("Seal %(seal)s: its list of late events is not in order."))
    count = seal.last - seal.first + 1 - len(seal.missing) + len(seal.late)
    if seal.count != count:
        sentence = _("Seal %(seal)s: it says %(stated)s events but covers %(count)s.")
        return _off(seal, "seal_count", sentence, stated=seal.count, count=count)
    return None


def link_problem(before: SealContent | None, seal: SealContent) -> Problem | None:
    """Where a seal does not follow on the one before it; None before the first seal of all."""
    number, last, root = (0, 0, NO_ROOT) if before is None else (before.number, before.last, before.root)
    if seal.number != number + 1:
        sentence = _("Seal %(expected)s is missing: seal %(seal)s comes in its place.")
        return _off(seal, "seal_number", sentence, expected=number + 1)
    if seal.first != last + 1:
        sentence = _("Seal %(seal)s: it begins at event %(first)s instead of %(expected)s.")
        return _off(seal, "seal_first", sentence, first=seal.first, expected=last + 1)
    if seal.previous_root != root:
        sentence = _("Seal %(seal)s: the previous root that it names is not that of the seal before it.")
        return _off(seal, "seal_previous_root", sentence)
    return None


def _off(seal: SealContent, code: str, sentence: Sentence, **fields: object) -> Problem:
    return Problem(f"record.{code}", sentence, {"seal": seal.number, **fields}, seal=seal.number)


def _ascend(low: int, numbers: Sequence[int], high: int) -> bool:
    """Whether each of `numbers` is above the one before it, and all lie strictly between `low` and `high`."""
    return all(earlier < later for earlier, later in pairwise((low, *numbers, high))) if numbers else True


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _integers(value: object) -> list[int] | None:
    if not isinstance(value, list):
        return None
    numbers = [number for item in value if (number := _integer(item)) is not None]
    return numbers if len(numbers) == len(value) else None


def _hexadecimal(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) else None

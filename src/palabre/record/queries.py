"""Reads of the record itself: seals, the proof that an event is in one, and runs of verification.

A seal holds no organisation's data, so whoever may read the record may read every seal. Who may read which
event is not known here.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from palabre.errors import NotFound
from palabre.record.canonical import Json
from palabre.record.merkle import inclusion_proof, leaf_hash
from palabre.record.models import Event, Evidence, Seal, Verification
from palabre.record.proofs import PROOF_TYPE
from palabre.record.sealing import EventFacts
from palabre.record.seals import COLUMNS, canonical_row

_COVERED = f"""
SELECT {COLUMNS} FROM record_event e WHERE (seq BETWEEN %s AND %s AND NOT seq = ANY(%s)) OR seq = ANY(%s) ORDER BY seq
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class State:
    """How the record stands: the newest event and seal, and how many events wait to be sealed."""

    events: int
    newest: Event | None
    seal: Seal | None
    unsealed: int


@dataclass(frozen=True, slots=True)
class Proof:
    """An event's place in its seal: `path` leads from its leaf to the root, the nearest hash first."""

    seal: Seal
    canonical: bytes
    index: int
    size: int
    path: tuple[str, ...]

    @property
    def leaf(self) -> str:
        return leaf_hash(self.canonical).hex()

    def document(self) -> dict[str, Json]:
        """All that is needed to check it offline: `palabre verify proof.json`."""
        return {
            "type": PROOF_TYPE,
            "event": self.canonical.decode(),
            "leaf": self.leaf,
            "index": self.index,
            "size": self.size,
            "path": list(self.path),
            "seal": self.seal.credential,
        }


def state() -> State:
    """Four statements. The number of events is estimated from their numbers: none is ever taken away."""
    newest = Event.objects.order_by("-seq").first()
    seal = Seal.objects.order_by("-number").first()
    after = seal.last if seal else 0
    unsealed = Event.objects.filter(seq__gt=after).count()
    return State(newest.seq if newest else 0, newest, seal, unsealed)


def seals(*, before: int | None, limit: int) -> list[Seal]:
    """The newest seals first. One statement."""
    found = Seal.objects.order_by("-number")
    return list((found.filter(number__lt=before) if before else found)[:limit])


def seal_numbered(number: int) -> Seal:
    """Raises: NotFound."""
    found = Seal.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def seal_over(seq: int) -> Seal | None:
    """The seal that covers an event; None while it waits for one. One statement, two for what came late."""
    found = Seal.objects.filter(last__gte=seq).order_by("last", "number").first()
    if found is not None and seq in found.missing:
        return Seal.objects.filter(number__gt=found.number, late__contains=[seq]).order_by("number").first()
    return found


def proof_of(seq: int) -> Proof | None:
    """The proof that an event is in its seal; None while it is in none. One more statement.

    Reads the events of that one seal. Raises: NotFound, where the event itself is gone.
    """
    seal = seal_over(seq)
    if seal is None:
        return None
    events = covered(seal)
    places = {event.seq: place for place, event in enumerate(events)}
    if seq not in places:
        raise NotFound
    path = inclusion_proof([leaf_hash(event.canonical) for event in events], places[seq])
    index = places[seq]
    hexes = tuple(one.hex() for one in path)
    return Proof(seal, events[index].canonical, index, len(events), hexes)


def covered(seal: Seal) -> list[EventFacts]:
    """The events under a seal, as they are sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, [seal.first, seal.last, seal.missing, seal.late])
        return [canonical_row(row) for row in cursor.fetchall()]


def verifications(organisation: uuid.UUID | None, limit: int = 20) -> list[Verification]:
    """The last runs that were asked for in an organisation, the newest first. One statement."""
    return list(_of(organisation).order_by("-asked_at", "-id")[:limit])


def verification(organisation: uuid.UUID | None, number: uuid.UUID) -> Verification:
    """One of them. Raises: NotFound."""
    found = _of(organisation).filter(id=number).first()
    if found is None:
        raise NotFound
    return found


def evidence_for(organisation: uuid.UUID, number: uuid.UUID) -> Evidence:
    """A bundle that was asked for in an organisation. Raises: NotFound."""
    found = Evidence.objects.filter(id=number, organisation=organisation).first()
    if found is None:
        raise NotFound
    return found


def evidence_of(organisation: uuid.UUID, limit: int = 20) -> list[Evidence]:
    """The last bundles that an organisation asked for, the newest first. One statement."""
    return list(Evidence.objects.filter(organisation=organisation).order_by("-asked_at")[:limit])


def codes() -> list[str]:
    """The kinds of events that there are, by hops along the index. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("""
            WITH RECURSIVE found AS (
                (SELECT code FROM record_event ORDER BY code LIMIT 1)
                UNION ALL SELECT (SELECT code FROM record_event WHERE code > found.code ORDER BY code LIMIT 1)
                FROM found WHERE found.code IS NOT NULL
            ) SELECT code FROM found WHERE code IS NOT NULL
        """)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [row[0] for row in rows]


def _of(organisation: uuid.UUID | None) -> QuerySet[Verification]:
    return (
        Verification.objects.filter(organisation=organisation)
        if organisation
        else Verification.objects.none()
    )

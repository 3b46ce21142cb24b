"""A ScoreCard with something in every place, made without a database: for pages, papers and checks."""

import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from palabre.impact.scorecard.facts import (
    AgreementFacts,
    DayFacts,
    DecisionFacts,
    Facts,
    FloorFacts,
    MoneyFacts,
    PayRow,
    ProjectFacts,
    QuestionFacts,
    SealFacts,
    TimeRow,
    TopUpRow,
    WorkFacts,
)
from palabre.impact.scorecard.subject import subject_of
from palabre.quality.figures import Agreed
from palabre.record.credentials import credential, sign
from palabre.record.keys import SigningKey

AT = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)
NUMBER = uuid.UUID("0199a3f2-7c1e-7d55-8a10-3f6f0a1b2c3d")
MINUTE_MS = 60_000
# country, currency, members, legal minimum, living tariff, what an hour brought the first and each next one
PLACES: tuple[tuple[str, str, int, str, str | None, int, int], ...] = (
    ("SN", "XOF", 9, "370.526", "980", 985, 12),
    ("CM", "XAF", 7, "346.153846", None, 402, 9),
    ("MG", "MGA", 5, "1515.461538", "3300", 3320, 25),
    ("BJ", "XOF", 2, "300", None, 390, 10),
)
KINDS = (
    ("task", "device", 600),
    ("reading", "device", 55),
    ("redo", "device", 18),
    ("question", "device", 6),
    ("training", "server", 40),
)


def facts(
    *,
    name: str = "Avis de voyageurs",
    client: str = "Académie du voyage",
    operator: str = "Les Mains du Baobab",
    purpose: str = "Sort what guests say about their stay, so that small hotels learn what to improve.",
    declared: bool = False,
) -> Facts:
    """23 members in four places, one of them too small to be named."""
    people = [
        (uuid.UUID(int=100 * number + one), place)
        for number, place in enumerate(PLACES)
        for one in range(place[2])
    ]
    return Facts(
        as_of=AT,
        project=ProjectFacts(
            id=uuid.UUID("0199a3f2-0000-7000-8000-000000000001"),
            name=name,
            purpose=purpose,
            client=client,
            operator=operator,
            currency="EUR",
            overlap=3,
            countries=tuple(sorted(place[0] for place in PLACES)),
            declared_times=declared,
            piloted=not declared,
            launched_at=dt.datetime(2026, 9, 14, 8, 0, tzinfo=dt.UTC),
            closed_at=dt.datetime(2026, 11, 13, 18, 0, tzinfo=dt.UTC),
            escrow=1,
        ),
        work=WorkFacts(
            tasks=12_400,
            judged_tasks=12_400,
            judgements=37_512,
            extra=312,
            credit_ms=(1_430, 41_000),
            agreements=[AgreementFacts("mood", 23, Agreed(12_400, 37_512, 0.7412, 0.7338, 0.7489))],
            unmeasured=[],
        ),
        places={member: (place[0], "") for member, place in people},
        time=[
            TimeRow(member, kind, "declared" if declared else source, minutes * MINUTE_MS)
            for member, _ in people
            for kind, source, minutes in KINDS
        ]
        + [TimeRow(member, "task", "correction", 9 * MINUTE_MS) for member, _ in people[:8]],
        money=MoneyFacts(600_000, 37_200, 620_000, 402_100, 3_950, 40_210, 60_315, 0),
        pay=[
            PayRow(member, place[1], (place[5] + place[6] * (member.int % 100)) * 12)
            for member, place in people
        ],
        top_ups=[TopUpRow(member, place[1], 2, 140) for member, place in people[:6]],
        days=DayFacts(
            settled=412,
            at_floor=412,
            below=0,
            never_settled=0,
            unsettled=0,
            waiting=0,
            not_over=0,
            over_at=None,
        ),
        floors={
            (place[0], ""): {
                kind: _floor(place, kind, amount)
                for kind, amount in (("legal_minimum", place[3]), ("living_tariff", place[4]))
                if amount is not None
            }
            for place in PLACES
        },
        decisions=DecisionFacts(taken=7, appealed=3, reversed=2, open=0),
        questions=QuestionFacts(asked=41, answered=40),
        corrections_waiting=0,
        seal=SealFacts(118, "9f2c" * 16, AT),
    )


def _floor(place: tuple[str, str, int, str, str | None, int, int], kind: str, amount: str) -> FloorFacts:
    return FloorFacts(
        kind=kind,
        country=place[0],
        region="",
        hourly=Fraction(Decimal(amount)),
        amount=amount,
        unit="hour",
        weekly_hours=None,
        currency=place[1],
        valid_from=dt.date(2024, 3, 1),
        legal_ref="Decree 2024-794" if kind == "legal_minimum" else "",
        source="https://example.org/law" if kind == "legal_minimum" else "Table of an institute, licensed",
        source_kind="press" if place[0] == "MG" and kind == "legal_minimum" else "law",
        licence="fact",
        checked_on=dt.date(2026, 6, 1),
    )


@cache
def _key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def signed(made_of: Facts | None = None) -> dict[str, Any]:
    """The credential over `made_of`, or over `facts()`."""
    subject = subject_of(made_of or facts(), number=f"urn:uuid:{NUMBER}", version=1)
    document = credential(
        "ScoreCardCredential", subject, issuer=_key().did, valid_from=AT, issuer_name="Les Mains du Baobab"
    )
    return dict(sign(document, _key(), created=AT))

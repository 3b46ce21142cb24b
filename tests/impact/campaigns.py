"""Closed projects of every shape, as facts: few members and many, several currencies, days that nobody could settle."""

import datetime as dt
import uuid
from dataclasses import replace

from hypothesis import strategies as st

from palabre.impact.scorecard.facts import (
    AgreementFacts,
    DayFacts,
    DecisionFacts,
    Facts,
    MoneyFacts,
    PayRow,
    QuestionFacts,
    TimeRow,
    TopUpRow,
    WorkFacts,
)
from palabre.quality.figures import Agreed
from tests.impact.example import facts as example

CURRENCIES = {"SN": "XOF", "BJ": "XOF", "CM": "XAF", "MG": "MGA", "FR": "EUR"}
PLATFORM, SOCIAL = 15, 10  # percent of base pay, as a quote says it


@st.composite
def campaigns(draw: st.DrawFn) -> Facts:
    """Each part is drawn by itself, so that every figure meets groups of none, of few and of many."""
    lives = draw(st.lists(st.sampled_from(sorted(CURRENCIES)), min_size=1, max_size=14))
    members = {uuid.UUID(int=number): (country, "") for number, country in enumerate(lives)}
    base = example()
    project = replace(
        base.project,
        countries=tuple(sorted(draw(st.sets(st.sampled_from(sorted(CURRENCIES)), min_size=1)))),
        declared_times=draw(st.booleans()),
    )
    pay = [
        PayRow(member, CURRENCIES[place[0]], draw(st.integers(1, 9_000)))
        for member, place in members.items()
        if draw(st.integers(0, 9))
    ]
    top_ups = [
        TopUpRow(member, CURRENCIES[place[0]], draw(st.integers(1, 3)), draw(st.integers(1, 900)))
        for member, place in members.items()
        if draw(st.integers(0, 3)) == 0
    ]
    return replace(
        base,
        project=project,
        places=members,
        work=_work(draw, len(members)),
        time=_time(draw, list(members)),
        pay=pay,
        top_ups=top_ups,
        money=_money(draw, pay, top_ups),
        days=_days(draw, len(members)),
        decisions=DecisionFacts(2, 1, 0, 1) if draw(st.booleans()) else DecisionFacts(0, 0, 0, 0),
        questions=QuestionFacts(3, 2) if draw(st.booleans()) else QuestionFacts(0, 0),
        corrections_waiting=draw(st.integers(0, 2)),
    )


def _work(draw: st.DrawFn, members: int) -> WorkFacts:
    names = draw(st.lists(st.sampled_from(["mood", "topic", "tone"]), unique=True))
    alphas = st.none() | st.floats(-1, 1).map(lambda value: round(value, 6))
    agreements = []
    for name in names:
        alpha = draw(alphas)
        agreed = Agreed(40, 90, alpha, alpha, alpha) if alpha is not None else Agreed(0, 0, None, None, None)
        agreements.append(AgreementFacts(name, draw(st.integers(1, members)), agreed))
    unmeasured = draw(st.sampled_from([[], ["remarks"]]))
    return WorkFacts(60, 50, 90, 3, (1_500, 40_000), agreements, unmeasured)


def _time(draw: st.DrawFn, members: list[uuid.UUID]) -> list[TimeRow]:
    rows = []
    for kind in draw(st.lists(st.sampled_from(["task", "reading", "review", "training"]), unique=True)):
        source = draw(st.sampled_from(["device", "declared", "correction", "server"]))
        who = draw(st.lists(st.sampled_from(members), unique=True))
        rows += [TimeRow(member, kind, source, draw(st.integers(1, 10**7))) for member in who]
    return rows


def _money(draw: st.DrawFn, pay: list[PayRow], top_ups: list[TopUpRow]) -> MoneyFacts:
    base = sum(row.credited for row in pay)
    more = sum(row.amount for row in top_ups)
    quoted = draw(st.sampled_from([0, 50_000]))
    paid_in = 2 * (base + more) + 1_000
    return MoneyFacts(
        quoted, 100 if quoted else 0, paid_in, base, more, base * SOCIAL // 100, base * PLATFORM // 100, 0
    )


def _days(draw: st.DrawFn, members: int) -> DayFacts:
    settled = draw(st.integers(0, 30))
    below_days = draw(st.integers(0, min(settled, 3)))
    never = draw(st.sampled_from([0, 0, 2]))
    return DayFacts(
        settled=settled,
        at_floor=settled - below_days,
        below=draw(st.integers(1, min(members, below_days))) if below_days else 0,
        never_settled=never,
        unsettled=draw(st.integers(1, min(members, never))) if never else 0,
        waiting=0,
        not_over=0,
        over_at=None,
    )


AT = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)

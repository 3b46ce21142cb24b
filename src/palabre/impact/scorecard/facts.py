"""What a ScoreCard is computed from: the rows of one project, read in one snapshot."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from palabre.quality.figures import Agreed


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The project as its client knows it. Amounts are minor units of `currency`."""

    id: uuid.UUID
    name: str
    purpose: str
    client: str
    operator: str
    currency: str
    overlap: int
    countries: tuple[str, ...]
    declared_times: bool
    piloted: bool
    launched_at: dt.datetime
    closed_at: dt.datetime
    escrow: int


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """Agreement on one question, among the members who answered it."""

    question: str
    members: int
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """Tasks and judgements. `extra`: made in good faith when the task had enough; kept and paid.

    `credit_ms`: milliseconds from an answer to its credit, at the middle and below which 9 of 10 lie.
    `agreements`: one for each choice question of the schema, in its order; `unmeasured` names the other questions.
    """

    tasks: int
    judged_tasks: int
    judgements: int
    extra: int
    credit_ms: tuple[int, int] | None
    agreements: Sequence[AgreementFacts]
    unmeasured: Sequence[str]


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Counted milliseconds of one member, by kind and by where the figure comes from."""

    member: uuid.UUID
    kind: str
    source: str
    ms: int


@dataclass(frozen=True, slots=True)
class PayRow:
    """One member's base pay for the project, in minor units of her currency."""

    member: uuid.UUID
    currency: str
    credited: int


@dataclass(frozen=True, slots=True)
class TopUpRow:
    """Top-ups of one member's days that fell on the project, whoever bore them: `amount` in her currency."""

    member: uuid.UUID
    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The client's money by the ledger, in minor units of the project's currency.

    `paid_in` is what was deposited; what is neither spent nor `returned` is still the client's.
    """

    quoted: int
    quoted_judgements: int
    paid_in: int
    base_pay: int
    top_ups: int
    social_cover: int
    platform_share: int
    returned: int

    @property
    def to_members(self) -> int:
        return self.base_pay + self.top_ups

    @property
    def spent(self) -> int:
        """The price of the work done."""
        return self.to_members + self.social_cover + self.platform_share


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Members' days with time or pay of the project.

    Of the settled ones `at_floor` reached it; `below` members have one that did not. `never_settled` have no
    settlement; `unsettled` members have such a day. Of those that are going to be settled (again), `waiting` are
    over and `not_over` are not; the last of all these ends at `over_at`.
    """

    settled: int
    at_floor: int
    below: int
    never_settled: int
    unsettled: int
    waiting: int
    not_over: int
    over_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FloorFacts:
    """One published figure of a place: `hourly` major units of `currency` an hour."""

    kind: str
    country: str
    region: str
    hourly: Fraction
    amount: str
    unit: str
    weekly_hours: str | None
    currency: str
    valid_from: dt.date
    legal_ref: str
    source: str
    source_kind: str
    licence: str
    checked_on: dt.date


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Decisions against members of the project, and what became of them."""

    taken: int
    appealed: int
    reversed: int
    open: int


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class SealFacts:
    """The seal of the record that the figures rest on; `root` in hexadecimal."""

    number: int
    root: str
    sealed_at: dt.datetime


Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """`places`: (country, region) of each member who judged; `floors`: by place and kind."""

    as_of: dt.datetime
    project: ProjectFacts
    work: WorkFacts
    places: Mapping[uuid.UUID, Place]
    time: Sequence[TimeRow]
    money: MoneyFacts
    pay: Sequence[PayRow]
    top_ups: Sequence[TopUpRow]
    days: DayFacts
    floors: Mapping[Place, Mapping[str, FloorFacts]]
    decisions: DecisionFacts
    questions: QuestionFacts
    corrections_waiting: int
    seal: SealFacts

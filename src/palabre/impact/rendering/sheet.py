"""The shape of a worded ScoreCard: what a page and a paper both draw."""

from collections.abc import Sequence
from dataclasses import dataclass


def permille(share: float) -> int:
    """A share of 0 to 1 as thousandths, the unit of the drawings; what is out of range is cut."""
    return round(min(max(share, 0.0), 1.0) * 1000)


@dataclass(frozen=True, slots=True)
class Headline:
    """One large figure with what it is."""

    figure: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The statement about the floor; `kept` decides how it is drawn."""

    text: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """Pay in one place drawn on a line that begins at 0: positions in thousandths, None where not known."""

    low: int
    middle: int
    high: int
    legal: int | None
    living: int | None

    @property
    def length(self) -> int:
        """From the lowest to the highest tenth; never so short that it can't be seen."""
        return max(self.high - self.low, 4)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the table of pay; `cells` follow the head of the table."""

    name: str
    cells: Sequence[tuple[str, str]]
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay per counted hour by place, with where the figures of the places come from."""

    title: str
    note: str
    head: Sequence[str]
    places: Sequence[Place]
    legend: Sequence[tuple[str, str]]
    sources_title: str
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole; `begin` and `length` are thousandths of it."""

    label: str
    figure: str
    begin: int
    length: int


@dataclass(frozen=True, slots=True)
class Split:
    """A whole in its parts, drawn as one bar with a table beside it; `held_back` stands where there is none."""

    title: str
    note: str
    parts: Sequence[Part]
    held_back: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A few named figures."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the ScoreCard rests on and how anyone checks it."""

    title: str
    rows: Sequence[tuple[str, str]]
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a page or a paper shows, in the reader's language."""

    language: str
    title: str
    project: str
    parties: str
    period: str
    purpose: str
    headlines: Sequence[Headline]
    promise: Promise
    pay: Pay
    money: Split
    time: Split
    listings: Sequence[Listing]
    unknown_title: str
    unknown: Sequence[str]
    proof: Proof

"""A figure beside its budget."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ok` None: it has no budget and is shown for itself."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    ok: bool | None = None

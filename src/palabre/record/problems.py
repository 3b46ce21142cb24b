"""One thing that is off in the record or in a document, named so that a person can go and look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from palabre.words import Sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """`str()` words it; `code`, `seal` (number) and `event` (seq) are for programs."""

    code: str
    sentence: Sentence
    fields: Mapping[str, object] = field(default_factory=dict)
    seal: int | None = None
    event: int | None = None

    def __str__(self) -> str:
        return str(self.sentence) % self.fields

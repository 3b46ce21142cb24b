"""Reads of the room, cut by noun."""

from palabre.quality.queries.answers import (
    Answers,
    Marks,
    agreement_of,
    answers_to,
    consensus_page,
    marks_of,
    tasks_touched_since,
)

__all__ = [
    "Answers",
    "Marks",
    "agreement_of",
    "answers_to",
    "consensus_page",
    "marks_of",
    "tasks_touched_since",
]

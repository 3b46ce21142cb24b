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
from palabre.quality.queries.members import MemberFigures, figures_of, figures_of_members

__all__ = [
    "Answers",
    "Marks",
    "MemberFigures",
    "agreement_of",
    "answers_to",
    "consensus_page",
    "figures_of",
    "figures_of_members",
    "marks_of",
    "tasks_touched_since",
]

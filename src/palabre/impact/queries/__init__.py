"""Reads of the room."""

from palabre.impact.queries.scorecards import scorecards_of

__all__ = ["scorecards_of"]

"""What the room writes: ScoreCards, and tallies of the work."""

from palabre.impact.actions.scorecards import issue_scorecard
from palabre.impact.actions.tallies import tally_annotations, tally_time

__all__ = ["issue_scorecard", "tally_annotations", "tally_time"]

"""What is done to a member's time."""

from palabre.timesheet.actions.corrections import answer_correction, ask_correction
from palabre.timesheet.actions.entries import Counted, Slice, record_time

__all__ = ["Counted", "Slice", "answer_correction", "ask_correction", "record_time"]

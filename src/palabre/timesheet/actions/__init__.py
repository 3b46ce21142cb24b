"""What is done to a member's time."""

from palabre.timesheet.actions.corrections import answer_correction, ask_correction
from palabre.timesheet.actions.entries import Counted, record_time
from palabre.timesheet.bounds import Slice

__all__ = ["Counted", "Slice", "answer_correction", "ask_correction", "record_time"]

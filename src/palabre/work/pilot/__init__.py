"""The pilot: some tasks first, by at least two members, who say whether the guideline is clear."""

from palabre.work.pilot.part import Part, part_of
from palabre.work.pilot.state import LEAST_MEMBERS, Pilot, pilot_of

__all__ = ["LEAST_MEMBERS", "Part", "Pilot", "part_of", "pilot_of"]

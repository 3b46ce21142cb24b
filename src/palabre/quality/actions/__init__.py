"""What is done to consensus: recomputed from the answers, or decided by a reviewer."""

from palabre.quality.actions.consensus import Recomputed, recompute, recount_touched
from palabre.quality.actions.reviews import lease_review, submit_review, undo_review

__all__ = ["Recomputed", "lease_review", "recompute", "recount_touched", "submit_review", "undo_review"]

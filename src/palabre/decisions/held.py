"""Which of the room's tables the record holds."""

from palabre.decisions.models import Appeal, Decision
from palabre.record.held import Held, NotHeld

_HERS = "(SELECT member_id FROM decisions_decision WHERE id = {row}.decision_id)"

TABLES: list[Held | NotHeld] = [
    Held(Decision, hers={"rule": "member_id", "evidence": "member_id"}),
    Held(Appeal, hers={"reason": _HERS, "answer": _HERS}),
]

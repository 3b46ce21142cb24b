"""Which of the room's tables the record holds."""

from palabre.quality.models import Agreement, Consensus
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(Consensus),
    Held(Agreement, without={"revisions": "how far the background has looked for changed answers"}),
]

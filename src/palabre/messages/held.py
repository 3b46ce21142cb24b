"""Which of the room's tables the record holds."""

from palabre.messages.models import Message
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    NotHeld(Message, "what was written to people: no money and no figure rests on it"),
]

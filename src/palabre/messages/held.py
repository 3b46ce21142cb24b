"""Which of the room's tables the record holds."""

from palabre.messages.models import Message, Told, ToldAtOnce
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    NotHeld(Message, "what was written to people: no money and no figure rests on it"),
    NotHeld(
        Told, "which letters somebody wants, and how far she was told: no money and no figure rests on it"
    ),
    NotHeld(ToldAtOnce, "what somebody was told: no money and no figure rests on it"),
]

"""The status of each item, in the words of the protocol."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of an item, and what the device does next."""

    STORED = "stored"  # kept and paid: acknowledged
    DUPLICATE = "duplicate"  # came before; the same receipt again: acknowledged
    LATE = "late"  # the lease was over: kept and paid, perhaps not counted: acknowledged
    STORED_RAW = "stored_raw"  # can't be read by this version, kept for a person: acknowledged
    SUPERSEDED = "superseded"  # an older revision than the one that is here, kept: acknowledged
    TWO_ANSWERS = "two_answers"  # another answer of hers is here: both kept, a person chooses: acknowledged
    INVALID = "invalid"  # does not fit the schema: stays on the device, shown, fixable
    KEY_REUSED = "key_reused"  # same key, other content: stays on the device; an error of ours
    NOT_YOURS = "not_yours"  # the lease is another member's: kept for its owner
    AGAIN = "again"  # can't be taken together with an earlier item: send it again


@dataclass(frozen=True, slots=True)
class Outcome:
    """`receipt` is what she can show; `why` says what is wrong, with places."""

    key: uuid.UUID | None
    status: Status
    receipt: str | None = None
    why: tuple[str, ...] = ()


def receipt_for(row: int, digest: bytes) -> str:
    """The same for the same item, for ever: its number and the start of its digest."""
    return f"{row}-{digest.hex()[:16]}"

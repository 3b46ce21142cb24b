"""The link by which somebody turns a kind of letter off without signing in: signed, and good for nothing else."""

import uuid
from enum import StrEnum

from django.core.signing import BadSignature, Signer

from palabre.settings import current

_off = Signer(salt="palabre.messages.off", sep=".")


class Letters(StrEnum):
    """The kinds of letters that can be turned off, by the names of their columns."""

    MORNINGS = "mornings"
    AT_ONCE = "at_once"


def off_address(account: uuid.UUID, kind: Letters) -> str:
    """It has no end: a letter from last year is turned off as well."""
    return f"{current().url}/account/letters/off/{_off.sign(f'{account.hex}.{kind}')}/"


def read_off(secret: str) -> tuple[uuid.UUID, Letters] | None:
    """Whose letters of what kind; None for what nobody here has signed."""
    try:
        account, kind = _off.unsign(secret).split(".")
    except BadSignature:
        return None
    return uuid.UUID(account), Letters(kind)


def wishes_address() -> str:
    return f"{current().url}/account/letters/"

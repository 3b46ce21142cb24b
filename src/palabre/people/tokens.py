"""The secret of a token: how it is made, written and recognised."""

import datetime as dt
import hashlib
import re
import secrets
import uuid

from django.core.signing import BadSignature, Signer

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BYTES = 32
# 62^43 > 2^256: every secret has the same length, so that a cut one is seen as such.
_DIGITS = 43
# A device keeps answers for weeks without a network; a session is long over then.
SUBMIT_LASTS = dt.timedelta(days=90)
_submit = Signer(salt="palabre.people.submit", sep=".")
_SHAPE = re.compile(r"pal_[0-9A-Za-z]{43}", re.ASCII)


def new_secret() -> str:
    """`pal_` and 32 random bytes in base 62. The prefix lets scanners of leaked secrets find it."""
    number = int.from_bytes(secrets.token_bytes(_BYTES), "big")
    digits = []
    for _ in range(_DIGITS):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "pal_" + "".join(reversed(digits))


def digest(secret: str) -> bytes | None:
    """SHA-256 of the secret, or None for what can't be one. The secret has 256 random bits, so a slow
    hash would add nothing."""
    if not _SHAPE.fullmatch(secret):
        return None
    return hashlib.sha256(secret.encode()).digest()


def submit_token(account: uuid.UUID, organisation: uuid.UUID, *, at: dt.datetime) -> str:
    """What a device needs to send its outbox, and can do nothing else with. Nothing is stored."""
    ends = int((at + SUBMIT_LASTS).timestamp())
    return _submit.sign(f"{account.hex}.{organisation.hex}.{ends}")


def read_submit_token(token: str, at: dt.datetime) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The account and the organisation of a token that is ours and not over."""
    try:
        account, organisation, ends = _submit.unsign(token).split(".")
    except BadSignature:
        return None
    if at.timestamp() >= int(ends):
        return None
    return uuid.UUID(account), uuid.UUID(organisation)

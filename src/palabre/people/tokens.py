"""The secret of a token: how it is made, written and recognised."""

import hashlib
import re
import secrets

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BYTES = 32
# 62^43 > 2^256: every secret has the same length, so that a cut one is seen as such.
_DIGITS = 43
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

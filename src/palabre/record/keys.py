"""Signing keys on disk, in generations, and the public list of them.

Each generation is a file `signing-NNNN.pem` (the private key, PKCS 8) and a file `signing-NNNN.json` (its
public half and the instant from which it signs). The newest one signs. An older one stays good for what it
signed until the next one took over; its private file may be destroyed, its public file must stay.
A file `signing-NNNN.withdrawn.json` says from when on nothing that it signed is to be believed, and why.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from palabre.keys import read_or_make
from palabre.record.canonical import Json
from palabre.record.did import did_of, key_of, method_of
from palabre.record.errors import (
    DidMalformed,
    KeyDateDisorder,
    KeyExposed,
    KeyListMalformed,
    KeyUnknown,
    KeyUnreadable,
    KeyWithdrawnAlready,
    WithdrawalDateWrong,
    WithdrawalReasonMissing,
)
from palabre.record.instants import instant, readable
from palabre.times import iso
from palabre.words import Sentence
from palabre.words import gettext_lazy as _

LIST_TYPE = "PalabreKeys"
# Where an installation publishes `key_list`.
WELL_KNOWN = ".well-known/palabre-keys.json"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """From when on a key is not to be believed, and why."""

    since: dt.datetime
    why: str


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key and when it signed: from `valid_from` until before `valid_until` (None: it still does).

    `withdrawn`: from when on nothing that it signed is to be believed, and why.
    """

    did: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    withdrawn: Withdrawal | None = None

    def in_force(self, at: dt.datetime) -> bool:
        """Whether it signed at `at`, and is to be believed."""
        begun = self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until) and not self.is_withdrawn(at)

    def is_withdrawn(self, at: dt.datetime) -> bool:
        return self.withdrawn is not None and at >= self.withdrawn.since


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key; `did` names its public half, and is the issuer of what it signs."""

    private: Ed25519PrivateKey

    @property
    def did(self) -> str:
        return did_of(self.private.public_key().public_bytes_raw())

    @property
    def method(self) -> str:
        return method_of(self.did)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an installation: the one that signs, and the public halves of all, oldest first."""

    signing: SigningKey
    public: tuple[PublicKey, ...]


def open_keys(folder: Path, *, at: dt.datetime) -> Keys:
    """The keys in `folder`; the first one is made, in force from `at`, where there is none.

    Safe to call from several processes at once. Raises KeyExposed for a file that others may read,
    KeyUnreadable for one that is damaged or doesn't fit its other half, KeyDateDisorder.
    """
    return _keys(folder, _numbers(folder) or [1], at)


def rotate_keys(folder: Path, *, at: dt.datetime) -> Keys:
    """Makes a further key that signs from `at`; the older ones stay good for what they signed before.

    Also the way out when the private file of the last key is lost. Raises as `open_keys` does, and
    KeyDateDisorder when `at` is not after the start of the last key.
    """
    numbers = _numbers(folder)
    if not numbers:
        return open_keys(folder, at=at)
    _check_order(_start(folder, numbers[-1], at), at)
    return _keys(folder, [*numbers, numbers[-1] + 1], at)


def withdraw_key(folder: Path, did: str, since: dt.datetime, why: str, *, at: dt.datetime) -> Keys:
    """Nothing that a key signed from `since` on is to be believed any more; a new one signs from `at` if it was the last.

    What it signed before stays good. Raises: KeyUnknown, KeyWithdrawnAlready, WithdrawalDateWrong (before it
    signed, or to come), WithdrawalReasonMissing, and as `open_keys` does.
    """
    numbers = _numbers(folder)
    places = {
        key.did: (number, key) for number, key in zip(numbers, _public(folder, numbers, at), strict=True)
    }
    if did not in places:
        raise KeyUnknown(did=did)
    number, key = places[did]
    if key.withdrawn is not None:
        raise KeyWithdrawnAlready(did=did, since=readable(key.withdrawn.since))
    if not key.valid_from <= since <= at:
        raise WithdrawalDateWrong
    if not why.strip():
        raise WithdrawalReasonMissing
    said = json.dumps({"since": iso(since), "why": why.strip()}, ensure_ascii=False).encode()
    read_or_make(_path(folder, number, "withdrawn.json"), lambda: said)
    return rotate_keys(folder, at=at) if number == numbers[-1] else open_keys(folder, at=at)


def has_keys(folder: Path) -> bool:
    """Whether there is a key, or the public half of one."""
    return bool(_numbers(folder))


def key_list(public: Sequence[PublicKey]) -> dict[str, Json]:
    """The list that anyone may fetch from the well-known address, or receive by post, to check signatures."""
    return {"type": LIST_TYPE, "keys": [_public_json(key) for key in public]}


def read_key_list(document: object) -> tuple[PublicKey, ...]:
    """The keys of a document as `key_list` makes it. Raises KeyListMalformed naming the place."""
    if not isinstance(document, dict) or document.get("type") != LIST_TYPE:
        raise KeyListMalformed(path="type", why=_("is not PalabreKeys"))
    keys = document.get("keys")
    if not isinstance(keys, list) or not keys:
        raise KeyListMalformed(path="keys", why=_("is not a list with a key in it"))
    return tuple(_public_key(item, f"keys[{index}]") for index, item in enumerate(keys))


def _keys(folder: Path, numbers: list[int], at: dt.datetime) -> Keys:
    signing = _private(folder, numbers[-1])
    public = _public(folder, numbers, at)
    if public[-1].did != signing.did:
        raise KeyUnreadable(path=str(_path(folder, numbers[-1], "pem")))
    return Keys(signing, public)


def _public(folder: Path, numbers: list[int], at: dt.datetime) -> tuple[PublicKey, ...]:
    starts = [_start(folder, number, at) for number in numbers]
    for earlier, later in pairwise(starts):
        _check_order(earlier, later.valid_from)
    ends = [*(key.valid_from for key in starts[1:]), None]
    return tuple(
        PublicKey(key.did, key.valid_from, end, _withdrawal(folder, number))
        for number, key, end in zip(numbers, starts, ends, strict=True)
    )


def _withdrawal(folder: Path, number: int) -> Withdrawal | None:
    """Raises: KeyUnreadable, for one that is damaged: the key may not pass for good then."""
    path = _path(folder, number, "withdrawn.json")
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_bytes())
        return Withdrawal(_instant(said["since"], "since"), str(said["why"]))
    except (ValueError, KeyError, TypeError, KeyListMalformed) as error:
        raise KeyUnreadable(path=str(path)) from error


def _check_order(last: PublicKey, at: dt.datetime) -> None:
    if at <= last.valid_from:
        raise KeyDateDisorder(now=readable(at), last=readable(last.valid_from))


def _numbers(folder: Path) -> list[int]:
    names = (re.fullmatch(r"signing-(\d{4})\.(?:pem|json)", path.name) for path in folder.glob("signing-*"))
    return sorted({int(name[1]) for name in names if name})


def _path(folder: Path, number: int, suffix: str) -> Path:
    return folder / f"signing-{number:04}.{suffix}"


def _private(folder: Path, number: int) -> SigningKey:
    path = _path(folder, number, "pem")
    _check_closed(path)
    if not path.exists() and _path(folder, number, "json").exists():
        # Lost or destroyed: a new private key under this number could not sign for the public half.
        raise KeyUnreadable(path=str(path))
    try:
        key = load_pem_private_key(read_or_make(path, _new_key), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(path=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(path=str(path))
    return SigningKey(key)


def _check_closed(path: Path) -> None:
    if path.exists() and path.stat().st_mode & 0o077:
        raise KeyExposed(path=str(path), mode=f"{path.stat().st_mode & 0o777:04o}")


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _start(folder: Path, number: int, at: dt.datetime) -> PublicKey:
    """The public half of a generation. A private file without one was made just now: it signed nothing."""
    path = _path(folder, number, "json")

    def make() -> bytes:
        return json.dumps(_public_json(PublicKey(_private(folder, number).did, at))).encode()

    try:
        return _public_key(json.loads(read_or_make(path, make)), path.name)
    except (ValueError, KeyListMalformed) as error:
        raise KeyUnreadable(path=str(path)) from error


def _public_json(key: PublicKey) -> dict[str, Json]:
    said: dict[str, Json] = {"id": key.did, "validFrom": iso(key.valid_from)}
    if key.valid_until is not None:
        said["validUntil"] = iso(key.valid_until)
    if key.withdrawn is not None:
        said["withdrawn"] = {"since": iso(key.withdrawn.since), "why": key.withdrawn.why}
    return said


def _public_key(item: object, path: str) -> PublicKey:
    if not isinstance(item, dict):
        raise KeyListMalformed(path=path, why=_("is not an object"))
    valid_from = _instant(item.get("validFrom"), f"{path}.validFrom")
    until = item.get("validUntil")
    return PublicKey(
        _did(item.get("id"), path),
        valid_from,
        None if until is None else _instant(until, f"{path}.validUntil"),
        _read_withdrawal(item.get("withdrawn"), f"{path}.withdrawn"),
    )


def _read_withdrawal(said: object, path: str) -> Withdrawal | None:
    if said is None:
        return None
    why = said.get("why") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(why, str):
        raise KeyListMalformed(path=path, why=_("does not say since when, and why"))
    return Withdrawal(_instant(said.get("since"), f"{path}.since"), why)


def _did(value: object, path: str) -> str:
    why: Sentence = _("is not a did:key with an Ed25519 public key")
    if not isinstance(value, str):
        raise KeyListMalformed(path=f"{path}.id", why=why)
    try:
        key_of(value)
    except DidMalformed as error:
        raise KeyListMalformed(path=f"{path}.id", why=why) from error
    return value


def _instant(value: object, path: str) -> dt.datetime:
    moment = instant(value)
    if moment is None:
        raise KeyListMalformed(path=path, why=_("is not an instant such as 2026-01-31T08:00:00Z"))
    return moment

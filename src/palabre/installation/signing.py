"""Whether this host may sign for the record of its database, told without loading Django: each start asks."""

import json
from pathlib import Path

import psycopg

from palabre.record.errors import KeysElsewhere

_NEWEST = "SELECT credential ->> 'issuer' FROM record_seal ORDER BY number DESC LIMIT 1"


def check_keys(address: str, folder: Path) -> None:
    """The key under which the record was sealed last is here. A record without a seal takes the first key there is.

    A database that doesn't answer says nothing: whoever signs asks again (`record.seals.keys`).
    Raises: KeysElsewhere.
    """
    did = _newest_issuer(address)
    if did is not None and did not in _keys_in(folder):
        raise KeysElsewhere(did=did, folder=folder)


def _newest_issuer(address: str) -> str | None:
    try:
        with psycopg.connect(address) as connection:
            there = connection.execute("SELECT to_regclass('record_seal')").fetchone()
            if there is None or there[0] is None:
                return None
            newest = connection.execute(_NEWEST).fetchone()
    except psycopg.OperationalError:
        return None
    return None if newest is None else str(newest[0])


def _keys_in(folder: Path) -> set[object]:
    found: set[object] = set()
    for path in folder.glob("signing-[0-9][0-9][0-9][0-9].json"):
        try:
            said = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(said, dict):
            found.add(said.get("id"))
    return found

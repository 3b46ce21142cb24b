"""The first visit of a new installation: a link that whoever started it reads in the terminal.

It is signed with the installation's own key and ends by itself; once there is an account, it opens nothing.
Loaded by `palabre serve`, which stays small without Django.
"""

import datetime as dt
import hashlib
import hmac
import re

import psycopg

from palabre.installation.errors import DemoRefused
from palabre.keys import secret_key
from palabre.settings import Settings

LASTS = dt.timedelta(days=7)
_SHAPE = re.compile(r"([0-9]{1,12})-([0-9a-f]{64})", re.ASCII)


def link(settings: Settings, *, at: dt.datetime) -> str:
    """The address of the first visit."""
    return f"{settings.url}/first-visit/{_token(settings, int((at + LASTS).timestamp()))}/"


def holds(settings: Settings, token: str, *, at: dt.datetime) -> bool:
    """Whether the token is ours and not over."""
    found = _SHAPE.fullmatch(token)
    if found is None:
        return False
    ends = int(found[1])
    return hmac.compare_digest(token, _token(settings, ends)) and at.timestamp() < ends


def is_new(address: str) -> bool:
    """Whether nobody has an account yet. `address` is the database's."""
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT 1 FROM people_account LIMIT 1").fetchone() is None


def check_demo(settings: Settings, address: str) -> None:
    """Demo mode is for the demo's people. Raises: DemoRefused, where others have their accounts."""
    if not settings.demo:
        return
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT EXISTS (SELECT FROM people_account), EXISTS (SELECT FROM people_personaldata"
            " WHERE email LIKE '%@demo.example')"
        ).fetchone()
    if found is not None and found[0] and not found[1]:
        raise DemoRefused


def _token(settings: Settings, ends: int) -> str:
    key = secret_key(settings).encode()
    return f"{ends}-{hmac.new(key, f'first visit {ends}'.encode(), hashlib.sha256).hexdigest()}"

"""A transaction that the database gave up is begun again, a few times, then refused as busy.

PostgreSQL ends one of two transactions that wait for each other (deadlock), or that can't be put in an order
(serialisation failure). Nothing of it is left, so the verb can simply be called again.
"""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import psycopg
from django.db import OperationalError, connection

from palabre.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4
# deadlock_detected, serialization_failure, lock_not_available
_AGAIN = frozenset({"40P01", "40001", "55P03"})


def retried(action: Callable[P, T]) -> Callable[P, T]:
    """Call `action`, which is one transaction, again when the database gave it up.

    Inside a transaction of somebody else nothing can be begun again: then it is theirs to retry.
    Raises: Busy after TRIES calls, and whatever `action` raises.
    """

    @functools.wraps(action)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(TRIES):
            try:
                return action(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not given_up(error):
                    raise
                # Two that met once would meet again at the same pace.
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 (a pause, no secret)
        raise Busy()

    return call


def given_up(error: BaseException) -> bool:
    """Whether the database ended the transaction for another's sake, so that it may be begun again."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in _AGAIN


def away(error: BaseException) -> bool:
    """Whether the database stopped under the work, or was not there: it is started again, and asking again works.

    SQLSTATE classes 08 (connection exception) and 57P (operator intervention); none where the line was cut or no
    connection could be had.
    """
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P"))

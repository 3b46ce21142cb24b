"""A member's own agreement with the others, for her eyes: with n and an interval, never a rank."""

import json
import uuid
from dataclasses import dataclass

from django.db import connection

# Below this many compared answers a share says more about chance than about her.
LEAST_COMPARED = 20

_HERS = """
SELECT one FROM quality_agreement a, jsonb_array_elements(a.reliability) one
WHERE a.project_id = %s AND one ->> 'member' = %s
"""


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """Of `compared` answers that others gave too, `agreed` were the majority's; the true share is between
    `low` and `high`."""

    compared: int
    agreed: int
    share: float
    low: float
    high: float


def own_agreement(project: uuid.UUID, member: uuid.UUID) -> OwnAgreement | None:
    """None before it was computed, and as long as there is too little to compare. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HERS, [project, str(member)])
        row = cursor.fetchone()
    if row is None:
        return None
    found = row[0] if isinstance(row[0], dict) else json.loads(row[0])
    if found["compared"] < LEAST_COMPARED or found["share"] is None:
        return None
    return OwnAgreement(found["compared"], found["agreed"], found["share"], found["low"], found["high"])

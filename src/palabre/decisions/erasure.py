"""What was said about a member and by her around decisions. That they were taken, and what came of them, stays."""

import uuid

from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Cast

from palabre.decisions.kinds import worded
from palabre.decisions.models import Appeal, Decision
from palabre.people.erasure import GONE, blank


def erase(account: uuid.UUID) -> None:
    """Her appeals with their answers, what was seen, and a rule in somebody's own words."""
    blank(Appeal.objects.filter(decision__member=account), "reason", "answer")
    hers = Decision.objects.filter(member=account)
    blank(hers.filter(kind__in=worded()), "rule")
    gone = Cast(Value(f'"{GONE}"'), JSONField())
    path = Value(["seen"])
    hers.filter(evidence__has_key="seen").update(
        evidence=Func(F("evidence"), path, gone, function="jsonb_set", output_field=JSONField())
    )

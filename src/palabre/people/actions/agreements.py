"""A client agrees, once, to work with an operator."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.models import Agreement, Organisation
from palabre.record.actions import record

_KIND = Organisation.Kind


@transaction.atomic
def agree(client: uuid.UUID, operator: uuid.UUID, *, by: Actor, at: dt.datetime) -> Agreement:
    """The client works with the operator from now on: each sees what the two have in common. Twice is once.

    A person of the client agrees, for any operator; an operator only for a client that it lets in just now
    (`add_organisation`), which nobody else knows yet.

    Raises: NotFound (no such client or operator, or the client is not the actor's).
    """
    kinds = dict(Organisation.objects.filter(id__in=[client, operator]).values_list("id", "kind"))
    if (kinds.get(client), kinds.get(operator)) != (_KIND.CLIENT, _KIND.OPERATOR):
        raise NotFound
    if by.account is not None and by.organisation != client and not _lets_in(client, operator, by):
        raise NotFound
    made, new = Agreement.objects.get_or_create(
        client_id=client, operator_id=operator, defaults={"agreed_at": at, "agreed_by": by.account}
    )
    if new:
        record(
            "people.agreement.made",
            by=by.account,
            at=at,
            subject=f"organisation:{client}",
            organisation=operator,
            data={"client": str(client), "operator": str(operator)},
        )
    return made


def _lets_in(client: uuid.UUID, operator: uuid.UUID, by: Actor) -> bool:
    ours = Organisation.objects.filter(id=client, operator=operator)
    return by.organisation == operator and ours.exists()

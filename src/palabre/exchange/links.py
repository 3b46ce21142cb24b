"""Short-lived signed links to exported files: for whoever holds one, while the account it was made for may read."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from palabre.errors import NotFound
from palabre.exchange.errors.imports import NotReadyYet
from palabre.exchange.models import Export
from palabre.exchange.queries import export_for
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import standing_actor

LINK_LASTS = dt.timedelta(minutes=15)
_signer = Signer(salt="palabre.exchange.export", sep=".")


@dataclass(frozen=True, slots=True)
class ExportLink:
    """`token` opens one file until `expires_at`."""

    token: str
    expires_at: dt.datetime


def export_link(export_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> ExportLink:
    """A link to a file that is made. Raises: NotAllowed, NotFound, NotReadyYet."""
    one = export_for(by, export_id)
    if one.state != Export.State.DONE:
        raise NotReadyYet
    if by.account is None or by.organisation is None:
        raise NotFound
    expires = (at + LINK_LASTS).replace(microsecond=0)
    named = f"{one.id.hex}.{by.account.hex}.{by.organisation.hex}.{int(expires.timestamp())}"
    return ExportLink(_signer.sign(named), expires)


def open_export(token: str, *, at: dt.datetime) -> Export:
    """The file that a link is for, as long as the account that it was made for may read it.

    Raises: NotFound (forged, over, or its account has the right no more, all alike).
    """
    try:
        export_id, account, organisation, expires = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise NotFound from None
    by = standing_actor(uuid.UUID(account), uuid.UUID(organisation))
    if by is None or not by.may(Permission.READ_RESULTS) or at.timestamp() >= int(expires):
        raise NotFound
    one = export_for(by, uuid.UUID(export_id))
    if one.state != Export.State.DONE:
        raise NotFound
    return one

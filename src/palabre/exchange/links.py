"""Short-lived signed links to exported files: for whoever holds one, made for one account."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from palabre.errors import NotFound
from palabre.exchange.errors.imports import NotReadyYet
from palabre.exchange.models import Export
from palabre.exchange.queries import export_for
from palabre.people.actor import Actor
from palabre.people.models import Account

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
    if by.account is None:
        raise NotFound
    expires = (at + LINK_LASTS).replace(microsecond=0)
    return ExportLink(_signer.sign(f"{one.id.hex}.{by.account.hex}.{int(expires.timestamp())}"), expires)


def open_export(token: str, *, at: dt.datetime) -> Export:
    """The file that a link is for. Raises: NotFound (forged, over, or its account is gone, all alike)."""
    try:
        export_id, account, expires = _signer.unsign(token).split(".")
    except BadSignature:
        raise NotFound from None
    one = Export.objects.filter(id=uuid.UUID(export_id), state=Export.State.DONE).first()
    standing = Account.objects.filter(id=uuid.UUID(account), is_active=True).exists()
    if one is None or not standing or at.timestamp() >= int(expires):
        raise NotFound
    return one

"""Pictures as members get them: kept by their content, shown by short-lived signed links."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import standing_actor
from palabre.work.access import of_organisation, work_ended
from palabre.work.models import Lease, Media, Project

LINK_LASTS = dt.timedelta(minutes=15)
_signer = Signer(salt="palabre.work.media", sep=".")


class Picture(Protocol):
    """A prepared picture: re-encoded, without metadata."""

    @property
    def content(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def original_width(self) -> int: ...
    @property
    def original_height(self) -> int: ...


def store_picture(project: Project, picture: Picture, name: str) -> Media:
    """Keep a prepared picture; the same content twice in a project is one."""
    digest = hashlib.sha256(picture.content).hexdigest()
    path = stored_at(project.id, digest)
    if not _kept_whole(path, len(picture.content)):
        default_storage.delete(path)
        default_storage.save(path, ContentFile(picture.content))
    media, _ = Media.objects.get_or_create(
        project=project,
        sha256=digest,
        defaults={
            "content_type": "image/webp",
            "size": len(picture.content),
            "width": picture.width,
            "height": picture.height,
            "original_width": picture.original_width,
            "original_height": picture.original_height,
            "name": name[:200],
        },
    )
    return media


def _kept_whole(path: str, size: int) -> bool:
    """A process that died while it wrote leaves a shorter file."""
    return default_storage.exists(path) and default_storage.size(path) == size


def stored_at(project_id: uuid.UUID, sha256: str) -> str:
    """Where the storage has a picture."""
    return f"media/{project_id}/{sha256}.webp"


@dataclass(frozen=True, slots=True)
class Link:
    """`token` opens one picture until `expires_at`, as long as the account that it was made for may see it."""

    token: str
    expires_at: dt.datetime


def media_link(media_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> tuple[Media, Link]:
    """The picture and a link for an actor who may see the picture: by her role, or with a task of it in her hands.

    Raises: NotFound (unknown, another organisation's, or no task of hers).
    """
    media = Media.objects.filter(id=media_id).first()
    if media is None or by.account is None or not _may_see(media, by):
        raise NotFound()
    return media, sign_link(media.id, by=by, at=at)


def sign_link(media_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Link:
    """The link itself; the caller knows that the actor may see the picture. Raises: NotFound, for the program itself."""
    if by.account is None or by.organisation is None:
        raise NotFound()
    expires = (at + LINK_LASTS).replace(microsecond=0)
    named = f"{media_id.hex}.{by.account.hex}.{by.organisation.hex}.{int(expires.timestamp())}"
    return Link(_signer.sign(named), expires)


def open_link(token: str, *, at: dt.datetime) -> Media:
    """The picture that a link shows. The right that it was made from is asked again each time: it ends with it.

    Raises: NotFound (forged, over, or its account has the right no more, all alike).
    """
    try:
        media_id, account, organisation, expires = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise NotFound() from None
    media = Media.objects.filter(id=uuid.UUID(media_id)).first()
    by = standing_actor(uuid.UUID(account), uuid.UUID(organisation))
    if media is None or by is None or at.timestamp() >= int(expires) or not _still_sees(media, by):
        raise NotFound()
    return media


def _still_sees(media: Media, by: Actor) -> bool:
    """What was in her hands when the link was made she sees until the link ends, unless her work there was ended."""
    if not of_organisation(by).filter(id=media.project_id).exists():
        return False
    if by.may(Permission.READ_PROJECTS):
        return True
    return by.may(Permission.WORK) and not work_ended(media.project_id, by.account)


def _may_see(media: Media, by: Actor) -> bool:
    if by.may(Permission.READ_PROJECTS) and of_organisation(by).filter(id=media.project_id).exists():
        return True
    held = Lease.objects.filter(
        member=by.account,
        project=media.project_id,
        project__operator=by.organisation,
        state=Lease.State.OPEN,
    )
    hers = by.may(Permission.WORK) and held.filter(task__media=media).exists()
    return hers and not work_ended(media.project_id, by.account)

"""A file that comes in parts: begun, gone on with after a cut, and handed over to an import."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from palabre.exchange.actions.imports import Content, How, take_content
from palabre.exchange.errors.imports import (
    OffsetWrong,
    PartDamaged,
    PartTooLarge,
    ProjectClosed,
    SizeWrong,
    UploadNotWhole,
    UploadUsed,
)
from palabre.exchange.formats import Limits
from palabre.exchange.models import Import, Upload, UploadPart
from palabre.exchange.names import file_name
from palabre.exchange.parts import PART_BYTES, digest_of_upload
from palabre.exchange.queries import import_for, upload_for
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.work.access import project_for
from palabre.work.models import Project

MOST_BYTES = Limits().file_bytes
# An upload that nobody goes on with is kept so long.
KEPT = dt.timedelta(days=7)
AT_ONCE = 100


@transaction.atomic
def begin_upload(
    project_id: uuid.UUID,
    name: str,
    size: int,
    *,
    corrects: uuid.UUID | None = None,
    by: Actor,
    at: dt.datetime,
) -> Upload:
    """Announce a file of `size` bytes; its parts follow, in their order.

    Raises: NotAllowed, NotFound (the import to correct as well), ProjectClosed, SizeWrong.
    """
    project = project_for(by, project_id, Permission.IMPORT_TASKS)
    if project.state == Project.State.CLOSED:
        raise ProjectClosed
    if not 1 <= size <= MOST_BYTES:
        raise SizeWrong(path="size", most=MOST_BYTES)
    made = Upload.objects.create(
        project=project,
        name=file_name(name),
        size=size,
        corrects=import_for(by, corrects) if corrects else None,
        begun_by=by.account,
        begun_at=at,
        changed_at=at,
    )
    _note("exchange.upload.begun", made, {"bytes": size}, by, at)
    return made


def append_part(
    upload_id: uuid.UUID, offset: int, content: bytes, sha256: str, *, by: Actor, at: dt.datetime
) -> Upload:
    """Add the bytes from `offset` on. The same part sent again changes nothing.

    The record says that a file was begun and what became of it, not each part of it.
    Raises: NotAllowed, NotFound, UploadUsed, PartTooLarge, PartDamaged (the digest is another one),
    OffsetWrong (another part comes next: its fields say where it begins).
    """
    upload = upload_for(by, upload_id)
    if hashlib.sha256(content).hexdigest() != sha256.lower():
        raise PartDamaged(path="sha256")
    # Stored before anything is held: others who send to the same upload don't wait for the storage.
    _check_part(upload, offset, len(content))
    file = _stored(upload, offset, content) if offset == upload.received else ""
    try:
        upload, used = _appended(upload_id, offset, len(content), sha256.lower(), file, by, at)
    except BaseException:
        _delete([file])
        raise
    if not used:
        _delete([file])
    return upload


@transaction.atomic
def _appended(
    upload_id: uuid.UUID, offset: int, size: int, sha256: str, file: str, by: Actor, at: dt.datetime
) -> tuple[Upload, bool]:
    """The upload with the part, and whether `file` is that part's. Raises: UploadUsed, OffsetWrong."""
    upload = _held(upload_id, by)
    _check_part(upload, offset, size)
    if upload.parts.filter(offset=offset, size=size, sha256=sha256).exists():
        return upload, False
    if offset != upload.received or not file:
        raise OffsetWrong(expected=upload.received)
    UploadPart.objects.create(upload=upload, offset=offset, size=size, sha256=sha256, file=file)
    upload.received, upload.changed_at = offset + size, at
    upload.save(update_fields=["received", "changed_at"])
    return upload, True


def _check_part(upload: Upload, offset: int, size: int) -> None:
    if upload.became_id is not None:
        raise UploadUsed
    if not 1 <= size <= PART_BYTES or not 0 <= offset <= upload.size - size:
        raise PartTooLarge(most=PART_BYTES)


def _stored(upload: Upload, offset: int, content: bytes) -> str:
    """A name of its own each time: what a process that died left there is never taken for the part."""
    return default_storage.save(f"uploads/{upload.id}/{offset}-{new_id()}", ContentFile(content))


@transaction.atomic
def take_upload(
    upload_id: uuid.UUID,
    *,
    keep: str = Import.Keep.GOOD_ROWS,
    id_column: str = "",
    how: How | None = None,
    by: Actor,
    at: dt.datetime,
) -> Import:
    """Hand a file that is here whole over to an import. Handed over again, it is the same import.

    What the file corrects was said when it was begun.
    Raises: NotAllowed, NotFound, UploadNotWhole, ProjectClosed, SameFile.
    """
    upload = _held(upload_id, by)
    if upload.became is not None:
        return upload.became
    if not upload.whole:
        raise UploadNotWhole
    said = how or How()
    how = How(columns=said.columns, encoding=said.encoding, corrects=upload.corrects_id, again=said.again)
    content = Content(new_id(), "", upload.size, digest_of_upload(upload))
    made = take_content(
        upload.project_id, content, upload.name, keep=keep, id_column=id_column, how=how, by=by, at=at
    )
    # The parts stay where they are: the import reads them, and forgets them when it has.
    Upload.objects.filter(id=upload.id).update(became=made, changed_at=at)
    return made


@transaction.atomic
def drop_upload(upload_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> None:
    """Forget a file that was not imported, with all that has arrived of it.

    Raises: NotAllowed, NotFound, UploadUsed.
    """
    upload = _held(upload_id, by)
    if upload.became_id is not None:
        raise UploadUsed
    _note("exchange.upload.dropped", upload, {"received": upload.received}, by, at)
    _let_go(upload)
    Upload.objects.filter(id=upload.id).delete()


@transaction.atomic
def forget_uploads(*, at: dt.datetime) -> int:
    """Delete uploads that nobody has gone on with for a week; how many."""
    stale = Upload.objects.filter(became=None, changed_at__lt=at - KEPT)
    found = list(stale.select_for_update(skip_locked=True, of=("self",)).order_by("changed_at")[:AT_ONCE])
    for upload in found:
        _let_go(upload)
        Upload.objects.filter(id=upload.id).delete()
    return len(found)


def receive(
    project_id: uuid.UUID,
    file: IO[bytes],
    name: str,
    size: int,
    *,
    corrects: uuid.UUID | None = None,
    by: Actor,
    at: dt.datetime,
) -> Upload:
    """A file that came in one piece, as an upload that is whole. Raises what the others raise."""
    upload = begin_upload(project_id, name, size, corrects=corrects, by=by, at=at)
    offset = 0
    while content := file.read(PART_BYTES):
        upload = append_part(upload.id, offset, content, hashlib.sha256(content).hexdigest(), by=by, at=at)
        offset += len(content)
    return upload


def _held(upload_id: uuid.UUID, by: Actor) -> Upload:
    """The upload, held until the transaction ends: parts are taken one by one."""
    upload = upload_for(by, upload_id)
    return Upload.objects.select_for_update(of=("self",)).select_related("became").get(id=upload.id)


def _let_go(upload: Upload) -> None:
    """Its parts' rows now; their files when that is certain."""
    names = list(upload.parts.values_list("file", flat=True))
    upload.parts.all().delete()
    transaction.on_commit(lambda: _delete(names))


def _delete(names: Iterable[str]) -> None:
    for name in filter(None, names):
        default_storage.delete(name)


def _note(code: str, upload: Upload, data: dict[str, object], by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"project:{upload.project_id}",
        organisation=upload.project.operator_id,
        data={"upload": str(upload.id), **data},
    )

"""Reads of the room, behind the wall of the project."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from palabre.errors import NotFound
from palabre.exchange.delivery import drained
from palabre.exchange.errors.imports import why_refused
from palabre.exchange.errors.rows import row_remedy, row_wrong
from palabre.exchange.formats import Kind, writer
from palabre.exchange.models import Export, Import, ImportProblem, Upload
from palabre.exchange.parts import digest_of_upload
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation, project_for
from palabre.work.models import Batch

PAGE = 2_000
MOST_WAITING = 20
PIECE = 64 * 1024


def import_for(by: Actor, import_id: uuid.UUID, permission: Permission = Permission.READ_PROJECTS) -> Import:
    """One import of a project that the actor may see. Raises: NotAllowed, NotFound."""
    by.require(permission)
    found = Import.objects.select_related("project", "batch").filter(id=import_id)
    one = found.filter(project__in=of_organisation(by)).first()
    if one is None:
        raise NotFound
    return one


def upload_for(by: Actor, upload_id: uuid.UUID) -> Upload:
    """One upload of a project that the actor may bring files to. Raises: NotAllowed, NotFound."""
    by.require(Permission.IMPORT_TASKS)
    found = Upload.objects.select_related("project", "became").filter(id=upload_id)
    one = found.filter(project__in=of_organisation(by)).first()
    if one is None:
        raise NotFound
    return one


def uploads_of(by: Actor, project_id: uuid.UUID) -> list[Upload]:
    """The files of a project that are on their way or wait to be imported, newest first.

    Raises: NotAllowed, NotFound.
    """
    project = project_for(by, project_id, Permission.IMPORT_TASKS)
    return list(Upload.objects.filter(project=project, became=None).order_by("-id")[:MOST_WAITING])


def export_for(by: Actor, export_id: uuid.UUID) -> Export:
    """One export of a project that the actor may see. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_RESULTS)
    one = Export.objects.filter(id=export_id, project__in=of_organisation(by)).first()
    if one is None:
        raise NotFound
    return one


def imports_of(
    by: Actor, project_id: uuid.UUID, after: uuid.UUID | None = None, limit: int | None = None
) -> list[Import]:
    """The project's imports, oldest first. Raises: NotAllowed, NotFound."""
    project = project_for(by, project_id, Permission.READ_PROJECTS)
    found = Import.objects.filter(project=project).select_related("batch").order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def exports_of(
    by: Actor, project_id: uuid.UUID, after: uuid.UUID | None = None, limit: int | None = None
) -> list[Export]:
    """The project's exports, oldest first. Raises: NotAllowed, NotFound."""
    project = project_for(by, project_id, Permission.READ_RESULTS)
    found = Export.objects.filter(project=project).order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def latest_exports(by: Actor, project_id: uuid.UUID, before: uuid.UUID | None, limit: int) -> list[Export]:
    """The project's exports, newest first. Raises: NotAllowed, NotFound."""
    project = project_for(by, project_id, Permission.READ_RESULTS)
    found = Export.objects.filter(project=project).order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:limit])


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with the import that it comes from; None for one that was made otherwise."""

    batch: Batch
    source: Import | None


def batches_of(by: Actor, project_id: uuid.UUID, after: uuid.UUID | None, limit: int) -> list[BatchRow]:
    """The project's batches in the order in which they came. Three statements.

    Raises: NotAllowed, NotFound.
    """
    project = project_for(by, project_id, Permission.READ_PROJECTS)
    found = Batch.objects.filter(project=project).order_by("id")
    batches = list((found.filter(id__gt=after) if after else found)[:limit])
    sources = {one.batch_id: one for one in Import.objects.filter(batch__in=batches)}
    return [BatchRow(batch, sources.get(batch.id)) for batch in batches]


def problems_of(one: Import, after: int | None = None, limit: int | None = None) -> list[ImportProblem]:
    """Its bad rows, in the order in which they were found."""
    return list(_problems(one, after)[:limit])


def _problems(one: Import, after: int | None) -> QuerySet[ImportProblem]:
    found = ImportProblem.objects.filter(source=one).order_by("id")
    return found.filter(id__gt=after) if after else found


def problems_csv(one: Import) -> Iterator[bytes]:
    """Its bad rows as CSV in the reader's language, safe to open in a spreadsheet (hence the BOM)."""
    header = [_("line"), _("column"), _("value"), _("what is wrong"), _("what to do")]
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(0, io.SEEK_END)
    to = writer(Kind.CSV, out, header)
    for row in _problems(one, None).iterator(chunk_size=PAGE):
        to.write([row.line, row.column, row.value, *wording(row)])
        if out.tell() > PIECE:
            yield drained(out)
    to.close()
    yield drained(out)


def wording(row: ImportProblem) -> tuple[str, str]:
    """What is wrong with a row and what to do about it, in the reader's language."""
    return row_wrong(row.code, row.fields), row_remedy(row.code, row.fields)


def why(one: Import) -> str:
    """Why it was refused, in the reader's language; empty when it was not."""
    return why_refused(one.error) if one.error else ""


def share_done(one: Import) -> float:
    """How far the file is read, in 0..1."""
    if one.finished_at is not None:
        return 1.0
    return min(one.token[0] / one.token[3], 1.0) if one.token and one.token[3] else 0.0


def is_here(upload: Upload) -> bool:
    """Whether the project has the tasks of the same file already, or will have them."""
    same = Import.objects.filter(
        project=upload.project_id, digest=digest_of_upload(upload), error__isnull=True
    )
    return same.exclude(state=Import.State.REFUSED).exists()

"""Files over HTTP: what clients bring, and what they take home."""

import datetime as dt
import uuid
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from palabre.exchange import queries
from palabre.exchange.actions import (
    How,
    append_part,
    ask_export,
    ask_import,
    begin_upload,
    cancel_import,
    discard_import,
    drop_upload,
    take_upload,
)
from palabre.exchange.actions.uploads import MOST_BYTES
from palabre.exchange.formats import Limits
from palabre.exchange.links import export_link
from palabre.exchange.models import Export, Import, ImportProblem, Upload
from palabre.exchange.parts import PART_BYTES
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.bodies import check_form
from palabre.web.fields import FROM_TEXT, Flag, Id, Input, Verbatim
from palabre.web.pages import Page, Paging, page

router = Router(tags=["imports and exports"])
IMPORT, READ, RESULTS = Permission.IMPORT_TASKS, Permission.READ_PROJECTS, Permission.READ_RESULTS
# The largest file, with some room for the form around it.
UPLOAD = Limits().file_bytes + 64 * 1024
_CSV = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class ImportIn(Input):
    """`id_column`: the field that holds each row's id; without, the field `id` where there is one. `again`: take the
    rows although the same file is in the project."""

    keep: Literal["good_rows", "all_or_nothing"] = "good_rows"
    id_column: Annotated[str, Field(max_length=200), Verbatim] = ""
    again: Flag = False


class ImportOut(Schema):
    """`done`: how much of the file is read, in 0..1. `why`: the reason for a refusal, else empty."""

    id: uuid.UUID
    project: uuid.UUID
    batch: uuid.UUID
    batch_number: int
    name: str
    size: int
    keep: str
    id_column: str
    state: str
    done: float
    good: int
    bad: int
    code: str
    why: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None


class ProblemOut(Schema):
    """A row that can't be taken. `line`: its first line, or the number of the file in an archive."""

    id: int
    line: int
    column: str
    value: str
    code: str
    wrong: str
    remedy: str


class UploadIn(Input):
    """A file to come. `corrects`: the import whose bad rows it puts right."""

    name: str = Field(min_length=1, max_length=200)
    size: int = Field(ge=1, le=MOST_BYTES)
    corrects: Id | None = None


class PartIn(Input):
    """Where the part begins in the file, and the SHA-256 of its bytes in hexadecimal."""

    offset: Annotated[int, Field(ge=0, le=MOST_BYTES), FROM_TEXT]
    sha256: str = Field(min_length=64, max_length=64)


class TakeIn(ImportIn):
    """`columns`: {field that members are shown: column of the file}, where the two differ."""

    columns: dict[str, str] = Field(default_factory=dict, max_length=100)
    encoding: Literal["", "utf-8", "windows-1252", "latin-1"] = ""


class UploadOut(Schema):
    """`received`: how many bytes are here; the next part begins there. `last_…`: the last part that came, to find
    out whether a file that is chosen again is the same one."""

    id: uuid.UUID
    project: uuid.UUID
    name: str
    size: int
    received: int
    last_offset: int | None
    last_size: int | None
    last_sha256: str | None
    import_id: uuid.UUID | None


class ExportIn(Input):
    """`provenance`: pseudonym, time, versions and pay per hour with each judgement."""

    what: Literal["judgements", "consensus"]
    format: Literal["jsonl", "csv", "label_studio"]
    provenance: bool = False


class ExportOut(Schema):
    """`rows` and `sha256` of the file, once it is made."""

    id: uuid.UUID
    project: uuid.UUID = Field(validation_alias="project_id")
    what: str
    format: str
    provenance: bool
    state: str
    rows: int
    sha256: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None


class DownloadOut(Schema):
    """The address of the file, for whoever has it, until a time."""

    path: str
    expires_at: dt.datetime


@router.post("/projects/{project}/imports", auth=allowed(IMPORT, upload=UPLOAD), response={201: ImportOut})
def import_a_file(
    request: HttpRequest, project: Id, form: Form[ImportIn], file: File[UploadedFile]
) -> Status[ImportOut]:
    """Send a file of tasks: CSV, TSV, JSON, JSONL, Label Studio tasks, or a ZIP of pictures or texts.

    It is read in the background. Ask for the import to see how far it is and what could not be taken.
    """
    check_form(request, ImportIn.model_fields)
    made = ask_import(
        project,
        file,
        file.name or "",
        keep=form.keep,
        id_column=form.id_column,
        how=How(again=form.again),
        by=actor_of(request),
        at=at_of(request),
    )
    return Status(201, _import(made))


@router.get("/projects/{project}/imports", auth=allowed(READ), response=Page[ImportOut])
def list_imports(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """The project's imports, oldest first."""
    actor = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: [_import(one) for one in queries.imports_of(actor, project, after, limit)],
        lambda shown: shown.id,
    )


@router.get("/imports/{import_id}", auth=allowed(READ), response=ImportOut)
def show_import(request: HttpRequest, import_id: Id) -> ImportOut:
    """How far an import is, or how it ended."""
    return _import(queries.import_for(actor_of(request), import_id))


@router.delete("/imports/{import_id}", auth=allowed(IMPORT), response=ImportOut)
def cancel_an_import(request: HttpRequest, import_id: Id) -> ImportOut:
    """End an import that is not finished, leaving none of its tasks."""
    return _import(cancel_import(import_id, by=actor_of(request), at=at_of(request)))


@router.get("/imports/{import_id}/problems", auth=allowed(READ), response=Page[ProblemOut])
def list_problems(request: HttpRequest, import_id: Id, paging: Query[Paging]) -> dict[str, object]:
    """The rows that can't be taken, with what is wrong and what to do, in your language."""
    one = queries.import_for(actor_of(request), import_id)
    return page(
        paging,
        int,
        lambda after, limit: [_problem(row) for row in queries.problems_of(one, after, limit)],
        lambda row: row.id,
    )


@router.get("/imports/{import_id}/problems.csv", auth=allowed(READ), openapi_extra=_CSV)
def problems_as_table(request: HttpRequest, import_id: Id) -> HttpResponse:
    """The same as a table for a spreadsheet, whole."""
    one = queries.import_for(actor_of(request), import_id)
    response = HttpResponse(b"".join(queries.problems_csv(one)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{one.id}.csv"'
    return response


@router.post("/imports/{import_id}/discard", auth=allowed(IMPORT), response=ImportOut)
def discard_an_import(request: HttpRequest, import_id: Id) -> ImportOut:
    """Take the tasks of an import that has ended back, as long as no member was shown one of them."""
    return _import(discard_import(import_id, by=actor_of(request), at=at_of(request)))


@router.post("/projects/{project}/uploads", auth=allowed(IMPORT), response={201: UploadOut})
def begin_an_upload(request: HttpRequest, project: Id, body: UploadIn) -> Status[UploadOut]:
    """Announce a file that comes in parts, over a link that may be cut: it goes on where it stopped."""
    made = begin_upload(
        project, body.name, body.size, corrects=body.corrects, by=actor_of(request), at=at_of(request)
    )
    return Status(201, _upload(made))


@router.get("/uploads/{upload}", auth=allowed(IMPORT), response=UploadOut)
def show_upload(request: HttpRequest, upload: Id) -> UploadOut:
    """How much of a file is here."""
    return _upload(queries.upload_for(actor_of(request), upload))


# A part carries its own key: its offset and its digest.
@router.post(
    "/uploads/{upload}/parts",
    auth=allowed(IMPORT, keyed=False, upload=PART_BYTES + 64 * 1024),
    response=UploadOut,
)
def send_a_part(request: HttpRequest, upload: Id, form: Form[PartIn], file: File[UploadedFile]) -> UploadOut:
    """Add the next bytes of a file. The same part sent again changes nothing."""
    check_form(request, PartIn.model_fields)
    return _upload(
        append_part(upload, form.offset, file.read(), form.sha256, by=actor_of(request), at=at_of(request))
    )


@router.post("/uploads/{upload}/import", auth=allowed(IMPORT), response={201: ImportOut})
def import_an_upload(request: HttpRequest, upload: Id, body: TakeIn) -> Status[ImportOut]:
    """Import a file that is here whole."""
    made = take_upload(
        upload,
        keep=body.keep,
        id_column=body.id_column,
        how=How(columns=body.columns, encoding=body.encoding, again=body.again),
        by=actor_of(request),
        at=at_of(request),
    )
    return Status(201, _import(queries.import_for(actor_of(request), made.id)))


@router.delete("/uploads/{upload}", auth=allowed(IMPORT), response={204: None})
def drop_an_upload(request: HttpRequest, upload: Id) -> Status[None]:
    """Forget a file that was not imported."""
    drop_upload(upload, by=actor_of(request), at=at_of(request))
    return Status(204, None)


@router.post(
    "/projects/{project}/exports", auth=allowed(Permission.EXPORT_RESULTS), response={201: ExportOut}
)
def export_a_project(request: HttpRequest, project: Id, body: ExportIn) -> Status[Export]:
    """Ask for a file of judgements, or of consensus with confidence. It is made in the background."""
    made = ask_export(
        project,
        body.what,
        body.format,
        provenance=body.provenance,
        by=actor_of(request),
        at=at_of(request),
    )
    return Status(201, made)


@router.get("/projects/{project}/exports", auth=allowed(RESULTS), response=Page[ExportOut])
def list_exports(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """The project's exports, oldest first."""
    actor = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: queries.exports_of(actor, project, after, limit),
        lambda one: one.id,
    )


@router.get("/exports/{export}", auth=allowed(RESULTS), response=ExportOut)
def show_export(request: HttpRequest, export: Id) -> Export:
    """Whether a file is made."""
    return queries.export_for(actor_of(request), export)


@router.get("/exports/{export}/link", auth=allowed(RESULTS), response=DownloadOut)
def link_to_export(request: HttpRequest, export: Id) -> dict[str, object]:
    """A short-lived address of a file that is made."""
    made = export_link(export, by=actor_of(request), at=at_of(request))
    return {"path": f"/exports/{made.token}", "expires_at": made.expires_at}


def _upload(one: Upload) -> UploadOut:
    last = one.parts.order_by("-offset").first()
    return UploadOut(
        id=one.id,
        project=one.project_id,
        name=one.name,
        size=one.size,
        received=one.received,
        last_offset=last.offset if last else None,
        last_size=last.size if last else None,
        last_sha256=last.sha256 if last else None,
        import_id=one.became_id,
    )


def _import(one: Import) -> ImportOut:
    return ImportOut(
        id=one.id,
        project=one.project_id,
        batch=one.batch_id,
        batch_number=one.batch.number,
        name=one.name,
        size=one.size,
        keep=one.keep,
        id_column=one.id_column,
        state=one.state,
        done=queries.share_done(one),
        good=one.good,
        bad=one.bad,
        code=one.error["code"] if one.error else "",
        why=queries.why(one),
        asked_at=one.asked_at,
        finished_at=one.finished_at,
    )


def _problem(row: ImportProblem) -> ProblemOut:
    wrong, remedy = queries.wording(row)
    return ProblemOut(
        id=row.id,
        line=row.line,
        column=row.column,
        value=row.value,
        code=row.code,
        wrong=wrong,
        remedy=remedy,
    )

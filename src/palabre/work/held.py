"""Which of the room's tables the record holds."""

from collections.abc import Iterator

from palabre.record.files import StoredFile
from palabre.record.held import Held, NotHeld
from palabre.work.media import stored_at
from palabre.work.models import (
    Annotation,
    AnnotationRevision,
    Batch,
    Cursor,
    Flag,
    Guideline,
    Handout,
    LabelSchema,
    Lease,
    Media,
    OtherAnswer,
    Project,
    Question,
    Quote,
    RawSubmission,
    Review,
    SentKey,
    Task,
)
from palabre.work.models.projects import Confirmation

TABLES: list[Held | NotHeld] = [
    Held(Project),
    Held(LabelSchema),
    Held(Guideline),
    Held(Confirmation, hers={"remark": "member_id"}),
    Held(Quote),
    Held(Batch, without={"funded_upto": "how far the money reaches: counted again whenever money moves"}),
    Held(Media),
    Held(
        Task,
        without={
            "free": "which places are taken: `work.verify` finds them again from leases and answers",
            "is_open": "follows from `free` and `taken_out_at`",
            "returned": "in which order tasks that came back are handed out again",
        },
    ),
    NotHeld(Cursor, "how far dispatch has come for a member"),
    Held(Handout),
    Held(Lease, hers={"comment": "member_id"}),
    Held(Flag, hers={"comment": "member_id", "word": "member_id"}),
    Held(Question, hers={"text": "member_id"}),
    Held(Annotation, hers={"note": "member_id"}),
    Held(AnnotationRevision, hers={"note": "member_id"}),
    Held(OtherAnswer, hers={"note": "member_id"}),
    Held(RawSubmission, hers={"body": "member_id", "why": "member_id", "word": "member_id"}),
    Held(Review),
    NotHeld(SentKey, "which keys came before from her devices"),
]


def files() -> Iterator[StoredFile]:
    """Pictures, as members get them."""
    for one in Media.objects.order_by("id").iterator(chunk_size=2_000):
        yield StoredFile(stored_at(one.project_id, one.sha256), one.sha256, one)

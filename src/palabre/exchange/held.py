"""Which of the room's tables the record holds."""

from collections.abc import Iterator

from palabre.exchange.models import Export, Import, ImportProblem, Upload, UploadPart
from palabre.record.files import StoredFile
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(Import),
    NotHeld(ImportProblem, "rows that were not taken"),
    NotHeld(Upload, "a file on its way in: what became of it is an import"),
    NotHeld(UploadPart, "a piece of such a file, deleted when it has become an import"),
    Held(Export),
]


def files() -> Iterator[StoredFile]:
    """Files that were made for clients, and what has arrived of those that are on their way in."""
    for one in Export.objects.filter(state=Export.State.DONE).order_by("id").iterator(chunk_size=2_000):
        yield StoredFile(one.file, one.sha256, one)
    for part in UploadPart.objects.order_by("id").iterator(chunk_size=2_000):
        yield StoredFile(part.file, part.sha256, part)

"""Which of the room's tables the record holds."""

from palabre.exchange.models import Export, Import, ImportProblem, Upload, UploadPart
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(Import),
    NotHeld(ImportProblem, "rows that were not taken"),
    NotHeld(Upload, "a file on its way in: what became of it is an import"),
    NotHeld(UploadPart, "a piece of such a file, deleted when it has become an import"),
    Held(Export),
]

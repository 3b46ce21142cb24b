"""What is done with clients' files."""

from palabre.exchange.actions.exports import ask_export, note_export, run_export
from palabre.exchange.actions.imports import How, ask_import, cancel_import, discard_import, run_import
from palabre.exchange.actions.uploads import (
    append_part,
    begin_upload,
    drop_upload,
    forget_uploads,
    receive,
    take_upload,
)

__all__ = [
    "How",
    "append_part",
    "ask_export",
    "ask_import",
    "begin_upload",
    "cancel_import",
    "discard_import",
    "drop_upload",
    "forget_uploads",
    "note_export",
    "receive",
    "run_export",
    "run_import",
    "take_upload",
]

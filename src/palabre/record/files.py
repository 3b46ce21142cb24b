"""Holds stored files against the digest that their row has: the row is held by the record, and so the file is too."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.db.models import Model

from palabre.record.held import rooms
from palabre.record.problems import Problem
from palabre.words import gettext_lazy as _

_PIECE = 1 << 20


class StoredFile(NamedTuple):
    """A file in the storage, the row that says what is in it, and its SHA-256."""

    name: str
    sha256: str
    row: Model


def file_problems() -> Iterator[Problem]:
    """Every file that is not there, or not the one that was stored. Read in pieces, one file after the other."""
    for room in rooms():
        for file in room.files() if hasattr(room, "files") else ():
            problem = _problem(file)
            # A file may be taken away in good order, with its row, while we look.
            if problem is not None and type(file.row)._default_manager.filter(pk=file.row.pk).exists():  # noqa: SLF001
                yield problem


def _problem(file: StoredFile) -> Problem | None:
    digest = hashlib.sha256()
    try:
        with default_storage.open(file.name) as content:
            while piece := content.read(_PIECE):
                digest.update(piece)
    except OSError:
        sentence = _("The stored file %(file)s is not there, or can't be read.")
        return Problem("record.file_missing", sentence, {"file": file.name})
    if digest.hexdigest() != file.sha256:
        return Problem(
            "record.file_changed",
            _("The stored file %(file)s is not the one that was stored."),
            {"file": file.name},
        )
    return None

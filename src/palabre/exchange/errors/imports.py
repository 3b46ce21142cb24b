"""What can go wrong around imports and exports as such."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, WrongState
from palabre.exchange.errors.files import FileRefused, Refused


class ImportRunning(WrongState):
    code = "exchange.import_running"
    sentence = _("A file of this project is being imported elsewhere. Look again in a moment.")


class ImportFinished(WrongState):
    code = "exchange.import_finished"
    sentence = _("This import is finished.")


class ProjectClosed(WrongState):
    code = "exchange.project_closed"
    sentence = _("This project is closed and takes no more tasks.")


class SameFile(WrongState):
    """Without ids of their own, its rows would stand there twice."""

    code = "exchange.same_file"
    sentence = _(
        "The same file is here already: batch %(batch)s, “%(name)s”. Nothing was taken a second time. If you want its"
        " rows twice, say so."
    )


class BatchTouched(WrongState):
    code = "exchange.batch_touched"
    sentence = _(
        "Members have looked at these tasks already, so they stay. Close the batch instead: it is not offered"
        " any more."
    )


class StillOffered(WrongState):
    code = "exchange.still_offered"
    sentence = _(
        "Members are offered these tasks at the moment. Pause the project first, then take them back."
    )


class NotDiscardable(WrongState):
    code = "exchange.not_discardable"
    sentence = _("Only an import that ended with tasks can be discarded.")


# Files that come in parts


class SizeWrong(Invalid):
    code = "exchange.size"
    sentence = _("%(path)s: a file has from 1 to %(most)s bytes.")


class PartTooLarge(Invalid):
    code = "exchange.part_too_large"
    sentence = _("A part has from 1 to %(most)s bytes, and ends at the end of the file at the latest.")


class PartDamaged(Invalid):
    code = "exchange.part_damaged"
    sentence = _("This part arrived damaged: its digest is another one. Send it again.")


class OffsetWrong(WrongState):
    """`expected`: where the next part begins."""

    code = "exchange.offset"
    sentence = _("%(expected)s bytes of this file are here. Go on from there.")


class UploadNotWhole(WrongState):
    code = "exchange.upload_not_whole"
    sentence = _("The file has not arrived whole yet. Send the rest of it first.")


class UploadUsed(WrongState):
    code = "exchange.upload_used"
    sentence = _("This file was imported already.")


class ExportRunning(WrongState):
    code = "exchange.export_running"
    sentence = _("This file is being made elsewhere. Look again in a moment.")


class NotReadyYet(WrongState):
    code = "exchange.not_ready"
    sentence = _("This file is not ready yet. Look again in a moment.")


# At the terminal


class NothingToImport(Invalid):
    code = "exchange.nothing_to_import"
    sentence = _("Name a file and its --project, or an import to --resume.")


class FileUnreadable(Invalid):
    code = "exchange.file_unreadable"
    sentence = _("%(path)s can't be read or written: %(why)s")


# Why an import ended without tasks, besides what is wrong with the file itself


class BadRows(FileRefused):
    """All or nothing was asked for."""

    code = "exchange.bad_rows"
    sentence = _(
        "%(bad)s rows can't be taken, and all or nothing was asked for: nothing was imported. "
        "Correct the rows, or ask for the good ones."
    )


class NoGoodRows(FileRefused):
    code = "exchange.no_good_rows"
    sentence = _("None of the %(bad)s rows can be taken: nothing was imported.")


class Cancelled(FileRefused):
    code = "exchange.cancelled"
    sentence = _("The import was cancelled: nothing was imported.")


class Discarded(FileRefused):
    code = "exchange.discarded"
    sentence = _("The tasks of this import were discarded after it had ended.")


class FileGone(FileRefused):
    code = "exchange.file_gone"
    sentence = _("The file is no longer in the storage. Send it again.")


def why_refused(error: dict[str, object]) -> str:
    """The sentence of an import's kept error {code, fields}, in the reader's language."""
    kinds = {kind.code: kind for kind in _kinds(Refused)}
    fields = error["fields"]
    return str(kinds[str(error["code"])](**fields if isinstance(fields, dict) else {}))


def _kinds(family: type[Refused]) -> Iterator[type[Refused]]:
    for kind in family.__subclasses__():
        yield kind
        yield from _kinds(kind)

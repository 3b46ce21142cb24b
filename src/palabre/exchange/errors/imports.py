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

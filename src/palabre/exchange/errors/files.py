"""Why a whole file is refused: nothing of it can be taken."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid
from palabre.exchange.errors.kinds import with_names


class Refused(Invalid):
    """Anything that is not taken. Kinds of files are kept by code in the fields and named when shown."""

    def __str__(self) -> str:
        return str(self.sentence) % with_names(self.fields)


class FileRefused(Refused):
    """The whole file is refused: nothing of it can be taken."""


class FileEmpty(FileRefused):
    """Zero bytes, or white space alone."""

    code = "file.empty"
    sentence = _("“%(name)s” is empty. Check that it was saved and sent whole, then try again.")


class FileHasNoRows(FileRefused):
    """A header or an empty list, and nothing after it."""

    code = "file.no_rows"
    sentence = _("“%(name)s” holds no rows: there is nothing in it to import. Add rows and try again.")


class FileTooLarge(FileRefused):
    """More bytes than `Limits.file_bytes`."""

    code = "file.too_large"
    sentence = _(
        "“%(name)s” has %(size)s bytes; the limit is %(limit)s. Split it into several files and import each."
    )


class FileNotWhatItsNameSays(FileRefused):
    """The content contradicts the ending of the name."""

    code = "file.not_what_its_name_says"
    sentence = _(
        "The name of “%(name)s” says %(expected)s, but it holds %(found)s. "
        "Give it the name that fits, or choose the file that you meant."
    )


class FileNotSupported(FileRefused):
    """A kind of file that is never imported."""

    code = "file.not_supported"
    sentence = _(
        "“%(name)s” is %(found)s, which cannot be imported. "
        "Save it as CSV in UTF-8, JSON or JSONL, or put pictures and texts into a ZIP archive."
    )


class EncodingNotClear(FileRefused):
    """Bytes that are not UTF-8, from a file that says nothing of its encoding."""

    code = "encoding.not_clear"
    sentence = _(
        "“%(name)s” is not UTF-8: line %(line)s, byte %(byte)s is %(value)s. Save it again as UTF-8 "
        "(in a spreadsheet: “CSV UTF-8”), or name its encoding when you import it: %(offered)s."
    )


class EncodingNotOffered(FileRefused):
    """The caller names an encoding that is not read here."""

    code = "encoding.not_offered"
    sentence = _("The encoding “%(encoding)s” is not read here. Choose one of: %(offered)s.")


class HeaderUnreadable(FileRefused):
    """The first record never ends, is too long, or holds characters that no name may hold."""

    code = "header.unreadable"
    sentence = _(
        "The header of “%(name)s” (line %(line)s) cannot be read. The first line must hold the names of the "
        "columns; check its quotation marks and that it holds no control characters."
    )


class HeaderTooWide(FileRefused):
    """More columns than `Limits.fields`."""

    code = "header.too_wide"
    sentence = _(
        "“%(name)s” has %(found)s columns; the limit is %(limit)s. Keep the columns that the tasks need."
    )


class HeaderNameMissing(FileRefused):
    """A column without a name."""

    code = "header.name_missing"
    sentence = _(
        "Column %(column)s of “%(name)s” has no name in line %(line)s. "
        "Name it in the header or delete the column."
    )


class HeaderNameRepeated(FileRefused):
    """Two columns of one name."""

    code = "header.name_repeated"
    sentence = _(
        "Columns %(first)s and %(second)s of “%(name)s” are both named “%(column)s”. "
        "Give each column its own name."
    )


class FieldMissing(FileRefused):
    """A column that the import needs is not in the header."""

    code = "header.column_missing"
    sentence = _(
        "“%(name)s” has no column “%(column)s”. Its columns are: %(present)s. "
        "Rename the column or name another one when you import."
    )


class JsonNotAList(FileRefused):
    """JSON whose outermost value is not a list."""

    code = "json.not_a_list"
    sentence = _(
        "“%(name)s” must hold a list of objects: [ {…}, {…} ]. Put square brackets around the objects, "
        "or write one object a line and name the file .jsonl."
    )


class PositionNotInFile(FileRefused):
    """An interrupted import goes on in a file that is not the one it began with."""

    code = "position.not_in_file"
    sentence = _(
        "“%(name)s” ends before the place where the import stopped. Go on with the file that it began with, "
        "or start again from the first row."
    )


class ArchiveDamaged(FileRefused):
    """The directory of a ZIP archive cannot be read or contradicts itself."""

    code = "archive.damaged"
    sentence = _(
        "The archive “%(name)s” is cut short or damaged: its list of files cannot be read. "
        "Make it again, or send it again."
    )


class ArchiveTooManyMembers(FileRefused):
    """More members than `Limits.members`."""

    code = "archive.too_many_members"
    sentence = _(
        "The archive “%(name)s” holds more than %(limit)s files. "
        "Split it into several archives and import each."
    )


class ArchiveExpandsTooMuch(FileRefused):
    """A bomb: far more comes out than went in."""

    code = "archive.expands_too_much"
    sentence = _(
        "Unpacking “%(name)s” was stopped at %(size)s bytes: that is far more than such files need. "
        "Make the archive from the pictures or texts themselves."
    )

"""The words for each row that cannot be taken: what is wrong, and what to do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.exchange.errors.kinds import with_names

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class RowWording(NamedTuple):
    """Two sentences; their places are filled from the bad row's fields."""

    wrong: str | Promise
    remedy: str | Promise


_CHECK_WHOLE = _("Check that the file was saved and sent whole.")
_QUOTES = _("Close the quotation marks, and write each one inside a text twice.")
_SAVE_UTF8 = _("Save the file as UTF-8, or correct this text.")
_NUMBER_AS_TEXT = _("Write the number in quotation marks, as a text.")
_RENAME = _("Rename it and make the archive again.")
_MAKE_AGAIN = _("Make the archive again.")
_PICTURE_KINDS = _("Save it as JPEG, PNG, WebP or GIF.")
_SMALLER = _("Make it smaller.")
_COMPLETE = _("Complete the row, or change what the schema shows.")

ROW_WORDINGS: dict[str, RowWording] = {
    "row.width": RowWording(
        _("The row has %(found)s cells, but the header names %(expected)s columns."),
        _("Put texts that hold the separator between quotation marks, or complete the row."),
    ),
    "row.empty": RowWording(_("All cells of the row are empty."), _("Delete the row or fill it.")),
    "row.too_long": RowWording(
        _("The row has more than %(limit)s bytes."), _("Shorten it, or check for an open quotation mark.")
    ),
    "cell.too_long": RowWording(
        _("The cell has more than %(limit)s bytes."), _("Shorten it, or check for an open quotation mark.")
    ),
    "cell.blank": RowWording(_("This cell must not be empty."), _("Fill it or delete the row.")),
    "quote.not_closed": RowWording(
        _("A quotation mark opens and never closes: everything to line %(last_line)s was read as one cell."),
        _QUOTES,
    ),
    "quote.misplaced": RowWording(_("Text follows a closing quotation mark in line %(last_line)s."), _QUOTES),
    "text.bytes": RowWording(_("The byte %(byte)s is not text in this file's encoding."), _SAVE_UTF8),
    "text.surrogate": RowWording(_("It holds half of a character (%(character)s)."), _SAVE_UTF8),
    "text.control": RowWording(
        _("It holds the control character %(character)s."), _("Delete the character, which cannot be seen.")
    ),
    "id.blank": RowWording(_("The row has no id."), _("Give each row its own id.")),
    "id.too_long": RowWording(_("The id has more than %(limit)s characters."), _("Use a shorter id.")),
    "id.not_text": RowWording(_("The id is neither a text nor a whole number."), _("Write ids as texts.")),
    "id.there_already": RowWording(
        _("Another row, here or in an earlier file of the project, has this id."),
        _("Give each row its own id."),
    ),
    "payload.field_missing": RowWording(_("This field, which members are shown, is missing."), _COMPLETE),
    "payload.field_empty": RowWording(_("This field, which members are shown, is empty."), _COMPLETE),
    "payload.field_not_text": RowWording(
        _("This field, which members are shown, is not a text."), _("Write it in quotation marks, as a text.")
    ),
    "item.not_an_object": RowWording(
        _("This is not an object with named fields."), _('Write each item as {"name": value, …}.')
    ),
    "json.invalid": RowWording(
        _("This is not valid JSON (character %(character)s)."), _("Write the file with a JSON library.")
    ),
    "json.too_deep": RowWording(
        _("Lists and objects are nested more than %(limit)s deep."), _("Flatten the item.")
    ),
    "json.key_repeated": RowWording(
        _("The field “%(key)s” stands twice in one object."), _("Keep one of the two.")
    ),
    "json.number_too_large": RowWording(
        _("The number is too large to be kept exactly (over 9,007,199,254,740,992)."), _NUMBER_AS_TEXT
    ),
    "json.number_too_fine": RowWording(
        _("The number has more digits than can be kept exactly."), _NUMBER_AS_TEXT
    ),
    "json.number_not_finite": RowWording(_("The value is not a finite number."), _NUMBER_AS_TEXT),
    "json.cut_short": RowWording(_("The file ends in the middle of this item."), _CHECK_WHOLE),
    "json.broken": RowWording(
        _("The list is broken at byte %(byte)s; nothing after this place could be read."),
        _("Check commas and brackets, or write the file with a JSON library."),
    ),
    "task.data": RowWording(
        _("“data” is not an object with named fields."), _("Export the tasks again as JSON.")
    ),
    "task.annotations": RowWording(
        _("“%(key)s” is not a list of objects, each with a list “result”."),
        _("Export the tasks again as JSON."),
    ),
    "member.path": RowWording(_("The path leaves the archive or names a disk."), _RENAME),
    "member.link": RowWording(
        _("This is a link or a device, not a file."), _("Put the file itself into the archive.")
    ),
    "member.encrypted": RowWording(
        _("The file is protected by a password."), _("Make the archive again without a password.")
    ),
    "member.archive": RowWording(_("This is an archive inside the archive."), _("Import it by itself.")),
    "member.repeated": RowWording(_("Two files of the archive have this name."), _RENAME),
    "member.case": RowWording(_("Its name differs from “%(other)s” only by capitals."), _RENAME),
    "member.packing": RowWording(
        _("It is packed in a way that is not read here."),
        _("Make the archive again with the usual ZIP method."),
    ),
    "member.damaged": RowWording(_("The file is damaged inside the archive."), _MAKE_AGAIN),
    "member.too_large": RowWording(_("The file has more than %(limit)s bytes."), _SMALLER),
    "member.kind": RowWording(
        _("This is %(found)s; archives may hold pictures and plain texts."), _("Leave it out of the archive.")
    ),
    "member.name": RowWording(
        _("The name says %(expected)s, but it holds %(found)s."), _("Give it the name that fits.")
    ),
    "member.empty": RowWording(_("The file is empty."), _("Fill it or leave it out of the archive.")),
    "picture.not_accepted": RowWording(
        _("This is %(found)s, not a picture that is shown here."), _PICTURE_KINDS
    ),
    "picture.is_drawing": RowWording(
        _("SVG drawings are refused: they can carry programs and load things from elsewhere."),
        _("Save the drawing as PNG."),
    ),
    "picture.moves": RowWording(
        _("The picture moves (it has several frames), and only still pictures are shown."),
        _("Save one frame as PNG or JPEG."),
    ),
    "picture.too_many_pixels": RowWording(
        _("The picture has %(width)s × %(height)s points; the limit is %(limit)s in all."), _SMALLER
    ),
    "picture.too_large": RowWording(_("The picture has more than %(limit)s bytes."), _SMALLER),
    "picture.damaged": RowWording(
        _("The picture is cut short or damaged."), _("Save it again from the original.")
    ),
}


def sentence_of(code: str) -> "_StrPromise":
    """Both sentences in one, for the exception of the same code."""
    return format_lazy("{} {}", *ROW_WORDINGS[code])


def row_wrong(code: str, fields: Mapping[str, str | int]) -> str:
    """What is wrong with the row."""
    return str(ROW_WORDINGS[code].wrong) % with_names(fields)


def row_remedy(code: str, fields: Mapping[str, str | int]) -> str:
    """What to do about it."""
    return str(ROW_WORDINGS[code].remedy) % with_names(fields)


def describe_row(
    line: int, column: str | None, value: str, code: str, fields: Mapping[str, str | int]
) -> str:
    """The place, the value and both sentences: “Line 3, column “text”, value “…”: … …”."""
    if code.startswith(("member.", "picture.")):
        place = gettext("File no. %(line)s of the archive, “%(value)s”")
    elif column is None:
        place = gettext("Line %(line)s, value “%(value)s”")
    else:
        place = gettext("Line %(line)s, column “%(column)s”, value “%(value)s”")
    where = place % {"line": line, "column": column, "value": value}
    return f"{where}: {row_wrong(code, fields)} {row_remedy(code, fields)}"

"""Why `palabre consensus` refuses a file."""

from palabre.errors import PalabreError
from palabre.words import gettext_lazy as _


class ConsensusRefused(PalabreError):
    """Nothing was computed and nothing was written."""


class FileNotReadable(ConsensusRefused):
    """The system can't open or read it."""

    code = "consensus.file_not_readable"
    sentence = _("“%(name)s” cannot be read: %(reason)s.")


class NotText(ConsensusRefused):
    """Bytes that are neither UTF-8 nor the UTF-16 that the file begins with."""

    code = "consensus.not_text"
    sentence = _(
        "“%(name)s” is not text in UTF-8 or UTF-16: line %(line)s holds the byte %(byte)s. "
        "Save it again as UTF-8 (in a spreadsheet: “CSV UTF-8”)."
    )


class NulCharacter(ConsensusRefused):
    """A NUL, which no id may hold; a damaged file, or one that is not text."""

    code = "consensus.nul_character"
    sentence = _(
        "Character %(character)s of line %(line)s of “%(name)s” is NUL: the file is damaged or is not text. "
        "Save it again as UTF-8."
    )


class LineTooLong(ConsensusRefused):
    """A line that would not fit in memory."""

    code = "consensus.line_too_long"
    sentence = _("Line %(line)s of “%(name)s” has more than %(limit)s characters.")


class CellTooLong(ConsensusRefused):
    """A cell beyond the limit; most often a quotation mark that is opened and never closed."""

    code = "consensus.cell_too_long"
    sentence = _(
        "A cell of the row that begins in line %(line)s of “%(name)s” has more than %(limit)s characters. "
        "Check whether a quotation mark is left open there."
    )


class QuoteNotClosed(ConsensusRefused):
    """The file ends inside quotation marks."""

    code = "consensus.quote_not_closed"
    sentence = _(
        "The row that begins in line %(line)s of “%(name)s” opens a quotation mark that is never closed. "
        "Close it, or double it if it belongs to the text."
    )


class QuoteMisplaced(ConsensusRefused):
    """Text after a closing quotation mark, or a line break in the middle of a cell."""

    code = "consensus.quote_misplaced"
    sentence = _(
        "Line %(line)s of “%(name)s” cannot be cut into cells: text follows a closing quotation mark. "
        "Double the quotation marks that belong to the text."
    )


class HeaderMissing(ConsensusRefused):
    """No line with anything in it."""

    code = "consensus.header_missing"
    sentence = _("“%(name)s” is empty. Its first line must name the columns %(wanted)s.")


class ColumnMissing(ConsensusRefused):
    """The header lacks a column that is needed."""

    code = "consensus.column_missing"
    sentence = _(
        "Line %(line)s of “%(name)s” names no column “%(column)s”. "
        "Needed are %(wanted)s; it names: %(present)s."
    )


class ColumnRepeated(ConsensusRefused):
    """A needed column is there twice, so which one is meant is not known."""

    code = "consensus.column_repeated"
    sentence = _(
        "Line %(line)s of “%(name)s” names the column “%(column)s” more than once. Rename the others."
    )


class NoJudgements(ConsensusRefused):
    """A header, and no row that can be used."""

    code = "consensus.no_judgements"
    sentence = _("“%(name)s” holds no row with a task, a worker and a label.")


class TruthContradictsItself(ConsensusRefused):
    """Two true labels for one task."""

    code = "consensus.truth_contradicts_itself"
    sentence = _(
        "Line %(line)s of “%(name)s” gives the task “%(task)s” another label than a line before. "
        "Keep the right one."
    )


class TooManyLabels(ConsensusRefused):
    """Free text rather than labels."""

    code = "consensus.too_many_labels"
    sentence = _(
        "%(labels)s different labels on %(tasks)s tasks are more than Dawid–Skene can weigh in memory. "
        "Check that the column “label” holds labels, or choose --method majority."
    )


class OutputNotWritable(ConsensusRefused):
    """The result can't be put where it was asked for."""

    code = "consensus.output_not_writable"
    sentence = _("“%(name)s” cannot be written: %(reason)s.")


class OutputIsInput(ConsensusRefused):
    """Writing would destroy what is read."""

    code = "consensus.output_is_input"
    sentence = _("“%(name)s” is read, so it cannot be written. Give --out another name.")

"""What can keep a backup from being made or put back."""

from palabre.errors import PalabreError
from palabre.words import gettext_lazy as _


class FileThere(PalabreError):
    code = "backup.file_there"
    sentence = _("%(file)s is there already: give another name. A backup never replaces a file.")


class ToolFailed(PalabreError):
    code = "backup.tool_failed"
    sentence = _("%(tool)s ended with an error, and nothing was kept: %(why)s")


class NoBackup(PalabreError):
    code = "backup.none"
    sentence = _("This file is no backup of Palabre, or one of a newer version.")


class Damaged(PalabreError):
    code = "backup.damaged"
    sentence = _(
        "The backup is damaged at %(part)s. Take another copy of it; nothing was changed on this machine."
    )


class NotEmpty(PalabreError):
    code = "backup.not_empty"
    sentence = _(
        "There is an installation here already, with people in it. A backup is put back on an empty one:"
        " give another PALABRE_HOME, or an empty database in DATABASE_URL."
    )


class InUse(PalabreError):
    code = "backup.in_use"
    sentence = _(
        "Palabre is running here (%(who)s). Stop it first: nothing may write while a backup is put back."
    )


class CutOff(PalabreError):
    code = "backup.cut_off"
    sentence = _(
        "A return was cut off here. Run `palabre restore` with the same file again before anything else."
    )


class OlderProgram(PalabreError):
    code = "backup.older_program"
    sentence = _(
        "The backup is of version %(theirs)s, this program is %(ours)s: put it back with that version or a newer one."
    )

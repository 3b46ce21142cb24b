"""What can keep an installation from running."""

from palabre.errors import PalabreError, WrongState
from palabre.words import gettext_lazy as _


class DatabaseUnreachable(PalabreError):
    code = "database.unreachable"
    sentence = _("The database does not answer: %(why)s. Start it, or correct DATABASE_URL.")


class NotMigrated(PalabreError):
    """The tables are those of another version of the program."""

    code = "database.not_migrated"
    sentence = _("The database is not of this version of Palabre: run `palabre migrate`, then try again.")


class DemoRefused(WrongState):
    code = "demo.refused"
    sentence = _(
        "Real people have their accounts here, and in demo mode anybody could act as them: remove PALABRE_DEMO, or"
        " name another folder in PALABRE_HOME."
    )


class PortTaken(PalabreError):
    code = "port_taken"
    sentence = _("Port %(port)s of %(host)s is in use by another program: choose another one with --port.")

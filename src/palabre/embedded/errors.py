from palabre.errors import PalabreError
from palabre.words import gettext_lazy as _


class EmbeddedDatabaseError(PalabreError):
    """The embedded PostgreSQL cannot be used."""

    code = "database.embedded"
    sentence = _("The embedded database cannot be used: %(why)s")


class NoAccountError(EmbeddedDatabaseError):
    """PostgreSQL refuses to run as root and no other account could be made."""

    code = "database.no_account"
    sentence = _(
        "PostgreSQL does not run as root and the account %(account)s could not be made (%(why)s)."
        " Run Palabre as another account, or make this one: useradd --system %(account)s"
    )


class NotStartedError(EmbeddedDatabaseError):
    """The server stopped while it was starting, or took too long."""

    code = "database.not_started"
    sentence = _("The embedded database did not start. Its last words, from %(log)s:\n%(words)s")


class ForeignFilesError(EmbeddedDatabaseError):
    """The files belong to another account than the one that Palabre runs as."""

    code = "database.foreign_files"
    sentence = _(
        "%(path)s belongs to another account. Run Palabre as the account that made it, or choose another PALABRE_HOME."
    )

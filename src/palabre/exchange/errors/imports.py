"""What can go wrong around imports and exports as such."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import WrongState


class ImportRunning(WrongState):
    code = "exchange.import_running"
    sentence = _("This import is being worked on elsewhere. Look again in a moment.")


class ImportFinished(WrongState):
    code = "exchange.import_finished"
    sentence = _("This import is finished.")


class ProjectClosed(WrongState):
    code = "exchange.project_closed"
    sentence = _("This project is closed and takes no more tasks.")


class NotReadyYet(WrongState):
    code = "exchange.not_ready"
    sentence = _("This file is not ready yet. Look again in a moment.")

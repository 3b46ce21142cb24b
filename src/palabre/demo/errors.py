"""What can go wrong with the demo."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import PalabreError, WrongState


class DemoOnly(WrongState):
    code = "demo.only"
    sentence = _("Sample data is loaded in demo mode only: start it with ./run demo, in a folder of its own.")


class DemoWrong(PalabreError):
    code = "demo.wrong"
    sentence = _("The demo did not come out right: %(why)s.")

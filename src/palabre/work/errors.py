"""What can go wrong around a project and its tasks."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, WrongState


class NotOffered(WrongState):
    code = "work.not_offered"
    sentence = _("This project gives out no work at the moment. Work that you already have stays yours.")


class NoRateHere(WrongState):
    code = "work.no_rate_here"
    sentence = _("This project has no price for the place where you live, so it can't be offered to you.")


class TooManyHeld(WrongState):
    code = "work.too_many_held"
    sentence = _("You hold %(held)s tasks of this project. Send or skip some of them first.")


class BadSync(Invalid):
    code = "work.bad_sync"
    sentence = _("%(path)s: send a list of at most %(most)s items.")

"""What can go wrong on the way to a person."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import WrongState


class NoChannel(WrongState):
    code = "messages.no_channel"
    sentence = _("Nothing is set up here to reach this person: neither e-mail nor SMS that she has.")


class NotSent(Exception):
    """A channel didn't take a message. `again`: it may take it later."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again

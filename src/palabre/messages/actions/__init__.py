"""The only place that writes messages, and what goes out with one."""

from palabre.messages.actions.clients import invite_client, invite_to_client
from palabre.messages.actions.invitations import Invited, invite, invite_again
from palabre.messages.actions.links import ask_for_link
from palabre.messages.actions.notices import choose_letters
from palabre.messages.actions.outbox import send_due, write
from palabre.messages.actions.ways_in import give_client_way_in, give_way_in

__all__ = [
    "Invited",
    "ask_for_link",
    "choose_letters",
    "give_client_way_in",
    "give_way_in",
    "invite",
    "invite_again",
    "invite_client",
    "invite_to_client",
    "send_due",
    "write",
]

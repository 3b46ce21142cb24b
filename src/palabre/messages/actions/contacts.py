"""A word to the address that was hers, when somebody has put another one in its place."""

import datetime as dt
from collections.abc import Collection

from palabre.messages.actions.outbox import write_to
from palabre.messages.channels import is_carried
from palabre.messages.letters import contact_changed
from palabre.messages.models import Message
from palabre.people.models import PersonalData

_KINDS = {"email": Message.Channel.EMAIL, "phone": Message.Channel.SMS}


def tell_contact_before(before: PersonalData, changed: Collection[str], at: dt.datetime) -> None:
    """Inside the transaction of the change. Where nothing carries there, nothing is written."""
    words = contact_changed(before.account.language, name=before.name)
    for field, kind in _KINDS.items():
        address = getattr(before, field)
        if field in changed and address and is_carried(kind):
            write_to(
                address, kind, before, words.subject, words.body, language=before.account.language, at=at
            )

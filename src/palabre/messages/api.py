"""Links to come in, over HTTP."""

import uuid
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, Strict

from palabre.messages.actions import give_way_in
from palabre.people.actions import Why
from palabre.people.models import Link
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input

router = Router(tags=["people"])


class WayIn(Input):
    """`words` are for her to read, and needed where the reason is `other`."""

    reason: Annotated[Link.Reason, Strict(False)]
    words: str = Field("", max_length=500)
    no_second_step: bool = False


class WayInMade(Schema):
    """`address`: the link to be handed over, shown this once, where nothing is set up to send it to her."""

    account: uuid.UUID
    address: str | None


@router.post(
    "/people/{account}/way-in",
    auth=allowed(Permission.LET_IN, shown_once="address"),
    response={201: WayInMade},
)
def make_a_way_in(request: HttpRequest, account: Id, body: WayIn) -> Status[object]:
    """A new link for somebody who can't come in any more. Her sessions, her password and her other links end."""
    why = Why(body.reason, body.words, body.no_second_step)
    return Status(201, give_way_in(account, why, by=actor_of(request), at=at_of(request)))

"""What the homes tell other rooms when the program starts."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from palabre.messages.notices import Notice
    from palabre.people.actor import Actor
    from palabre.people.models import Role


class WebConfig(AppConfig):
    name = "palabre.web"

    def ready(self) -> None:
        from palabre.messages.notices import AtOnce, register_at_once, register_morning
        from palabre.people.models import Role
        from palabre.web import troubles

        for role in Role:
            register_morning(role, partial(_morning, role))
        register_at_once(
            AtOnce(
                "jobs",
                troubles.failing_jobs,
                troubles.say_jobs,
                "/installation/jobs/",
                frozenset({Role.ADMINISTRATOR}),
            )
        )
        register_at_once(
            AtOnce(
                "verifications",
                troubles.broken_verifications,
                troubles.say_verifications,
                "/record/verifications/",
                frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
            )
        )


def _morning(role: "Role", by: "Actor", since: dt.datetime, at: dt.datetime) -> "Iterable[Notice]":
    """All pages are loaded with the first letter, not at the start: their addresses and their counts are its own."""
    from palabre.web.home.mornings import MORNINGS

    return MORNINGS[role](by, since, at)

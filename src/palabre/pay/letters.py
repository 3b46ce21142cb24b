"""The words that members are sent about their money."""

import datetime as dt

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from palabre.messages.letters import Letter


def destination_changed(
    language: str, *, name: str, where: str, usable_from: dt.datetime, at: dt.datetime
) -> Letter:
    """Somebody, hopefully she, has said where her money goes. `where` is masked: it may be read over her shoulder."""
    with translation.override(language):
        if usable_from > at:
            when = formats.date_format(timezone.localtime(usable_from, dt.UTC), "DATETIME_FORMAT")
            body = _(
                "Good day %(name)s,\n\nyou have asked that your money go somewhere else: %(where)s.\n\nUntil %(when)s"
                " (UTC) it still goes where it went before. If it wasn't you who asked, come in before then, take"
                " the change back under “Where your money goes”, set a new password, and tell whoever runs your work."
            ) % {"name": name, "where": where, "when": when}
        else:
            body = _(
                "Good day %(name)s,\n\nfrom now on your money goes here: %(where)s.\n\nIf it wasn't you who asked"
                " for that, set a new password and tell whoever runs your work at once."
            ) % {"name": name, "where": where}
        return Letter(_("Where your money goes"), body)

"""What this room tells other rooms when the program starts."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "palabre.work"

    def ready(self) -> None:
        from palabre.decisions.kinds import register
        from palabre.people import erasure
        from palabre.timesheet import charges
        from palabre.work import notices
        from palabre.work.charges import since
        from palabre.work.decisions import WORK_ENDED
        from palabre.work.erasure import erase

        register(WORK_ENDED)
        erasure.register(erase)
        charges.register(since)
        notices.register()

"""What the time sheet tells other rooms when the program starts."""

from django.apps import AppConfig


class TimesheetConfig(AppConfig):
    name = "palabre.timesheet"

    def ready(self) -> None:
        from palabre.decisions.kinds import register
        from palabre.people import erasure
        from palabre.timesheet.decisions import CORRECTION_REFUSED
        from palabre.timesheet.erasure import erase

        register(CORRECTION_REFUSED)
        erasure.register(erase)

"""What the time sheet tells other rooms when the program starts."""

from django.apps import AppConfig


class TimesheetConfig(AppConfig):
    name = "palabre.timesheet"

    def ready(self) -> None:
        from palabre.decisions.kinds import register
        from palabre.timesheet.decisions import CORRECTION_REFUSED

        register(CORRECTION_REFUSED)

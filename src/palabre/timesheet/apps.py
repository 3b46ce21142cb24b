"""What the time sheet tells other rooms when the program starts."""

from django.apps import AppConfig


class TimesheetConfig(AppConfig):
    name = "palabre.timesheet"

    def ready(self) -> None:
        from palabre.decisions.kinds import register  # noqa: PLC0415 - models exist from here on
        from palabre.timesheet.decisions import CORRECTION_REFUSED  # noqa: PLC0415

        register(CORRECTION_REFUSED)

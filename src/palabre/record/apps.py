"""What this room does when the tables have been brought to a version."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "palabre.record"

    def ready(self) -> None:
        post_migrate.connect(_hold_tables, sender=self)


def _hold_tables(**_said: object) -> None:
    """Whatever migrated (the program, a test, a restore): the triggers fit the tables as they are now."""
    from palabre.record.holding import hold_all
    from palabre.times import system_clock

    hold_all(at=system_clock.now())

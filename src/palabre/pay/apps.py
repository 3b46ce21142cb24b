"""What this room tells other rooms when the program starts."""

from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "palabre.pay"

    def ready(self) -> None:
        from palabre.pay import notices
        from palabre.pay.charges import since
        from palabre.pay.erasure import erase, hold
        from palabre.pay.queries import last_day
        from palabre.people import erasure, residences
        from palabre.timesheet import charges

        erasure.register(erase)
        erasure.register_hold(hold)
        residences.register(last_day)
        charges.register(since)
        notices.register()

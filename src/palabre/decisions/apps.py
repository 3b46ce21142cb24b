"""What this room decides by itself."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "palabre.decisions"

    def ready(self) -> None:
        from palabre.decisions import notices
        from palabre.decisions.access import ACCESS_ENDED
        from palabre.decisions.erasure import erase
        from palabre.decisions.kinds import register
        from palabre.people import erasure

        register(ACCESS_ENDED)
        erasure.register(erase)
        notices.register()

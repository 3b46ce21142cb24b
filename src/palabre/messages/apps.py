"""The room's name among Django's: “messages” is taken there."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "palabre.messages"
    label = "palabre_messages"

    def ready(self) -> None:
        from palabre.messages.actions.contacts import tell_contact_before
        from palabre.people import contacts

        contacts.register(tell_contact_before)

"""The room's name among Django's: “messages” is taken there."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "palabre.messages"
    label = "palabre_messages"

"""The outbox. A message belongs to the personal data that it is sent by, and goes when they go."""

from django.db import models

from palabre.ids import new_id
from palabre.people.models import PersonalData


class Message(models.Model):
    """One e-mail or SMS: written in the transaction of what it tells, sent in the background."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        # The program ended while it was sent: it isn't sent again.
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=new_id)
    # Her address is read when it is sent, and copied nowhere.
    person = models.ForeignKey(PersonalData, models.CASCADE, related_name="messages")
    # But for one that tells her that it was changed: it goes where she was reached before. Emptied once it is sent.
    address = models.TextField(default="", db_default="")
    channel = models.TextField(choices=Channel)
    language = models.CharField(max_length=8)
    subject = models.TextField()
    # Emptied once it is sent: it may hold a link that opens her account.
    body = models.TextField()
    # Where letters of its kind are turned off; empty for what can't be. Emptied once it is sent.
    off = models.TextField(default="", db_default="")
    state = models.TextField(choices=State, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    why = models.TextField(default="")
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "messages_message"
        indexes = [
            # The job: what is due, the oldest first.
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="message_due_ix",
            ),
            # The administrator's page: the newest first.
            models.Index(fields=["-written_at"], name="message_written_ix"),
        ]


class Told(models.Model):
    """What a person wants to be told by e-mail, and how far she was told. It goes with her data."""

    person = models.OneToOneField(PersonalData, models.CASCADE, primary_key=True, related_name="told")
    mornings = models.BooleanField(default=True, db_default=True)
    at_once = models.BooleanField(default=True, db_default=True)
    # What happened until then was told; the next letter is due at seven in the morning of where she is.
    until = models.DateTimeField()
    next_at = models.DateTimeField()

    class Meta:
        db_table = "messages_told"
        indexes = [
            # The job: whose morning it is.
            models.Index(fields=["next_at"], condition=models.Q(mornings=True), name="told_next_ix"),
        ]


class ToldAtOnce(models.Model):
    """That a person was told of a matter: the row is written with the letter, so that nothing is told twice."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(PersonalData, models.CASCADE, db_index=False)
    # A kind and an id, as the record names things; no words.
    matter = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "messages_told_at_once"
        constraints = [
            models.UniqueConstraint(fields=["person", "matter"], name="told_at_once_uq"),
        ]

"""The append-only record. Triggers in the first migration refuse UPDATE, DELETE and TRUNCATE."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Event(models.Model):
    """One thing that happened. No personal data: pseudonymous ids and digests only."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    code = models.TextField()
    actor = models.UUIDField(null=True)
    subject = models.TextField()
    organisation = models.UUIDField(null=True)
    data = models.JSONField()

    class Meta:
        indexes = [
            # From a figure to its rows: everything that happened to one thing, in order.
            models.Index(fields=["subject", "seq"], name="event_subject_seq_ix"),
        ]


class Seal(models.Model):
    """A signed Merkle root over the events since the last seal, chained to its root."""

    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    late = ArrayField(models.BigIntegerField())
    missing = ArrayField(models.BigIntegerField())
    count = models.BigIntegerField()
    root = models.TextField()
    previous_root = models.TextField()
    sealed_at = models.DateTimeField()
    credential = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first") - 1), name="seal_range_ck"),
        ]


class Request(models.Model):
    """A write that was asked for under the sender's key, and the first answer to it."""

    organisation = models.UUIDField()
    key = models.TextField()
    body_hash = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # The same key sent twice has one effect.
            models.UniqueConstraint(fields=["organisation", "key"], name="request_organisation_key_uq"),
        ]

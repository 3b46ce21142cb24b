"""The append-only record. Triggers in the first migration refuse UPDATE, DELETE and TRUNCATE."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from palabre.ids import new_id


class Event(models.Model):
    """One thing that happened. No personal data: pseudonymous ids and digests only."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    code = models.TextField()
    actor = models.UUIDField(null=True)
    subject = models.TextField()
    organisation = models.UUIDField(null=True)
    data = models.JSONField()
    # What its transaction wrote in held tables (see `record.holding`), put in by a trigger. Sealed as a digest.
    rows = models.TextField(null=True)

    class Meta:
        indexes = [
            # From a figure to its rows: everything that happened to one thing, in order.
            models.Index(fields=["subject", "seq"], name="event_subject_seq_ix"),
            # The newest events of one kind, and which kinds there are.
            models.Index(fields=["code", "seq"], name="event_code_seq_ix"),
        ]


class Unsealed(models.Model):
    """An event that no seal covers yet, and its digest, written by a trigger: it can't go or change unseen."""

    seq = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField()


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
        indexes = [
            # The seal over one event.
            models.Index(fields=["last"], name="seal_last_ix"),
        ]


class Request(models.Model):
    """A write that was asked for under the sender's key, and the first answer to it."""

    organisation = models.UUIDField()
    # Whose request of a program it was: what she was answered is emptied when she is erased.
    account = models.UUIDField(null=True)
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


class Verification(models.Model):
    """One run of everything that can be recomputed, step by step, in the background.

    `done` of `steps` are done; `tries` counts how often the step in hand was begun: a process may die in it.
    `problems`: [{"part": ..., "text": {language: sentence}}].
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.UUIDField(null=True)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    steps = models.SmallIntegerField(default=0)
    done = models.SmallIntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    gave_up = models.BooleanField(default=False)
    events = models.BigIntegerField(null=True)
    seals = models.BigIntegerField(null=True)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [
            # One at a time: a second one would only read the same again.
            models.UniqueConstraint(
                fields=["finished_at"], name="verification_one_at_once_uq", nulls_distinct=False
            ),
        ]


class Evidence(models.Model):
    """A bundle of evidence that somebody asked for: which part of the record, of what time and project."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.UUIDField()
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    project = models.UUIDField(null=True)
    # It covers the seals up to this one, so that it is the same whenever it is fetched.
    seal = models.BigIntegerField()

    class Meta:
        indexes = [
            # What an organisation's auditors asked for, the newest first.
            models.Index(fields=["organisation", "asked_at"], name="evidence_organisation_ix"),
        ]


class Failure(models.Model):
    """A row that background work could not do, and passed: it holds up nobody else and is tried again.

    `subject` names it as the record does (`project:…`, `day:…`); `why` is the code of an error, or its kind: its
    text may name what is nobody's business and stands in the logs. The row goes once the work succeeds.
    """

    job = models.TextField()
    subject = models.TextField()
    # Whose home counts it; none: the installation's.
    organisation = models.UUIDField(null=True)
    why = models.TextField()
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    tries = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "subject"], name="failure_job_subject_uq"),
        ]
        indexes = [
            # What waits for the people of one organisation.
            models.Index(fields=["organisation", "job"], name="failure_organisation_ix"),
        ]

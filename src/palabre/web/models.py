"""How background work fares, for the administrator's pages."""

from django.db import models


class JobRun(models.Model):
    """The last runs of one job. Written by the processes that run them, at most twice a minute."""

    name = models.TextField(primary_key=True)
    every = models.DurationField()
    ran_at = models.DateTimeField()
    # Things done since it was written before.
    done = models.BigIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    # Failures one after the other; 0 when the last run was good.
    failures = models.IntegerField(default=0)
    # The kind of error: its text may name what is nobody's business and stands in the logs.
    why = models.TextField(default="")

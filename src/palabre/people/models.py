"""Who takes part. Personal data sits in a table of its own, so that it can be erased alone."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, Right

from palabre.ids import new_id


class Organisation(models.Model):
    """A client, or an operator that runs a community."""

    class Kind(models.TextChoices):
        OPERATOR = "operator"
        CLIENT = "client"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField(choices=Kind)
    name = models.TextField()
    country = models.CharField(max_length=2)
    timezone = models.TextField(default="UTC")
    # Whose client it is: the operator that let it in sees it, no other does.
    operator = models.ForeignKey("self", models.PROTECT, null=True, related_name="clients")
    created_at = models.DateTimeField()


class Agreement(models.Model):
    """A client works with an operator. It opens their common projects to both; a draft that names a client opens nothing.

    It begins where the operator lets the client in, or where a person of the client names the operator.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements_with_clients")
    agreed_at = models.DateTimeField()
    # Who did; None at the terminal.
    agreed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            # Once for all of their projects.
            models.UniqueConstraint(fields=["client", "operator"], name="agreement_once_uq"),
        ]


class Account(AbstractBaseUser):
    """A pseudonymous id that everything else refers to; it survives the person's erasure."""

    id = models.UUIDField(primary_key=True, default=new_id)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="fr")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    # Her words are digested under it in the record. It goes with her: nobody can try words out afterwards.
    record_key = models.BinaryField(
        null=True,
        db_default=RawSQL("uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())", ()),
    )

    USERNAME_FIELD = "id"
    objects = BaseUserManager["Account"]()


class PersonalData(models.Model):
    """What identifies a person. One action deletes the row and nothing else needs to change."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="personal_data")
    name = models.TextField()
    email = models.EmailField(null=True)
    phone = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="personal_data_email_uq"),
            models.UniqueConstraint(fields=["phone"], name="personal_data_phone_uq"),
        ]
        indexes = [
            # Sign-in: a number is written in many ways, which all end alike (`finding.ENDING`).
            models.Index(Right("phone", 7), name="personal_data_phone_end_ix"),
        ]


class Residence(models.Model):
    """Where a member lives, as was said last: it decides her floor and her day. Kept after erasure, for counts.

    It holds from the day `from_day` on; what held before stands in `EarlierResidence`. What held on a day is
    read with `palabre.people.residences`. `since`: when it was said. Who writes her time or her pay holds this row.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="residence")
    country = models.CharField(max_length=2)
    region = models.TextField(default="")
    timezone = models.TextField()
    since = models.DateTimeField()
    from_day = models.DateField(default=dt.date.min, db_default=dt.date.min)
    # The instant from which her clock is the one of this place; None: of the first one that was known.
    begins = models.DateTimeField(null=True)


class EarlierResidence(models.Model):
    """Where a member lived before: from one day on, until (without) another. Never changed, by a trigger."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="earlier_residences", db_index=False)
    country = models.CharField(max_length=2)
    region = models.TextField()
    timezone = models.TextField()
    from_day = models.DateField()
    begins = models.DateTimeField(null=True)
    until = models.DateField()

    class Meta:
        constraints = [
            # One place on each day: a trigger of `0007_where_she_lived` sets each period at the end of the last.
            models.UniqueConstraint(fields=["account", "from_day"], name="earlier_residence_from_uq"),
            models.UniqueConstraint(fields=["account", "until"], name="earlier_residence_until_uq"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("from_day")), name="earlier_residence_days_ck"
            ),
        ]


class Role(models.TextChoices):
    MEMBER = "member"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    CLIENT = "client"
    FINANCE = "finance"
    AUDITOR = "auditor"
    DELEGATE = "delegate"
    ADMINISTRATOR = "administrator"


class Grant(models.Model):
    """A role held by an account in an organisation, until it is revoked."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    role = models.TextField(choices=Role)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=models.Q(revoked_at=None),
                name="grant_one_standing_uq",
            ),
        ]


class Token(models.Model):
    """A key for programs. Shown once; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="tokens")
    name = models.TextField()
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.TextField())
    # The token that it was made with: where that one is ended, so is this. None for one made in a browser.
    made_with = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Session(AbstractBaseSession):
    """One browser that is signed in, or that fills in a form before it is."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    # As she recognises it: “Chrome, Android”.
    device = models.TextField(default="")
    used_at = models.DateTimeField()


class Link(models.Model):
    """A one-time link: opens a session for its account, once, until it ends. Only its SHA-256 is kept."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        INVITATION = "invitation"
        NEW_PASSWORD = "new_password"  # noqa: S105 - no secret
        # Made for her by somebody of her organisation, because nothing else lets her in any more.
        WAY_IN = "way_in"

    class Reason(models.TextChoices):
        LOST_PHONE = "lost_phone"
        FORGOTTEN = "forgotten"
        LOST_LINK = "lost_link"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, models.CASCADE, related_name="links")
    purpose = models.TextField(choices=Purpose)
    digest = models.BinaryField(unique=True)
    # Who invited, as whom she may send it again; None for a link that the person asked for herself.
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # Why somebody else made it, which she reads; empty for an invitation and for one that she asked for herself.
    reason = models.TextField(choices=Reason, db_default="")
    words = models.TextField(db_default="")
    # Who did; None at the terminal.
    made_by = models.UUIDField(null=True)
    second_step_removed = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            # A new link replaces the one before it: at most one of each kind opens anything.
            models.UniqueConstraint(
                fields=["account", "purpose"], condition=models.Q(used_at=None), name="link_one_open_uq"
            ),
        ]


class Try(models.Model):
    """A bucket of tries, or a code that was used (`actions.tries`). Only a digest says of what; the table isn't logged."""

    key = models.BinaryField(primary_key=True)
    spent = models.FloatField()
    refused = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        # What is over goes.
        indexes = [models.Index(fields=["at"], name="try_at_ix")]

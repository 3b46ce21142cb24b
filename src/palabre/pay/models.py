"""The double-entry ledger, floors, accruals, settlements and payouts.

The laws of the ledger (immutable, balanced in each currency, no posting added to an old
transaction, balances kept by the database itself) are triggers in the migration
`0002_ledger_laws`.
"""

from django.db import models

from palabre.ids import new_id
from palabre.people.models import Account


class LedgerAccount(models.Model):
    """A place where money stands. `owner` is an account, an organisation or a project, or none."""

    class Kind(models.TextChoices):
        WORLD = "world"  # the outside: deposits come from it, payouts end in it
        ESCROW = "escrow"  # a client's deposit for one project
        PAYABLE = "payable"  # what a member has earned and may withdraw
        PAYOUT = "payout"  # on its way to a member
        EXCHANGE = "exchange"  # the two sides of a change of currency
        ROUNDING = "rounding"  # what rounding up in the members' favour costs
        PLATFORM = "platform"  # the operator's own: late work, uncovered top-ups, training
        SHARE = "share"  # the platform's share of the price
        SOCIAL = "social"  # social cover set aside

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(choices=Kind)
    owner = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    # Whose own account bears what this one can't: a project's operator. None: the installation.
    backer = models.UUIDField(null=True)
    # A payable account and an escrow can't go below zero; the check stands on their balances.
    guarded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner", "currency"], name="ledger_account_uq", nulls_distinct=False
            ),
        ]


class LedgerTransaction(models.Model):
    """Postings that belong together, under a key that makes a repeat harmless."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    kind = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    body_hash = models.BinaryField()
    # How many postings it has: the database refuses one more, so nothing is added afterwards.
    size = models.SmallIntegerField()
    data = models.JSONField(default=dict)


class Posting(models.Model):
    """`amount` minor units added to (or, negative, taken from) one account."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_not_zero_ck"),
        ]
        indexes = [
            # The movements of one account, newest last: statements and recounts.
            models.Index(fields=["account", "id"], name="posting_account_id_ix"),
        ]


class Balance(models.Model):
    """The sum of an account's postings, kept by a trigger, in shards so that writers to one
    escrow never wait for one another. A payable account has the single shard 0; of an escrow no shard
    goes below zero, and what is there is spread anew where one has too little (migration 0006)."""

    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="balances", db_index=False)
    shard = models.SmallIntegerField()
    amount = models.BigIntegerField()
    guarded = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "shard"], name="balance_account_shard_uq"),
            models.CheckConstraint(
                condition=models.Q(guarded=False) | models.Q(amount__gte=0), name="balance_not_negative_ck"
            ),
        ]


class Floor(models.Model):
    """The least that an hour must bring in one place, from a source that can be looked up."""

    class Kind(models.TextChoices):
        LEGAL_MINIMUM = "legal_minimum"
        LIVING_TARIFF = "living_tariff"

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(choices=Kind)
    country = models.CharField(max_length=2)
    region = models.TextField(default="")
    sector = models.TextField(default="")
    amount = models.DecimalField(max_digits=18, decimal_places=6)
    currency = models.CharField(max_length=3)
    unit = models.TextField(choices=[("hour", "hour"), ("month", "month")])
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    hours_source = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    legal_ref = models.TextField(default="")
    source = models.TextField()
    source_kind = models.TextField(
        choices=[("law", "law"), ("public_body", "public_body"), ("press", "press"), ("study", "study")]
    )
    licence = models.TextField()
    checked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "country", "region", "sector", "valid_from"], name="floor_place_date_uq"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="floor_positive_ck"),
            models.CheckConstraint(
                # A comparison with NULL is no refusal: that there are hours is said by itself.
                condition=models.Q(unit="hour") | models.Q(weekly_hours__isnull=False, weekly_hours__gt=0),
                name="floor_month_hours_ck",
            ),
        ]


class ExchangeRate(models.Model):
    """One unit of `base` buys `rate` units of `quote`, said by `source` on a date."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    on = models.DateField()
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["base", "quote", "on"], name="exchange_rate_uq")]


class Accrual(models.Model):
    """Base pay of one member, charged to one account, on one of her days.

    `exact` keeps every fraction; `credited` (her currency, rounded up once) and `charged`
    (the charged account's currency) are what was posted so far. `charged` is rounded down, and up once the
    fractions of the whole account were collected (`actions/fractions.py`).
    """

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    charge = models.ForeignKey(LedgerAccount, models.PROTECT, db_index=False)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    exact = models.DecimalField(max_digits=24, decimal_places=8)
    credited = models.BigIntegerField()
    exact_charge = models.DecimalField(max_digits=24, decimal_places=8)
    charged = models.BigIntegerField()
    # What the last credit added to `charged`: the statement that adds it reads it back to post it.
    last_charge = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "day", "charge", "currency"], name="accrual_uq"),
        ]
        indexes = [
            # What a project has been charged so far: its shares, and its ScoreCard.
            models.Index(fields=["charge", "day"], name="accrual_charge_day_ix"),
        ]


class DueDay(models.Model):
    """A member's day that has time or pay not yet settled. Settling deletes the row."""

    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="due_day_uq")]


class Settlement(models.Model):
    """counted hours x floor - earned = top-up, with its arithmetic, for one member and day.

    Time or pay that arrives later leads to the next revision; a top-up is never taken back.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    day = models.DateField()
    revision = models.SmallIntegerField()
    counted_ms = models.BigIntegerField()
    floor = models.ForeignKey(Floor, models.PROTECT)
    hourly = models.DecimalField(max_digits=18, decimal_places=6)
    currency = models.CharField(max_length=3)
    due = models.BigIntegerField()
    earned = models.BigIntegerField()
    topped_up_before = models.BigIntegerField()
    top_up = models.BigIntegerField()
    arithmetic = models.JSONField()
    settled_at = models.DateTimeField()
    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "day", "revision"], name="settlement_member_day_uq"),
            models.CheckConstraint(condition=models.Q(top_up__gte=0), name="settlement_top_up_ck"),
        ]
        indexes = [
            # What last night's settlement did, for all members.
            models.Index(fields=["day", "id"], name="settlement_day_ix"),
        ]


class Payout(models.Model):
    """Money on its way to a member. `unknown` is asked again by its reference, never sent again."""

    class State(models.TextChoices):
        PREPARED = "prepared"
        SENT = "sent"
        ACCEPTED = "accepted"
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Account, models.PROTECT)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    # Made and stored before anything is sent.
    reference = models.UUIDField(unique=True)
    state = models.TextField(choices=State, default=State.PREPARED)
    reason = models.TextField(default="")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_positive_ck"),
        ]
        indexes = [models.Index(fields=["state", "changed_at"], name="payout_state_changed_ix")]

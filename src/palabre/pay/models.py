"""The double-entry ledger, floors, accruals, settlements, where money goes, and payouts.

The laws of the ledger (immutable, balanced in each currency, no posting added to an old
transaction, balances kept by the database itself) are triggers in the migration
`0002_ledger_laws`.
"""

from django.db import models
from django.db.models.functions import Now

from palabre.ids import new_id
from palabre.people.models import Account, Organisation


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
    # Of a member's: the operator that owes it, so that none pays out what another one owes her.
    owed_by = models.UUIDField(null=True)
    # A payable account and an escrow can't go below zero; the check stands on their balances.
    guarded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner", "currency", "owed_by"],
                name="ledger_account_uq",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(kind="payable") | models.Q(owed_by=None), name="ledger_account_owed_ck"
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
    # When its row was imported, and when an import said something else of the same figure (a later `checked_on`, an end).
    known_from = models.DateTimeField(db_default=Now())
    known_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "country", "region", "sector", "valid_from"],
                condition=models.Q(known_to=None),
                name="floor_place_date_uq",
            ),
            models.CheckConstraint(
                condition=models.Q(known_to=None) | models.Q(known_to__gte=models.F("known_from")),
                name="floor_known_ck",
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


class Destination(models.Model):
    """Where a member's money goes, from an instant on. A change is a new row; the old ones are its history.

    The one in use is the newest whose time has come and that was not taken back. What identifies her is erased
    with her; the record holds it by digests under a key that goes with her.
    """

    class Rail(models.TextChoices):
        MOBILE_MONEY = "mobile_money"
        BANK = "bank"
        CASH = "cash"

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Account, models.PROTECT, db_index=False)
    rail = models.TextField(choices=Rail)
    country = models.CharField(max_length=2)
    service = models.TextField(default="")
    number = models.TextField(default="")
    bank = models.TextField(default="")
    place = models.TextField(default="")
    holder = models.TextField(default="")
    named_at = models.DateTimeField()
    usable_from = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rail="cash", number="")
                | (models.Q(rail="mobile_money") & ~models.Q(number="") & ~models.Q(service=""))
                | (models.Q(rail="bank") & ~models.Q(number="")),
                name="destination_complete_ck",
            ),
            models.CheckConstraint(
                condition=models.Q(usable_from__gte=models.F("named_at")), name="destination_waits_ck"
            ),
        ]
        indexes = [
            # The one in use, and her history: the newest first.
            models.Index(fields=["member", "-usable_from"], name="destination_member_ix"),
        ]


class PayoutWay(models.Model):
    """How an operator carries money one way: how long it takes, what it costs her, the columns of its file."""

    id = models.BigAutoField(primary_key=True)
    operator = models.ForeignKey(Organisation, models.PROTECT, db_index=False)
    # "bank", "cash", or a country's service: "SN:wave".
    way = models.TextField()
    days = models.SmallIntegerField()
    # None: nobody has said what the service takes. Zero: the operator bears it.
    fee_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    fee_fixed = models.BigIntegerField(null=True)
    # [title, what stands below it] for each column; empty: the columns of the house.
    columns = models.JSONField(default=list)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "way"], name="payout_way_uq"),
            models.CheckConstraint(condition=models.Q(days__gte=0, days__lte=60), name="payout_way_days_ck"),
            models.CheckConstraint(
                condition=models.Q(fee_percent=None, fee_fixed=None)
                | models.Q(fee_percent__gte=0, fee_percent__lt=100, fee_fixed__gte=0),
                name="payout_way_fee_ck",
            ),
        ]


class OperatorAccount(models.Model):
    """The operator's own account: its bank takes payouts from it, and clients pay deposits into it."""

    id = models.BigAutoField(primary_key=True)
    operator = models.OneToOneField(Organisation, models.PROTECT)
    holder = models.TextField()
    country = models.CharField(max_length=2)
    number = models.TextField()
    bank = models.TextField(default="")
    set_at = models.DateTimeField()


class PayoutBatch(models.Model):
    """Payouts that one person of the operator carries together: nobody else sends them meanwhile."""

    id = models.UUIDField(primary_key=True, default=new_id)
    operator = models.ForeignKey(Organisation, models.PROTECT, db_index=False)
    carrier = models.UUIDField()
    taken_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    put_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(put_back_at=None),
                name="batch_sent_or_put_back_ck",
            ),
        ]
        indexes = [
            # An operator's batches, the newest first.
            models.Index(fields=["operator", "-taken_at"], name="payout_batch_operator_ix"),
        ]


class Payout(models.Model):
    """Money for a member, from when she asks until it reached her. `unknown` is asked again, never sent again.

    What a person carries goes prepared > carried > sent > paid | failed | unknown; what a provider carries goes
    prepared > sent > accepted > pending > the same.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"
        CARRIED = "carried"
        SENT = "sent"
        ACCEPTED = "accepted"
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"
        TAKEN_BACK = "taken_back"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Account, models.PROTECT)
    # Who pays: for another operator of hers it is a stranger's.
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    destination = models.ForeignKey(Destination, models.PROTECT, null=True, db_index=False)
    # What she was told before she asked: what the service takes of it, and the likely day.
    fee = models.BigIntegerField(null=True)
    likely_on = models.DateField(null=True)
    # Made and stored before anything is sent.
    reference = models.UUIDField(unique=True)
    state = models.TextField(choices=State, default=State.PREPARED)
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, null=True)
    reason = models.TextField(default="")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_positive_ck"),
            # Those of before destinations were known were on their way already.
            models.CheckConstraint(
                condition=~models.Q(state__in=["prepared", "carried", "taken_back"])
                | models.Q(destination__isnull=False),
                name="payout_goes_somewhere_ck",
            ),
            # Who carries it is known, and what waits is in nobody's hands.
            models.CheckConstraint(
                condition=~models.Q(state__in=["prepared", "taken_back"]) | models.Q(batch=None),
                name="payout_waits_free_ck",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="carried") | models.Q(batch__isnull=False),
                name="payout_carried_by_ck",
            ),
        ]
        indexes = [models.Index(fields=["state", "changed_at"], name="payout_state_changed_ix")]

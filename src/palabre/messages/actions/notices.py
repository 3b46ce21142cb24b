"""What waits, told by e-mail: each morning, and at once what can't wait (`messages.notices` says what).

A letter and the row that says what was told are written in one transaction: a job that is killed repeats nothing
and forgets nothing, and two jobs side by side tell once.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation

from palabre.messages import letters
from palabre.messages.actions.outbox import write_to
from palabre.messages.models import Message, Told, ToldAtOnce
from palabre.messages.notices import AtOnce, Matter, Notice, kinds_at_once, morning_of
from palabre.messages.readers import Reader, readers
from palabre.messages.wishes import Letters, off_address, wishes_address
from palabre.people.models import Grant, PersonalData
from palabre.record.actions import record
from palabre.record.failures import Rows

# So many people in one run, and so many who are new.
STEP, NEW = 20, 500
# After a long silence no letter goes further back.
FURTHEST = dt.timedelta(days=7)
Open = list[tuple[AtOnce, list[Matter]]]


def begin_to_tell(at: dt.datetime) -> None:
    """Who came in since is told from now on, from her next morning on. Three statements."""
    new = PersonalData.objects.filter(
        Exists(Grant.objects.filter(account=OuterRef("pk"))),
        ~Exists(Told.objects.filter(person=OuterRef("pk"))),
        email__isnull=False,
        account__last_login__isnull=False,
        account__is_active=True,
    )
    accounts = list(new.values_list("account_id", flat=True)[:NEW])
    rows = (
        [Told(person_id=one.account, until=at, next_at=one.next_morning(at)) for one in readers(accounts)]
        if accounts
        else []
    )
    Told.objects.bulk_create(rows, ignore_conflicts=True)


def tell_mornings(rows: Rows, at: dt.datetime) -> int:
    """A letter to each of some people whose morning has come, where there is something to say; how many were seen to."""
    due = Told.objects.filter(mornings=True, next_at__lte=at).exclude(person__in=_resting(rows))
    accounts = list(due.order_by("next_at").values_list("person_id", flat=True)[:STEP])
    found = {one.account: one for one in readers(accounts)} if accounts else {}
    gone = [one for one in accounts if one not in found]
    # She has no address any more: looked at again tomorrow.
    Told.objects.filter(person__in=gone).update(next_at=at + dt.timedelta(days=1))
    return sum(
        rows.do(_subject(one.account), partial(tell_morning, one, at=at)) is not None
        for one in found.values()
    )


@transaction.atomic
def tell_morning(reader: Reader, *, at: dt.datetime) -> bool:
    """The letter of her morning, unless it was written or nothing waits; whether it was. Nothing before 7 or after 21.

    What was missed at night is told in her next letter.
    """
    row = (
        Told.objects.select_for_update().filter(person=reader.account, mornings=True, next_at__lte=at).first()
    )
    if row is None:
        return False
    row.next_at, awake = reader.next_morning(at), reader.is_awake(at)
    since = max(row.until, at - FURTHEST)
    if awake:
        row.until = at
    row.save(update_fields=["next_at", "until"])
    if not awake:
        return False
    with translation.override(reader.language), timezone.override(reader.timezone):
        found = [one for actor in reader.actors for one in morning_of(actor, since, at)]
        return _post(reader, Letters.MORNINGS, list(dict.fromkeys(found)), at)


def tell_at_once(rows: Rows, at: dt.datetime) -> int:
    """What can't wait, to each of some people who weren't told of it and sleep no more; how many were told."""
    resting, told = _resting(rows), 0
    for reader, open_ones in _open(rows, at):
        if told == STEP:
            break
        if reader.account in resting or not reader.is_awake(at):
            continue
        done = rows.do(
            _subject(reader.account),
            partial(tell_matters, reader, open_ones, at=at),
        )
        told += bool(done)
    return told


@transaction.atomic
def tell_matters(reader: Reader, matters: Open, *, at: dt.datetime) -> bool:
    """One letter of all those of these matters that she wasn't told of; whether there was one to write."""
    row = Told.objects.select_for_update().filter(person=reader.account, at_once=True).first()
    if row is None:
        return False
    before = _told([reader.account], [one.key for _kind, some in matters for one in some])
    fresh = [
        (kind, [one for one in some if (reader.account, one.key) not in before]) for kind, some in matters
    ]
    fresh = [(kind, some) for kind, some in fresh if some]
    ToldAtOnce.objects.bulk_create(
        ToldAtOnce(person_id=reader.account, matter=one.key, at=at) for _kind, some in fresh for one in some
    )
    with translation.override(reader.language), timezone.override(reader.timezone):
        return _post(
            reader, Letters.AT_ONCE, [Notice(kind.say(len(some)), kind.page) for kind, some in fresh], at
        )


def _open(rows: Rows, at: dt.datetime) -> list[tuple[Reader, Open]]:
    """Whom something concerns that can't wait and that she wasn't told of."""
    whom: dict[uuid.UUID, Reader] = {}
    theirs: dict[uuid.UUID, Open] = {}
    for kind in kinds_at_once():
        matters = rows.do(f"notice:{kind.name}", partial(_found, kind, at))
        for reader, hers in _concerned(kind, matters) if matters else ():
            whom[reader.account] = reader
            theirs.setdefault(reader.account, []).append((kind, hers))
    keys = {one.key for some in theirs.values() for _kind, ones in some for one in ones}
    before = _told(whom, keys)
    off = set(Told.objects.filter(person__in=whom, at_once=False).values_list("person_id", flat=True))
    return [
        (whom[account], some)
        for account, some in theirs.items()
        if account not in off
        and any((account, one.key) not in before for _kind, ones in some for one in ones)
    ]


def _found(kind: AtOnce, at: dt.datetime) -> list[Matter]:
    return list(kind.find(at))


def _concerned(kind: AtOnce, matters: Sequence[Matter]) -> Iterable[tuple[Reader, list[Matter]]]:
    """Each reader of a kind with what is hers of it."""
    found = readers(
        {one.account for one in matters if one.account},
        roles=kind.roles,
        organisations={one.organisation for one in matters if one.organisation},
        everywhere=any(one.account is None and one.organisation is None for one in matters),
    )
    for reader in found:
        if hers := [one for one in matters if _is_for(one, reader, kind)]:
            yield reader, hers


def _is_for(matter: Matter, reader: Reader, kind: AtOnce) -> bool:
    if matter.account is not None:
        return matter.account == reader.account
    held = (
        reader.places
        if matter.organisation is None
        else {matter.organisation: reader.places.get(matter.organisation)}
    )
    return any(roles and roles & kind.roles for roles in held.values())


def _told(
    accounts: Iterable[uuid.UUID] | Mapping[uuid.UUID, object], keys: Iterable[str]
) -> set[tuple[uuid.UUID, str]]:
    rows = ToldAtOnce.objects.filter(person__in=list(accounts), matter__in=list(keys))
    return set(rows.values_list("person_id", "matter"))


def _post(reader: Reader, kind: Letters, notices: Sequence[Notice], at: dt.datetime) -> bool:
    """Into the outbox; in the language that is active."""
    if not notices:
        return False
    words = letters.morning if kind is Letters.MORNINGS else letters.at_once
    off = off_address(reader.account, kind)
    made = words(notices, name=reader.name, off=off, wishes=wishes_address())
    person = PersonalData.objects.get(account=reader.account)
    write_to(
        "", Message.Channel.EMAIL, person, made.subject, made.body, language=reader.language, at=at, off=off
    )
    return True


def _subject(account: uuid.UUID) -> str:
    return f"account:{account}"


def _resting(rows: Rows) -> set[uuid.UUID]:
    return {uuid.UUID(one[8:]) for one in rows.resting() if one.startswith("account:")}


@transaction.atomic
def choose_letters(
    account: uuid.UUID,
    *,
    by: uuid.UUID,
    at: dt.datetime,
    mornings: bool | None = None,
    at_once: bool | None = None,
) -> None:
    """Turn her letters on or off; None leaves a kind as it is. What happened while they were off isn't told.

    Nothing for who has no personal data any more.
    """
    if not PersonalData.objects.filter(account=account).exists():
        return
    reader = next(iter(readers([account])), None)
    next_at = reader.next_morning(at) if reader else at + dt.timedelta(days=1)
    Told.objects.get_or_create(person_id=account, defaults={"until": at, "next_at": next_at})
    row = Told.objects.select_for_update().get(person=account)
    wanted = {
        "mornings": row.mornings if mornings is None else mornings,
        "at_once": row.at_once if at_once is None else at_once,
    }
    if wanted == {"mornings": row.mornings, "at_once": row.at_once}:
        return
    if wanted["mornings"] and not row.mornings:
        row.until, row.next_at = at, next_at
    row.mornings, row.at_once = wanted["mornings"], wanted["at_once"]
    row.save(update_fields=["mornings", "at_once", "until", "next_at"])
    record("messages.letters.chosen", by=by, at=at, subject=f"account:{account}", data=wanted)

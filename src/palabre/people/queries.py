"""Reads about people, always from inside one organisation."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.errors import AdministratorNeeded
from palabre.people.models import (
    Account,
    Grant,
    Link,
    Organisation,
    PersonalData,
    Residence,
    Role,
    Session,
    Token,
)
from palabre.people.permissions import WORKING, Permission
from palabre.people.tokens import digest, read_submit_token
from palabre.people.walls import kept_here
from palabre.texts import capitals, unaccented

# Grants of the token's own organisation only: a token never carries rights from elsewhere.
_ACTOR = """
    SELECT t.account_id, t.organisation_id, t.scopes, t.id, t.expires_at,
           ARRAY(SELECT g.role FROM people_grant g
                 WHERE g.account_id = t.account_id AND g.organisation_id = t.organisation_id
                   AND g.revoked_at IS NULL)
    FROM people_token t JOIN people_account a ON a.id = t.account_id
    WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s)
      AND a.is_active
"""
_PERMISSIONS = {str(permission): permission for permission in Permission}
_ROLES = {str(role): role for role in Role}


def actor_for_token(secret: str, at: dt.datetime) -> Actor | None:
    """Who the bearer of `secret` is at `at`; None when it opens nothing (any more). One statement.

    A token whose account has no standing grant in its organisation opens nothing.
    """
    hashed = digest(secret)
    if hashed is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, [hashed, at])
        row = cursor.fetchone()
    if row is None or not row[5]:
        return None
    account, organisation, scopes, token, until, roles = row
    return Actor(
        account=account,
        organisation=organisation,
        roles=frozenset(_ROLES[role] for role in roles),
        scopes=frozenset(_PERMISSIONS[scope] for scope in scopes if scope in _PERMISSIONS),
        token=token,
        until=until,
    )


# A role that has ended still lets its work through: the server takes and pays what was handed to her before.
_SENDER = """
    SELECT array_agg(g.role) FROM people_account a
    JOIN people_grant g ON g.account_id = a.id AND g.organisation_id = %s
    WHERE a.id = %s AND a.is_active
"""


def actor_for_submit_token(token: str, at: dt.datetime) -> Actor | None:
    """Who sends an outbox with this token: she may work, and nothing else. One statement.

    None when the token is forged or over, or when its account is erased. The end of her role doesn't keep
    what is on her phone from being sent and paid.
    """
    read = read_submit_token(token, at)
    if read is None:
        return None
    account, organisation = read
    with connection.cursor() as cursor:
        cursor.execute(_SENDER, [organisation, account])
        (roles,) = cursor.fetchone()
    if not roles:
        return None
    held = frozenset(_ROLES[role] for role in roles)
    return Actor(account, organisation, held, scopes=frozenset({Permission.WORK}))


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation in which somebody holds a role."""

    id: uuid.UUID
    name: str
    kind: str
    timezone: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page, and as whom she acts there. `places`: every organisation that she may act for."""

    account: uuid.UUID
    name: str
    language: str
    timezone: str
    country: str | None
    place: Place
    places: tuple[Place, ...]

    @property
    def actor(self) -> Actor:
        return Actor(self.account, self.place.id, self.place.roles)

    def may(self, permission: Permission) -> bool:
        return self.actor.may(permission)


_VIEWER = """
    SELECT coalesce(p.name, ''), a.language, r.timezone, r.country, o.id, o.name, o.kind, o.timezone,
           coalesce(array_agg(g.role) FILTER (WHERE g.revoked_at IS NULL), '{}')
    FROM people_account a
    JOIN people_grant g ON g.account_id = a.id
    JOIN people_organisation o ON o.id = g.organisation_id
    LEFT JOIN people_personaldata p ON p.account_id = a.id
    LEFT JOIN people_residence r ON r.account_id = a.id
    WHERE a.id = %s AND a.is_active
    GROUP BY p.name, a.language, r.timezone, r.country, o.id
    ORDER BY o.id
"""


def viewer_of(account: uuid.UUID, organisation: uuid.UUID | None) -> Viewer | None:
    """Who is signed in, acting for `organisation`, or for her first one. One statement.

    Where all her roles have ended she still sees what is her own (her money, decisions about her, her data),
    in a place without roles. None for who is erased, or never held a role.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VIEWER, [account])
        rows = cursor.fetchall()
    if not rows:
        return None
    places = tuple(
        Place(row[4], row[5], row[6], row[7], frozenset(_ROLES[one] for one in row[8])) for row in rows
    )
    places = tuple(one for one in places if one.roles) or places
    place = next((one for one in places if one.id == organisation), places[0])
    name, language, timezone, country = rows[0][:4]
    return Viewer(account, name, language, timezone or place.timezone, country, place, places)


@dataclass(frozen=True, slots=True)
class Person:
    """One account as its organisation sees it. Personal fields are None once the person is erased."""

    id: uuid.UUID
    name: str | None
    email: str | None
    phone: str | None
    language: str
    roles: list[str]
    country: str | None
    region: str | None
    timezone: str | None
    created_at: dt.datetime
    erased_at: dt.datetime | None
    # She has signed in at least once; she was sent an invitation and hasn't yet.
    came_in: bool
    invited: bool


def people(by: Actor, *, named: str = "", after: uuid.UUID | None = None, limit: int = 200) -> list[Person]:
    """The accounts of the actor's organisation in the order of their ids, erased ones too. One statement.

    `named`: only those whose name has this in it.

    Raises: NotAllowed.
    """
    by.require(Permission.MANAGE_PEOPLE)
    accounts = _accounts(by)
    if named:
        accounts = accounts.alias(called=_as_typed("personal_data__name")).filter(
            called__contains=unaccented(named)
        )
    if after is not None:
        accounts = accounts.filter(id__gt=after)
    return [_person(account) for account in accounts.order_by("id")[:limit]]


def _as_typed(column: str) -> Func:
    """What `texts.unaccented` makes of a text, in SQL: there are no more rows than people of one organisation."""
    template = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'), '{}', '{}'))"
    ).format(*capitals())
    return Func(F(column), template=template, output_field=TextField())


def person(account: uuid.UUID, by: Actor) -> Person:
    """One account of the actor's organisation. Raises: NotAllowed, NotFound."""
    by.require(Permission.MANAGE_PEOPLE)
    found = _accounts(by).filter(id=account).first()
    if found is None:
        raise NotFound
    return _person(found)


def person_to_let_in(account: uuid.UUID, by: Actor) -> Person:
    """Somebody to whom the actor may give a new link to come in.

    Who manages people, to anybody of her organisation; others to those who do the work and nothing else, so that
    nobody comes in as somebody who may do more than she may herself.

    Raises: NotAllowed, NotFound, AdministratorNeeded.
    """
    by.require(Permission.LET_IN)
    row = _accounts(by).filter(id=account).first()
    if row is None:
        raise NotFound
    found = _person(row)
    works_only = bool(found.roles) and set(found.roles) <= WORKING
    if not works_only and not by.may(Permission.MANAGE_PEOPLE):
        raise AdministratorNeeded
    return found


def has_second_step(account: uuid.UUID) -> bool:
    """Whether something is asked for after her password or her link."""
    second = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=account, type__in=second).exists()


def _accounts(by: Actor) -> QuerySet[Account]:
    standing = Q(grants__organisation=by.organisation, grants__revoked_at=None)
    return (
        Account.objects.filter(kept_here(by.organisation))
        .annotate(
            roles=ArrayAgg("grants__role", filter=standing, distinct=True, default=[]),
            was_invited=_was_invited(),
        )
        .select_related("personal_data", "residence")
    )


def _was_invited() -> Exists:
    """For a query of accounts: an invitation was made, whether it was used or not."""
    return Exists(Link.objects.filter(account=OuterRef("pk"), purpose=Link.Purpose.INVITATION))


def _person(account: Account) -> Person:
    personal: PersonalData | None = getattr(account, "personal_data", None)
    residence: Residence | None = getattr(account, "residence", None)
    return Person(
        id=account.id,
        name=None if personal is None else personal.name,
        email=None if personal is None else personal.email,
        phone=None if personal is None else personal.phone,
        language=account.language,
        roles=getattr(account, "roles", []),
        country=None if residence is None else residence.country,
        region=None if residence is None else residence.region,
        timezone=None if residence is None else residence.timezone,
        created_at=account.created_at,
        erased_at=account.erased_at,
        came_in=account.last_login is not None,
        invited=account.last_login is None and getattr(account, "was_invited", False),
    )


def tokens_of(account: uuid.UUID, by: Actor) -> list[Token]:
    """Standing tokens of an account in the actor's organisation: her own, or for who manages people.

    Raises: NotAllowed.
    """
    if account != by.account:
        by.require(Permission.MANAGE_PEOPLE)
    tokens = Token.objects.filter(account=account, organisation=by.organisation, revoked_at=None)
    return list(tokens.order_by("id"))


def owner_of_token(token: uuid.UUID, by: Actor) -> uuid.UUID:
    """Whose a standing token of the actor's organisation is: one of her own, or any for who manages people.

    Raises: NotFound.
    """
    found = Token.objects.filter(id=token, organisation=by.organisation, revoked_at=None).first()
    if found is None or (found.account_id != by.account and not by.may(Permission.MANAGE_PEOPLE)):
        raise NotFound
    return found.account_id


def organisation_of(by: Actor) -> Organisation:
    """The organisation that the actor acts for. Raises: NotFound for the program itself."""
    if by.organisation is None:
        raise NotFound
    return Organisation.objects.get(id=by.organisation)


@dataclass(frozen=True, slots=True)
class Client:
    """A client as its operator sees it: how many people it has, not who they are."""

    id: uuid.UUID
    name: str
    country: str
    timezone: str
    created_at: dt.datetime
    people: int


def clients_of(by: Actor) -> list[Client]:
    """The clients that the actor's operator let in, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.ADMINISTER)
    standing = Count("grants__account", filter=Q(grants__revoked_at=None), distinct=True)
    rows = Organisation.objects.filter(operator=by.organisation).annotate(people=standing).order_by("-id")
    return [Client(row.id, row.name, row.country, row.timezone, row.created_at, row.people) for row in rows]


def client_of(client: uuid.UUID, by: Actor) -> Organisation:
    """One of them. Raises: NotAllowed, NotFound."""
    by.require(Permission.ADMINISTER)
    found = Organisation.objects.filter(id=client, operator=by.organisation).first()
    if found is None:
        raise NotFound
    return found


def invited(by: Actor, *, limit: int = 20) -> list[Person]:
    """Who was invited and hasn't come in yet, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.MANAGE_PEOPLE)
    waiting = _accounts(by).filter(_was_invited(), last_login=None, erased_at=None)
    return [_person(account) for account in waiting.order_by("-id")[:limit]]


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link that somebody else made for her. `by`: the name of who did; None at the terminal, or once erased."""

    at: dt.datetime
    by: str | None
    reason: Link.Reason
    words: str
    second_step_removed: bool


def links_given(by: Actor, *, limit: int = 5) -> list[GivenLink]:
    """Those that were made for the actor, the newest first. One statement."""
    giver = PersonalData.objects.filter(account=OuterRef("made_by")).values("name")
    rows = Link.objects.filter(account=by.account).exclude(reason="").annotate(giver=Subquery(giver))
    return [
        GivenLink(row.created_at, row.giver, Link.Reason(row.reason), row.words, row.second_step_removed)
        for row in rows.order_by("-created_at")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Oneself:
    """What a person sees about herself on her own page."""

    name: str
    email: str | None
    phone: str | None
    language: str
    has_password: bool


def oneself(by: Actor) -> Oneself:
    """One statement. Raises: NotFound."""
    row = PersonalData.objects.filter(account=by.account).select_related("account").first()
    if row is None:
        raise NotFound
    account = row.account
    return Oneself(row.name, row.email, row.phone, account.language, account.has_usable_password())


def sessions_of(by: Actor, at: dt.datetime) -> list[Session]:
    """Where she is signed in, the last used first. One statement."""
    return list(Session.objects.filter(account=by.account, expire_date__gt=at).order_by("-used_at"))


def all_organisations() -> list[Organisation]:
    """Every organisation of the installation: for its administrator at the terminal, nobody else."""
    return list(Organisation.objects.order_by("id"))


def belongs(account: uuid.UUID, organisation: uuid.UUID) -> bool:
    """Whether the account holds, or held, a role in the organisation."""
    return Grant.objects.filter(account=account, organisation=organisation).exists()


def standing_roles(account: uuid.UUID, organisation: uuid.UUID) -> frozenset[Role]:
    """The roles that the account holds in the organisation now."""
    rows = Grant.objects.filter(account=account, organisation=organisation, revoked_at=None)
    return frozenset(Role(role) for role in rows.values_list(F("role"), flat=True))


def standing_actor(account: uuid.UUID, organisation: uuid.UUID) -> Actor | None:
    """Who an account is in an organisation now; None without a role there, or asleep. One statement."""
    rows = Grant.objects.filter(
        account=account, organisation=organisation, revoked_at=None, account__is_active=True
    )
    roles = frozenset(Role(role) for role in rows.values_list("role", flat=True))
    return Actor(account, organisation, roles) if roles else None


def names_of(accounts: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of people who act in public (who decided, who answered); erased ones are missing. One statement."""
    rows = PersonalData.objects.filter(account_id__in=list(accounts)).values_list("account_id", "name")
    return dict(rows)

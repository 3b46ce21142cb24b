"""People over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field, Strict

from palabre.errors import NotFound
from palabre.people import queries
from palabre.people.actions import (
    Home,
    PersonalFields,
    add_person,
    create_token,
    erase_person,
    grant_role,
    move_residence,
    revoke_role,
    revoke_token,
)
from palabre.people.actor import Actor
from palabre.people.models import Role, Token
from palabre.people.permissions import Permission
from palabre.people.walls import partners_of
from palabre.web.access import SIGNED_IN, actor_of, allowed, at_of
from palabre.web.fields import Flag, Id, Input, Instant
from palabre.web.pages import Page, Paging, page

router = Router(tags=["people"])
RoleName = Annotated[Role, Strict(False)]
MANAGE = Permission.MANAGE_PEOPLE


class PartnerOut(Schema):
    """An operator that a client works with, or a client of an operator: the other side of a project."""

    id: uuid.UUID
    name: str


class MeOut(Schema):
    """`partners`: for who sets up projects; empty for others."""

    account: uuid.UUID
    organisation: uuid.UUID
    organisation_name: str
    organisation_kind: str
    partners: list[PartnerOut]
    roles: list[str]
    permissions: list[str]


class HomeIn(Input):
    country: str = Field(max_length=2)
    timezone: str = Field(max_length=64)
    region: str = Field("", max_length=100)


class PersonIn(Input):
    name: str = Field(max_length=200)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=32)
    language: str = Field(max_length=8)
    roles: list[RoleName] = Field(min_length=1, max_length=8)
    home: HomeIn | None = None


class Made(Schema):
    """The id of what was made. No personal data: answers to writes are kept under their key."""

    id: uuid.UUID


class PersonOut(Schema):
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


class RoleIn(Input):
    role: RoleName


class ResidenceOut(Schema):
    country: str
    region: str
    timezone: str
    since: dt.datetime
    from_day: dt.date


class TokenIn(Input):
    name: str = Field(max_length=80)
    scopes: list[Annotated[str, Field(max_length=60)]] = Field(max_length=40)
    expires_at: Instant | None = None


class TokenMade(Schema):
    """The secret is shown this once: a repeat of the request under the same key has null instead."""

    id: uuid.UUID
    secret: str | None


class TokenOut(Schema):
    id: uuid.UUID
    account_id: uuid.UUID
    name: str
    scopes: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime | None


@router.get("/me", auth=allowed(SIGNED_IN), response=MeOut)
def me(request: HttpRequest) -> dict[str, object]:
    """Who the token makes you, and what you may do with it."""
    actor = actor_of(request)
    organisation = queries.organisation_of(actor)
    partners = partners_of(organisation) if actor.may(Permission.MANAGE_PROJECTS) else []
    return {
        "account": actor.account,
        "organisation": organisation.id,
        "organisation_name": organisation.name,
        "organisation_kind": organisation.kind,
        "partners": [{"id": id_, "name": name} for id_, name in partners],
        "roles": sorted(actor.roles),
        "permissions": sorted(permission for permission in Permission if actor.may(permission)),
    }


@router.get("/people", auth=allowed(MANAGE), response=Page[PersonOut])
def list_people(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """The people of your organisation, erased ones too, without what was erased."""
    actor = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: queries.people(actor, after=after, limit=limit),
        lambda person: person.id,
    )


@router.post("/people", auth=allowed(MANAGE), response={201: Made})
def add_a_person(request: HttpRequest, body: PersonIn) -> Status[object]:
    """A new person of your organisation, with her roles. Members and reviewers need a home."""
    actor = actor_of(request)
    account = add_person(
        PersonalFields(body.name, body.email, body.phone),
        organisation=queries.organisation_of(actor).id,
        roles=body.roles,
        language=body.language,
        home=None if body.home is None else _home(body.home),
        by=actor,
        at=at_of(request),
    )
    return Status(201, account)


@router.get("/people/{account}", auth=allowed(MANAGE), response=PersonOut)
def show_person(request: HttpRequest, account: Id) -> queries.Person:
    """One person of your organisation."""
    return queries.person(account, actor_of(request))


@router.delete("/people/{account}", auth=allowed(Permission.ERASE_PEOPLE, proven=True), response={204: None})
def erase_a_person(request: HttpRequest, account: Id, owing: Flag = False) -> Status[None]:
    """Delete what identifies a person, for good. What she did stays, under an id that says nothing.

    Refused while a payout of hers is on its way, and while money is on her account, unless it stays owed (`owing`).
    """
    erase_person(account, by=actor_of(request), at=at_of(request), owing=owing)
    return Status(204, None)


@router.post("/people/{account}/roles", auth=allowed(MANAGE), response={201: Made})
def grant_a_role(request: HttpRequest, account: Id, body: RoleIn) -> Status[object]:
    """Give a person of your organisation one more role."""
    actor = actor_of(request)
    organisation = queries.organisation_of(actor).id
    return Status(201, grant_role(account, organisation, body.role, by=actor, at=at_of(request)))


@router.delete("/people/{account}/roles/{role}", auth=allowed(MANAGE), response={204: None})
def revoke_a_role(request: HttpRequest, account: Id, role: RoleName) -> Status[None]:
    """Take a role from a person of your organisation."""
    actor = actor_of(request)
    revoke_role(account, queries.organisation_of(actor).id, role, by=actor, at=at_of(request))
    return Status(204, None)


@router.put("/people/{account}/residence", auth=allowed(MANAGE), response=ResidenceOut)
def move_a_residence(request: HttpRequest, account: Id, body: HomeIn) -> object:
    """Say where a person lives: her floor and her day follow from it, from the day `from_day` of the answer on."""
    return move_residence(account, _home(body), by=actor_of(request), at=at_of(request))


@router.get("/people/{account}/tokens", auth=allowed(MANAGE), response=list[TokenOut])
def list_tokens(request: HttpRequest, account: Id) -> list[Token]:
    """The tokens of a person of your organisation that are in force, without their secrets."""
    actor = actor_of(request)
    queries.person(account, actor)
    return queries.tokens_of(account, actor)


@router.get("/me/tokens", auth=allowed(SIGNED_IN), response=list[TokenOut])
def list_my_tokens(request: HttpRequest) -> list[Token]:
    """Your own tokens that are in force, without their secrets."""
    actor = actor_of(request)
    return queries.tokens_of(_me(actor), actor)


@router.post(
    "/me/tokens", auth=allowed(SIGNED_IN, shown_once="secret", proven=True), response={201: TokenMade}
)
def create_my_token(request: HttpRequest, body: TokenIn) -> Status[dict[str, object]]:
    """A further token for yourself, with no more scopes than the one that you use now, and no longer than it lasts."""
    actor = actor_of(request)
    token, secret = create_token(
        _me(actor),
        queries.organisation_of(actor).id,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        by=actor,
        at=at_of(request),
    )
    return Status(201, {"id": token.id, "secret": secret})


@router.delete("/tokens/{token}", auth=allowed(SIGNED_IN), response={204: None})
def revoke_a_token(request: HttpRequest, token: Id) -> Status[None]:
    """End a token: one of your own or, if you manage people, any of your organisation."""
    revoke_token(token, by=actor_of(request), at=at_of(request))
    return Status(204, None)


def _home(body: HomeIn) -> Home:
    return Home(country=body.country, timezone=body.timezone, region=body.region)


def _me(actor: Actor) -> uuid.UUID:
    if actor.account is None:
        raise NotFound
    return actor.account

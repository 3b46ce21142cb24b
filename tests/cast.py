"""The fixed cast: two organisations that work together, a stranger's, and the people in them.

Each person is a `Persona`: her `actor`, her `account`, and the `token` that she signs in with over the API.
`cast` has them all; a test that needs one or two asks for `member`, `client_person`, ... by name.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest

from palabre.pay.actions import open_account
from palabre.pay.models import LedgerAccount
from palabre.people.actions import (
    Home,
    PersonalFields,
    add_organisation,
    add_person,
    create_token,
    grant_role,
    revoke_role,
)
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Organisation, Role
from palabre.people.permissions import Permission
from tests.kept import kept

BEGAN = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
DAKAR = Home(country="SN", timezone="Africa/Dakar")
NAIROBI = Home(country="KE", timezone="Africa/Nairobi")


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the cast."""

    name: str
    account: uuid.UUID
    organisation: uuid.UUID
    actor: Actor
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a request carries to be hers."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody. `stranger` holds every role of another operator, `foreign_client` is another client's.

    `former` held every role of the first operator and went on to the other one; `shared` is a member of both, and
    `returned` works for the first one and did for the other: both act for the first operator.
    """

    operator: Organisation
    client: Organisation
    stranger_operator: Organisation
    stranger_client: Organisation
    member: Persona
    colleague: Persona
    coordinator: Persona
    reviewer: Persona
    client_person: Persona
    finance: Persona
    auditor: Persona
    delegate: Persona
    administrator: Persona
    stranger: Persona
    stranger_member: Persona
    foreign_client: Persona
    former: Persona
    shared: Persona
    returned: Persona

    @property
    def inside(self) -> tuple[Persona, ...]:
        """One person for each role, of the operator and its client."""
        return (
            self.member,
            self.reviewer,
            self.coordinator,
            self.client_person,
            self.finance,
            self.auditor,
            self.delegate,
            self.administrator,
        )

    @property
    def outside(self) -> tuple[Persona, ...]:
        """People of other organisations: for them our things don't exist."""
        return (self.stranger, self.stranger_member, self.foreign_client, self.former)


def enter(organisation: Organisation, name: str, *roles: Role, home: Home | None = None) -> Persona:
    """A new person of the organisation, with a token that carries every scope."""
    person = PersonalFields(name=name.title(), email=f"{name}@example.org")
    account = add_person(
        person, organisation=organisation.id, roles=roles, language="en", home=home, by=SYSTEM, at=BEGAN
    )
    _, secret = create_token(
        account.id, organisation.id, name="test", scopes=[str(p) for p in Permission], by=SYSTEM, at=BEGAN
    )
    actor = Actor(account=account.id, organisation=organisation.id, roles=frozenset(roles))
    return Persona(name=name, account=account.id, organisation=organisation.id, actor=actor, token=secret)


def _former(before: Organisation, now: Organisation, *roles: Role) -> Persona:
    """Who held these roles at `before`, and holds them at `now`."""
    made = enter(now, "former", *roles, home=NAIROBI)
    for role in roles:
        grant_role(made.account, before.id, role, by=SYSTEM, at=BEGAN)
        revoke_role(made.account, before.id, role, by=SYSTEM, at=BEGAN)
    return made


def _shared(first: Organisation, other: Organisation, name: str) -> Persona:
    """A member of `first`, for which she acts, and of `other`."""
    made = enter(first, name, Role.MEMBER, home=DAKAR)
    grant_role(made.account, other.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    return made


def _returned(first: Organisation, other: Organisation) -> Persona:
    """The same, but that the other let her go."""
    made = _shared(first, other, "returned")
    revoke_role(made.account, other.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    return made


def organisation(kind: Organisation.Kind, name: str, country: str = "SN") -> Organisation:
    """A new organisation."""
    return add_organisation(kind, name, country, "UTC", by=SYSTEM, at=BEGAN)


@kept
def gather() -> Cast:
    """Write the whole cast."""
    operator = organisation(Organisation.Kind.OPERATOR, "Operator")
    client = organisation(Organisation.Kind.CLIENT, "Client", "FR")
    stranger_operator = organisation(Organisation.Kind.OPERATOR, "Another operator", "KE")
    stranger_client = organisation(Organisation.Kind.CLIENT, "Another client", "DE")
    all_roles = tuple(role for role in Role if role != Role.CLIENT)
    return Cast(
        operator=operator,
        client=client,
        stranger_operator=stranger_operator,
        stranger_client=stranger_client,
        member=enter(operator, "member", Role.MEMBER, home=DAKAR),
        colleague=enter(operator, "colleague", Role.MEMBER, home=NAIROBI),
        coordinator=enter(operator, "coordinator", Role.COORDINATOR),
        reviewer=enter(operator, "reviewer", Role.REVIEWER, home=DAKAR),
        client_person=enter(client, "client", Role.CLIENT),
        finance=enter(operator, "finance", Role.FINANCE),
        auditor=enter(operator, "auditor", Role.AUDITOR),
        delegate=enter(operator, "delegate", Role.DELEGATE),
        administrator=enter(operator, "administrator", Role.ADMINISTRATOR),
        stranger=enter(stranger_operator, "stranger", *all_roles, home=NAIROBI),
        stranger_member=enter(stranger_operator, "stranger-member", Role.MEMBER, home=NAIROBI),
        foreign_client=enter(stranger_client, "foreign-client", Role.CLIENT),
        former=_former(operator, stranger_operator, *all_roles),
        shared=_shared(operator, stranger_operator, "shared"),
        returned=_returned(operator, stranger_operator),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def member(cast: Cast) -> Persona:
    return cast.member


@pytest.fixture
def colleague(cast: Cast) -> Persona:
    return cast.colleague


@pytest.fixture
def coordinator(cast: Cast) -> Persona:
    return cast.coordinator


@pytest.fixture
def reviewer(cast: Cast) -> Persona:
    return cast.reviewer


@pytest.fixture
def client_person(cast: Cast) -> Persona:
    return cast.client_person


@pytest.fixture
def finance(cast: Cast) -> Persona:
    return cast.finance


@pytest.fixture
def auditor(cast: Cast) -> Persona:
    return cast.auditor


@pytest.fixture
def delegate(cast: Cast) -> Persona:
    return cast.delegate


@pytest.fixture
def administrator(cast: Cast) -> Persona:
    return cast.administrator


@pytest.fixture
def stranger(cast: Cast) -> Persona:
    return cast.stranger


def own_account(cast: Cast) -> int:
    """The operator's own account, which bears time that belongs to no project."""
    return open_account(LedgerAccount.Kind.PLATFORM, cast.operator.id, "XOF").id

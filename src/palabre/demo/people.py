"""Who takes part in the sample: eleven members in two countries, and a person for each other role."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from palabre.messages.actions import invite
from palabre.people.actions import Home, PersonalFields, add_organisation, add_person, create_token
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Organisation, Role
from palabre.people.permissions import ALLOWED

MEMBERS = (
    ("Awa", "SN"),
    ("Fatou", "SN"),
    ("Ndeye", "SN"),
    ("Mariama", "SN"),
    ("Coumba", "SN"),
    ("Aissatou", "SN"),
    ("Chantal", "CM"),
    ("Brigitte", "CM"),
    ("Nadège", "CM"),
    ("Estelle", "CM"),
    ("Solange", "CM"),
)
# By this an installation knows its people for the demo's (`installation.first_visit.check_demo`).
MAIL = "@demo.example"
ZONES = {"SN": "Africa/Dakar", "CM": "Africa/Douala"}
DAKAR = Home(country="SN", timezone="Africa/Dakar")


@dataclass(slots=True)
class People:
    """Who takes part, and the tokens that the demo shows."""

    operator: uuid.UUID
    client: uuid.UUID
    at: dt.datetime
    members: Sequence[Actor] = ()
    others: dict[Role, Actor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str, role: Role, home: Home | None = None) -> Actor:
        """A new person, with a token that can do what her role can."""
        organisation = self.client if role == Role.CLIENT else self.operator
        fields = PersonalFields(name=name, email=f"{role.value}{len(self.tokens)}{MAIL}")
        person = add_person(
            fields, organisation=organisation, roles=[role], language="fr", home=home, by=SYSTEM, at=self.at
        )
        scopes = [str(permission) for permission in ALLOWED[role]]
        _, self.tokens[f"{role.value}: {name}"] = create_token(
            person.id, organisation, name="demo", scopes=scopes, by=SYSTEM, at=self.at
        )
        return Actor(person.id, organisation, frozenset({role}))


def gather(at: dt.datetime) -> People:
    """Everybody, since `at`."""
    operator = add_organisation(
        Organisation.Kind.OPERATOR, "Palabre Dakar", "SN", "Africa/Dakar", by=SYSTEM, at=at
    )
    client = add_organisation(
        Organisation.Kind.CLIENT, "Académie du tourisme", "FR", "Europe/Paris", by=SYSTEM, at=at
    )
    people = People(operator.id, client.id, at)
    people.members = [
        people.enter(name, Role.MEMBER, Home(country=country, timezone=ZONES[country]))
        for name, country in MEMBERS
    ]
    people.others = {
        Role.REVIEWER: people.enter("Ramatoulaye", Role.REVIEWER, DAKAR),
        Role.COORDINATOR: people.enter("Khady", Role.COORDINATOR),
        Role.CLIENT: people.enter("Claire", Role.CLIENT),
        Role.FINANCE: people.enter("Moussa", Role.FINANCE),
        Role.AUDITOR: people.enter("Adama", Role.AUDITOR),
        Role.DELEGATE: people.enter("Binta", Role.DELEGATE),
        Role.ADMINISTRATOR: people.enter("Sokhna", Role.ADMINISTRATOR),
    }
    # Somebody whom the administrator waits for; her invitation lies in the outbox.
    invite(
        PersonalFields("Maïmouna", f"maimouna{MAIL}"),
        roles=[Role.COORDINATOR],
        language="fr",
        by=people.others[Role.ADMINISTRATOR],
        at=at,
    )
    return people

"""The only place that writes about people and organisations."""

from palabre.people.actions.organisations import Welcome, add_organisation, welcome_client
from palabre.people.actions.persons import Home, PersonalFields, add_person, erase_person, move_residence
from palabre.people.actions.roles import grant_role, revoke_role
from palabre.people.actions.tokens import create_token, revoke_token

__all__ = [
    "Home",
    "PersonalFields",
    "Welcome",
    "add_organisation",
    "add_person",
    "create_token",
    "erase_person",
    "grant_role",
    "move_residence",
    "revoke_role",
    "revoke_token",
    "welcome_client",
]

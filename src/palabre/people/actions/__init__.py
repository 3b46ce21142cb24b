"""The only place that writes about people and organisations."""

from palabre.people.actions.agreements import agree
from palabre.people.actions.founding import Operator, found
from palabre.people.actions.links import look_at_link, make_link, use_link
from palabre.people.actions.oneself import end_sessions, set_password, speak
from palabre.people.actions.organisations import add_organisation
from palabre.people.actions.persons import (
    Home,
    PersonalFields,
    add_person,
    correct_person,
    erase_person,
    move_residence,
)
from palabre.people.actions.roles import end_access, grant_role, revoke_role, set_roles
from palabre.people.actions.tokens import create_token, revoke_token
from palabre.people.actions.ways_in import Why, check_again, open_way_in

__all__ = [
    "Home",
    "Operator",
    "PersonalFields",
    "Why",
    "add_organisation",
    "add_person",
    "agree",
    "check_again",
    "correct_person",
    "create_token",
    "end_access",
    "end_sessions",
    "erase_person",
    "found",
    "grant_role",
    "look_at_link",
    "make_link",
    "move_residence",
    "open_way_in",
    "revoke_role",
    "revoke_token",
    "set_password",
    "set_roles",
    "speak",
    "use_link",
]

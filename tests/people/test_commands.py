"""`palabre organisation` and `palabre people` at the terminal."""

import uuid

import pytest
from typer.testing import CliRunner, Result

from palabre.people.cli import organisation, people
from palabre.people.errors import HomeIncomplete, UnknownTimezone
from palabre.people.models import Account
from palabre.people.queries import actor_for_token
from palabre.times import system_clock

pytestmark = pytest.mark.django_db
PLACE = ["--country", "SN", "--timezone", "Africa/Dakar"]


def run(app: object, *words: str, told: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=told)  # type: ignore[arg-type]


@pytest.fixture
def operator() -> str:
    made = run(organisation, "add", "--name", "An operator", "--kind", "operator", *PLACE)
    return made.stdout.strip()


@pytest.fixture
def awa(operator: str) -> str:
    made = run(people, "add", "--organisation", operator, "--name", "Awa", "--role", "member", *PLACE)
    return made.stdout.strip()


def test_from_nothing_to_a_token(operator: str, awa: str) -> None:
    made = run(people, "token", awa, "--organisation", operator)
    assert made.exit_code == 0
    actor = actor_for_token(made.stdout.strip(), system_clock.now())
    assert actor is not None
    assert (str(actor.account), {str(scope) for scope in actor.scopes or ()}) == (
        awa,
        {"work.do", "money.ask"},
    )
    assert "Keep this now" in made.stderr


def test_organisations_are_listed(operator: str) -> None:
    assert f"{operator}  operator  SN  An operator" in run(organisation, "list").stdout


def test_erasing_asks_first(awa: str) -> None:
    assert run(people, "erase", awa, told="n\n").exit_code != 0
    assert Account.objects.get(id=uuid.UUID(awa)).erased_at is None
    assert run(people, "erase", awa, told="y\n").exit_code == 0
    assert Account.objects.get(id=uuid.UUID(awa)).erased_at is not None


def test_a_wrong_value_is_a_typed_error(operator: str) -> None:
    place = ["--country", "SN", "--timezone", "Dakar"]
    said = run(people, "add", "--organisation", operator, "--name", "Awa", "--role", "member", *place)
    assert isinstance(said.exception, UnknownTimezone)
    said = run(people, "add", "--organisation", operator, "--name", "A", "--role", "member", *PLACE[:2])
    assert isinstance(said.exception, HomeIncomplete)


def test_a_role_that_is_none_is_refused_before_anything(operator: str) -> None:
    assert run(people, "add", "--organisation", operator, "--name", "A", "--role", "boss").exit_code == 2

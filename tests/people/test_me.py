"""Who a token makes one, as a program reads it."""

import pytest

from tests.cast import Cast
from tests.web.answers import call, said

pytestmark = pytest.mark.django_db


def test_a_client_finds_its_operators_and_an_operator_its_clients(cast: Cast) -> None:
    """Both are named in the body that makes a project."""
    for who, other in ((cast.client_person, cast.operator), (cast.coordinator, cast.client)):
        partners = said(call("GET", "/me", who))["partners"]
        assert {"id": str(other.id), "name": other.name} in partners


def test_who_sets_up_no_projects_reads_no_names_of_clients(cast: Cast) -> None:
    for who in (cast.member, cast.reviewer, cast.auditor, cast.delegate):
        assert said(call("GET", "/me", who))["partners"] == []

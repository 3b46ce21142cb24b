"""What somebody is shown who is signed in stays on no device that she lends, and papers slow nobody else."""

import pytest
from django.test import Client

from palabre.web.sign_in import _papers
from tests.cast import Cast
from tests.web.answers import assert_problem, call
from tests.web.test_walls_pages import browser_of


@pytest.mark.parametrize("address", ["/", "/pay/", "/time/", "/account/", "/payouts/"])
def test_a_page_of_hers_is_in_no_cache(cast: Cast, address: str) -> None:
    assert browser_of(cast.member).get(address)["Cache-Control"] == "private, no-store"


def test_the_api_is_in_no_cache(cast: Cast) -> None:
    assert call("GET", "/me", cast.member)["Cache-Control"] == "private, no-store"


def test_what_anybody_may_read_may_be_kept(cast: Cast) -> None:
    assert "no-store" not in Client().get("/.well-known/palabre-keys.json").get("Cache-Control", "")


def test_papers_have_a_bound_for_each_person(cast: Cast) -> None:
    _papers.cache_clear()
    asked = "/me/statement.pdf?week=2026-W02&language=fr"
    told = [call("GET", asked, cast.member) for _ in range(12)]
    assert [one.status_code for one in told[:10]] == [200] * 10
    assert_problem(told[-1], 429, "too_many_requests")
    assert int(told[-1]["Retry-After"]) >= 1
    assert call("GET", asked, cast.colleague).status_code == 200

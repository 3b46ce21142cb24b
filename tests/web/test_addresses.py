"""A number in an address has one spelling, and one that no table can hold is not found."""

import pytest

from tests.cast import Cast
from tests.web.test_walls_pages import browser_of


@pytest.mark.parametrize("number", ["007", "0", "-1", "\u0667", "1" * 19, "9" * 400, "1_0", "+7"])
@pytest.mark.parametrize("address", ["/reviews/{}/", "/record/events/{}/", "/money/transactions/{}/"])
def test_no_other_spelling(cast: Cast, address: str, number: str) -> None:
    for who in (cast.coordinator, cast.administrator):
        assert browser_of(who).get(address.format(number)).status_code == 404


@pytest.mark.parametrize("number", ["9" * 18, "\u0667", "x", "9" * 300])
def test_a_number_in_a_query(cast: Cast, number: str) -> None:
    assert browser_of(cast.coordinator).get(f"/reviews/?before={number}").status_code < 500

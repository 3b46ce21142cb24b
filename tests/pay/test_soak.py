"""A short version of `./run soak ledger`."""

import pytest

from tests.soak.ledger import main


@pytest.mark.django_db(transaction=True)
def test_threads_repeats_and_over_withdrawals_come_to_the_recount(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tries=1_500, seed=11) == 0
    assert "0 failures" in capsys.readouterr().out

from pathlib import Path

import pytest
from typer.testing import CliRunner

from palabre.pay.actions.imports import FLOOR_COLUMNS
from palabre.pay.cli import floors, ledger, rates
from palabre.pay.errors import TableRefused
from palabre.pay.models import Balance, ExchangeRate, Floor
from tests.pay.conftest import Book

pytestmark = pytest.mark.django_db
run = CliRunner().invoke
ROW = "living_tariff,SN,,,500,XOF,hour,,,2026-01-01,,,A study,study,bought,2026-02-01"


def test_floors_import(tmp_path: Path) -> None:
    file = tmp_path / "floors.csv"
    file.write_text(",".join(FLOOR_COLUMNS) + "\n" + ROW + "\n", encoding="utf-8")
    result = run(floors, ["import", str(file)])
    assert (result.exit_code, result.output) == (0, "New rows: 1. There already: 0.\n")
    file.write_text(",".join(FLOOR_COLUMNS) + "\n" + ROW.replace("500", "five") + "\n", encoding="utf-8")
    result = run(floors, ["import", str(file)])
    assert isinstance(result.exception, TableRefused)
    assert "line 2, column amount: “five”" in str(result.exception)
    assert Floor.objects.count() == 1


def test_floors_load() -> None:
    assert run(floors, ["load"]).exit_code == 0
    assert Floor.objects.filter(country="SN").exists()


def test_rates_import(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("base,quote,rate,on,source\nEUR,NGN,1650,2026-03-01,A bank\n", encoding="utf-8")
    assert run(rates, ["import", str(file)]).exit_code == 0
    assert ExchangeRate.objects.get().quote == "NGN"


def test_ledger_verify(xof: Book) -> None:
    xof.fund(5)
    result = run(ledger, ["verify"])
    assert (result.exit_code, result.output[0]) == (0, "✓")
    Balance.objects.filter(account=xof.escrow).update(amount=6)
    result = run(ledger, ["verify"])
    assert result.exit_code == 1
    assert result.output == (f"✗ The balance of ledger account {xof.escrow} says 6; its postings sum to 5.\n")

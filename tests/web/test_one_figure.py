"""What a day brings is one figure: on every page of hers, on her statement, on paper, and in the workbench."""

import datetime as dt
import json
import re

import pytest

from palabre.pay.actions import settle_day
from palabre.pay.models import DueDay
from palabre.pay.paper.files import statement_csv
from palabre.pay.statements import statement_for, week_of
from palabre.times import day_end, system_clock
from palabre.work.models import Project
from palabre.work.packs import today_of
from tests.cast import Cast
from tests.web.reading import reader
from tests.web.test_member_home import worked
from tests.work.stage import Stage, set_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def told(stage: Stage, day: dt.date) -> dict[str, int]:
    """What each place says that the day brings, in francs."""
    who, week = stage.cast.member, week_of(day)
    read = reader(who).read
    statement = json.loads(json.dumps(statement_for(who.account, week, at=system_clock.now())))
    (of_day,) = [one for one in statement["days"] if one["day"] == day.isoformat()]
    parts = [
        *(one["amount"] for one in of_day["earned"]),
        *(one["top_up"] for one in of_day["settlements"]),
        *(one["amount"] for one in of_day["to_come"]),
    ]
    table = [row.split(",") for row in statement_csv(statement).splitlines()]
    amount = table[0].index("amount")
    kinds = ("base_pay", "top_up", "to_come")
    in_table = sum(int(row[amount]) for row in table if row[1] == day.isoformat() and row[2] in kinds)
    return {
        "home": _after("That brings you F CFA", read("/").text),
        "home, of the week": _after("It brings you F CFA", read("/").text),
        "time, of the week": _after("It brings you F CFA", read(f"/time/?week={week}").text),
        "its day": _after("It brings F CFA", read(f"/time/day/?date={day}").text),
        "pay": int(re.findall(r"<strong>F\sCFA\s([0-9]+)</strong>", read("/pay/").html)[-1]),
        "statement": _after("It brings F CFA", read(f"/pay/statement/?week={week}").text),
        "signed": sum(parts),
        "table": in_table,
        "workbench": today_of(by=who.actor, at=system_clock.now()).brings,
    }


def _after(words: str, text: str) -> int:
    found = re.search(re.escape(words).replace("F\\ CFA", r"F.CFA") + r"\s*([0-9]+)", text)
    assert found is not None, (words, text[:3000])
    return int(found[1])


def test_one_day_has_one_sum(stage: Stage) -> None:
    now = system_clock.now()
    project = stage.live(tasks=20)
    stage.work(Project.objects.get(id=project.id), stage.cast.member, most=7, at=now)
    worked(stage, project, 9)
    day = DueDay.objects.get(member=stage.cast.member.account).day
    before = told(stage, day)
    assert set(before.values()) == {before["its day"]}, before
    settle_day(stage.cast.member.account, day, at=day_end(day, "Africa/Dakar"))
    after = told(stage, day)
    assert after == before

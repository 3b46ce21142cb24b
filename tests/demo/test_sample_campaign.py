"""The sample campaign in small: it ends with a ScoreCard that verifies and labels that are right."""

import datetime as dt
import json
from pathlib import Path

import pytest

from palabre.decisions.models import Decision
from palabre.demo.campaign import Campaign
from palabre.demo.errors import DemoOnly
from palabre.demo.running import MESSAGES
from palabre.installation.verification import all_problems
from palabre.pay.models import Payout
from palabre.quality.models import Consensus
from palabre.record.verify_file import verify_file
from palabre.timesheet.models import Correction
from palabre.work.models import Annotation, Lease, Project, Question, Review


@pytest.mark.django_db
def test_it_ends_with_right_labels_and_a_scorecard_that_holds(tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    campaign = Campaign(now, texts=60)
    card, people = campaign.run()
    found = Consensus.objects.filter(project=card.project).select_related("task")
    right = sum(one.labels["label"] == [campaign.reviews[one.task.payload["text"]].label] for one in found)
    assert found.count() == 60
    assert right / 60 > 0.9
    assert Project.objects.filter(state="live").count() == 2
    assert Project.objects.filter(state="draft").count() == 1
    assert Project.objects.get(state="pilot").confirmations.count() == 1
    assert len(people.tokens) == len(people.members) + 7
    assert list(all_problems(at=dt.datetime.now(dt.UTC))) == []
    file = tmp_path / "scorecard.json"
    file.write_text(json.dumps(card.credential), encoding="utf-8")
    assert verify_file(file, None, at=dt.datetime.now(dt.UTC)).holds


def test_sample_data_never_loads_outside_demo_mode() -> None:
    from palabre.demo.cli import demo

    with pytest.raises(DemoOnly):
        demo()


@pytest.mark.parametrize(("given", "port"), [(None, 8123), (8124, 8124)])
def test_what_is_printed_leads_to_the_port_that_serves(
    monkeypatch: pytest.MonkeyPatch, given: int | None, port: int
) -> None:
    """Given to the command or in the surroundings; by a name, as passkeys need it; the links in letters as well."""
    from palabre.demo.cli import served_at
    from palabre.settings import current

    monkeypatch.setenv("PALABRE_PORT", "8123")
    current.cache_clear()
    try:
        assert served_at(given) == f"http://localhost:{port}"
        assert (current().url, current().port) == (f"http://localhost:{port}", port)
    finally:
        monkeypatch.undo()
        current.cache_clear()


@pytest.mark.django_db
def test_something_waits_for_each_role() -> None:
    now = dt.datetime.now(dt.UTC)
    Campaign(now, texts=60).run()
    running = Project.objects.get(name=MESSAGES)
    assert 0.2 < Annotation.objects.filter(project=running).count() / (22 * 3) < 0.9
    assert Question.objects.filter(project=running, answered_at=None).count() == 3
    assert Correction.objects.filter(state="waiting").count() == 1
    assert Decision.objects.filter(state="appealed").count() == 1
    # One was asked for, one is in the hands of finance, and one reached her.
    assert sorted(Payout.objects.values_list("state", flat=True)) == ["carried", "paid", "prepared"]
    assert Lease.objects.filter(project=running, state="open").count() == 3
    assert Review.objects.filter(state="submitted").count() <= 1

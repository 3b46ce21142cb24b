"""The client's quality pages: figures with their intervals, and the tasks behind them."""

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from palabre.ids import new_id
from palabre.people.actor import SYSTEM
from palabre.quality.actions import recompute
from palabre.quality.models import Agreement, Consensus
from palabre.quality.queries.disputed import disputed_tasks
from palabre.quality.queries.figures import Figure, question_figures, sure_bands
from palabre.work.models import Annotation, Project
from tests.cast import Cast, Persona
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage, set_stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


@pytest.fixture
def judged(stage: Stage) -> Project:
    """Three members on 12 tasks: all alike on eight, two against one on three, one task with two answers."""
    project = stage.live(tasks=12)
    tasks = list(project.batches.get().tasks.order_by("position"))
    people = (stage.cast.member, stage.cast.colleague, stage.cast.reviewer)
    for number, task in enumerate(tasks):
        for place, who in enumerate(people[: 2 if number == 11 else 3]):
            alike = number < 8 or place < 2
            label = ("happy" if number % 2 else "sad") if alike else ("sad" if number % 2 else "happy")
            answer(project, task.id, who, label, place if place < 2 else None)
    recompute(project.id, at=AT)
    return project


def answer(project: Project, task: int, who: Persona, label: str, place: int | None) -> None:
    item = {
        "id": "r",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [label]},
    }
    Annotation.objects.create(
        task_id=task,
        member_id=who.account,
        project=project,
        place=place,
        key=new_id(),
        body_hash=b"",
        result=[item],
        note="I hesitated" if place is None else "",
        schema_version=1,
        guideline_version=1,
        submitted_at=AT,
        received_at=AT,
        active_ms=9_000,
        pay="1.02923889",
        pay_currency="XOF",
    )


@pytest.fixture
def browser(stage: Stage) -> Client:
    return browser_of(stage.cast.client_person)


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", words))


def where(name: str, project: Project, **more: object) -> str:
    return reverse(name, kwargs={"project": project.id, **more})


def test_figures_have_their_interval_and_n(judged: Project, browser: Client) -> None:
    found = Agreement.objects.get()
    words = text(browser.get(where("project-quality", judged)))
    assert f"{found.alpha:.2f}".rstrip("0") in words
    assert "over 12 tasks" in words
    assert "from 35 judgements of 12 tasks" in words


def test_the_table_of_confusion_adds_up(judged: Project) -> None:
    (question,) = question_figures(Agreement.objects.get())
    assert list(question.columns) == ["happy", "sad"]
    rows = dict(question.table)
    # Eight tasks alike (3 pairs each), three with one pair alike and two not, one with a single pair.
    assert [cell.pairs for cell in rows["happy"]] == [4 * 3 + 1 + 1, 6]
    assert [cell.pairs for cell in rows["sad"]] == [6, 4 * 3 + 2]
    for cells in rows.values():
        assert sum(cell.share for cell in cells) == pytest.approx(1)
        assert all(0 < cell.shade <= 5 for cell in cells)
    assert [(pair.first, pair.second, pair.pairs, pair.share) for pair in question.pairs] == [
        ("happy", "sad", 6, 1.0)
    ]
    assert [one.value for one in question.labels] == ["happy", "sad"]
    assert all(one.figure.tasks == 12 for one in question.labels)


def test_every_task_is_in_one_band(judged: Project) -> None:
    bands = sure_bands(Agreement.objects.get())
    assert sum(band.tasks for band in bands) == Consensus.objects.count() == 12
    assert [band.low for band in bands] == [0.0, 0.5, 0.7, 0.9, 0.99]
    assert sum(band.share for band in bands) == pytest.approx(1)
    for band in bands:
        among = Consensus.objects.filter(confidence__gte=band.low)
        among = among.filter(confidence__lt=band.high) if band.high else among
        assert among.count() == band.tasks


def test_unsure_bands_lead_to_their_tasks(judged: Project, browser: Client) -> None:
    found = Agreement.objects.get()
    for band, tasks in zip(found.confusion["sure"], (0, 3, 2, 1, 6), strict=True):
        band["tasks"] = tasks
    found.save()
    page = browser.get(where("project-quality", judged)).content.decode()
    bars = page[page.index('<ul class="bars">') :]
    bars = bars[: bars.index("</ul>")]
    assert bars.count(where("quality-tasks", judged)) == 2


def test_a_figure_is_read_by_its_lower_end() -> None:
    assert Figure(0.9, 0.81, 0.95, 9).reading == "good"
    assert Figure(0.9, 0.7, 0.95, 9).reading == "fair"
    assert Figure(0.9, 0.3, 0.95, 9).reading == "poor"
    assert Figure(None, None, None, 0).reading == "unknown"


def test_before_the_first_figures(stage: Stage, browser: Client) -> None:
    project = stage.live(tasks=2)
    assert "Figures come with the first answers" in text(browser.get(where("project-quality", project)))
    assert "No disputed task here." in text(browser.get(where("quality-tasks", project)))


def test_from_a_pair_of_labels_to_a_task_and_its_answers(
    judged: Project, browser: Client, stage: Stage
) -> None:
    Consensus.objects.filter(task__position__in=[9, 10, 11]).update(confidence=0.6)
    page = browser.get(where("quality-tasks", judged), {"label": ["happy", "sad"]})
    tasks = re.findall(r"/quality/tasks/(\d+)/", page.content.decode())
    assert len(tasks) == 3
    words = text(browser.get(where("quality-task", judged, task=int(tasks[0]))))
    assert "A:" in words
    assert "I hesitated" in words
    assert "extra: kept and paid" in words
    for who in (stage.cast.member, stage.cast.colleague):
        assert who.name.title() not in words
        assert str(who.account) not in words


def test_a_label_that_nobody_names_has_no_tasks(judged: Project, browser: Client) -> None:
    Consensus.objects.update(confidence=0.6)
    page = browser.get(where("quality-tasks", judged), {"label": "angry"})
    assert "No disputed task here." in text(page)


def test_pages_of_disputed_tasks_meet_each_once(judged: Project, browser: Client) -> None:
    Consensus.objects.update(confidence=0.6)
    met: list[int] = []
    after = None
    while True:
        shown = disputed_tasks(SYSTEM, judged.id, after=after, limit=5)
        met += [one.task.id for one in shown.items]
        if shown.next is None:
            break
        after = shown.next
    assert met == sorted(met)
    assert len(met) == 12
    for bad in ("x", "0.5", "nan~1", "0.5~-1", "2~3", "0.5~" + "9" * 40):
        assert browser.get(where("quality-tasks", judged), {"cursor": bad}).status_code in {400, 422}


@pytest.mark.parametrize("name", ["project-quality", "quality-tasks"])
def test_statements_are_counted(
    judged: Project, browser: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Consensus.objects.update(confidence=0.6)
    with django_assert_max_num_queries(13):
        assert browser.get(where(name, judged)).status_code == 200


def test_who_may_look(judged: Project, stage: Stage) -> None:
    task = Annotation.objects.values_list("task", flat=True)[0]
    for name, more in (("project-quality", {}), ("quality-tasks", {}), ("quality-task", {"task": task})):
        address = where(name, judged, **more)
        for who, status in (
            (stage.cast.coordinator, 200),
            (stage.cast.auditor, 200),
            (stage.cast.finance, 403),
            (stage.cast.member, 403),
            (stage.cast.foreign_client, 404),
            (stage.cast.stranger, 404),
        ):
            assert browser_of(who).get(address).status_code == status, (name, who.name)


def test_another_projects_task_is_not_found(judged: Project, stage: Stage, browser: Client) -> None:
    other = stage.live(tasks=1)
    task = other.batches.get().tasks.get()
    assert browser.get(where("quality-task", judged, task=task.id)).status_code == 404
    assert browser.get(where("quality-task", other, task=task.id)).status_code == 200

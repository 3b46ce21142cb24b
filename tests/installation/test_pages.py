"""The administrator's pages about the installation, and what a person may take with her."""

import datetime as dt
import json

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.exchange.models import Import
from palabre.installation.jobs import PERIODIC
from palabre.installation.views.administration import JOBS, SECRET, _values
from palabre.people.models import Session
from palabre.settings import load
from palabre.web.jobs import Notebook, job_states
from palabre.web.models import JobRun
from palabre.work.models import Batch, Project
from tests.cast import BEGAN, Cast, Persona
from tests.people.door import browser_of, text_of, visible

SECOND = dt.timedelta(seconds=1)


def test_the_home_says_that_all_is_well(cast: Cast) -> None:
    page = visible(browser_of(cast.administrator).get("/"))
    assert "Everything runs. Nothing needs you now." in page


def test_the_home_says_what_fails(cast: Cast) -> None:
    notebook = Notebook("seals", SECOND)
    notebook.note(dt.datetime.now(dt.UTC), error=RuntimeError("hush"))
    page = visible(browser_of(cast.administrator).get("/"))
    assert "One job fails again and again." in page
    assert "hush" not in page


def test_jobs_with_their_state(cast: Cast) -> None:
    now = dt.datetime.now(dt.UTC)
    Notebook("seals", SECOND).note(now)
    Notebook("imports", SECOND).note(now, error=ValueError())
    Notebook("exports", SECOND).note(now - dt.timedelta(hours=1))
    page = visible(browser_of(cast.administrator).get("/installation/jobs/"))
    for said in ("seals good", "imports failing", "exports late", "ValueError"):
        assert said in page


def test_files_in_hand_are_ones_own(cast: Cast) -> None:
    project = Project.objects.create(
        operator=cast.operator, client=cast.client, name="Reviews", purpose="To know.", currency="EUR",
        seconds_per_task=10, created_at=BEGAN,
    )  # fmt: skip
    batch = Batch.objects.create(project=project, number=1, name="1", created_at=BEGAN)
    Import.objects.create(
        project=project, batch=batch, file="x", name="reviews.csv", size=1, keep="good_rows", state="running",
        good=1200, asked_by=cast.client_person.account, asked_at=BEGAN,
    )  # fmt: skip
    assert "Import reviews.csv Reviews running 1,200" in visible(
        browser_of(cast.administrator).get("/installation/jobs/")
    )
    assert "reviews.csv" not in text_of(browser_of(cast.stranger).get("/installation/jobs/"))


def test_every_job_has_a_name_for_people() -> None:
    assert set(JOBS) == {name for name, *_rest in PERIODIC}


def test_no_secret_is_shown() -> None:
    made = load(
        {
            "PALABRE_HOME": "/srv/palabre",
            "PALABRE_SECRET_KEY": "hush" * 20,
            "DATABASE_URL": "postgresql://ami:hush@db/palabre",
            "PALABRE_MAIL_HOST": "mail.example",
            "PALABRE_MAIL_FROM": "palabre@example.org",
            "PALABRE_MAIL_USER": "palabre",
            "PALABRE_MAIL_PASSWORD": "hush",
        }
    )
    shown = {one.name: one.value for one in _values(made, "PALABRE")}
    assert not any("hush" in value for value in shown.values())
    assert shown["PALABRE_SECRET_KEY"] == shown["DATABASE_URL"] == "set, not shown"
    assert shown["PALABRE_MAIL_HOST"] == "mail.example"
    assert {"secret_key", "password", "database_url", "access_key"} == SECRET


def test_the_settings_page(cast: Cast) -> None:
    page = visible(browser_of(cast.administrator).get("/installation/settings/"))
    assert "PALABRE_API_RATE 50" in page


def test_the_health_page(cast: Cast) -> None:
    assert "PostgreSQL" in visible(browser_of(cast.administrator).get("/installation/"))


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    browser = browser_of(getattr(cast, name))
    for path in ("/installation/", "/installation/jobs/", "/installation/settings/"):
        assert browser.get(path).status_code == 403


def own_data(who: Persona) -> dict[str, list[dict[str, object]]]:
    answer = browser_of(who).get("/account/my-data/")
    assert answer["Content-Disposition"].startswith("attachment")
    read = json.loads(answer.getvalue())
    assert isinstance(read, dict)
    return read


def test_her_own_data(cast: Cast) -> None:
    read = own_data(cast.member)
    assert read["people_personaldata.account"][0]["email"] == "member@example.org"
    assert read["people_grant.account"][0]["role"] == "member"
    assert "timesheet_timeentry.member" in read


def test_nobody_elses_data_and_no_secret(cast: Cast) -> None:
    text = json.dumps(own_data(cast.member))
    assert "colleague" not in text
    session = Session.objects.filter(account=cast.member.account).first()
    assert session is not None
    for secret in (session.session_key, session.session_data, "digest", "password"):
        assert secret not in text


def test_a_job_is_written_down_at_its_pace(db: None) -> None:
    notebook, at = Notebook("seals", SECOND), BEGAN
    for _ in range(40):
        notebook.note(at, done=1)
        at += SECOND
    run = JobRun.objects.get()
    assert (run.ran_at, run.done) == (BEGAN + 30 * SECOND, 30)


def test_a_turn_is_written_down_at_once(db: None) -> None:
    notebook = Notebook("seals", SECOND)
    notebook.note(BEGAN)
    notebook.note(BEGAN + SECOND, error=ValueError())
    assert job_states(BEGAN + SECOND)[0].failing
    notebook.note(BEGAN + 2 * SECOND)
    state = job_states(BEGAN + 2 * SECOND)[0]
    assert (state.failing, state.failed_at, state.why) == (False, BEGAN + SECOND, "ValueError")


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = browser_of(cast.administrator)
    for path, most in (("/", 9), ("/installation/jobs/", 7), ("/installation/settings/", 3)):
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200

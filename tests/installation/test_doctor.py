"""The doctor names what is wrong and what to do about it."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from palabre.installation.doctor import Finding, examine
from palabre.keys import secret_key
from palabre.settings import Settings, current
from palabre.times import system_clock
from palabre.web.jobs import Notebook


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    """The suite's database; a folder of its own; a port where nobody answers."""
    return dataclasses.replace(current(), home=tmp_path, port=1)


def found(settings: Settings, words: str) -> Finding:
    return next(finding for finding in examine(settings) if words in finding.what)


@pytest.mark.django_db
def test_all_is_well_but_the_web_server(installation: Settings) -> None:
    Notebook("seals", dt.timedelta(seconds=5)).note(system_clock.now())
    wrong = [finding.what for finding in examine(installation) if finding.todo]
    assert wrong == ["No web server answers at 127.0.0.1, port 1"]


@pytest.mark.django_db
def test_it_says_what_runs(installation: Settings) -> None:
    said = " ".join(finding.what for finding in examine(installation))
    for part in ("Palabre 0.", "PostgreSQL 18", "GB free", "clocks", "imports", "events to seal"):
        assert part in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "words"), [(None, "No background work has ever run"), (11, "No background work has run since")]
)
def test_without_background_work_nothing_is_well(
    installation: Settings, since: int | None, words: str
) -> None:
    if since is not None:
        Notebook("seals", dt.timedelta(seconds=5)).note(system_clock.now() - dt.timedelta(minutes=since))
    assert "palabre jobs" in found(installation, words).todo


@pytest.mark.django_db
def test_a_job_that_fails_is_named(installation: Settings) -> None:
    Notebook("seals", dt.timedelta(seconds=5)).note(system_clock.now(), error=ValueError())
    assert "seals" in found(installation, "late or fails").what


@pytest.mark.django_db
def test_an_open_key_is_wrong(installation: Settings) -> None:
    secret_key(dataclasses.replace(installation, secret_key=None))
    (installation.keys / "secret").chmod(0o644)
    assert "chmod 600" in found(installation, "keys can be read by others").todo


def test_a_stopped_embedded_server_is_wrong(installation: Settings) -> None:
    stopped = dataclasses.replace(installation, database_url=None)
    assert "palabre serve" in found(stopped, "is not running").todo


def test_where_the_disk_is_full_room_comes_first(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = dataclasses.replace(installation, database_url=None)
    real = shutil.disk_usage(installation.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: real._replace(free=10**6))
    assert "Make room" in found(stopped, "is not running").todo

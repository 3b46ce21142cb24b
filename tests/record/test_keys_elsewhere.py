"""A host that hasn't the keys of the record signs nothing, says what to do, and verifying there ends."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from palabre.installation.signing import check_keys
from palabre.installation.verification import all_problems
from palabre.record import seals
from palabre.record.actions import record
from palabre.record.errors import KeysElsewhere
from palabre.record.keys import open_keys
from palabre.record.models import Event
from palabre.settings import current

AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a host with another home."""
    other = dataclasses.replace(current(), home=folder)
    for place in ("palabre.record.seals.current", "palabre.record.head.current"):
        monkeypatch.setattr(place, lambda: other)


@pytest.fixture
def sealed() -> None:
    record("test.happened", by=None, at=AT, subject="test:1", data={})
    seals.seal_all(at=AT)
    record("test.happened", by=None, at=AT, subject="test:1", data={})


@pytest.mark.django_db
@pytest.mark.parametrize("has_others", [False, True])
def test_it_neither_makes_nor_takes_another_key(
    sealed: None, has_others: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if has_others:
        open_keys(tmp_path / "keys", at=AT - dt.timedelta(days=9))
    before = sorted(tmp_path.rglob("*"))
    here(tmp_path, monkeypatch)
    with pytest.raises(KeysElsewhere, match="Copy the folder of keys"):
        seals.keys(AT)
    with pytest.raises(KeysElsewhere):
        seals.seal_all(at=AT)
    found = list(all_problems(at=AT))
    assert any("Copy the folder of keys" in problem for problem in found)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.django_db
def test_a_record_without_a_seal_takes_the_first_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here(tmp_path, monkeypatch)
    assert seals.keys(AT).signing.did


@pytest.mark.django_db
def test_a_withdrawn_key_is_in_the_record(
    sealed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it signed before stays good, what comes after is signed by another one."""
    for path in current().keys.glob("signing-*"):
        (tmp_path / "keys").mkdir(exist_ok=True)
        (tmp_path / "keys" / path.name).write_bytes(path.read_bytes())
        (tmp_path / "keys" / path.name).chmod(0o600)
    here(tmp_path, monkeypatch)
    old = seals.keys(AT).signing.did
    now = AT + dt.timedelta(days=1)
    made = seals.withdraw(old, now, "The machine was lost.", at=now)
    event = Event.objects.get(code="record.key.withdrawn")
    assert (event.data["key"], event.data["signing"]) == (old, made.signing.did)
    assert "lost" not in str(event.data)
    assert seals.seal_all(at=now + dt.timedelta(days=1)).credential["issuer"] == made.signing.did
    assert list(all_problems(at=now + dt.timedelta(days=2))) == []


@pytest.mark.django_db(transaction=True)
def test_no_program_starts_without_them(tmp_path: Path) -> None:
    """What `serve`, `web` and `jobs` ask before anything else."""
    from django.db import connection

    address = " ".join(
        f"{name}={connection.settings_dict[key]}"
        for name, key in (("dbname", "NAME"), ("host", "HOST"), ("user", "USER"))
    )
    check_keys(address, tmp_path)
    record("test.happened", by=None, at=AT, subject="test:1", data={})
    seals.seal_all(at=AT)
    with pytest.raises(KeysElsewhere):
        check_keys(address, tmp_path)
    check_keys(address, current().keys)
    check_keys("host=/nowhere", tmp_path)

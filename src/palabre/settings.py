"""The settings of an installation: one frozen object, read from the environment and checked at start.

Each setting is a variable of the environment named in `load`. A secret may also come from a file, by the same
name with `_FILE` at its end. All problems are reported together, each by a sentence that says what to do.
`docs/settings.md` describes every variable; a test keeps the two alike.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from palabre.errors import PalabreError
from palabre.words import gettext as _
from palabre.words import gettext_lazy

LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "Français"}
MAIL_SECURITY = ("starttls", "tls", "none")
# Names of this machine that no other one reaches.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
LOG_LEVELS = ("debug", "info", "warning", "error")
# Variables of the project's own tools (tests, benchmarks); no setting of an installation.
TOOL_PREFIXES = ("PALABRE_TEST_", "PALABRE_BENCH_", "PALABRE_CHROMIUM")

T = TypeVar("T")


class SettingsError(PalabreError):
    """One or several settings cannot be used. `problems` has a sentence for each."""

    code = "settings.invalid"
    sentence = gettext_lazy("Palabre cannot start with these settings:\n%(problems)s")

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems="\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Storage:
    """Where media are kept when they are not local files."""

    bucket: str
    endpoint: str | None
    region: str | None
    access_key: str | None
    secret_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The server that takes our e-mails, and in whose name they are sent."""

    host: str
    port: int
    security: str
    user: str | None
    password: str | None
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTime:
    """By what figures time counts without a person: one set for all who work here, shown on the page of rules."""

    at_once_minutes: int = 15
    at_once_percent: int = 10
    week_minutes: int = 60
    # What one answer or skip stands for: times the expected time of its task, and no less than some minutes.
    task_times: int = 5
    task_minutes: int = 2
    # What reading a version of a guideline stands for, once.
    guideline_minutes: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation may choose. Made by `load` only."""

    home: Path
    database_url: str | None
    # Who owns the tables of an external database, where it is another role than the program's.
    migration_url: str | None
    pool_size: int
    host: str
    port: int
    url: str
    allowed_hosts: tuple[str, ...]
    secret_key: str | None
    languages: tuple[str, ...]
    demo: bool
    demo_public: bool
    web_workers: int
    web_threads: int
    api_rate: int
    time: CountedTime
    destination_wait: int
    s3: S3Storage | None
    mail: Mail | None
    log_level: str

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def secure(self) -> bool:
        """Whether people reach the server over HTTPS."""
        return self.url.startswith("https://")


class Reader:
    """Reads variables one by one and gathers what is wrong with them instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.known: set[str] = set()

    def text(self, name: str) -> str | None:
        """The value, or None where it is missing or blank."""
        self.known.add(name)
        return self.environ.get(name, "").strip() or None

    def secret(self, name: str) -> str | None:
        """The value of `name`, or the first line of the file that `name`_FILE names."""
        value, file = self.text(name), self.text(f"{name}_FILE")
        if file is None:
            return value
        if value is not None:
            self.refuse(_("%(name)s and %(name)s_FILE are both set: keep one of them."), name=name)
        try:
            return Path(file).read_text(encoding="utf-8").split("\n", 1)[0].strip() or None
        except (OSError, UnicodeDecodeError) as error:
            self.refuse(
                _(
                    "%(name)s_FILE names %(file)s, which cannot be read (%(why)s): correct the path or its rights."
                ),
                name=name,
                file=file,
                why=error.strerror if isinstance(error, OSError) else "UTF-8",
            )
            return None

    def parsed(self, name: str, default: T, parse: Callable[[str], T | None], expected: str) -> T:
        """`parse` of the value; None from it means that the value is no good."""
        raw = self.text(name)
        if raw is None:
            return default
        value = parse(raw)
        if value is None:
            self.refuse(
                _("%(name)s is %(value)r: give %(expected)s."), name=name, value=raw, expected=expected
            )
            return default
        return value

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        def parse(raw: str) -> int | None:
            number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
            return number if low <= number <= high else None

        expected = _("a whole number from %(low)d to %(high)d") % {"low": low, "high": high}
        return self.parsed(name, default, parse, expected)

    def flag(self, name: str) -> bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        return self.parsed(name, False, lambda raw: words.get(raw.lower()), _("1 (yes) or 0 (no)"))

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        expected = _("one of: %(choices)s") % {"choices": ", ".join(choices)}
        return self.parsed(
            name, default, lambda raw: raw.lower() if raw.lower() in choices else None, expected
        )

    def names(self, name: str) -> tuple[str, ...]:
        """A list with commas between its parts."""
        parts = (part.strip() for part in (self.text(name) or "").split(","))
        return tuple(part for part in parts if part)

    def refuse(self, sentence: str, **fields: object) -> None:
        self.problems.append(sentence % fields)

    def refuse_unknown(self) -> None:
        """A misspelt variable would otherwise be a setting silently left at its default."""
        for name in sorted(self.environ):
            if not name.startswith("PALABRE_") or name in self.known or name.startswith(TOOL_PREFIXES):
                continue
            near = difflib.get_close_matches(name, self.known, 1)
            hint = _("did you mean %(near)s?") % {"near": near[0]} if near else _("remove it.")
            self.refuse(_("%(name)s is no setting of Palabre: %(hint)s"), name=name, hint=hint)


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment; touches nothing. Raises SettingsError with every problem found."""
    read = Reader(environ)
    host = read.text("PALABRE_HOST") or "127.0.0.1"
    port = read.integer("PALABRE_PORT", 8000, 1, 65535)
    threads = read.integer("PALABRE_WEB_THREADS", 2, 1, 64)
    settings = Settings(
        home=_home(read),
        database_url=_database_url(read, "DATABASE_URL"),
        migration_url=_database_url(read, "PALABRE_MIGRATION_URL"),
        pool_size=read.integer("PALABRE_POOL_SIZE", 0, 0, 1000),
        host=host,
        port=port,
        url=_url(read, host, port),
        allowed_hosts=_allowed_hosts(read, host),
        secret_key=_secret_key(read),
        languages=_languages(read),
        demo=read.flag("PALABRE_DEMO"),
        demo_public=read.flag("PALABRE_DEMO_PUBLIC"),
        web_workers=read.integer("PALABRE_WEB_WORKERS", 2, 1, 64),
        web_threads=threads,
        api_rate=read.integer("PALABRE_API_RATE", 50, 1, 1_000_000),
        time=_counted_time(read),
        destination_wait=read.integer("PALABRE_DESTINATION_WAIT", 48, 1, 720),
        s3=_s3(read),
        mail=_mail(read),
        log_level=read.choice("PALABRE_LOG_LEVEL", "info", LOG_LEVELS),
    )
    _check_demo(read, settings)
    read.refuse_unknown()
    if read.problems:
        raise SettingsError(read.problems)
    return settings


@cache
def current() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def _check_demo(read: Reader, settings: Settings) -> None:
    """In the demo anybody is anybody with one click: it stays on this machine unless somebody says otherwise."""
    reached = {settings.host, urlsplit(settings.url).hostname or "", *settings.allowed_hosts}
    if settings.demo and not settings.demo_public and not reached <= LOOPBACK:
        read.refuse(
            _(
                "PALABRE_DEMO lets anybody act as anybody, and %(names)s can be reached from elsewhere: remove it,"
                " or set PALABRE_DEMO_PUBLIC=1 where that is what you want and nothing real is kept."
            ),
            names=", ".join(sorted(reached - LOOPBACK)),
        )


def _home(read: Reader) -> Path:
    base = Path(read.environ.get("XDG_DATA_HOME") or read.environ.get("HOME", "/") + "/.local/share")
    home = Path(read.text("PALABRE_HOME") or base / "palabre").expanduser()
    if not home.is_absolute():
        read.refuse(
            _(
                "PALABRE_HOME is %(value)r: give the whole path, from the root, of the folder for Palabre's data."
            ),
            value=str(home),
        )
    return home


def _database_url(read: Reader, name: str) -> str | None:
    value = read.secret(name)
    if value is not None and not value.startswith(("postgresql://", "postgres://")):
        # The value may hold a password, so the sentence doesn't repeat it.
        read.refuse(
            _(
                "%(name)s is no address of a PostgreSQL server: write postgresql://name:password@host/database,"
                " or remove it to use the embedded server."
            )
            % {"name": name}
        )
    return value


def _url(read: Reader, host: str, port: int) -> str:
    def parse(raw: str) -> str | None:
        parts = urlsplit(raw)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"}
        return raw.rstrip("/") if good and not parts.query and not parts.fragment else None

    # By its name: browsers make no passkey for an address in numbers.
    shown = "localhost" if host in LOOPBACK else f"[{host}]" if ":" in host else host
    return read.parsed(
        "PALABRE_URL",
        f"http://{shown}:{port}",
        parse,
        _("an address such as https://palabre.example, without a path"),
    )


def _allowed_hosts(read: Reader, host: str) -> tuple[str, ...]:
    names = read.names("PALABRE_ALLOWED_HOSTS")
    local = ("localhost", "127.0.0.1", "[::1]")
    if "*" in names:
        read.refuse(
            _("PALABRE_ALLOWED_HOSTS has *, which trusts any name: list the names of this server instead.")
        )
    if not names and host not in {"localhost", "127.0.0.1", "::1"}:
        read.refuse(
            _(
                "PALABRE_HOST is %(host)s, which opens the server to the network:"
                " list the names that it answers to in PALABRE_ALLOWED_HOSTS."
            ),
            host=host,
        )
    return (*names, *local)


def _secret_key(read: Reader) -> str | None:
    key = read.secret("PALABRE_SECRET_KEY")
    if key is not None and len(key) < 40:
        read.refuse(
            _(
                "PALABRE_SECRET_KEY has fewer than 40 characters: give a long random one,"
                " or remove it and one is made under PALABRE_HOME."
            )
        )
    return key


def _languages(read: Reader) -> tuple[str, ...]:
    names = read.names("PALABRE_LANGUAGES") or tuple(LANGUAGES)
    for name in names:
        if name not in LANGUAGES:
            read.refuse(
                _("PALABRE_LANGUAGES has %(name)r: choose among %(choices)s; the first one is the default."),
                name=name,
                choices=", ".join(LANGUAGES),
            )
    return names


def _counted_time(read: Reader) -> CountedTime:
    usual = CountedTime()
    return CountedTime(
        at_once_minutes=read.integer("PALABRE_TIME_AT_ONCE_MINUTES", usual.at_once_minutes, 5, 120),
        at_once_percent=read.integer("PALABRE_TIME_AT_ONCE_PERCENT", usual.at_once_percent, 0, 50),
        week_minutes=read.integer("PALABRE_TIME_WEEK_MINUTES", usual.week_minutes, 15, 600),
        task_times=read.integer("PALABRE_TIME_TASK_TIMES", usual.task_times, 1, 50),
        task_minutes=read.integer("PALABRE_TIME_TASK_MINUTES", usual.task_minutes, 1, 60),
        guideline_minutes=read.integer("PALABRE_TIME_GUIDELINE_MINUTES", usual.guideline_minutes, 10, 240),
    )


def _s3(read: Reader) -> S3Storage | None:
    bucket = read.text("PALABRE_S3_BUCKET")
    storage = S3Storage(
        bucket=bucket or "",
        endpoint=read.text("PALABRE_S3_ENDPOINT"),
        region=read.text("PALABRE_S3_REGION"),
        access_key=read.secret("PALABRE_S3_ACCESS_KEY"),
        secret_key=read.secret("PALABRE_S3_SECRET_KEY"),
    )
    if read.choice("PALABRE_MEDIA", "local", ("local", "s3")) == "local":
        return None
    if bucket is None:
        read.refuse(_("PALABRE_MEDIA is s3 but PALABRE_S3_BUCKET is missing: name the bucket for media."))
    if find_spec("storages") is None:
        read.refuse(_("PALABRE_MEDIA is s3 but its library is missing: install palabre[s3]."))
    return storage


def _mail(read: Reader) -> Mail | None:
    host, sender = read.text("PALABRE_MAIL_HOST"), read.text("PALABRE_MAIL_FROM")
    security = read.choice("PALABRE_MAIL_SECURITY", "starttls", MAIL_SECURITY)
    mail = Mail(
        host=host or "",
        port=read.integer("PALABRE_MAIL_PORT", 465 if security == "tls" else 587, 1, 65535),
        security=security,
        user=read.text("PALABRE_MAIL_USER"),
        password=read.secret("PALABRE_MAIL_PASSWORD"),
        sender=sender or "",
    )
    if (host is None) != (sender is None):
        read.refuse(
            _(
                "PALABRE_MAIL_HOST and PALABRE_MAIL_FROM belong together:"
                " give both to send e-mail, or none of them."
            )
        )
    if sender is not None and "@" not in sender:
        read.refuse(
            _("PALABRE_MAIL_FROM is %(value)r: give an address such as Palabre <palabre@example.org>."),
            value=sender,
        )
    if (mail.user is None) != (mail.password is None):
        read.refuse(
            _("PALABRE_MAIL_USER and PALABRE_MAIL_PASSWORD belong together: give both, or none of them.")
        )
    return mail if host is not None and sender is not None else None

"""What is running, and what to do about what is not right."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre import __version__
from palabre.embedded import Cluster
from palabre.installation.serve import web_answers
from palabre.keys import exposed
from palabre.pay.stuck import SETTLEABLE, Stuck, stuck_days
from palabre.settings import Settings
from palabre.times import system_clock
from palabre.web.health import LEAST_ROOM, missing_migrations
from palabre.web.jobs import job_states

LOW_DISK = 2 * 1024**3
CLOCK_SECONDS = 2.0
# Some job runs every second and is noted every half minute.
QUIET = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` as it is; `todo` says what to do, and is empty when it is right."""

    what: str
    todo: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the whole installation, part by part."""
    yield Finding(
        _("Palabre %(version)s, Django %(django)s") % {"version": __version__, "django": version("django")}
    )
    yield _disk(settings)
    yield _keys(settings)
    yield _web(settings)
    if settings.database_url is None and not Cluster(settings.home).is_running():
        yield Finding(
            _("The embedded database is not running"),
            _room_first(settings) or _("Start the installation with `palabre serve`."),
        )
        return
    if settings.database_url is None:
        yield _where(Cluster(settings.home))
    try:
        yield from _database()
    except DatabaseError as error:
        yield Finding(
            _("The database does not answer: %(why)s") % {"why": str(error).strip()},
            _room_first(settings)
            or _("Start the installation with `palabre serve`, or correct DATABASE_URL."),
        )


def _room_first(settings: Settings) -> str:
    """What to do where the disk is full; else nothing."""
    if shutil.disk_usage(settings.home).free >= LEAST_ROOM:
        return ""
    return _("Make room on the disk first: without it the database can't start.")


def _disk(settings: Settings) -> Finding:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    what = _("%(home)s has %(free)s GB free") % {"home": settings.home, "free": round(free / 1024**3, 1)}
    return Finding(what, "" if free > LOW_DISK else _("Make room: below 2 GB the database may stop."))


def _keys(settings: Settings) -> Finding:
    open_files = ", ".join(str(path) for path in exposed(settings))
    if not open_files:
        return Finding(_("Keys are readable by their owner only"))
    return Finding(
        _("These keys can be read by others: %(files)s") % {"files": open_files},
        _("Run chmod 600 on them, and make new ones if somebody may have copied them."),
    )


def _web(settings: Settings) -> Finding:
    where = {"host": settings.host, "port": settings.port}
    if web_answers(settings):
        return Finding(_("The web server answers at %(host)s, port %(port)s") % where)
    return Finding(
        _("No web server answers at %(host)s, port %(port)s") % where,
        _("Start the installation with `palabre serve`, or this part alone with `palabre web`."),
    )


def _where(cluster: Cluster) -> Finding:
    """What a backup needs to know."""
    return Finding(
        _(
            "The embedded database is reached by “%(address)s”; its programs (pg_dump, psql) are in %(programs)s"
        )
        % {"address": cluster.address(), "programs": cluster.place.programs()}
    )


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), extract(epoch FROM clock_timestamp()),"
            " pg_size_pretty(pg_database_size(current_database())), pg_postmaster_start_time()"
        )
        server, seconds, size, since = cursor.fetchone()
    yield Finding(
        _("PostgreSQL %(server)s, running since %(since)s, %(size)s")
        % {"server": server, "since": f"{since:%Y-%m-%d %H:%M}", "size": size}
    )
    drift = abs(system_clock.now().timestamp() - float(seconds))
    yield Finding(
        _("The clocks of this machine and of the database differ by %(drift)s s")
        % {"drift": round(drift, 2)},
        "" if drift < CLOCK_SECONDS else _("Set both clocks by network time (NTP)."),
    )
    missing = missing_migrations()
    if missing:
        yield Finding(_("%(n)s migrations are missing") % {"n": len(missing)}, _("Run `palabre migrate`."))
        return
    yield _background()
    yield from _pending()
    yield from _unread()


def _background() -> Finding:
    """Whether anybody does the background work."""
    at = system_clock.now()
    states = job_states(at)
    newest = max((state.ran_at for state in states), default=None)
    start = _("Start `palabre jobs`, or `palabre serve`, which runs it as well.")
    if newest is None:
        return Finding(_("No background work has ever run here"), start)
    since = f"{newest:%Y-%m-%d %H:%M} UTC"
    if at - newest > QUIET:
        return Finding(_("No background work has run since %(since)s") % {"since": since}, start)
    late = ", ".join(state.name for state in states if state.late or state.failing)
    if late:
        what = _("Background work that is late or fails: %(jobs)s") % {"jobs": late}
        return Finding(what, _("The logs of `palabre jobs` say why; it is tried again by itself."))
    return Finding(_("Background work ran last at %(since)s") % {"since": since})


# A day that nothing can settle is named by itself: it is not the background work that is behind.
_PENDING = f"""
SELECT (SELECT count(*) FROM exchange_import WHERE state IN ('waiting', 'running')),
       (SELECT count(*) FROM exchange_export WHERE state IN ('waiting', 'running')),
       (SELECT count(*) FROM (SELECT 1 FROM work_lease WHERE state = 'open' AND expires_at < now() - interval '1 hour'
                              LIMIT 1000) late),
       (SELECT count(*) FROM (SELECT 1 FROM pay_dueday due WHERE day < current_date - 2 AND {SETTLEABLE}
                              LIMIT 1000) old),
       (SELECT coalesce(max(seq), 0) FROM record_event) - (SELECT coalesce(max(last), 0) FROM record_seal),
       (SELECT count(*) FROM record_failure)
"""  # noqa: S608 - text of our own


def _pending() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        imports, exports, late, old, unsealed, passed = cursor.fetchone()
    yield Finding(
        _("%(imports)s imports and %(exports)s exports are waiting")
        % {"imports": imports, "exports": exports}
    )
    behind = late + old > 0 or unsealed > 10_000
    yield Finding(
        _("%(late)s leases to return, %(old)s days to settle, %(unsealed)s events to seal")
        % {"late": late, "old": old, "unsealed": unsealed},
        _("Background work is behind: is `palabre jobs` (or `palabre serve`) running?") if behind else "",
    )
    if passed:
        yield Finding(
            ngettext(
                "Background work could not do one thing and passed it",
                "Background work could not do %(n)s things and passed them",
                passed,
            )
            % {"n": passed},
            _(
                "The page of background work names them, and the logs say why. They are tried again by themselves."
            ),
        )
    for stuck in stuck_days(None, system_clock.now()):
        yield _stuck(stuck)


def _stuck(one: Stuck) -> Finding:
    """No name: the terminal is not the place for it."""
    said = {"day": one.day, "member": one.member, "country": one.country}
    if one.country:
        return Finding(
            _("%(day)s of member %(member)s can't be settled: no floor is known for %(country)s") % said,
            _("Import a floor for the place with `palabre floors import FILE`. Nobody else is held up."),
        )
    return Finding(
        _("%(day)s of member %(member)s can't be settled: it is not known where she lives") % said,
        _("An administrator enters it on her page. Nobody else is held up."),
    )


def _unread() -> Iterator[Finding]:
    """What phones sent and no version could read waits for a person, not for the background work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM work_rawsubmission WHERE state = 'waiting'")
        (number,) = cursor.fetchone()
    if number:
        yield Finding(
            _("%(n)s things that phones sent could not be read and wait for a person") % {"n": number},
            _("A coordinator finds them from the first page: “What could not be read”."),
        )

"""Holds every row of every held table against what the events say of it, set-based and in flat memory."""

from collections.abc import Iterator

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from palabre.record.held import Held, held_tables
from palabre.record.holding import NONE, TAKEN_UP, columns_of, digest_sql, exact, tables_not_watched
from palabre.record.problems import Problem
from palabre.words import gettext_lazy as _

# So many rows of one table are named; of more, how many there are.
NAMED = 20

# The lines of all events side by side; of each row the newest is kept, and each that does not follow on the one
# before it.
_SAID = f"""
CREATE TEMP TABLE record_said ON COMMIT DROP AS
SELECT held, id, seq, now, broken, newest FROM (
    SELECT held, id, seq, now,
        before <> '{TAKEN_UP}' AND before IS DISTINCT FROM coalesce(lag(now) OVER of_row, '{NONE}') AS broken,
        lead(seq) OVER of_row IS NULL AS newest
    FROM (
        SELECT split_part(line, ' ', 1) COLLATE "C" AS held, split_part(line, ' ', 2) COLLATE "C" AS id, seq, place,
            split_part(line, ' ', 3) COLLATE "C" AS now, split_part(line, ' ', 4) COLLATE "C" AS before
        FROM record_event, unnest(string_to_array(rows, E'\\n')) WITH ORDINALITY lines (line, place)
        WHERE rows IS NOT NULL
    ) lines
    WINDOW of_row AS (PARTITION BY held, id ORDER BY seq, place)
) every WHERE newest OR broken
"""  # noqa: S608
_OFF = """
SELECT coalesce(said.id, stored.id), CASE
    WHEN said.id IS NULL THEN 'invented' WHEN stored.id IS NULL THEN 'gone' ELSE 'changed' END,
    count(*) OVER ()
FROM (SELECT id, nullif(now, '{none}') AS now FROM record_said WHERE held = '{table}' AND newest) said
FULL JOIN (SELECT (r.{key}::text) COLLATE "C" AS id, {digest} AS now FROM {table} r) stored USING (id)
WHERE said.now IS DISTINCT FROM stored.now ORDER BY 1 LIMIT {named}
"""
_BROKEN = """
SELECT id, seq, count(*) OVER () FROM record_said WHERE held = '{table}' AND broken ORDER BY seq LIMIT {named}
"""
_SENTENCES = {
    "invented": _("%(table)s %(row)s: no event of the record says that this row was made."),
    "gone": _("%(table)s %(row)s: the record says that there is such a row, and it is gone."),
    "changed": _("%(table)s %(row)s: this row is not as the last event that speaks of it left it."),
}
_CHANGED_BEFORE = _(
    "%(table)s %(row)s: this row was changed by no action before event %(event)s found it so."
)
_NOT_WATCHED = _(
    "%(table)s: what is written in this table does not enter the record. Run `palabre migrate`, which puts that right."
)
_MORE = _("%(table)s: %(count)s more rows are off like this.")


def row_problems() -> Iterator[Problem]:
    """Everything that is off in a held table, each naming table and row. Nothing when all agrees."""
    for table in tables_not_watched():
        yield Problem("record.table_not_watched", _NOT_WATCHED, {"table": table})
    with transaction.atomic(), exact() as cursor:
        # One moment for events and rows; and what this very transaction wrote is said first.
        cursor.execute("SET CONSTRAINTS record_event_say_rest IMMEDIATE")
        cursor.execute("SET CONSTRAINTS record_event_say_rest DEFERRED")
        cursor.execute("DROP TABLE IF EXISTS record_said")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_SAID)
        for held in held_tables():
            yield from _of_table(cursor, held)


def _of_table(cursor: CursorWrapper, held: Held) -> Iterator[Problem]:
    digest = digest_sql(held, columns_of(cursor, held), "r")
    names = {"table": held.table, "key": held.key, "digest": digest, "named": NAMED, "none": NONE}
    cursor.execute(_OFF.format(**names))
    rows = cursor.fetchall()
    for row, how, _count in rows:
        yield Problem(f"record.row_{how}", _SENTENCES[how], {"table": held.table, "row": row})
    yield from _more(held, rows)
    cursor.execute(_BROKEN.format(**names))
    rows = cursor.fetchall()
    for row, seq, _count in rows:
        fields = {"table": held.table, "row": row, "event": seq}
        yield Problem("record.row_changed_before", _CHANGED_BEFORE, fields, event=seq)
    yield from _more(held, rows)


def _more(held: Held, rows: list[tuple[str, object, int]]) -> Iterator[Problem]:
    if rows and rows[0][2] > len(rows):
        yield Problem("record.rows_more", _MORE, {"table": held.table, "count": rows[0][2] - len(rows)})

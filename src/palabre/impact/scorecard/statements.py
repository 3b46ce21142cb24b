"""The statements behind a ScoreCard that the ORM can't say."""

from palabre.pay.stuck import SETTLEABLE

TASKS = """
SELECT count(*) FROM work_task t JOIN work_batch b ON b.id = t.batch_id
WHERE t.project_id = %(project)s AND b.state <> 'discarded'
"""

# Each answer as it first came, also where a later one replaced it.
_ANSWERS = """
SELECT a.task_id, a.member_id, a.place,
    coalesce(first.submitted_at, a.submitted_at) AS submitted_at,
    coalesce(first.received_at, a.received_at) AS received_at
FROM work_annotation a LEFT JOIN work_annotationrevision first
    ON a.revision > 1 AND first.annotation_id = a.id AND first.revision = 1
WHERE a.project_id = %(project)s
"""

# Who answered, with the place where she lived on a day: the last one of the project.
MEMBERS = f"""
SELECT a.member_id, coalesce(place.country, ''), coalesce(place.region, '')
FROM (SELECT DISTINCT member_id FROM ({_ANSWERS}) a WHERE received_at <= %(as_of)s) a
LEFT JOIN people_lived place
    ON place.account_id = a.member_id AND %(day)s >= place.from_day AND %(day)s < place.until
ORDER BY 1
"""  # noqa: S608

# Base pay is credited in the transaction that receives an answer, at `received_at`.
JUDGEMENTS = f"""
SELECT count(DISTINCT task_id), count(*), count(*) FILTER (WHERE place IS NULL),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY waited), percentile_disc(0.9) WITHIN GROUP (ORDER BY waited)
FROM (
    SELECT *, floor(extract(epoch FROM received_at - submitted_at) * 1000)::bigint AS waited
    FROM ({_ANSWERS}) a WHERE received_at <= %(as_of)s
) timed
"""  # noqa: S608

# What moved on the project's own accounts, by kind of account and of transaction.
MONEY = """
SELECT a.kind, t.kind, sum(p.amount)::bigint
FROM pay_ledgeraccount a JOIN pay_posting p ON p.account_id = a.id
JOIN pay_ledgertransaction t ON t.id = p.transaction_id
WHERE a.owner = %(project)s AND a.kind IN ('escrow', 'share', 'social') AND t.at <= %(as_of)s
GROUP BY a.kind, t.kind
"""

# A settlement keeps which charged account a part of its top-up falls on: `share` in the member's currency.
# A member's settlements are found by her days on the project.
TOP_UPS = """
SELECT s.member_id, s.currency, count(*), sum((part ->> 'share')::bigint)::bigint
FROM pay_settlement s CROSS JOIN LATERAL jsonb_array_elements(s.arithmetic -> 'shares') part
WHERE (part ->> 'charge')::bigint = %(escrow)s AND s.settled_at <= %(as_of)s AND (s.member_id, s.day) IN (
    SELECT member_id, day FROM timesheet_timeentry WHERE charge = %(escrow)s
    UNION SELECT member_id, day FROM pay_accrual WHERE charge_id = %(escrow)s
)
GROUP BY s.member_id, s.currency ORDER BY s.member_id, s.currency
"""

# Of the members' days with time or pay of the project: settled; of those, brought to the floor; never settled.
# Then those that are going to be settled (again), by day and time zone.
DAYS = f"""
WITH worked AS (
    SELECT member_id, day FROM timesheet_timeentry WHERE charge = %(escrow)s AND received_at <= %(as_of)s
    UNION SELECT member_id, day FROM pay_accrual WHERE charge_id = %(escrow)s
), settled AS (
    SELECT DISTINCT ON (s.member_id, s.day) s.member_id, s.day,
        s.earned + s.topped_up_before + s.top_up >= s.due AS reached
    FROM pay_settlement s JOIN worked USING (member_id, day) WHERE s.settled_at <= %(as_of)s
    ORDER BY s.member_id, s.day, s.revision DESC
), unsettled AS (
    SELECT w.member_id, w.day, place.timezone, s.member_id IS NULL AS never, due.id IS NOT NULL AND {SETTLEABLE} AS coming
    FROM worked w
    LEFT JOIN people_lived place
        ON place.account_id = w.member_id AND w.day >= place.from_day AND w.day < place.until
    LEFT JOIN settled s ON s.member_id = w.member_id AND s.day = w.day
    LEFT JOIN pay_dueday due ON due.member_id = w.member_id AND due.day = w.day
    WHERE s.member_id IS NULL OR due.id IS NOT NULL
)
SELECT count(*), count(*) FILTER (WHERE reached), count(DISTINCT member_id) FILTER (WHERE NOT reached),
    (SELECT count(*) FROM unsettled WHERE never), (SELECT count(DISTINCT member_id) FROM unsettled WHERE never),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(day, timezone, n)), '[]') FROM (
        SELECT day, timezone, count(*) AS n FROM unsettled WHERE coming GROUP BY 1, 2) g)
FROM settled
"""  # noqa: S608 - text of our own

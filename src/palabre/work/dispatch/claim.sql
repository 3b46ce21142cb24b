-- Claim up to %(wanted)s tasks of one batch for one member, and remember how far she has come.
--
-- :look stands in the text as a number, one statement for each of a few: with the bound in a parameter,
-- PostgreSQL expects a tenth of the table, plans anew each time (longer than it runs) or joins it whole.
--
-- Candidates come from three short index scans: places she passed because another session held
-- them (gaps), tasks whose place came back (returned), and the next tasks after her cursor. The
-- number looked at is bounded by :look, so the cost depends neither on the size of the batch nor
-- on what she has done. A candidate locked by another session is skipped and becomes a gap; so does
-- one that came back beyond the mark, once money has been taken away from what had been handed out.
WITH candidates AS MATERIALIZED (
    SELECT id, position, returned, 0 AS rank FROM work_task
    WHERE batch_id = %(batch)s AND position = ANY(%(gaps)s::int[]) AND is_open
    UNION
    (SELECT id, position, returned, 1 FROM work_task
     WHERE batch_id = %(batch)s AND is_open AND returned > %(returned)s AND %(take_returned)s
     ORDER BY returned LIMIT :look)
    UNION
    (SELECT id, position, NULL, 2 FROM work_task
     WHERE batch_id = %(batch)s AND is_open AND position > %(position)s AND position <= %(upto)s
     ORDER BY position LIMIT :look)
), fresh AS MATERIALIZED (
    SELECT id, min(position) AS position, min(rank) AS rank FROM candidates c
    WHERE NOT EXISTS (SELECT 1 FROM work_lease l WHERE l.task_id = c.id AND l.member_id = %(member)s)
    GROUP BY id
), locked AS MATERIALIZED (
    SELECT t.id, t.position, t.free & -t.free AS bit, t.payload, t.media_id, t.external_id, f.rank
    FROM work_task t JOIN fresh f ON f.id = t.id
    WHERE t.is_open AND t.position <= %(upto)s ORDER BY f.rank, t.position LIMIT %(wanted)s
    FOR UPDATE OF t SKIP LOCKED
), picked AS MATERIALIZED (
    SELECT * FROM (
        SELECT *, sum(octet_length(payload::text)) OVER (ORDER BY rank, position)
                - octet_length(payload::text) AS before
        FROM locked
    ) sized WHERE before = 0 OR before + octet_length(payload::text) <= %(max_bytes)s
), claimed AS (
    UPDATE work_task t SET free = t.free & (t.free - 1) FROM picked p WHERE t.id = p.id
), leased AS (
    INSERT INTO work_lease (task_id, member_id, project_id, place, state, leased_at, expires_at, reason, comment)
    SELECT id, %(member)s, %(project)s, round(log(bit::float8) / log(2::float8))::smallint, 'open',
           %(at)s, %(expires)s, '', ''
    FROM picked ORDER BY rank, position
    RETURNING id, task_id
), handed AS (
    INSERT INTO work_handout (member_id, project_id, guideline_version, at)
    SELECT %(member)s, %(project)s, 0, %(at)s WHERE EXISTS (SELECT FROM picked)
    ON CONFLICT (member_id, project_id, guideline_version) DO NOTHING
), reached AS (
    -- With enough found, the cursor stops at the last one taken; otherwise at the last one looked at.
    SELECT greatest(%(position)s::int, CASE
        WHEN (SELECT count(*) FROM picked) >= %(wanted)s
             OR (SELECT count(*) FROM picked) < (SELECT count(*) FROM locked)
        THEN (SELECT max(position) FROM picked WHERE rank = 2)
        ELSE (SELECT max(position) FROM candidates WHERE rank = 2) END) AS position
), moved AS (
    INSERT INTO work_cursor AS c (member_id, batch_id, position, returned, gaps)
    SELECT %(member)s, %(batch)s, r.position,
           greatest(%(returned)s::bigint, (SELECT max(returned) FROM candidates WHERE rank = 1)),
           ARRAY(SELECT f.position FROM fresh f
                 WHERE f.id NOT IN (SELECT id FROM picked) AND (f.rank < 2 OR f.position <= r.position)
                 ORDER BY 1)
    FROM reached r
    ON CONFLICT (member_id, batch_id) DO UPDATE
        SET position = EXCLUDED.position, returned = EXCLUDED.returned, gaps = EXCLUDED.gaps
    RETURNING c.position, c.returned, c.gaps
)
SELECT l.id, p.id, p.position, p.external_id, p.payload, p.media_id,
       m.position, m.returned, m.gaps,
       (SELECT count(*) FROM candidates WHERE rank = 2) AS looked
FROM moved m LEFT JOIN (leased l JOIN picked p ON p.id = l.task_id) ON true
ORDER BY p.rank, p.position

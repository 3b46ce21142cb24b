"""What must hold after any month, whatever happened in it."""

from decimal import Decimal

from django.db import connection

from palabre.pay.models import Payout
from palabre.pay.queries import member_balances, oneself
from palabre.work.models import Annotation, AnnotationRevision, OtherAnswer
from tests.simulation.world import World


def check(world: World) -> None:
    """Raises AssertionError naming the seed and what is broken."""
    for law in (_nothing_lost, _overlap, _pay_floor, _payouts, _balances):
        try:
            law(world)
        except AssertionError as error:
            raise AssertionError(f"seed {world.seed}: {law.__name__}: {error}") from error


def _nothing_lost(world: World) -> None:
    """Every acknowledged answer is there once: now, as an earlier revision, or beside another of hers."""
    keys = list(Annotation.objects.filter(project=world.project).values_list("key", flat=True))
    keys += AnnotationRevision.objects.filter(annotation__project=world.project).values_list("key", flat=True)
    keys += OtherAnswer.objects.filter(annotation__project=world.project).values_list("key", flat=True)
    assert len(keys) == len(set(keys)), "an answer is stored twice"
    assert set(world.acknowledged) == set(keys), f"{len(set(world.acknowledged) ^ set(keys))} answers differ"


def _overlap(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT task_id FROM work_annotation WHERE project_id = %s AND place IS NOT NULL"
            " GROUP BY task_id HAVING count(*) > %s) over",
            [world.project.id, world.project.overlap],
        )
        assert cursor.fetchone()[0] == 0, "more counted answers than the overlap"


def _pay_floor(world: World) -> None:
    """Each settled day: base pay and top-ups together reach counted hours times the floor."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.member_id, s.day, s.currency, s.hourly, t.ms, coalesce(a.credited, 0), s.topped_up_before + s.top_up
            FROM (SELECT DISTINCT ON (member_id, day) * FROM pay_settlement ORDER BY member_id, day, revision DESC) s
            JOIN (SELECT member_id, day, sum(counted_ms) AS ms FROM timesheet_timeentry GROUP BY 1, 2) t
                USING (member_id, day)
            LEFT JOIN (SELECT member_id, day, currency, sum(credited) AS credited FROM pay_accrual GROUP BY 1, 2, 3) a
                ON a.member_id = s.member_id AND a.day = s.day AND a.currency = s.currency
            WHERE s.member_id = ANY(%s)
            """,
            [[device.member.account for device in world.devices]],
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM pay_dueday WHERE member_id = ANY(%s)",
            [[device.member.account for device in world.devices]],
        )
        assert cursor.fetchone()[0] == 0, "a day is still due"
    assert rows, "nobody was settled"
    for member, day, currency, hourly, ms, credited, topped_up in rows:
        scale = 100 if currency == "EUR" else 1
        floor = Decimal(ms) / 3_600_000 * hourly * scale
        assert credited + topped_up + 1 >= floor, f"{member} {day}: {credited} + {topped_up} < {floor}"


def _payouts(world: World) -> None:
    assert world.rail.sent_twice == 0, "a payment was sent twice"
    for payout in Payout.objects.filter(member__in=[device.member.account for device in world.devices]):
        sent = world.rail.sent.get(payout.reference)
        if payout.state == Payout.State.PAID:
            assert sent is not None and sent.minor == payout.amount, "paid, but not as asked"
        elif payout.state == Payout.State.FAILED:
            assert world.rail.fate.get(payout.reference) == Payout.State.FAILED, "failed here only"
        else:
            assert sent is None, f"{payout.state} although the rail has an answer"


def _balances(world: World) -> None:
    """What each member may withdraw = credits + top-ups - payouts that did not fail."""
    for device in world.devices:
        there = member_balances(oneself(device.member)).get(device.currency, 0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce((SELECT sum(credited) FROM pay_accrual WHERE member_id = %(m)s AND currency = %(c)s), 0)"
                " + coalesce((SELECT sum(top_up) FROM pay_settlement WHERE member_id = %(m)s AND currency = %(c)s), 0)"
                " - coalesce((SELECT sum(amount) FROM pay_payout WHERE member_id = %(m)s AND currency = %(c)s"
                " AND state <> 'failed'), 0)",
                {"m": device.member.account, "c": device.currency},
            )
            expected = cursor.fetchone()[0]
        assert there == expected >= 0, f"{there} on the account, {expected} expected"

"""The same questions as somebody who knows the tables would write them in SQL: what the desk is held against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

SHOWN = """
    SELECT i.id, i.reason, i.reason_codes, i.state, i.amount_cents, i.limit_on, i.due_at, i.entered_at, i.priority,
           i.priority_parts, i.escalation_level, i.next_action, i.next_action_on, i.waiting_for, i.waiting_until,
           i.subject_type, i.subject_id, p.first_name, p.last_name, p.birth_on, y.name, u.first_name, u.last_name,
           u.username, s.name, c.control_number
    FROM workqueues_item i
    LEFT JOIN patients_patient p ON p.id = i.patient_id LEFT JOIN coverage_payer y ON y.id = i.payer_id
    LEFT JOIN accounts_user u ON u.id = i.owner_id LEFT JOIN accounts_site s ON s.id = i.site_id
    LEFT JOIN claims_claim c ON c.id = i.claim_id
    WHERE i.queue = %s AND i.closed_at IS NULL {more}
    ORDER BY i.priority, i.due_at, i.id LIMIT 50
"""
COUNTS = """
    SELECT queue, count(*), count(*) FILTER (WHERE owner_id = %s), count(*) FILTER (WHERE owner_id IS NULL),
           count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE escalation_level > 0),
           count(*) FILTER (WHERE due_at <= %s AND state <> 'waiting'), sum(amount_cents), min(entered_at)
    FROM workqueues_item WHERE closed_at IS NULL GROUP BY queue
"""
TAKE = """
    UPDATE workqueues_item SET owner_id = %s, state = 'in_progress', taken_at = now(), touched_at = now(),
           first_touched_at = coalesce(first_touched_at, now())
    WHERE id = (SELECT id FROM workqueues_item
                WHERE queue = %s AND owner_id IS NULL AND closed_at IS NULL AND state = 'new'
                ORDER BY priority, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, site_id
"""
TRAIL = """
    INSERT INTO audit_event (at, actor_id, actor_name, verb, subject_type, subject_id, site_id, request_id, reason,
                             before, after)
    VALUES (now(), %s, %s, 'took item', 'workqueues.item', %s, %s, '', '', '{"state": "new", "owner": null}', %s)
"""


LADDER = """
    INSERT INTO workqueues_escalation (item_id, round, level, reason, to_whom, at)
    SELECT i.id, i.reopened_count, r.level, r.reason, r.to_whom, %s
    FROM workqueues_item i JOIN (
        SELECT 1 AS level, 'Our promise to close it has passed.' AS reason, 'Team lead' AS to_whom
        UNION ALL SELECT 2, 'Twice the promised time has passed.', 'Billing manager'
        UNION ALL SELECT 3, '$2,500.00 or more is at risk.', 'Practice administrator'
        UNION ALL SELECT 4, 'A limit is at most 5 days away.', 'Compliance officer'
    ) r ON (r.level = 1 AND i.due_at <= %s) OR (r.level = 2 AND i.due_at <= %s)
        OR (r.level = 3 AND i.amount_cents >= 250000) OR (r.level = 4 AND i.limit_on <= %s)
    WHERE i.closed_at IS NULL AND i.state <> 'waiting'
    ON CONFLICT DO NOTHING
"""
LEVELS = """
    UPDATE workqueues_item SET escalation_level = r.level
    FROM (SELECT item_id, max(level) AS level FROM workqueues_escalation WHERE at = %s GROUP BY item_id) AS r
    WHERE workqueues_item.id = r.item_id AND workqueues_item.escalation_level < r.level
"""


def rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _told(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _told(params: list[Any]) -> list[Any]:
    """Moments as each database keeps them."""
    adapted = connection.ops.adapt_datetimefield_value
    return [adapted(value) if isinstance(value, datetime) else value for value in params]


def page(queue: str, *, owner: str | None = None, after: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
    """Fifty rows with what a list shows of them."""
    more, params = "", [queue]
    if owner:
        more, params = " AND i.owner_id = %s", [queue, owner]
    if after:
        more, params = f"{more} AND (i.priority, i.due_at, i.id) > (%s, %s, %s)", [*params, *after]
    return rows(SHOWN.format(more=more), params)


def counts(owner: str, now: datetime) -> list[tuple[Any, ...]]:
    return rows(COUNTS, [owner, now])


def buckets(edges: dict[str, list[tuple[Any, Any]]]) -> dict[tuple[str, int], tuple[int, int]]:
    """Items and money by queue and bucket in one statement: every open row is given its bucket and counted once."""
    cases, params = [], []
    for queue, spans in edges.items():
        inner = " ".join(f"WHEN entered_at >= %s THEN {n}" for n, (since, _) in enumerate(spans[:-1]))
        cases.append(f"WHEN queue = %s THEN CASE {inner} ELSE {len(spans) - 1} END")
        params += [queue, *(since for since, _ in spans[:-1])]
    sql = (
        f"SELECT queue, CASE {' '.join(cases)} END AS bucket, count(*), sum(amount_cents) "
        "FROM workqueues_item WHERE closed_at IS NULL GROUP BY 1, 2"
    )
    return {(queue, bucket): (count, cents) for queue, bucket, count, cents in rows(sql, params)}


def escalate(now: datetime, promised: datetime, twice: datetime, limit: date) -> int:
    """The general ladder in one pass over what is open, then the level shown on lists; the number of records.

    Like the desk it names a reason and whom it goes to, and leaves alone what was written before.
    """
    with connection.cursor() as cursor:
        cursor.execute(LADDER, _told([now, promised, twice, limit]))
        written: int = cursor.rowcount
        cursor.execute(LEVELS, _told([now]))
    return written

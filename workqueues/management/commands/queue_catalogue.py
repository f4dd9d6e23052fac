"""`manage.py queue_catalogue`: the catalogue of queues as the page `docs/queues.md`, printed from the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cob.accounts.roles import ROLES
from workqueues.escalation import LADDER, MUST_DO, TO_WHOM
from workqueues.models.choices import EvidenceKind
from workqueues.queues import QUEUES, Queue

HEAD = """# The queues

Printed by `python manage.py queue_catalogue > docs/queues.md`; a test compares the two. Days and bounds are defaults.

A queue is a question asked of the facts. Whoever answers it is an item; when the answer changes the item goes by
itself and says why. After each event the queues are asked about whoever it touched; at 02:10 they are asked about
everybody, with the same result. What comes back within 30 days counts as a closing that did not hold.

A claim is worked in one queue; overlays show it beside. Every open refusal is in exactly one queue, however its codes
are mapped.

What a person closes needs proof of a kind the queue takes, and a root cause. A write-off needs a second person: up to
$25 a colleague, $100 the queue's lead, $500 a supervisor, above it the practice administrator (any supervisor while
nobody is named). While an item is set aside (for a named party, until a day) our own promise stands still; its age and
limits set by others do not.

Looking takes nothing, so that a list can be read through without holding anybody up. “Open and take”, the button in the
row or `t`, takes what nobody has and opens it beside the list, which stays where it was; of two who press at once the
second reads who was quicker. A list is turned page by page from where one stands, however much was closed meanwhile.

What is taken and not worked on for 45 minutes goes back to all, and so does the work of whoever is absent or works
here no more. Items are left to whoever takes the next one, or given out in turn or by load, as a manager sets it for a
queue. What is handed over is accepted or given back with a word.

Escalations are written every 15 minutes and told to the person named for the level, else to the site's supervisors:
under My work, and by e-mail where a mail server is set. Neither names a patient.

Promises, owners, teams, leads, ladder, buckets, business days by site and these sums are set under Settings, Queues,
from a day on and with a reason; nothing set is edited or deleted.
"""


class Command(BaseCommand):
    help = "Print the catalogue of queues as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")


def page() -> str:
    return "\n".join([HEAD, *(_queue(queue) for queue in QUEUES), _ladder()])


def _queue(queue: Queue) -> str:
    proofs = ", ".join(sorted(EvidenceKind(kind).label for kind in queue.closes_with))
    first = f"{queue.sla.first_touch} business day(s)" if queue.sla.first_touch else "the same day"
    stands = f"{queue.closing_stands_days} days" if queue.closing_stands_days else "for good"
    seen = "the item would say the same" if queue.closes_its_words else "its cause is still seen"
    lines = [
        f"## {queue.id} {queue.title}",
        "",
        f"{queue.why} Address: `/queues/{queue.slug}/`.",
        "",
        f"- Comes in: {queue.enters}",
        f"- Goes out: {queue.leaves}",
        f"- Worked by: {ROLES[queue.owner].label}. First to hear: {queue.lead}.",
        *(["- Beside the queue that owns the claim, never instead of it."] if queue.is_overlay else []),
        *(["- Only watched: nobody is given an item before its own day."] if queue.is_passive else []),
        f"- Promise: first touch within {first}, done within {queue.sla.close} business days. Set aside for "
        f"{queue.waiting_days_max} days at most.",
        f"- Ends with {queue.ends_with}, which is closed in its place. Proof that may be added: {proofs}."
        if queue.ends_with
        else f"- Proof taken: {proofs}. A person's closing stands {stands} while {seen}.",
        *(f"- Level {rung.level} besides: {rung.says}" for rung in queue.special),
        "",
    ]
    return "\n".join(lines)


def _ladder() -> str:
    rows = [f"| {level} | {TO_WHOM[level]} | {_says(level)} | {MUST_DO[level]} |" for level in TO_WHOM]
    return "\n".join(["## The ladder", "", "| Level | To | When | Then |", "|---|---|---|---|", *rows, ""])


def _says(level: int) -> str:
    return " ".join(rung.says for rung in LADDER if rung.level == level)

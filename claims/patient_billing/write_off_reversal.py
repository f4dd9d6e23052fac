"""Reverse so much of an earlier payer's contractual write-off as a later payer allows beyond it.

Only of a payer that answered as a later one: one that paid as if it came first is owed a refund. The amount is the
ledger's, never typed: what the payers and the patient's share come to beyond the charge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from claims import ledger
from claims.exchange.posting import rebalance
from claims.ledger import LineKey, Posted
from claims.matching import with_everything
from claims.models import Adjudication, Claim, Posting
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from claims.write_offs import RestsOn, entry, mirror
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.cents import dollars
from cob.turns import Turn, wait_for
from cob.x12.t835 import PLACE_SAID

VERB = "earlier write-off reversed"
# What a contract took off the charge, by any of its names; what the law withholds is never given back.
BY_CONTRACT = frozenset({"45", "42", "131", "A2"})


class NothingToReverse(ValueError):
    """No later payer allows more: somebody was quicker, or the facts have changed."""


class Part(NamedTuple):
    """So much of one entry."""

    row: UUID
    cents: int


def to_reverse(picture: Picture) -> list[Part]:
    """Of which entries how much, in cents; nothing before every payer is done."""
    if not picture.is_final:
        return []
    return [part for line in picture.lines for part in _on_line(picture, line.pk, line.charge_cents)]


def _on_line(picture: Picture, key: LineKey, charge_cents: int) -> Iterator[Part]:
    alive = [row for row in picture.alive if row.line == key]
    last, over = ledger.last_word(alive), _beyond(picture, alive, charge_cents)
    if last is None or any(one.pk == last.answer and PLACE_SAID.get(one.status) == 1 for one in picture.answers):
        return
    for row in reversed(alive):
        if row.kind == ledger.WRITE_OFF and row.carc in BY_CONTRACT and row.rank < last.rank and over > 0:
            yield Part(row.id, min(over, row.amount_cents))
            over -= row.amount_cents


def _beyond(picture: Picture, alive: list[Posted], charge_cents: int) -> int:
    return ledger.beyond(charge_cents, alive, ledger.of_a_qmb(picture.alive))


def reverse(*, claim: Claim, by: User) -> int:
    """Take back the entries and post anew what stays of each; how many cents. Raises NothingToReverse."""
    with transaction.atomic(), doing(VERB):
        wait_for(Turn.POSTINGS)
        Claim.objects.select_for_update().get(pk=claim.pk)
        fresh = Claim.objects.select_related("patient", "site").get(pk=claim.pk)
        parts = to_reverse(pictures_of([fresh])[claim.pk])
        if not parts:
            raise NothingToReverse("No later payer allows more. Somebody may have done it just now.")
        rows = Posting.objects.select_related("claim").in_bulk([part.row for part in parts])
        for part in parts:
            _reverse(rows[part.row], part.cents, by)
        rebalance(with_everything(Claim.objects.filter(pk=claim.pk)))
        _say_no_more(pictures_of([fresh])[claim.pk])
        done = sum(part.cents for part in parts)
        record(VERB, claim, patients=[claim.patient_id], site_id=claim.site_id, after={"cents": done})
    return done


def _say_no_more(picture: Picture) -> None:
    """The answers asked for just this; where nothing is beyond the charge any more, they ask no longer."""
    lines = [(line.charge_cents, [row for row in picture.alive if row.line == line.pk]) for line in picture.lines]
    if any(_beyond(picture, alive, charge_cents) > 0 for charge_cents, alive in lines):
        return
    for answer in Adjudication.objects.filter(claim=picture.claim):
        rest = [why for why in answer.exceptions if not why.endswith(ledger.TAKE_BACK)]
        if rest != answer.exceptions:
            answer.exceptions = rest
            answer.save(update_fields=["exceptions"])


def _reverse(row: Posting, cents: int, by: User) -> None:
    said = f"{dollars(cents)} of {row.group}-{row.carc} {dollars(row.amount_cents)} reversed: a later payer allows more"
    mirror(row, said, by).save(force_insert=True)
    left = row.amount_cents - cents
    if left:
        # Without the payer's reason: what stays is no longer what it said, and is not reckoned anew from its answer.
        like = RestsOn(row.adjudication_id, row.payer_id, row.rank)
        entry(row.claim, row.line_id, left, like, note=said, by=by, said=f"{row.key}|in part").save(force_insert=True)

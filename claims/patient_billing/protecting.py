"""Write off what a contract or the law forbids to ask of the patient. The amount is the rule's, never typed.

The entry rests on the answer it follows from: when the payer takes that answer back, the entry goes with it.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from claims import ledger
from claims.exchange.posting import rebalance
from claims.ledger import LineKey
from claims.matching import with_everything
from claims.models import Claim, Posting
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from claims.write_offs import RestsOn, entry, mirror
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.turns import Turn, wait_for

NOTE = "Not billed to the patient: "
VERB = "not billed to the patient"


class NothingToProtect(ValueError):
    """There is nothing to write off: somebody was quicker, or the facts have changed."""


def write_off(*, claim: Claim, by: User) -> int:
    """Post what may not be billed, line by line; how many cents. Raises NothingToProtect."""
    with transaction.atomic(), doing(VERB):
        wait_for(Turn.POSTINGS)
        Claim.objects.select_for_update().get(pk=claim.pk)
        fresh = Claim.objects.select_related("patient", "site").get(pk=claim.pk)
        picture = pictures_of([fresh])[claim.pk]
        amounts = picture.to_write_off
        if not amounts:
            raise NothingToProtect("Nothing of this claim has to be written off. Somebody may have done it just now.")
        rows = [_entry(picture, line, cents, by) for line, cents in amounts.items()]
        Posting.objects.bulk_create(rows)
        rebalance(with_everything(Claim.objects.filter(pk=claim.pk)))
        done = sum(amounts.values())
        after = {"cents": done, "rows": [share.row for share in picture.shares.values()]}
        record(VERB, claim, patients=[claim.patient_id], site_id=claim.site_id, after=after)
    return done


def take_back(*, claim: Claim, because: str, by: User) -> int:
    """Reverse what was written off by these rules, when a fact turned out otherwise; how many cents.

    Raises NothingToProtect.
    """
    if not because.strip():
        raise NothingToProtect("Say what turned out otherwise.")
    with transaction.atomic(), doing("write-off taken back", reason=because):
        wait_for(Turn.POSTINGS)
        Claim.objects.select_for_update().get(pk=claim.pk)
        rows = list(standing_write_offs(claim))
        if not rows:
            raise NothingToProtect(
                "Nothing of this claim is written off by these rules. Somebody may have taken it back."
            )
        Posting.objects.bulk_create([mirror(row, because, by) for row in rows])
        rebalance(with_everything(Claim.objects.filter(pk=claim.pk)))
        done = sum(row.amount_cents for row in rows)
        record(VERB, claim, patients=[claim.patient_id], site_id=claim.site_id, after={"cents": -done})
    return done


def standing_write_offs(claim: Claim) -> QuerySet[Posting]:
    """What was written off by these rules and not taken back."""
    rows: QuerySet[Posting] = claim.postings.filter(kind=ledger.WRITE_OFF, note__startswith=NOTE, reversal=None)
    return rows


def _entry(picture: Picture, line: LineKey, cents: int, by: User) -> Posting:
    last = ledger.last_word(row for row in picture.alive if row.line == line)
    assert last is not None  # noqa: S101  a share is worked out of answered lines alone
    payer = next(p for p in picture.payers if p.rank == last.rank)
    rests_on = RestsOn(last.answer, payer.payer_id, last.rank)
    note = f"{NOTE}{picture.shares[line].because[0].text}"
    said = f"not-billed|{last.answer}|{line}|{len(picture.rows)}"
    return entry(picture.claim, line, cents, rests_on, note=note, by=by, said=said)

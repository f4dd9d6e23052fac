"""Keeping how claims cross over from a day on: one row, one author, one event on the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.crossover.on_file import CHECK_BUSINESS_DAYS, WAIT_DAYS
from cob.coverage.models import CrossoverTerms, Payer, Way
from cob.coverage.payment_actions import BadTerms
from cob.coverage.payment_terms import latest
from cob.turns import Turn, wait_for

# Claim-based Medigap crossover: the id stands in 2330B NM109, and only this range is taken (CMS MM5662).
MEDIGAP_IDS = range(55_000, 60_000)
LONGEST_CHECK, LONGEST_WAIT = 60, 365


@dataclass(frozen=True, slots=True)
class Said:
    """What is to hold."""

    is_on: bool
    way: str = ""
    coba_id: str = ""
    is_announced: bool = True
    check_business_days: int = CHECK_BUSINESS_DAYS
    wait_days: int = WAIT_DAYS
    refuses_early: bool = False


def set_crossover(
    *, payer: Payer, sender: Payer | None, said: Said, effective_on: date, source: str, by: User | None
) -> CrossoverTerms:
    """From that day of service on the payer's copies come so. Raises BadTerms, which names the field."""
    said = _checked(payer, sender, said)
    if not source.strip():
        raise BadTerms("source", "Say where it stands, so that somebody else can check.")
    with transaction.atomic():
        wait_for(Turn.PAYMENT_TERMS)
        before = latest(CrossoverTerms.objects.filter(payer=payer, sender=sender), effective_on)
        if before is not None and _said_by(before) == said and before.source == source.strip()[:200]:
            raise BadTerms("effective_on", f"Just this already holds, since {before.effective_on:%m/%d/%Y}.")
        row = CrossoverTerms(
            payer=payer,
            sender=sender,
            is_on=said.is_on,
            way=said.way,
            coba_id=said.coba_id,
            is_announced=said.is_announced,
            check_business_days=said.check_business_days,
            wait_days=said.wait_days,
            refuses_early=said.refuses_early,
            effective_on=effective_on,
            source=source.strip()[:200],
            set_by=by,
        )
        with doing("crossover set"):
            row.save()
    return row


def _said_by(row: CrossoverTerms) -> Said:
    return Said(
        row.is_on,
        row.way,
        row.coba_id,
        row.is_announced,
        row.check_business_days,
        row.wait_days,
        row.refuses_early,
    )


def _checked(payer: Payer, sender: Payer | None, said: Said) -> Said:
    if sender is not None and sender.pk == payer.pk:
        raise BadTerms("sender", "A payer hands no claim on to itself; choose the payer before it.")
    if not said.is_on:
        # What does not come needs no way and no id; the wait stays, should a remittance announce one all the same.
        said = Said(False, "", "", True, said.check_business_days, said.wait_days, said.refuses_early)
    elif said.way not in Way.values:
        raise BadTerms("way", "Say how the payer before knows of this one.")
    _check_id(said)
    if not 1 <= said.check_business_days <= LONGEST_CHECK:
        raise BadTerms("check_business_days", f"Expected 1 to {LONGEST_CHECK} business days.")
    if not 0 <= said.wait_days <= LONGEST_WAIT:
        raise BadTerms("wait_days", f"Expected 0 to {LONGEST_WAIT} days.")
    return said


def _check_id(said: Said) -> None:
    number = said.coba_id
    if number and not (len(number) == 5 and number.isascii() and number.isdigit()):
        raise BadTerms("coba_id", f"Expected the five digits of a COBA id, got “{number[:10]}”.")
    if said.way == Way.CLAIM_BASED and (not number or int(number) not in MEDIGAP_IDS):
        raise BadTerms("coba_id", "A Medigap id for the claim has five digits from 55000 to 59999.")
    if said.way != Way.CLAIM_BASED and number and int(number) in MEDIGAP_IDS:
        raise BadTerms("way", f"{number} is a Medigap id for the claim (55000 to 59999): choose that way.")

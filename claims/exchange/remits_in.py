"""An 835 comes in: every transaction checked to the cent, then kept as the payer sent it, matched, and posted.

One transaction that does not add up holds the whole file. A transaction that was posted before, from whichever file,
is not posted again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from claims.exchange.outcomes import MOST_WARNINGS, Quarantined, TransactionResult, sentence
from claims.exchange.parties import Payers, Sites
from claims.exchange.remittance import Run
from claims.models import EdiFile
from cob.accounts.models import Site
from cob.x12.balance835 import Checked835, check_835, checked_835
from cob.x12.t835 import Claim835, Event835, Header835, ProviderAdjustment, Trailer835

_NOTHING = "nothing of this file was posted"
_ADVICE = f"{_NOTHING}; ask the payer for a corrected file"
_LONGEST = {"CLP01": 38, "CLP07": 50, "TRN02": 50, "SVC01-2": 48, "PLB03-1": 4, "PLB03-2": 60}


def check(source: IO[bytes]) -> None:
    """Every transaction, in flat memory. Raises X12Error, or Quarantined with each transaction's verdict."""
    results: list[TransactionResult] = []
    held: Checked835 | None = None
    for found in check_835(source):
        results.append(_verdict(TransactionResult(), found))
        if held is None and not found.is_postable:
            held = found
    if held:
        raise Quarantined(_reason(held, of_several=len(results) > 1), results)


def _reason(found: Checked835, *, of_several: bool = False) -> str:
    trace = found.header.trace if found.header and of_several else ""
    payment = f"Payment {trace}: " if trace and f"Payment {trace} " not in found.reason else ""
    # What could not be read says itself what to ask for.
    return sentence(payment + found.reason, _NOTHING if found.errors else _ADVICE)


def _verdict(result: TransactionResult, found: Checked835) -> TransactionResult:
    """What the checks say of one transaction, put into its result."""
    result.trace = found.header.trace if found.header else ""
    result.paid_cents = found.header.paid_cents if found.header else 0
    result.claims, result.lines = found.claims, found.lines
    result.balanced = found.is_balanced
    result.plb_cents = found.plb_cents
    result.warnings = [f.message for f in found.findings if not f.stops][:MOST_WARNINGS]
    return result


def store(edi_file: EdiFile, source: IO[bytes]) -> dict[str, Any]:
    """Each transaction in turn, in the caller's transaction; nothing is posted that was not checked before."""
    payers, sites = Payers(), Sites()
    results: list[TransactionResult] = []
    run: Run | None = None
    notes: list[str] = []
    for event, found in checked_835(source):
        _refuse_too_long(event)
        if found.is_stopped:
            raise Quarantined(_reason(found))
        match event:
            case Claim835() if run:
                run.claim(event)
            case Header835():
                results.append(TransactionResult())
                run = Run(edi_file, event, payers, sites, results[-1])
            case ProviderAdjustment() if run:
                run.provider_adjustment(event)
            case Trailer835():
                if run is None or not found.is_postable:
                    raise Quarantined(_reason(found))
                _verdict(results[-1], found)
                run.end()
                notes.extend(run.notes)
                run = None
    edi_file.sites.add(*Site.objects.filter(pk__in=sites.used))
    all_before = bool(results) and all(result.already_posted for result in results)
    return {
        "outcome": "already_imported" if all_before else "posted",
        "transactions": [result.as_json() for result in results],
        "notes": [*notes, *payers.notes],
    }


def _refuse_too_long(event: Event835) -> None:
    """Numbers must be kept whole: one cut short would match the wrong claim."""
    for what, text in _identifiers(event):
        if len(text) > _LONGEST[what]:
            why = f"{what} in segment {event.segment_no} is longer than {_LONGEST[what]}"
            raise Quarantined(sentence(why, _ADVICE))


def _identifiers(event: Event835) -> Iterator[tuple[str, str]]:
    if isinstance(event, Header835):
        yield "TRN02", event.trace
    elif isinstance(event, ProviderAdjustment):
        yield "PLB03-1", event.reason
        yield "PLB03-2", event.reference
    elif isinstance(event, Claim835):
        yield "CLP01", event.control_number
        yield "CLP07", event.payer_control_number
        for line in event.lines:
            yield "SVC01-2", line.procedure.code

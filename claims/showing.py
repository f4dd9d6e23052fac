"""One claim as the files contract prints it: its ledger line by line, what comes next, and what holds the statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from claims import ledger
from claims.exchange.posted import as_posted
from claims.filing.clock import CORRECTED
from claims.ledger import LineKey
from claims.models import Claim, Posting
from claims.patient_billing.share import Share
from claims.patient_billing.standing import ClaimStanding, standings
from claims.queries import next_step_of
from claims.submissions.folder import Folder, open_folder

# Parts of the answer that higher apps know: they register what they have, a claim in, JSON out.
_PARTS: dict[str, Callable[[Claim], Any]] = {"denials": lambda _claim: [], "expected": lambda _claim: None}


def register_part(name: str, of: Callable[[Claim], Any]) -> None:
    """Let a higher app fill "denials" or "expected". Raises KeyError for a part the contract does not have."""
    if name not in _PARTS:
        raise KeyError(name)
    _PARTS[name] = of


def shown(claim: Claim) -> dict[str, Any]:
    """The contract's object."""
    folder, today = open_folder(claim), timezone.localdate()
    postings = list(claim.postings.select_related("payer", "adjudication__remittance").order_by("posted_at", "id"))
    step = next_step_of(folder, today)
    payer = step.place
    (standing,) = standings([claim], open_with=payer.payer if payer else "")
    return {
        "claim": claim.control_number,
        "patient_order": _order(folder),
        "lines": _lines(claim, postings),
        "next": {
            "payer": payer.payer if payer else None,
            "rank": payer.place if payer else None,
            "action": step.action.value,
            "because": step.because,
        },
        "statement": {"held": not standing.goes_out, "because": standing.because},
        "balance": {"staff": standing.for_staff, "patient": standing.for_patient, "lines": _shares(standing)},
        **{name: of(claim) for name, of in _PARTS.items()},
        "clocks": _clocks(folder),
    }


def _order(folder: Folder) -> list[str]:
    """Payer ids in paying order: the determination's where there is one, else as billed."""
    return [row.payer.edi_id for row in folder.rows]


def _lines(claim: Claim, postings: list[Posting]) -> list[dict[str, Any]]:
    rows = [as_posted(posting) for posting in postings]
    lines = list(claim.lines.all())
    charges: dict[LineKey, int] = {line.pk: line.charge_cents for line in lines}
    states = [(p.rank, p.state) for p in claim.payers.all()]
    final, decided = ledger.all_final(states), ledger.decided(states)
    found = ledger.line_balances(charges, rows, all_final=final, decided=decided)
    shown_lines = [(line.number, line.charge_cents, line.pk) for line in lines]
    shown_lines += [(0, 0, key) for key in found if key not in charges]
    return [
        {
            "line": number,
            "charge_cents": cents,
            "postings": [_posting(p) for p in postings if p.line_id == key],
            "balance_cents": found[key].insurer_open_cents + found[key].patient_cents,
            "insurer_open_cents": found[key].insurer_open_cents,
            "patient_cents": found[key].patient_cents,
        }
        for number, cents, key in shown_lines
    ]


def _posting(posting: Posting) -> dict[str, Any]:
    answer = posting.adjudication
    return {
        "id": str(posting.pk),
        "payer": posting.payer.edi_id,
        "rank": posting.rank,
        "kind": posting.kind,
        "group": posting.group,
        "carc": posting.carc,
        "rarc": posting.rarc,
        "amount_cents": posting.amount_cents,
        "remit": answer.remittance.trace if answer else None,
        "reverses": str(posting.reverses_id) if posting.reverses_id else None,
    }


def _shares(standing: ClaimStanding) -> list[dict[str, Any]]:
    """What the patient may owe, line by line, of lines somebody has answered."""
    shares = standing.picture.shares
    return [{"line": line.number, **_share(shares[line.pk])} for line in standing.picture.lines if line.pk in shares]


def _share(share: Share) -> dict[str, Any]:
    """With reasons; a question has an outcome for each answer."""
    return {
        "owes_cents": share.owes_cents,
        "question": share.question.fact if share.question else None,
        "outcomes": [
            {
                "given": dict(outcome.given),
                "owes_cents": outcome.owes_cents,
                "because": [
                    {"text": why.text, "cite": why.cite, "unconfirmed": why.is_unconfirmed} for why in outcome.because
                ],
            }
            for outcome in share.outcomes
        ],
    }


def _clocks(folder: Folder) -> list[dict[str, str]]:
    """Of what is still to be filed first, then of corrections."""
    clocks = [clock for row in folder.rows if (clock := folder.clock(row.rank))]
    clocks.sort(key=lambda clock: clock.limit == CORRECTED)
    return [{"limit": clock.limit, "on": clock.on.isoformat()} for clock in clocks]

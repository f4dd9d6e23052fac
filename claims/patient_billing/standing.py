"""How claims stand with their patients: share, money, hold and sentence, for pages, papers and the API alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from claims.models import Claim
from claims.patient_billing.grounds import reasons
from claims.patient_billing.holding import held_now
from claims.patient_billing.laying import paid_on
from claims.patient_billing.models import Ground, StatementHold
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.sentence import Balance, for_patient, for_staff


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """One claim. `held` says why nothing may be printed; empty: it may. `credit_cents` goes back to the patient."""

    picture: Picture
    balance: Balance
    held: str
    holds: tuple[StatementHold, ...] = ()

    @property
    def claim(self) -> Claim:
        return self.picture.claim

    @property
    def owes_cents(self) -> int | None:
        return self.picture.owes_cents

    @property
    def due_cents(self) -> int:
        """Still to be paid; 0 while it is held or not known."""
        return max(0, self.balance.due_cents) if self.is_releasable else 0

    @property
    def credit_cents(self) -> int:
        return self.picture.over_cents(self.balance.patient_paid_cents)

    @property
    def is_releasable(self) -> bool:
        return not self.held and self.owes_cents is not None

    @property
    def because(self) -> str:
        """Why a statement goes out, or does not."""
        if self.held:
            return self.held
        if self.owes_cents is None:
            return "No payer has answered."
        if not self.owes_cents:
            return "The patient owes nothing."
        return "Every payer has answered; the rest is the patient's." if self.due_cents else "The patient has paid it."

    @property
    def goes_out(self) -> bool:
        """Whether a statement may show it now."""
        return self.due_cents > 0

    @property
    def for_staff(self) -> str:
        return for_staff(self.balance)

    @property
    def for_patient(self) -> str:
        return for_patient(self.balance)


def standings(claims: Iterable[Claim], *, open_with: str = "") -> list[ClaimStanding]:
    """Each claim's, in the order given; a fixed number of queries."""
    pictures = pictures_of(claims)
    held, paid = held_now(pictures.values()), paid_on(pictures)
    rows: dict[uuid.UUID, list[StatementHold]] = {}
    for hold in StatementHold.objects.open().filter(claim__in=pictures).select_related("owner"):
        rows.setdefault(hold.claim_id, []).append(hold)
    order = list(Ground)
    return [
        ClaimStanding(
            picture,
            _balance(picture, paid.get(pk, 0), held.get(pk, ""), rows.get(pk, []), open_with),
            held.get(pk, ""),
            tuple(sorted(rows.get(pk, []), key=lambda hold: order.index(Ground(hold.ground)))),
        )
        for pk, picture in pictures.items()
    ]


def _balance(picture: Picture, paid: int, held: str, holds: list[StatementHold], open_with: str) -> Balance:
    claim = picture.claim
    ground = ""
    if held:
        by_facts = next((why.ground for why in reasons(picture) if why.because == held), None)
        by_people = next((hold.ground for hold in holds if hold.because == held), "")
        ground = by_facts or by_people or Ground.BY_HAND
    return Balance(
        service_on=claim.service_from,
        charge_cents=claim.charge_cents,
        paid_cents=claim.paid_cents,
        written_off_cents=claim.written_off_cents,
        insurer_open_cents=claim.insurer_open_cents,
        patient_cents=claim.patient_cents,
        owes_cents=picture.owes_cents,
        patient_paid_cents=paid,
        open_with=open_with or "an insurer",
        hold=ground,
        is_void=claim.is_void,
    )

"""What the invented practice did on the patients' side: statements, payments, a copay given back, disputes, a hold."""

from __future__ import annotations

from datetime import date, timedelta

from claims.models import Claim
from claims.patient_billing import disputing, holding, paying, refunding
from claims.patient_billing.models import Cause, DisputeOutcome, Method, Statement
from claims.patient_billing.standing import standings
from claims.patient_billing.statements.running import candidates
from claims.patient_billing.statements.sending import issue
from cob.accounts.models import User
from cob.audit.acting import acting

SENT, PREPAID = 40, 4
COPAY_CENTS = 25_00


def billed(people: dict[str, User], today: date) -> None:
    """Ben sends statements over eight weeks, Dana takes money and logs what patients say, Sol approves a refund."""
    with acting(people["ben"]):
        statements = _statements(people["ben"], today)
    with acting(people["dana"]):
        _paid(statements[:12], people["dana"])
        _prepaid(people["dana"], people["sol"], today)
    _disputed(statements[12:15], people, today)
    if len(statements) > 15:
        with acting(people["ben"]):
            _held(statements[15], people["ben"], today)


def _statements(by: User, today: date) -> list[Statement]:
    rows = candidates(by.site_ids(), today).select_related("site").order_by("chart_number")[:SENT]
    days = [today - timedelta(days=3 + 7 * (place % 8)) for place in range(SENT)]
    return [issue(patient=patient, by=by, today=day) for patient, day in zip(rows, days, strict=False)]


def _paid(statements: list[Statement], by: User) -> None:
    """Half of them in full, the others a part."""
    for place, statement in enumerate(statements):
        asked = {row.claim_id: row.amount_cents for row in statement.claims.all()}
        share = {claim: cents if place % 2 else max(1, cents // 2) for claim, cents in asked.items()}
        paying.take(
            patient=statement.patient,
            amount_cents=sum(share.values()),
            method=(Method.CARD, Method.CHECK, Method.CASH)[place % 3],
            received_on=statement.issued_on + timedelta(days=2),
            reference=f"{4000 + place}" if place % 3 == 1 else "",
            claims=share,
            by=by,
        )


def _prepaid(by: User, approver: User, today: date) -> None:
    """Copays taken at the desk that the second plan then paid: one went back, one waits for a yes, the rest for us."""
    rows = Claim.objects.filter(patient_cents=0, insurer_open_cents=0, is_void=False, payers__rank=2)
    rows = rows.filter(patient__site__in=by.site_ids()).distinct().select_related("patient__site", "site")
    settled = [
        one for one in standings(rows.order_by("-service_from", "pk")[:60]) if one.owes_cents == 0 and not one.held
    ]
    for place, one in enumerate(settled[:PREPAID]):
        paying.take(
            patient=one.claim.patient,
            amount_cents=COPAY_CENTS,
            method=Method.CARD,
            received_on=one.claim.service_from,
            service_on=one.claim.service_from,
            kind="prepayment",
            by=by,
        )
        if place > 1:
            continue
        (refund,) = refunding.propose(claim=one.claim, reason="The second plan paid the copay.", by=by)
        if place == 0:
            refunding.approve(refund=refund, by=approver)
            refunding.send(refund=refund, method=Method.CARD, reference="Card refund 7714", on=today)


SAYS = (
    ("I have a second plan through my husband. Why was it not billed?", Cause.OTHER_PLAN_NOT_BILLED),
    ("My other insurance should pay first, you billed it the wrong way round.", Cause.ORDER_WRONG),
    ("This is too much for ten minutes.", Cause.PRICE),
)


def _disputed(statements: list[Statement], people: dict[str, User], today: date) -> None:
    """The first is still open; the others were answered."""
    for place, (statement, (text, cause)) in enumerate(zip(statements, SAYS, strict=False)):
        with acting(people["dana"]):
            dispute = disputing.open_dispute(
                patient=statement.patient,
                statement=statement,
                text=text,
                told_by="Patient",
                told_how="by telephone",
                received_on=min(today, statement.issued_on + timedelta(days=2)),
                cause=cause,
                by=people["dana"],
            )
        if place:
            with acting(people["ben"]):
                disputing.note(dispute=dispute, text="Went through the statement line by line.", by=people["ben"])
                told = "Explained which plan paid what, and why the rest is the share."
                disputing.close(
                    dispute=dispute, cause=cause, outcome=DisputeOutcome.EXPLAINED, text=told, by=people["ben"]
                )


def _held(statement: Statement, by: User, today: date) -> None:
    """One claim waits for a letter."""
    claim = statement.claims.select_related("claim").first()
    if claim is not None:
        holding.place(claim=claim.claim, because="The patient’s employer is sending a corrected card.",
                      until=today + timedelta(days=21), by=by)  # fmt: skip

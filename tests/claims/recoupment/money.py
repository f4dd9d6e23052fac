"""What tests of money that goes back say in one word: payments, accounts with the payer, credits, refunds."""

from __future__ import annotations

from datetime import date

from claims.models import Claim, ClaimPayer, Credit, ExpectedPayment, ProviderAccount
from claims.patient_billing.grounds import reasons
from claims.patient_billing.standing import standings
from claims.recoupment import credits, refunds
from cob.audit.acting import acting
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import ACME, MAIN_NPI, answer, file_835, svc, transaction

DAY = date(2026, 4, 10)
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))  # pays 80.00 of 150.00
AS_FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), number="B1")  # so does the second payer
OTHER = answer("PCN9", svc(charge=300_00), number="ICN9")  # pays 300.00, of a claim that is not on file


def plb(reason, cents, reference="ICN1", npi=MAIN_NPI):
    return Plb(npi, date(2026, 12, 31), reason, reference, cents)


def remit(*answers, trace, plb=(), paid=DAY, payer=ACME, **changes):
    return file_835(transaction(*answers, trace=trace, plb=tuple(plb), paid=paid, payer=payer, **changes))


def accounts():
    """What stands open with the payers, by reference."""
    rows = ProviderAccount.objects.exclude(balance_cents=0).order_by("account", "reference", "npi")
    return [(row.reference, row.balance_cents) for row in rows]


def balances(control="PCN1"):
    found = Claim.objects.get(control_number=control)
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def found():
    """Credits, as the night finds them."""
    with acting("test task"):
        credits.look()
    rows = Credit.objects.filter(settled_on=None).order_by("kind")
    return [(r.kind, str(r.payer), r.amount_cents, r.most_cents) for r in rows]


def owes(cents, rank=2):
    """What a payer owes in its place is one sure sum."""
    who = ClaimPayer.objects.get(rank=rank, claim__control_number="PCN1")
    with acting("test task"):
        ExpectedPayment.objects.filter(claim_payer=who).delete()
        ExpectedPayment.objects.create(
            claim_payer=who, low_cents=cents, high_cents=cents, paid_cents=cents, difference_cents=0,
            tolerance_cents=100, because="x", answered_on=DAY,
        )  # fmt: skip


def holds():
    """Everything that holds the statement of claim PCN1."""
    (standing,) = standings([Claim.objects.get(control_number="PCN1")])
    return " ".join(why.because for why in reasons(standing.picture))


# --- refunds ----------------------------------------------------------------------------------------------------------


def opened(cast, cents, demand=None):
    """For a demand, else for the credit that is open."""
    said = {"amount_cents": cents, "because": "Paid too much.", "by": cast["pat"]}
    with acting(cast["pat"]):
        if demand:
            return refunds.open_for_demand(recoupment=demand, **said)
        return refunds.open_for_credit(credit=Credit.objects.get(settled_on=None), **said)


def approved(cast, cents, demand=None):
    made = opened(cast, cents, demand)
    with acting(cast["sol"]):
        return refunds.approve(refund=made, by=cast["sol"])


def send(cast, made, check="4711"):
    with acting(cast["pat"]):
        return refunds.send(refund=made, check_number=check, on=DAY, by=cast["pat"])


def sent(cast, cents, demand=None, check="4711"):
    return send(cast, approved(cast, cents, demand), check)

"""A typed EOB that balances, as the 835 the payer might have sent: the same reader, checks and ledger then follow."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from claims.paper.reckoning import ClaimSum, LineSum, Reckoned
from claims.paper.typed import Claim, Eob, Line
from cob.accounts.models import Site
from cob.coverage.models import Payer
from cob.x12.parts import Address, Contact, Envelope, NamedAmount, Party, Reference, Remark
from cob.x12.t835 import Claim835, Header835, Line835, Organisation, ProviderAdjustment, Transaction835
from cob.x12.write835 import GUIDE, write_835

# TRN03 of what was typed here: no payer's tax number looks like it.
TYPED = "TYPEDHERE"


def file_of(eob: Eob, found: Reckoned, *, site: Site, payer: Payer, draft: UUID, today: date) -> bytes:
    """One interchange with one transaction. Raises X12Error if it does not balance, which `Reckoned` rules out.

    The control number is the draft's own, so that no two EOBs are the same bytes.
    """
    number = int(hashlib.sha256(draft.bytes).hexdigest()[:12], 16) % 1_000_000_000
    envelope = Envelope("COBDESK", "COBDESK", f"{number:09}", str(number or 1), today, usage="P")
    claims = tuple(_claim(c, s) for c, s in zip(eob.claims, found.claims, strict=True))
    transaction = Transaction835(_header(eob, found, site, payer, today), claims, tuple(_provider(found, site, today)))
    return write_835(envelope, [transaction])


def _header(eob: Eob, found: Reckoned, site: Site, payer: Payer, today: date) -> Header835:
    paid_on = found.paid_on or today
    return Header835(
        interchange_control="",
        group_control="",
        transaction_control="0001",
        guide=GUIDE,
        handling="I" if found.amount_cents else "H",
        paid_cents=found.amount_cents,
        credit_or_debit="C",
        method=eob.method,
        paid_on=paid_on,
        trace=eob.number,
        payer_trace_id=TYPED,
        payer=Organisation(
            payer.name, "XV", payer.edi_id, Address("TYPED FROM PAPER"), (), (Contact("PAPER EOB", (), "BL"),)
        ),
        payee=Organisation(
            site.name,
            "XX",
            site.npi,
            Address(site.address, city=site.city, state=site.state, postal_code=site.zip_code),
            (Reference("TJ", site.tax_id),) if site.tax_id else (),
        ),
        produced_on=paid_on,
    )


def _claim(typed: Claim, found: ClaimSum) -> Claim835:
    allowed = found.totals.allowed_cents if found.totals else None
    return Claim835(
        control_number=typed.number,
        status=typed.status,
        charge_cents=found.billed_cents,
        paid_cents=found.paid_cents,
        patient_cents=None if typed.status == "22" else found.responsibility_cents,
        filing_code="ZZ",
        payer_control_number=typed.payer_number[:50],
        place="11",
        frequency="1",
        adjustments=found.claim_adjustments,
        patient=Party(
            "QC",
            typed.last,
            typed.first,
            is_person=True,
            id_qualifier="MI" if typed.member else "",
            id=typed.member,
        ),
        outpatient_remarks=_remarks(found),
        # AMT*AU is what a payer allows for a claim as a whole.
        amounts=() if allowed is None else (NamedAmount("AU", allowed),),
        lines=tuple(_line(t, s) for t, s in zip(typed.lines, found.lines, strict=True)),
    )


def _remarks(found: ClaimSum) -> tuple[str, ...]:
    both = (*found.remarks, *(found.totals.remarks if found.totals else ()))
    return tuple(dict.fromkeys(both))


def _line(typed: Line, found: LineSum) -> Line835:
    return Line835(
        procedure=found.procedure,
        charge_cents=found.billed_cents,
        paid_cents=found.paid_cents,
        service_on=found.service_on,
        adjustments=found.adjustments,
        references=(Reference("6R", typed.number),) if typed.number else (),
        amounts=(NamedAmount("B6", found.allowed_cents),) if found.allowed_cents is not None else (),
        remarks=tuple(Remark(code) for code in found.remarks),
    )


def _provider(found: Reckoned, site: Site, today: date) -> Sequence[ProviderAdjustment]:
    year = (found.paid_on or today).year
    return [
        ProviderAdjustment(site.npi, date(year, 12, 31), reason, reference, cents)
        for reason, reference, cents in found.provider
        if cents
    ]

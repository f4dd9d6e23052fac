"""One visit of Nora Oakes as rows: her claim of $180.00, her payers in order, and what they answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from claims.models import (
    AdjudicatedLine,
    Adjudication,
    Claim,
    ClaimPayer,
    EdiFile,
    Line,
    Remittance,
    ReportedAdjustment,
)
from cob.coverage.cases import case_for
from cob.coverage.models import Coverage, Determination, Payer, Rank
from cob.patients.models import Patient, RelatedPerson
from cob.uuids import in_order
from cob.x12 import stored
from tests.x12 import claims as x12

DAY = date(2026, 1, 12)
ANSWERED = date(2026, 2, 13)
TODAY = date(2026, 2, 20)
# charge 150.00 = 90.00 paid + 30.00 written off + 30.00 hers; charge 30.00 = 22.50 paid + 7.50 written off
VISIT = (90_00, (("CO", "45", 30_00), ("PR", "2", 20_00), ("PR", "3", 10_00)))
DRAW = (22_50, (("CO", "45", 7_50),))


def nora(site, **changes):
    fields = {
        "chart_number": "N1",
        "last_name": "Oakes",
        "first_name": "Nora",
        "birth_on": date(1981, 6, 17),
        "sex": "F",
        "address": "9 Pine Rd",
        "city": "Duluth",
        "state": "MN",
        "zip_code": "55803",
    }
    return Patient.objects.create(site=site, **fields | changes)


def payer(edi_id, name, kind="employer", **changes):
    row, _ = Payer.objects.get_or_create(edi_id=edi_id, defaults={"name": name, "kind": kind, **changes})
    return row


LAKESIDE = ("88001", "Lakeside Health")
NORTHERN = ("77005", "Northern Benefit")
MEDICARE = ("13282", "Medicare Part B", "medicare")
MEDICAID = ("MNDHS", "Medicaid Minnesota", "medicaid")


def coverage(patient, who, member, **changes):
    row = payer(*who)
    fields = {
        "kind": row.kind,
        "relationship": "self",
        "effective_on": date(2020, 1, 1),
        "open_ended": True,
        "member_id": member,
    }
    return Coverage.objects.create(patient=patient, payer=row, **fields | changes)


def husband(patient):
    return RelatedPerson.objects.create(
        patient=patient, last_name="Oakes", first_name="Leon", relation="spouse", birth_on=date(1979, 5, 1), sex="M"
    )


def claim_of(patient, coverages, *, content=None, number="BSC-1001", on=DAY, file=None):
    """The claim with one ClaimPayer per coverage; the first was sent it by the practice's own system."""
    content = content or x12.primary()
    row = Claim.objects.create(
        site=patient.site,
        patient=patient,
        control_number=number,
        service_from=on,
        service_to=on,
        charge_cents=content.charge_cents,
        insurer_open_cents=content.charge_cents,
        content=stored.dump(content),
        billed_on=on,
        file=file,
    )
    for line in content.lines:
        Line.objects.create(
            claim=row,
            number=line.number,
            control_number=line.control_number,
            procedure=line.procedure.code,
            modifiers=" ".join(line.procedure.modifiers),
            service_on=on,
            charge_cents=line.charge_cents,
            units=line.units,
        )
    for rank, covered in enumerate(coverages, start=1):
        ClaimPayer.objects.create(
            claim=row,
            coverage=covered,
            payer=covered.payer,
            rank=rank,
            state="submitted" if rank == 1 else "expected",
            submitted_on=on if rank == 1 else None,
        )
    return row


_counter = iter(range(1, 10_000))
_keys = in_order()  # as an import gives them: of one moment the order is that of the keys


def remittance(row_payer, *, on=ANSWERED, paid=0, site=None):
    number = next(_counter)
    file = EdiFile.objects.create(
        name=f"era{number}.835", sha256=f"{number:064d}", size=1, kind="835", outcome="posted", kept="edi/none.x12"
    )
    return Remittance.objects.create(
        file=file, payer=row_payer, site=site, key=f"key{number}", trace=f"EFT{number}", paid_cents=paid, paid_on=on
    )


def answer(claim, rank, *lines, status="1", on=ANSWERED, number="LHP770001", claim_level=(), remarks=(), **more):
    """One CLP of the payer in that rank; each line is (paid, adjustments), in the order of the claim's lines."""
    who = claim.payers.get(rank=rank)
    paid = more.pop("paid", None)
    if paid is None:
        paid = sum(cents for cents, _ in lines) - sum(cents for *_, cents in claim_level)
    position = more.pop("position", 1)
    charge = more.pop("charge", claim.charge_cents)
    given = more.pop("remittance", None) or remittance(who.payer, on=on, paid=paid, site=claim.site)
    row = Adjudication.objects.create(
        id=next(_keys),
        remittance=given,
        position=position,
        claim=claim,
        claim_payer=who,
        control_number=claim.control_number,
        status=status,
        charge_cents=charge,
        paid_cents=paid,
        payer_control_number=number,
        remarks=list(remarks),
        content={},
        answered_on=on,
        posted_at=more.pop("posted_at", "2026-02-13T12:00Z"),
        **more,
    )
    for place, (our_line, (cents, adjustments)) in enumerate(zip(claim.lines.all(), lines, strict=False), start=1):
        add_line(row, place, our_line, cents, adjustments)
    for group, reason, cents in claim_level:
        ReportedAdjustment.objects.create(
            id=next(_keys), adjudication=row, group=group, reason=reason, amount_cents=cents
        )
    if status not in ("22", "23", "25"):
        who.state, who.answered_on, who.payer_control_number = "adjudicated", on, number
        who.save()
    return row


def add_line(adjudication, place, our_line, paid, adjustments, **changes):
    fields = {
        "procedure": our_line.procedure if our_line else "99999",
        "modifiers": our_line.modifiers if our_line else "",
        "charge_cents": paid + sum(cents for *_, cents in adjustments),
        "units": Decimal(1),
    }
    row = AdjudicatedLine.objects.create(
        adjudication=adjudication, position=place, line=our_line, paid_cents=paid, **fields | changes
    )
    for group, reason, cents in adjustments:
        ReportedAdjustment.objects.create(
            id=next(_keys), adjudication=adjudication, line=row, group=group, reason=reason, amount_cents=cents
        )
    return row


def determined(claim, coverages, *, status="determined", msp_type=None, by=None, **changes):
    """The order on file for the claim's day, resting on what is on file now."""
    case = case_for(claim.patient, claim.service_from).case
    ids = [str(one.pk) for one in coverages]
    positions = [
        {"coverage": one, "position": n, "rule": "TEST", "because": "because"} for n, one in enumerate(ids, start=1)
    ]
    verdict = {"status": status, "order": ids, "positions": positions, "msp_type": msp_type, "questions": []}
    found = Determination.objects.create(
        patient=claim.patient,
        service_on=claim.service_from,
        case=case,
        verdict=verdict | changes.pop("verdict", {}),
        status=status,
        rules_version="test",
        decided_by=by,
        supersedes=Determination.objects.current().filter(patient=claim.patient).first(),
        **changes,
    )
    Rank.objects.bulk_create(
        Rank(determination=found, coverage=one, rank=n, rule="TEST", because="because")
        for n, one in enumerate(coverages, start=1)
    )
    return found


def secondary(site, **changes):
    """Lakeside has answered, Northern is next and the order is determined: nothing stands in the way."""
    patient = nora(site)
    first = coverage(patient, LAKESIDE, "LH5550101", group_number="G-100", plan_name="Lakeside Employer Plan")
    second = coverage(patient, NORTHERN, "NP300200", group_number="G-900", **changes)
    claim = claim_of(patient, [first, second])
    answer(claim, 1, VISIT, DRAW)
    determined(claim, [first, second])
    return claim

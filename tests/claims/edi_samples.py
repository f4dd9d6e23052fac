"""Small invented 837P and 835 files, written with the desk's own writers: a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from cob.x12.parts import Address, Adjustment, Contact, Envelope, NamedDate, Party, Procedure, Reference, Remark
from cob.x12.t835 import Claim835, Header835, Line835, Organisation, ProviderAdjustment, Transaction835
from cob.x12.t837p import Batch837P, Claim837P, Diagnosis, Line837P, OtherCoverage, Patient, Payer, Provider, Subscriber
from cob.x12.write835 import write_835
from cob.x12.write837p import write_837p

MAIN_NPI, MAIN_TAX = "1234567893", "123456789"
NORTH_NPI = "1245319599"
SERVED = date(2026, 3, 2)
SENT = date(2026, 3, 4)
PAID = date(2026, 3, 20)
HOME = Address("12 ELM ST", "", "ALBANY", "NY", "122070002")
ACME, BETA, MEDICARE = ("55555", "ACME HEALTH"), ("66666", "BETA LIFE"), ("04312", "MEDICARE PART B")


def service(number=1, code="99213", cents=150_00, *, modifiers=(), on=SERVED, units=1, control=True):
    """One 2400 line."""
    references = (Reference("6R", f"L{number}"),) if control else ()
    return Line837P(
        number,
        Procedure(code, modifiers),
        cents,
        Decimal(units),
        pointers=(1,),
        service_on=on,
        references=references,
    )


def billing(npi=MAIN_NPI, tax_id=MAIN_TAX, name="MAIN STREET"):
    """2010AA."""
    return Provider(
        Party("85", name, id_qualifier="XX", id=npi),
        taxonomy="207Q00000X",
        address=Address("1 MAIN ST", "", "SPRINGFIELD", "IL", "627010001"),
        references=(Reference("EI", tax_id),),
    )


def insured(rank="P", member="MEM0001", *, last="DOE", first="JANE", filing="CI", **changes):
    """An own coverage: the patient is the subscriber."""
    party = Party("IL", last, first, is_person=True, id_qualifier="MI", id=member)
    made = Subscriber(
        rank, party, "18", "GRP1", "A PLAN", filing_code=filing, address=HOME, born_on=date(1980, 5, 14), sex="F"
    )
    return replace(made, **changes)


def to(payer=ACME, **changes):
    """A payer by (id, name)."""
    return Payer(Party("PR", payer[1], id_qualifier="PI", id=payer[0]), **changes)


def also(payer=BETA, rank="S", member="SEC0001", **changes):
    """Loop 2320: another payer that is known and has not decided."""
    who = replace(insured(rank, member), born_on=None, sex="")
    return OtherCoverage(who, to(payer), benefits_assigned="Y", release="Y", **changes)


def claim(control="PCN1", *lines, **changes):
    """A claim to Acme as the only payer."""
    lines = lines or (service(),)
    made = Claim837P(
        control_number=control,
        charge_cents=sum(line.charge_cents for line in lines),
        billing=billing(),
        subscriber=insured(),
        payer=to(),
        diagnoses=(Diagnosis("J0190", "ABK"),),
        lines=lines,
    )
    return replace(made, **changes)


def child_of(made, *, first="TIM", born_on=date(2015, 6, 1), relationship="19", sex="M"):
    """The claim for a dependent of its subscriber."""
    who = Patient(Party("QC", "DOE", first, is_person=True), relationship, HOME, born_on, sex)
    sub = replace(made.subscriber, relationship="", born_on=None, sex="", address=Address())
    return replace(made, subscriber=sub, patient=who)


def with_accident(made, on=date(2026, 2, 27), state="NY", causes=("AA",)):
    """CLM11 and DTP*439."""
    return replace(made, related_causes=causes, accident_state=state, dates=(NamedDate("439", on),))


def file_837p(*claims, number=1, sent=SENT, group=None):
    """One interchange with one transaction; `group` where GS06 is another number than ISA13."""
    batch = Batch837P(
        envelope=Envelope("CLINIC", "CLEARING", f"{number:09}", str(group or number), sent),
        transaction_control=f"{number:04}",
        reference=f"BATCH{number}",
        made_on=sent,
        submitter=Party("41", "MAIN STREET", id_qualifier="46", id="CLINIC"),
        submitter_contacts=(Contact("BILLING", (("TE", "2175550100"),)),),
        receiver=Party("40", "CLEARING", id_qualifier="46", id="CLEARING"),
        claims=claims,
    )
    return write_837p(batch)


def cas(*triplets):
    """("CO-45", 50_00), ("PR-2", 20_00) … as adjustments."""
    return tuple(Adjustment(*code.split("-"), cents) for code, cents in triplets)


def svc(*triplets, code="99213", charge=150_00, number=1, remarks=(), modifiers=(), control=True, on=SERVED):
    """One answered service; what is not adjusted is paid."""
    adjustments = cas(*triplets)
    return Line835(
        Procedure(code, modifiers),
        charge,
        charge - sum(a.amount_cents for a in adjustments),
        units=Decimal(1),
        service_on=on,
        adjustments=adjustments,
        references=(Reference("6R", f"L{number}"),) if control else (),
        remarks=tuple(Remark(code) for code in remarks),
    )


def answer(control="PCN1", *lines, status="1", on_claim=(), number="ICN1", last="DOE", first="JANE", **changes):
    """One CLP whose sums are those of its lines and claim-level adjustments."""
    adjustments = cas(*on_claim)
    taken = sum(a.amount_cents for a in adjustments)
    every = [*adjustments, *(a for line in lines for a in line.adjustments)]
    made = Claim835(
        control_number=control,
        status=status,
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines) - taken,
        patient_cents=sum(a.amount_cents for a in every if a.group == "PR") if status != "22" else None,
        filing_code="12",
        payer_control_number=number,
        place="11",
        frequency="1",
        adjustments=adjustments,
        patient=Party("QC", last, first, is_person=True, id_qualifier="MI", id="MEM0001"),
        lines=lines,
    )
    return replace(made, **changes)


def whole(control="PCN1", charge=150_00, *triplets, status="1", number="ICN1", **changes):
    """One CLP without lines."""
    adjustments = cas(*triplets)
    paid = charge - sum(a.amount_cents for a in adjustments)
    return replace(answer(control, status=status, number=number), charge_cents=charge, paid_cents=paid,
                   adjustments=adjustments, patient_cents=None, **changes)  # fmt: skip


def taken_back(made, **changes):
    """The reversal of an answer: every amount negated, status 22."""

    def negated(adjustments):
        return tuple(replace(a, amount_cents=-a.amount_cents) for a in adjustments)

    lines = tuple(
        replace(
            line,
            charge_cents=-line.charge_cents,
            paid_cents=-line.paid_cents,
            adjustments=negated(line.adjustments),
            remarks=(),
        )
        for line in made.lines
    )
    mirrored = replace(
        made,
        status="22",
        charge_cents=-made.charge_cents,
        paid_cents=-made.paid_cents,
        patient_cents=None,
        adjustments=negated(made.adjustments),
        lines=lines,
        crossover_carrier=None,
        outpatient_remarks=(),
    )
    return replace(mirrored, **changes)


def transaction(*answers, trace="EFT1", payer=ACME, paid=PAID, npi=MAIN_NPI, plb=(), control="0001", named=True):
    """One 835 transaction whose BPR02 is what its claims and PLB come to; a negative rest is carried forward."""
    total = sum(a.paid_cents for a in answers) - sum(p.amount_cents for p in plb)
    if total < 0:
        plb = (*plb, ProviderAdjustment(npi, date(2026, 12, 31), "FB", f"FB{trace}", total))
        total = 0
    who = Organisation(payer[1], "XV" if named else "", payer[0] if named else "", HOME)
    header = Header835(
        interchange_control="",
        group_control="",
        transaction_control=control,
        guide="005010X221A1",
        handling="I" if total else "H",
        paid_cents=total,
        credit_or_debit="C",
        method="ACH" if total else "NON",
        paid_on=paid,
        trace=trace,
        payer_trace_id=f"1{payer[0]:0>9}",
        payer=who,
        payee=Organisation("MAIN STREET", "XX", npi, HOME, (Reference("TJ", MAIN_TAX),)),
    )
    return Transaction835(header, answers, plb)


def file_835(*transactions, number=1, made=PAID):
    """One interchange. Answers given directly become one transaction."""
    if transactions and isinstance(transactions[0], Claim835):
        transactions = (transaction(*transactions),)
    transactions = tuple(
        replace(t, header=replace(t.header, transaction_control=f"{n:04}")) for n, t in enumerate(transactions, 1)
    )
    return write_835(Envelope("PAYER", "CLINIC", f"{number:09}", str(number), made), transactions)


def stream(data):
    """As a browser or a folder hands it over."""
    return BytesIO(data)

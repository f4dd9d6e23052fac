"""Writes an 835 for rehearsals (the demo practice, a simulated payer): it balances or it is not written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cob.x12.balance835 import Checked835, check_835
from cob.x12.errors import X12Error
from cob.x12.fields import amount_text
from cob.x12.parts import Envelope, Party
from cob.x12.segment_writer import SegmentWriter, composite, day_text, number
from cob.x12.t835 import Claim835, Header835, Line835, Organisation, ProviderAdjustment, Transaction835

GUIDE = "005010X221A1"
_IN_ONE_PLB = 6


def write_835(envelope: Envelope, transactions: Sequence[Transaction835]) -> bytes:
    """One interchange with these transactions; control numbers are the caller's, texts come out in capitals.

    Raises `X12Error` when a transaction has no header, does not balance, or says what an 835 cannot say.
    """
    writer = SegmentWriter()
    writer.open(envelope, "HP", GUIDE)
    for transaction in transactions:
        if transaction.header is None:
            raise X12Error(segment_id="BPR", expected="a header (payment, trace, payer, payee) in each transaction")
        _transaction(writer, transaction.header, transaction)
    data = writer.close(envelope, len(transactions))
    for checked in check_835(data):
        _refuse_unbalanced(checked)
    return data


def _refuse_unbalanced(checked: Checked835) -> None:
    if not checked.is_postable:
        raise X12Error(segment_id="ST", expected="a remittance that balances", advice=checked.reason.rstrip("."))


def _transaction(writer: SegmentWriter, header: Header835, transaction: Transaction835) -> None:
    writer.start("835", header.transaction_control)
    _header(writer, header)
    if transaction.claims:
        writer.add("LX", "1")
    for claim in transaction.claims:
        _claim(writer, claim)
    for provider, pairs in _by_provider(transaction.provider_adjustments):
        writer.add("PLB", *provider, *pairs)
    writer.end(header.transaction_control)


def _header(writer: SegmentWriter, header: Header835) -> None:
    money = (amount_text(header.paid_cents), header.credit_or_debit, header.method)
    paid_on = "" if header.is_paid_on_assumed else day_text(header.paid_on)
    writer.add("BPR", header.handling, *money, *[""] * 5, header.originator_id, *[""] * 5, paid_on)
    writer.add("TRN", "1", header.trace, header.payer_trace_id)
    if header.currency:
        writer.add("CUR", "PR", header.currency)
    if header.receiver_id:
        writer.add("REF", "EV", header.receiver_id)
    writer.references(header.references)
    if header.produced_on:
        writer.add("DTM", "405", day_text(header.produced_on))
    _organisation(writer, "PR", header.payer)
    _organisation(writer, "PE", header.payee)


def _organisation(writer: SegmentWriter, role: str, organisation: Organisation) -> None:
    writer.add("N1", role, organisation.name, organisation.id_qualifier, organisation.id)
    writer.address(organisation.address)
    writer.references(organisation.references)
    writer.contacts(organisation.contacts)


def _claim(writer: SegmentWriter, claim: Claim835) -> None:
    money = [amount_text(claim.charge_cents), amount_text(claim.paid_cents)]
    patient = "" if claim.patient_cents is None else amount_text(claim.patient_cents)
    ids = (claim.filing_code, claim.payer_control_number, claim.place, claim.frequency)
    drg = ("", claim.drg, number(claim.drg_weight), number(claim.discharge_fraction))
    writer.add("CLP", claim.control_number, claim.status, *money, patient, *ids, *drg)
    writer.adjustments(claim.adjustments)
    for role, party in _parties(claim):
        if party:
            writer.name(party, role)
    _remarks(writer, claim)
    writer.references(claim.references)
    for named in claim.dates:
        writer.add("DTM", named.qualifier, day_text(named.on))
    writer.contacts(claim.contacts)
    for amount in claim.amounts:
        writer.amount(amount.qualifier, amount.cents)
    for counted in claim.quantities:
        writer.add("QTY", counted.qualifier, number(counted.quantity))
    for line in claim.lines:
        _line(writer, line)


def _parties(claim: Claim835) -> Iterator[tuple[str, Party | None]]:
    yield "QC", claim.patient
    yield "IL", claim.subscriber
    yield "74", claim.corrected
    yield "82", claim.rendering
    yield "TT", claim.crossover_carrier
    yield "PR", claim.corrected_payer
    yield "GB", claim.other_subscriber


def _remarks(writer: SegmentWriter, claim: Claim835) -> None:
    """Each text in its element; the first inpatient remark stands apart from the other four."""
    said = {a.qualifier: amount_text(a.cents) for a in claim.settlement_amounts}
    said |= {c.qualifier: number(c.quantity) for c in claim.settlement_counts}
    said |= {f"MIA{n:02d}": code for n, code in zip((5, 20, 21, 22, 23), claim.inpatient_remarks, strict=False)}
    said |= {f"MOA{n:02d}": code for n, code in zip(range(3, 8), claim.outpatient_remarks, strict=False)}
    if claim.reimbursement_rate is not None:
        said["MOA01"] = number(claim.reimbursement_rate)
    if claim.hcpcs_payable_cents is not None:
        said["MOA02"] = amount_text(claim.hcpcs_payable_cents)
    for segment, last in (("MIA", 24), ("MOA", 9)):
        elements = [said.get(f"{segment}{n:02d}", "") for n in range(1, last + 1)]
        if any(elements):
            # MIA01 is required, and says 0 where no days are counted.
            writer.add(segment, elements[0] or ("0" if segment == "MIA" else ""), *elements[1:])


def _line(writer: SegmentWriter, line: Line835) -> None:
    money = (amount_text(line.charge_cents), amount_text(line.paid_cents))
    submitted = composite(line.submitted) if line.submitted else ""
    units = number(line.units)
    writer.add(
        "SVC", composite(line.procedure), *money, line.revenue_code, units, submitted, number(line.submitted_units)
    )
    if line.service_on:
        writer.add("DTM", "150" if line.service_until else "472", day_text(line.service_on))
    if line.service_until:
        writer.add("DTM", "151", day_text(line.service_until))
    writer.adjustments(line.adjustments)
    writer.references(line.references)
    for amount in line.amounts:
        writer.amount(amount.qualifier, amount.cents)
    for counted in line.quantities:
        writer.add("QTY", counted.qualifier, number(counted.quantity))
    for remark in line.remarks:
        writer.add("LQ", remark.qualifier, remark.code)


def _by_provider(
    adjustments: Iterable[ProviderAdjustment],
) -> Iterator[tuple[tuple[str, str], list[str | tuple[str, ...]]]]:
    """Runs of one provider and period, six pairs to a PLB."""
    run: list[ProviderAdjustment] = []
    for adjustment in (*adjustments, None):
        if run and (adjustment is None or _key(adjustment) != _key(run[0]) or len(run) == _IN_ONE_PLB):
            pairs: list[str | tuple[str, ...]] = []
            for one in run:
                pairs += [(one.reason, *one.reference.split(":")), amount_text(one.amount_cents)]
            yield _key(run[0]), pairs
            run = []
        if adjustment:
            run.append(adjustment)


def _key(adjustment: ProviderAdjustment) -> tuple[str, str]:
    return adjustment.provider, day_text(adjustment.fiscal_period_on)

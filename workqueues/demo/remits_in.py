"""The invented payers' 835 files: a week's answers, one check per payer, site and pay day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from cob.accounts.models import Site
from cob.x12.parts import Address, Contact, Envelope, Party, Procedure, Reference, Remark
from cob.x12.t835 import Claim835, Header835, Line835, Organisation, ProviderAdjustment, Transaction835
from cob.x12.write835 import write_835
from workqueues.demo.answers import Answer, LineAnswer
from workqueues.demo.payers import DemoPayer
from workqueues.demo.practice import Answered

FILING = {"BL": "12", "CI": "15", "FI": "12"}  # CLP06 has no Blue, commercial or federal employee code


def remittance_file(answered: Iterable[Answered], sites: list[Site], *, number: int) -> bytes:
    """One 835 file with a transaction per payer, site and pay day. Raises X12Error if anything does not balance."""
    transactions = list(_transactions(answered, sites, number))
    made_on = max(t.header.paid_on for t in transactions if t.header)
    return write_835(Envelope("CLEARING", "COBDEMO", str(number), str(number), made_on), transactions)


def _transactions(answered: Iterable[Answered], sites: list[Site], number: int) -> Iterator[Transaction835]:
    def check(event: Answered) -> tuple[date, str, int]:
        return (event.on, event.coverage.payer.edi_id, event.visit.patient.site)

    for count, ((on, _, site), events) in enumerate(groupby(sorted(answered, key=check), key=check), start=1):
        group = list(events)
        payer = group[0].coverage.payer
        claims = tuple(_claim(event) for event in group)
        total = sum(claim.paid_cents for claim in claims)
        trace = f"{payer.edi_id}{number:05}{count:03}"
        adjustments = tuple(_provider_adjustments(sites[site].npi, on, trace, total, is_late=not (number + count) % 17))
        paid = total - sum(one.amount_cents for one in adjustments)
        head = header(payer, sites[site], on, paid, control=f"{count:04}", trace=trace)
        yield Transaction835(head, claims, adjustments)


def _provider_adjustments(npi: str, on: date, trace: str, total: int, *, is_late: bool) -> Iterator[ProviderAdjustment]:
    """Taken back more than was paid: the payer carries the rest forward, and the check is for nothing. Paid late: the
    payer owes interest."""
    year_end = date(on.year, 12, 31)
    if total < 0:
        yield ProviderAdjustment(npi, year_end, "FB", trace, total)
    elif total and is_late:
        yield ProviderAdjustment(npi, year_end, "L6", trace, -max(1, total // 400))


def header(payer: DemoPayer, site: Site, on: date, paid: int, *, control: str, trace: str) -> Header835:
    """One check of a payer to a site."""
    return Header835(
        interchange_control="",
        group_control="",
        transaction_control=control,
        guide="005010X221A1",
        handling="I" if paid else "H",
        paid_cents=paid,
        credit_or_debit="C",
        method="ACH" if paid else "NON",
        paid_on=on,
        trace=trace,
        payer_trace_id="1999999999",
        payer=Organisation(
            payer.name,
            "XV" if payer.kind == "medicare" else "",
            payer.edi_id if payer.kind == "medicare" else "",
            Address("1 Payment Plaza", city="Omaha", state="NE", postal_code="681010001"),
            () if payer.kind == "medicare" else (Reference("2U", payer.edi_id),),
            (Contact("PROVIDER SERVICE", (("TE", "8005550100"),), "BL"),),
        ),
        payee=Organisation(
            site.name,
            "XX",
            site.npi,
            Address(site.address, city=site.city, state=site.state, postal_code=site.zip_code),
            (Reference("TJ", site.tax_id),),
        ),
        produced_on=on,
    )


def _claim(event: Answered) -> Claim835:
    answer, visit, cover = event.answer, event.visit, event.coverage
    sign = -1 if answer.status == "22" else 1
    person = visit.patient.person
    return Claim835(
        control_number=visit.control_number,
        status=answer.status,
        charge_cents=sign * sum(visit.charges),
        paid_cents=answer.paid_cents,
        patient_cents=answer.responsibility_cents,
        filing_code=FILING.get(cover.payer.filing, cover.payer.filing),
        payer_control_number=answer.payer_number,
        place="11",
        frequency="1",
        patient=_person("QC", person.last, person.first, cover.member_id),
        subscriber=None
        if cover.holder is person
        else _person("IL", cover.holder.last, cover.holder.first, cover.member_id),
        corrected=_corrected(event),
        crossover_carrier=_carrier(answer),
        outpatient_remarks=answer.remarks,
        lines=tuple(
            _line(visit.control_number, number, code, line, visit.on)
            for number, ((code, _), line) in enumerate(zip(visit.lines, answer.lines, strict=True), start=1)
        ),
    )


def _person(role: str, last: str, first: str, member_id: str) -> Party:
    return Party(role, last, first, is_person=True, id_qualifier="MI", id=member_id)


def _corrected(event: Answered) -> Party | None:
    """Now and then a payer knows its member under a newer card's number."""
    is_newer = event.answer.status in {"1", "2"} and event.visit.control_number.endswith("17")
    return Party("74", id_qualifier="C", id=f"{event.coverage.member_id}02") if is_newer else None


def _carrier(answer: Answer) -> Party | None:
    to = answer.forwarded_to
    return Party("TT", to.name, id_qualifier="PI", id=to.edi_id) if to else None


def _line(control: str, number: int, code: str, line: LineAnswer, on: date) -> Line835:
    return Line835(
        procedure=Procedure(code),
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        service_on=on,
        adjustments=line.adjustments,
        references=(Reference("6R", f"{control}L{number}"),),
        remarks=tuple(Remark(code) for code in line.remarks),
    )

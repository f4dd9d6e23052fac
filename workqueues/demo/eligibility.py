"""Payers asked about the first coming visits, and their answers: another plan, no cover, a wrong number, silence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

from claims import exchange
from claims.eligibility.sending import ask
from cob.accounts.models import User
from cob.coverage.models import Coverage, Inquiry

_ANOTHER = "LS*2120~NM1*PRP*2*HARBOR MUTUAL*****PI*HARB1~LE*2120"
ACTIVE = "EB*1*IND*30"
# What each payer says, in turn; None: it has not answered yet.
SAID: tuple[str | None, ...] = (
    f"{ACTIVE}~EB*R*IND*30~REF*IG*HM4471~DTP*290*RD8*{{year}}0101-{{year}}1231~{_ANOTHER}",
    ACTIVE,
    "EB*6*IND*30~DTP*291*RD8*{before}0101-{before}1231",
    "AAA*N**72*C",
    f"{ACTIVE}~EB*R*IND*30~{_ANOTHER}",
    None,
)


def ask_and_answer(today: date, desk: User) -> None:
    """One question for each of `SAID`, and one file of answers for each payer that answers."""
    coming = Coverage.objects.filter(patient__next_visit_on__gte=today, relationship="self", kind="employer")
    rows = coming.in_force(today).select_related("patient__site", "payer", "subscriber")
    chosen: dict[object, Coverage] = {}
    for row in rows.order_by("patient__next_visit_on", "patient__chart_number", "pk")[: 4 * len(SAID)]:
        chosen.setdefault(row.patient_id, row)
    ask(list(chosen.values())[: len(SAID)], today, by=desk, send=True)
    for name, content in _answers(today):
        received, _ = exchange.receive(name, io.BytesIO(content), by=None)
        exchange.import_file(received, counted=False)


def _answers(today: date) -> Iterator[tuple[str, bytes]]:
    asked = Inquiry.objects.select_related("coverage__patient__site", "coverage__payer").order_by("trace")
    for number, (inquiry, said) in enumerate(zip(asked, SAID, strict=False), start=1):
        if said is not None:
            told = said.format(year=today.year, before=today.year - 1)
            yield f"eligibility-{number}.271", answer(inquiry.coverage, told, today, number, trace=inquiry.trace)


def answer(coverage: Coverage, said: str, today: date, number: int, *, trace: str, member_id: str = "") -> bytes:
    """A 271 of its payer about one coverage, under another member id where one is given."""
    patient, payer, day = coverage.patient, coverage.payer, f"{today:%Y%m%d}"
    name = f"{patient.last_name}*{patient.first_name}".upper()
    body = [
        "ST*271*0001*005010X279A1",
        f"BHT*0022*11*{trace}*{day}*0900",
        "HL*1**20*1",
        f"NM1*PR*2*{payer.name.upper()}*****PI*{payer.edi_id}",
        "HL*2*1*21*1",
        f"NM1*1P*2*{patient.site.name.upper()}*****XX*{patient.site.npi}",
        "HL*3*2*22*0",
        f"TRN*2*{trace}*9{patient.site.tax_id}",
        f"NM1*IL*1*{name}****MI*{member_id or coverage.member_id}",
        f"DMG*D8*{patient.birth_on:%Y%m%d}",
        *said.split("~"),
    ]
    parties = f"ZZ*{payer.edi_id:<15}*ZZ*{'COBDESK':<15}"
    head = [
        f"ISA*00*{'':<10}*00*{'':<10}*{parties}*{today:%y%m%d}*0900*^*00501*{number:09d}*0*T*:",
        f"GS*HB*{payer.edi_id}*COBDESK*{day}*0900*{number}*X*005010X279A1",
    ]
    tail = [f"SE*{len(body) + 1}*0001", f"GE*1*{number}", f"IEA*1*{number:09d}"]
    return ("~\n".join([*head, *body, *tail]) + "~\n").encode()

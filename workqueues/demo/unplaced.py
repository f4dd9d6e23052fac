"""Answers that nothing places: two rejections under numbers no claim has, and one about a member id nobody has."""

from __future__ import annotations

import io
from datetime import date

from claims import exchange
from claims.models import Submission
from claims.models.claim import PayerState
from cob.accounts.models import User
from cob.cents import dollars
from cob.coverage.models import Coverage
from workqueues.demo import eligibility

# The clearinghouse wrote this before our number; the other claim is of a system the practice no longer has.
ADDED, OF_OLD_SYSTEM = "CH", "LEGACY-20417"
NUMBER = 990


def come_in(by: User, today: date) -> None:
    """Ben brings both: the first rejection is of a claim that he finds, the second is none of theirs."""
    for name, content in (("answers-unknown-numbers.277", _rejections(by, today)), ("portal.271", _answer(by, today))):
        received, _ = exchange.receive(name, io.BytesIO(content), by=by)
        exchange.import_file(received, counted=False)


def _rejections(by: User, today: date) -> bytes:
    waiting = Submission.objects.filter(claim__site__in=by.site_ids(), claim_payer__state=PayerState.SUBMITTED)
    waiting = waiting.filter(sent_at__date__lte=today, accepted_on=None, on_paper=False)
    sent = waiting.select_related("claim__patient", "claim__site", "claim_payer__payer").order_by("-sent_at", "pk")[0]
    payer, site, day = sent.claim_payer.payer, sent.claim.site, f"{today:%Y%m%d}"
    patient = sent.claim.patient
    body = [
        "ST*277*0001*005010X214",
        f"BHT*0085*08*{NUMBER}*{day}*0900*TH",
        "HL*1**20*1",
        f"NM1*PR*2*{payer.name.upper()}*****PI*{payer.edi_id}",
        f"TRN*1*{NUMBER}",
        "HL*2*1*21*1",
        f"NM1*41*2*{site.name.upper()}*****46*COBDESK",
        "TRN*2*RELAY",
        "HL*3*2*19*1",
        f"NM1*85*2*{site.name.upper()}*****XX*{site.npi}",
        *_rejected(
            4, f"{patient.last_name}*{patient.first_name}", f"{ADDED}{sent.claim}", sent.claim.charge_cents, day
        ),
        *_rejected(5, "UNFILED*MORGAN", OF_OLD_SYSTEM, 150_00, day),
    ]
    return _wrapped("HN", "005010X214", payer.edi_id, body, today)


def _rejected(place: int, name: str, number: str, charge_cents: int, day: str) -> list[str]:
    status = f"STC*A7:562:85*{day}*U*{dollars(charge_cents).replace(',', '')}"
    return [f"HL*{place}*3*PT", f"NM1*QC*1*{name.upper()}", f"TRN*2*{number}", status]


def _wrapped(function: str, guide: str, sender: str, body: list[str], today: date) -> bytes:
    head = [
        f"ISA*00*{'':<10}*00*{'':<10}*ZZ*{sender:<15}*ZZ*{'COBDESK':<15}*{today:%y%m%d}*0900*^*00501*{NUMBER:09d}*0*T*:",
        f"GS*{function}*{sender}*COBDESK*{today:%Y%m%d}*0900*{NUMBER}*X*{guide}",
    ]
    tail = [f"SE*{len(body) + 1}*0001", f"GE*1*{NUMBER}", f"IEA*1*{NUMBER:09d}"]
    return ("~\n".join([*head, *body, *tail]) + "~\n").encode()


def _answer(by: User, today: date) -> bytes:
    """Asked in the payer's own portal, so under no number of ours, and with a digit too many in the member id."""
    coming = Coverage.objects.filter(patient__site__in=by.site_ids(), patient__next_visit_on__gte=today)
    coming = coming.exclude(member_id="").filter(relationship="self", kind="employer").in_force(today)
    row = coming.select_related("patient__site", "payer").order_by("patient__chart_number", "pk")[0]
    return eligibility.answer(row, eligibility.ACTIVE, today, NUMBER, trace="PORTAL-1", member_id=f"{row.member_id}1")

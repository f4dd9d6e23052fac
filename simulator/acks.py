"""TA1, 999 and 277CA for what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cob.x12.fields import amount_text
from cob.x12.parts import Envelope
from cob.x12.segment_writer import SegmentWriter, day_text
from cob.x12.t837p import Batch837P, Claim837P

GUIDE_999, GUIDE_277CA = "005010X231A1", "005010X214"
DUPLICATE, NOT_VALID = "025", "024"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the front end makes of one claim: STC01, and the number it gives an accepted one."""

    claim: Claim837P
    status: str  # "A2:20" accepted, "A7:…" rejected
    number: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.status.startswith("A2")


def ta1(envelope: Envelope, asked: Envelope, *, note: str = "000") -> bytes:
    """Of one interchange: accepted, or with any other note rejected whole."""
    writer = SegmentWriter()
    writer.open(envelope, "FA", GUIDE_999)
    isa = writer.texts[0]
    made = (asked.made_on.strftime("%y%m%d"), asked.made_time[:4])
    code = "A" if note == "000" else "R"
    answer = f"TA1*{asked.interchange_control.zfill(9)}*{made[0]}*{made[1]}*{code}*{note}"
    end = f"IEA*0*{envelope.interchange_control.zfill(9)}"
    return "".join(f"{text}~\n" for text in (isa, answer, end)).encode("ascii")


def ack_999(envelope: Envelope, batches: Sequence[Batch837P], *, accepted: bool) -> bytes:
    """Of one group: every transaction accepted, or every one rejected for a segment in error (5)."""
    first = batches[0]
    control = first.envelope.group_control if first.envelope else "0"
    writer = SegmentWriter()
    writer.open(envelope, "FA", GUIDE_999)
    writer.start("999", "0001", GUIDE_999)
    writer.add("AK1", "HC", control, first.guide)
    for batch in batches:
        writer.add("AK2", "837", batch.transaction_control, batch.guide)
        if not accepted:
            writer.add("IK3", "NM1", "8", "2010", "8")
            writer.add("IK4", "9", "67", "1")
        writer.add("IK5", *(("A",) if accepted else ("R", "5")))
    count = str(len(batches))
    writer.add("AK9", "A" if accepted else "R", count, count, count if accepted else "0")
    writer.end("0001")
    return writer.close(envelope, 1)


def ack_277ca(envelope: Envelope, batch: Batch837P, verdicts: Sequence[Verdict], on: date) -> bytes:
    """Of one batch, as the front end of one payer answers it, provider by provider."""
    payer, day = verdicts[0].claim.payer.party, day_text(on)
    writer = SegmentWriter()
    writer.open(envelope, "HN", GUIDE_277CA)
    writer.start("277", "0001", GUIDE_277CA)
    writer.add("BHT", "0085", "08", envelope.interchange_control, day, envelope.made_time, "TH")
    writer.add("HL", "1", "", "20", "1")
    writer.add("NM1", "PR", "2", payer.name, "", "", "", "", "PI", payer.id)
    writer.add("TRN", "1", envelope.interchange_control)
    writer.add("DTP", "050", "D8", day)
    writer.add("DTP", "009", "D8", day)
    writer.add("HL", "2", "1", "21", "1")
    submitter = batch.submitter
    writer.add("NM1", "41", "2", submitter.name, "", "", "", "", "46", submitter.id)
    writer.add("TRN", "2", batch.reference)
    charged = sum(one.claim.charge_cents for one in verdicts)
    writer.add("STC", ("A1", "19", "PR"), day, "WQ", amount_text(charged))
    _counts(writer, verdicts, ("90", "AA"), ("YU", "YY"))
    place = 2
    for provider in dict.fromkeys(one.claim.billing for one in verdicts):
        own = [one for one in verdicts if one.claim.billing == provider]
        place += 1
        at = place
        writer.add("HL", str(at), "2", "19", "1")
        writer.add("NM1", "85", "2", provider.party.name, "", "", "", "", "XX", provider.npi)
        writer.add("TRN", "1", "0")
        writer.add("STC", ("A1", "19", "PR"), "", "WQ", amount_text(sum(one.claim.charge_cents for one in own)))
        _counts(writer, own, ("QA", "QC"), ("YU", "YY"))
        for one in own:
            place += 1
            _claim(writer, one, place, at, day)
    writer.end("0001")
    return writer.close(envelope, 1)


def _counts(
    writer: SegmentWriter, verdicts: Sequence[Verdict], quantities: tuple[str, str], amounts: tuple[str, str]
) -> None:
    accepted = [one for one in verdicts if one.is_accepted]
    refused = [one for one in verdicts if not one.is_accepted]
    for qualifier, found in zip(quantities, (accepted, refused), strict=True):
        if found:
            writer.add("QTY", qualifier, str(len(found)))
    for qualifier, found in zip(amounts, (accepted, refused), strict=True):
        if found:
            writer.add("AMT", qualifier, amount_text(sum(one.claim.charge_cents for one in found)))


def _claim(writer: SegmentWriter, one: Verdict, place: int, above: int, day: str) -> None:
    claim = one.claim
    person = claim.patient.party if claim.patient else claim.subscriber.party
    writer.add("HL", str(place), str(above), "PT")
    number = ("MI", claim.subscriber.party.id) if claim.subscriber.party.id else ()
    writer.add("NM1", "QC", "1", person.name, person.first, "", "", "", *number)
    writer.add("TRN", "2", claim.control_number)
    action = "WQ" if one.is_accepted else "U"
    writer.add("STC", tuple(one.status.split(":")), day, action, amount_text(claim.charge_cents))
    if one.number:
        writer.add("REF", "1K", one.number)
    days = [line.service_on for line in claim.lines if line.service_on]
    if days:
        first, last = min(days), max(days)
        form = ("D8", day_text(first)) if first == last else ("RD8", f"{day_text(first)}-{day_text(last)}")
        writer.add("DTP", "472", *form)

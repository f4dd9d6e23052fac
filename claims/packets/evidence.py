"""The parts of a packet, read from what nobody can change: answers of payers, the verdict, remittances, files.

Only this claim is told: a remittance shows the lines of this claim, and pages with other patients come masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import Count

from claims.attachments.queries import of_claim
from claims.crossover.said import in_words as crossed_in_words
from claims.documents import Kind, drawn_png
from claims.models import (
    Adjudication,
    Claim,
    ClaimPage,
    CrossoverNotice,
    CrossoverWatch,
    ReportedAdjustment,
    Submission,
)
from claims.packets.blocks import Block, Facts, Grid, Items, Part, Picture, Words
from claims.packets.eligibility import eligibility
from claims.presenters import words
from claims.presenters.told import alerts_of
from claims.submissions.folder import Folder
from cob.cents import dollars
from cob.coverage.presenters import verdict_page
from cob.coverage.sayings import telephone
from cob.ui.saying import say
from cob.ui.why import explain
from cob.ui.words import day, moment


def order(folder: Folder) -> Iterator[Block]:
    """Why the payers stand in this order: the verdict on file, in the words of an appeal."""
    found = folder.determination
    if found is None:
        yield Words("No order is on file for this date of service: determine it before this packet is sent.")
        return
    page = verdict_page(found)
    why = explain(page.verdict, case=page.case, names=page.names, sources=page.sources)
    for block in say(why, "appeal", page.contact):
        if block.head:
            yield Words(block.head, is_head=True)
        if block.text:
            yield Words(_filled(block.text, folder))
        if block.items:
            yield Items(block.items, block.is_numbered)
    by = found.decided_by or "the rules"
    yield Words(f"Determined {moment(found.decided_at)} by {by}; rules {found.rules_version}.", is_small=True)


def _filled(text: str, folder: Folder) -> str:
    """The text leaves out what the reader sees on the screen; on paper it stands."""
    site = folder.claim.site
    contact = ", ".join(filter(None, (site.name, telephone(site.phone))))
    return text.replace("[claim number]", folder.claim.control_number).replace("[your name], [telephone]", contact)


def adjudications(folder: Folder) -> Iterator[Block]:
    """What each payer decided on this claim, as it was sent."""
    rows = Adjudication.objects.filter(claim=folder.claim).select_related(
        "remittance__payer", "remittance__file", "recoupment"
    )
    answers = list(rows.with_adjustments().prefetch_related("lines", "reversed_by").as_heard())
    others = _others(folder.claim)
    if not answers:
        yield Words("No payer has answered this claim.")
    for row in answers:
        yield from _answer(row, others.get(row.remittance_id, 0))
    pages = ClaimPage.objects.filter(claim=folder.claim).shown().select_related("scan").order_by("made_at")
    for page in pages:
        with page.kept.open("rb") as source:
            yield Picture(source.read(), f"Paper EOB, page {page.page}; other patients are masked.")


def _others(claim: Claim) -> dict[UUID, int]:
    """How many other claims each payment answers that answers this one."""
    rows = Adjudication.objects.filter(remittance__adjudications__claim=claim).exclude(claim=claim).order_by()
    return dict(rows.values_list("remittance").annotate(claims=Count("control_number", distinct=True)))


def _answer(row: Adjudication, others: int) -> Iterator[Block]:
    remittance = row.remittance
    yield Words(f"{remittance.payer}, processed {words.PROCESSED.get(row.status, row.status)}", is_head=True)
    left_out = "" if others < 1 else f"{others} other claim{'s' if others > 1 else ''} of this payment left out"
    yield Facts(
        [
            ("Payment", f"{remittance.trace} of {day(row.answered_on)}, {remittance.get_source_display()}"),
            ("Their claim number", row.payer_control_number),
            ("Charge", _usd(row.charge_cents)),
            ("Paid", _usd(row.paid_cents)),
            ("Left to the patient, as the payer says", "" if row.patient_cents is None else _usd(row.patient_cents)),
            ("Remarks", " ".join(row.remarks)),
            ("On the claim as a whole", _adjusted([a for a in row.adjustments.all() if a.line_id is None])),
            ("Taken back", _taken_back(row)),
            ("Masked", left_out),
        ]
    )
    every = list(row.adjustments.all())
    lines = [
        (
            " ".join(filter(None, (line.procedure, line.modifiers))),
            day(line.service_on) if line.service_on else "",
            _usd(line.charge_cents),
            "" if line.allowed_cents is None else _usd(line.allowed_cents),
            _usd(line.paid_cents),
            _adjusted([a for a in every if a.line_id == line.pk]),
            " ".join(line.remarks),
        )
        for line in row.lines.all()
    ]
    if lines:
        head = ("Service", "Date", "Charge", "Allowed", "Paid", "Adjusted, as received", "Remarks")
        yield Grid(head, lines, (13, 13, 12, 12, 12, 28, 10), frozenset({2, 3, 4}))
    if told := [alert.text for alert in alerts_of(row.content)]:
        yield Items(told)


def _taken_back(row: Adjudication) -> str:
    if row.reversed_by.all():
        return "by a later answer"
    letter = getattr(row, "recoupment", None)
    return f"by letter of {day(letter.letter_on)}" if letter else ""


def _adjusted(rows: list[ReportedAdjustment]) -> str:
    said = []
    for row in rows:
        meaning = words.reason(row.reason)
        said.append(f"{row.group}-{row.reason} {_usd(row.amount_cents)}{f' ({meaning})' if meaning else ''}")
    return "; ".join(said)


def filing(folder: Folder) -> Iterator[Block]:
    """When the claim left, under which number, and what was heard of it: the proof that it was filed in time."""
    claim = folder.claim
    sent = Submission.objects.filter(claim=claim).select_related("claim_payer__payer", "by", "seen_in")
    rows = list(sent.prefetch_related("acknowledgements__file").order_by("sent_at"))
    if not rows:
        yield Words("Nothing was sent from here, and no file of the billing system shows this claim.")
    for row in rows:
        yield from _sending(row)
    copies = CrossoverWatch.objects.filter(claim=claim).select_related("sender", "claim_payer__payer")
    if said := [crossed_in_words(copy) for copy in copies.order_by("forwarded_on")]:
        yield Words("Handed on by a payer", is_head=True)
        yield Items(said)
    notices = CrossoverNotice.objects.filter(claim=claim).select_related("claim_payer__payer")
    if heard := [_notice(row) for row in notices]:
        yield Items(heard)
    if limits := [f"{row.payer}: {day(clock.on)}" for row in folder.rows if (clock := folder.clock(row.rank))]:
        yield Words("Filing limits", is_head=True)
        yield Items(limits)


def _sending(row: Submission) -> Iterator[Block]:
    yield Words(f"To {row.claim_payer.payer}, {row.get_frequency_display().lower()}", is_head=True)
    yield Facts(
        [
            ("Sent", moment(row.sent_at)),
            ("How", _how(row)),
            ("Interchange control number", row.interchange or (row.seen_in.interchange if row.seen_in else "")),
            ("By", str(row.by) if row.by else ("the billing system" if row.seen_in else "a task")),
            ("Accepted", day(row.accepted_on) if row.accepted_on else ""),
            ("Rejected", f"{day(row.rejected_on)}: {row.rejection}" if row.rejected_on else ""),
        ]
    )
    heard = [
        (day(a.on), a.kind, a.get_said_display(), " ".join(a.codes), a.in_words, a.file.interchange)
        for a in row.acknowledgements.all()
    ]
    if heard:
        yield Grid(("Heard", "Kind", "Says", "Codes", "In words", "Interchange"), heard, (13, 9, 15, 15, 36, 14))


def _how(row: Submission) -> str:
    if row.on_paper:
        return "CMS-1500, mailed"
    return "837P" + (f", file {row.seen_in.sha256[:16]}… of the billing system" if row.seen_in else " of this desk")


def _notice(row: CrossoverNotice) -> str:
    code = f" ({row.code})" if row.code else ""
    reference = f", reference {row.reference}" if row.reference else ""
    return f"{day(row.told_on)}, {row.claim_payer.payer}: {row.get_heard_display()}{code}{reference}."


def attached(folder: Folder) -> Iterator[Block]:
    """The documents of this claim and its coverages, page by page as pictures."""
    for row in of_claim(folder.claim).order_by("added_at"):
        dated = f", dated {day(row.dated_on)}" if row.dated_on else ""
        number = "".join(f", attachment number {one.control_number}" for one in row.enclosed)  # type: ignore[attr-defined]
        yield Words(f"{row.get_kind_display()}: {row}{dated}{number}", is_head=True)
        for page in range(1, row.pages + 1):
            png = drawn_png(str(row.kept.name), Kind(row.media), page)
            yield Picture(png, f"{row}, page {page} of {row.pages}")


def _usd(cents: int) -> str:
    return f"${dollars(cents)}" if cents >= 0 else f"-${dollars(-cents)}"


# The parts in the order in which a payer reads them.
PARTS: Final[dict[str, tuple[str, Callable[[Folder], Iterator[Block]]]]] = {
    "eligibility": ("Eligibility: what each payer answered", eligibility),
    "order": ("Order of payment: who pays first, and why", order),
    "adjudication": ("What earlier payers decided", adjudications),
    "filing": ("Filing: what was sent, when, and what was heard of it", filing),
    "documents": ("Documents", attached),
}


def parts_of(folder: Folder, names: list[str]) -> list[Part]:
    """The parts asked for, each with what is on file; one without anything is left out, save that it says so."""
    made = [Part(name, PARTS[name][0], list(PARTS[name][1](folder))) for name in PARTS if name in names]
    return [part for part in made if part.blocks]

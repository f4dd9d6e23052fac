"""Reads for the claims, files and remittances pages; each costs the same for one row as for fifty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum, When

from claims.attachments.queries import of_claim
from claims.crossover.queries import watches
from claims.given import given_to
from claims.matching import member_ids, with_everything
from claims.models import (
    Acknowledgement,
    Adjudication,
    Attachment,
    Claim,
    ClaimPage,
    ClaimPayer,
    CrossoverWatch,
    EdiFile,
    LedgerBreach,
    PaperEob,
    Posting,
    ProofPacket,
    Remittance,
    Submission,
)
from claims.models.ack_reply import Replied
from claims.models.acknowledgement import UNMATCHED
from claims.models.paper import EobState
from claims.models.posting import PostingKind
from claims.next_step import NextStep, next_step
from claims.submissions.folder import Folder
from cob.accounts.models import User
from cob.coverage.models import Coverage, EligibilityAnswer, Payer
from cob.patients.models import Patient, squash
from cob.x12.stored import load_835

MOST_FOUND = 20


def claim_list(user: User, wanted: Mapping[str, Any]) -> QuerySet[Claim]:
    """Claims the user may see, newest service first; `wanted` is what the filter form cleaned."""
    found = Claim.objects.visible_to(user).select_related("patient", "site")
    payers = ClaimPayer.objects.filter(claim=OuterRef("pk"))
    asked = {"payer": wanted.get("payer"), "state": wanted.get("state"), "rank": wanted.get("rank")}
    of_payer = {name: value for name, value in asked.items() if value}
    if of_payer:
        found = found.filter(Exists(payers.filter(**of_payer)))
    for name, lookup in (("patient", "patient"), ("since", "service_from__gte"), ("until", "service_from__lte")):
        if wanted.get(name):
            found = found.filter(**{lookup: wanted[name]})
    in_order = ClaimPayer.objects.select_related("payer").order_by("rank")
    claims: QuerySet[Claim] = found.prefetch_related(Prefetch("payers", queryset=in_order))
    return claims


def numbered(user: User, number: str) -> QuerySet[Claim]:
    """Claims of that number, whole or begun, or answered by a payer under that number."""
    text = number.strip()
    theirs = ClaimPayer.objects.filter(claim=OuterRef("pk"), payer_control_number=text)
    return claim_list(user, {}).filter(Q(control_number__istartswith=text) | Exists(theirs))


def next_step_of(folder: Folder, today: date) -> NextStep:
    """What comes next for an opened claim."""
    steps = list(zip(folder.places, folder.rows, strict=True))
    return next_step(
        folder.places,
        folder.order,
        coverages_in_force=folder.coverages_in_force,
        insurer_open_cents=folder.claim.insurer_open_cents,
        today=today,
        limits={p.place: c.on for p, row in steps if (c := folder.clock(row.rank)) and c.is_firm},
        is_void=folder.claim.is_void,
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """What hangs on a claim's page below its payers."""

    postings: list[Posting]
    adjudications: list[Adjudication]
    submissions: list[Submission]
    pages: list[ClaimPage]
    copies: list[CrossoverWatch]
    documents: list[Attachment]
    packets: list[ProofPacket]


def papers_of(claim: Claim, today: date) -> Papers:
    """Everything that hangs on a claim, each kind in as many queries for one row as for fifty."""
    postings = claim.postings.select_related("payer", "adjudication__remittance", "line", "reverses")
    answers = claim.adjudications.select_related("remittance__payer").as_heard()
    sent = claim.submissions.select_related("claim_payer__payer", "by", "seen_in").order_by("-sent_at")
    heard = Acknowledgement.objects.select_related("file", "placed_from__reply__by")
    sent = sent.prefetch_related(Prefetch("acknowledgements", heard))
    copies = watches(today).filter(claim=claim).select_related("claim_payer__payer", "sender")
    pages = ClaimPage.objects.filter(claim=claim).shown().select_related("scan", "by")
    return Papers(
        postings=list(postings.order_by("posted_at", "id")),
        adjudications=list(answers),
        submissions=list(sent),
        pages=list(pages),
        copies=list(copies),
        documents=list(of_claim(claim)),
        packets=list(claim.packets.select_related("by")),
    )


def files_seen_by(user: User) -> QuerySet[EdiFile]:
    """Received files, newest first: those a person may see, and those whose work they have."""
    seen = EdiFile.objects.visible_to(user)
    if not user.sees_all_sites:
        seen = EdiFile.objects.filter(Q(pk__in=seen.values("pk")) | given_to(user))
    files: QuerySet[EdiFile] = seen.select_related("by", "job").order_by("-received_at")
    return files


def acknowledgements_of(file: EdiFile, user: User, most: int = 200) -> list[Acknowledgement]:
    """What a file of acknowledgements answers, rejections first and of these what nobody has placed: claims of the
    user's sites and what answers none."""
    rows = Acknowledgement.objects.filter(file=file).select_related(
        "claim", "submission__claim_payer__payer", "inquiry_file", "reply__by", "placed_from__reply__by"
    )
    # What a person placed stands there with its sending.
    rows = rows.exclude(reply__reply=Replied.PLACED)
    ours = Q(claim__in=Claim.objects.visible_to(user)) | Q(inquiry_file__site__in=user.site_ids())
    seen = rows.filter(ours | Q(claim=None, inquiry_file=None)).defer("claim__content")
    unplaced = When(UNMATCHED & Q(reply=None), then=0)
    first = Case(unplaced, When(said="rejected", then=1), When(claim=None, then=2), default=3)
    return list(seen.order_by(first, "position", "part")[:most])


def remittances_seen_by(user: User) -> QuerySet[Remittance]:
    """Remittances of the user's sites; one whose payee is no site here belongs to whoever may see its file."""
    rows = Remittance.objects.select_related("payer", "site", "file").order_by("-paid_on", "trace", "pk")
    if user.sees_all_sites:
        return rows
    homeless = Q(site=None, file__in=EdiFile.objects.visible_to(user).values("pk"))
    return rows.filter(Q(site__in=user.site_ids()) | homeless)


def remittance_list(user: User, wanted: Mapping[str, Any]) -> QuerySet[Remittance]:
    """With how many claims each answers, and how many of them are tied to none of ours."""
    found = remittances_seen_by(user).annotate(
        answers=Count("adjudications"),
        unmatched=Count("adjudications", filter=Q(adjudications__claim=None, withdrawn_at=None)),
    )
    for name, lookup in (("payer", "payer"), ("since", "paid_on__gte"), ("until", "paid_on__lte")):
        if wanted.get(name):
            found = found.filter(**{lookup: wanted[name]})
    return found.filter(unmatched__gt=0) if wanted.get("unmatched") else found


def answers_of(remittance: Remittance, user: User) -> QuerySet[Adjudication]:
    """The claims of a remittance as the payer listed them; other sites' claims stay out, unmatched ones stay in."""
    rows = remittance.adjudications.select_related("claim__patient", "claim_payer").order_by("position")
    rows = rows.prefetch_related("undos")
    if user.sees_all_sites:
        return rows
    return rows.filter(Q(claim=None) | Q(claim__site__in=user.site_ids()))


def totals_of(remittance: Remittance) -> dict[str, int]:
    """What the answers and the provider adjustments come to, and how many answers are tied to no claim."""
    rows = remittance.adjudications.aggregate(
        paid=Sum("paid_cents"), answers=Count("pk"), unmatched=Count("pk", filter=Q(claim=None))
    )
    provider = remittance.provider_adjustments.aggregate(plb=Sum("amount_cents"))
    return {
        "paid": rows["paid"] or 0,
        "answers": rows["answers"],
        "unmatched": rows["unmatched"],
        "plb": provider["plb"] or 0,
    }


def breaches_seen_by(user: User) -> QuerySet[LedgerBreach]:
    """What breaks a rule of the ledger now, at the user's sites."""
    rows = LedgerBreach.objects.visible_to(user).standing()
    found: QuerySet[LedgerBreach] = rows.select_related("claim__patient", "remittance__payer")
    return found


def answer_seen_by(user: User, pk: UUID) -> Adjudication | None:
    """An answer on a remittance the user may see, unless it belongs to another site's claim."""
    row: Adjudication | None = (
        Adjudication.objects.filter(pk=pk, remittance__in=remittances_seen_by(user).values("pk"))
        .select_related("remittance__payer", "claim__patient")
        .first()
    )
    if row is None or (row.claim and not user.sees_all_sites and row.claim.site_id not in user.site_ids()):
        return None
    return row


def claims_like(
    user: User, words: str = "", *, service_on: date | None = None, charge_cents: int | None = None
) -> list[Claim]:
    """Claims by number, or by the patient's name, birth date, chart or member id; by day of service; by charge."""
    found = Claim.objects.visible_to(user)
    if words:
        patients = Patient.objects.visible_to(user).matching(words).values("pk")
        found = found.filter(Q(control_number__iexact=words.strip()) | Q(patient__in=patients))
    if service_on:
        found = found.filter(service_from__lte=service_on, service_to__gte=service_on)
    if charge_cents is not None:
        found = found.filter(charge_cents=charge_cents)
    return list(with_everything(found)[:MOST_FOUND])


def claims_with_everything(ids: Iterable[UUID]) -> list[Claim]:
    """With lines, payers in order and coverages."""
    return list(with_everything(Claim.objects.filter(pk__in=list(ids))))


def suggested_for(answer: Adjudication, user: User) -> list[Claim]:
    """Claims whose patient has the name or member id given, of the same charge or the same day, or that bear the number
    given; the caller weighs them."""
    said = load_835(answer.content)
    members = {squash(i) for i in member_ids(said)} - {""}
    name = squash(said.patient.name) if said.patient else ""
    person = Q(patient__search_last=name) if name else Q(pk=None)
    if members:
        person |= Q(patient__in=Coverage.objects.filter(search_member__in=members).values("patient"))
    days = [day for day in (*(line.service_on for line in said.lines), said.statement_from_on) if day]
    fits = Q(charge_cents=abs(answer.charge_cents))
    if days:
        fits |= Q(service_from__lte=max(days), service_to__gte=min(days))
    found = Claim.objects.visible_to(user).filter((fits & person) | Q(control_number=answer.control_number))
    return list(with_everything(found)[:MOST_FOUND])


def eobs_seen_by(user: User) -> QuerySet[PaperEob]:
    """Paper EOBs of the user's sites, drafts first, the newest first."""
    is_open = Case(When(state=EobState.DRAFT, then=0), default=1)
    rows = PaperEob.objects.visible_to(user).exclude(state=EobState.DISCARDED)
    found: QuerySet[PaperEob] = rows.select_related("site", "by", "saved_by", "posted_by", "remittance__payer", "scan")
    return found.order_by(is_open, "-saved_at")


def payers_to_choose() -> list[tuple[str, str]]:
    """Every payer, by name."""
    return [(str(pk), name) for pk, name in Payer.objects.order_by("name").values_list("pk", "name")]


def paid_by_rank(postings: Iterable[Posting]) -> dict[int, int]:
    """What each payer has paid and not taken back, by its place."""
    rows = list(postings)
    kind = {row.pk: row.kind for row in rows}
    paid: dict[int, int] = {}
    for row in rows:
        original = kind.get(row.reverses_id) if row.reverses_id else row.kind
        if original in (PostingKind.PAYMENT, PostingKind.REFUND):
            paid[row.rank] = paid.get(row.rank, 0) + row.amount_cents
    return paid


def eligibility_of(file: EdiFile, user: User, most: int = 200) -> list[EligibilityAnswer]:
    """What a 271 answered about patients this person may see, and what could not be placed; the unplaced first."""
    mine = Q(patient__site__in=user.site_ids()) | Q(patient=None, placed_as=None)
    rows = EligibilityAnswer.objects.filter(mine, source_file=file.pk).select_related("patient", "coverage__payer")
    return list(rows.order_by(F("patient").asc(nulls_first=True), "position", "part")[:most])

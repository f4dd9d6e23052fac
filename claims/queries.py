"""Reads for the claims, files and remittances pages; each costs the same for one row as for fifty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from claims.models import Adjudication, Claim, ClaimPayer, EdiFile, Posting, Remittance, Submission
from claims.models.posting import PostingKind
from claims.next_step import NextStep, next_step
from claims.submissions.folder import Folder
from cob.accounts.models import User
from cob.patients.models import Patient, squash

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
        limits={place.place: clock.on for place, row in steps if (clock := folder.clock(row.rank))},
        is_void=folder.claim.is_void,
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """What hangs on a claim's page below its payers."""

    postings: list[Posting]
    adjudications: list[Adjudication]
    submissions: list[Submission]


def papers_of(claim: Claim) -> Papers:
    """Postings, answers and sendings, each in one query."""
    postings = claim.postings.select_related("payer", "adjudication__remittance", "line", "reverses")
    answers = claim.adjudications.select_related("remittance__payer").order_by("answered_on", "position")
    sent = claim.submissions.select_related("claim_payer__payer", "by", "seen_in").order_by("-sent_at")
    return Papers(list(postings.order_by("posted_at", "id")), list(answers), list(sent))


def files_seen_by(user: User) -> QuerySet[EdiFile]:
    """Received files, newest first."""
    files: QuerySet[EdiFile] = EdiFile.objects.visible_to(user).select_related("by", "job").order_by("-received_at")
    return files


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
        answers=Count("adjudications"), unmatched=Count("adjudications", filter=Q(adjudications__claim=None))
    )
    for name, lookup in (("payer", "payer"), ("since", "paid_on__gte"), ("until", "paid_on__lte")):
        if wanted.get(name):
            found = found.filter(**{lookup: wanted[name]})
    return found.filter(unmatched__gt=0) if wanted.get("unmatched") else found


def answers_of(remittance: Remittance, user: User) -> QuerySet[Adjudication]:
    """The claims of a remittance as the payer listed them; other sites' claims stay out, unmatched ones stay in."""
    rows = remittance.adjudications.select_related("claim__patient", "claim_payer").order_by("position")
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


def claims_like(user: User, words: str) -> list[Claim]:
    """Claims to match an answer with: by claim number, or by the patient's name, birth date, chart or member id."""
    patients = Patient.objects.visible_to(user).matching(words).values("pk")
    found = Claim.objects.visible_to(user).filter(Q(control_number__iexact=words.strip()) | Q(patient__in=patients))
    return list(found.select_related("patient").prefetch_related("payers__payer")[:MOST_FOUND])


def suggested_for(answer: Adjudication, user: User) -> list[Claim]:
    """Claims of the same charge whose patient has the name or member id given, or that bear the number given."""
    said = answer.content
    members = {squash(p.get("id", "")) for k in ("patient", "subscriber", "corrected") if (p := said.get(k))} - {""}
    name = squash((said.get("patient") or {}).get("name", ""))
    person = Q(patient__search_last=name) if name else Q(pk=None)
    if members:
        person |= Q(patient__coverages__search_member__in=members)
    same = Q(charge_cents=abs(answer.charge_cents)) & person
    found = Claim.objects.visible_to(user).filter(same | Q(control_number=answer.control_number)).distinct()
    return list(found.select_related("patient").prefetch_related("payers__payer")[:5])


def paid_by_rank(postings: Iterable[Posting]) -> dict[int, int]:
    """What each payer has paid and not taken back, by its place."""
    rows = list(postings)
    kind = {row.pk: row.kind for row in rows}
    paid: dict[int, int] = {}
    for row in rows:
        original = kind.get(row.reverses_id) if row.reverses_id else row.kind
        if original == PostingKind.PAYMENT:
            paid[row.rank] = paid.get(row.rank, 0) + row.amount_cents
    return paid

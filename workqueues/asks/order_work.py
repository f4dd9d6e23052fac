"""What an order on file still leaves to do: payers that show another one, and claims that went out in another one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from claims.models import Claim
from claims.reordering import out_of_order
from cob.coverage.disputes import asked_about
from cob.coverage.models import Determination, Says, Verification
from cob.coverage.pictures import pictures_of
from cob.patients.models import Patient
from cob.rules.frontdesk.leads import lead
from workqueues.asks import msp_answers
from workqueues.asks.asking import in_words

CHUNK = 500
SETTLED = ("determined", "likely", "tie")
REASONS = {
    "facts_changed": "what is on file has changed since the order was settled",
    "payer_disagrees": "a payer shows another order than ours",
    "payer_unaware": "a payer knows of no other plan",
    "payer_not_asked": "not every plan in the dispute was asked",
    "equal_shares": "the plans have disagreed for more than 30 days: ask for equal shares (MDL-120 §9.D, unconfirmed)",
    "order_changed": "claims went out in another order than the one due now",
    msp_answers.CODE: "an answer in Medicare’s questionnaire is not known",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What one patient's orders leave to do. `attempt` 2: the plans had their time to agree and did not."""

    codes: tuple[str, ...] = ()
    amount_cents: int = 0
    attempt: int = 1
    first: str = ""


def any_no_coverage() -> Exists:
    """The outer patient has an order on file by which no coverage pays: claims of that day may have been paid."""
    rows = Determination.objects.current().filter(patient=OuterRef("pk"), status="no_coverage")
    return Exists(rows.order_by())


def shows_otherwise() -> Exists:
    """A payer of the outer patient has shown another order, denied cover, or named a plan that is not on file: a
    dispute also where one card is all there is.
    """
    words = Verification.objects.filter(patient=OuterRef("pk")).order_by()
    return Exists(words.filter(Q(says=Says.DISAGREES) | ~Q(primary_named="")))


def has_changed_claims() -> Exists:
    """The outer patient has claims that went out in another order."""
    return Exists(_changed())


def with_work(rows: Iterable[dict[str, Any]], today: date) -> Iterator[tuple[dict[str, Any], Work]]:
    """Rows of patients, each with what its orders leave to do; what payers said is read for many at once."""
    every = iter(rows)
    while part := list(islice(every, CHUNK)):
        patients = [row["pk"] for row in part]
        disputes, changed = _disputes(patients, today), _changed_of(patients)
        in_vain = [row["pk"] for row in part if row["asked_in_vain"]]
        unknown, stale = msp_answers.first_steps(in_vain, today), _stale(part, today)
        for row in part:
            said = {"facts_changed": None} if row["pk"] in stale else {}
            yield row, _work(said | disputes.get(row["pk"], {}), changed.get(row["pk"]), unknown.get(row["pk"], ""))


def _stale(rows: Iterable[dict[str, Any]], today: date) -> set[uuid.UUID]:
    """Patients who come within a week and whose settled order no longer rests on what is on file: what their page and
    the list of visits say, asked of the same picture. Claims of days past are determined anew by themselves.
    """
    week = today + timedelta(days=lead("verify_weekly_days"))
    coming = [
        row["pk"]
        for row in rows
        if row["next_visit_on"] and today <= row["next_visit_on"] <= week and row["n_now"] > 1
        if row["order_status"] in SETTLED and not row["coverage_added"]
    ]
    pictures = pictures_of(Patient.objects.filter(pk__in=coming), today=today) if coming else {}
    return {pk for pk, picture in pictures.items() if picture.order is not None and picture.order.is_stale}


def alone(codes: Iterable[str], first: str = "") -> str:
    """The reasons as a sentence, where nothing but an order on file is at stake; then the first step."""
    said = in_words([REASONS[code] for code in codes])
    return f"{said[0].upper()}{said[1:]}. {first}".strip()


def _changed() -> QuerySet[Claim]:
    return out_of_order(Claim.objects.filter(patient=OuterRef("pk"))).order_by()


def _changed_of(patients: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What was paid on each patient's claims that went out in another order, in cents."""
    claims = out_of_order(Claim.objects.filter(patient__in=patients)).order_by()
    return dict(claims.values_list("patient").annotate(cents=Sum("paid_cents")))


def _disputes(patients: list[uuid.UUID], today: date) -> dict[uuid.UUID, dict[str, None]]:
    """The reasons payers give, by patient."""
    asked_any = Verification.objects.filter(patient__in=patients).order_by().values_list("patient", flat=True)
    patients = list(asked_any.distinct())
    if not patients:
        return {}
    is_open = Claim.objects.filter(
        patient=OuterRef("patient"), service_from=OuterRef("service_on"), insurer_open_cents__gt=0, is_void=False
    )
    found: dict[uuid.UUID, dict[str, None]] = {}
    for asked in asked_about(patients, Q(Exists(is_open.order_by())) | Q(service_on__gte=today)):
        codes = found.setdefault(asked.patient, {})
        codes |= dict.fromkeys(asked.codes)
        if asked.shares_from is not None and asked.shares_from <= today:
            codes["equal_shares"] = None
    return found


def _work(disputes: dict[str, None], changed_cents: int | None, ask: str) -> Work:
    stands = {"order_changed": changed_cents is not None, msp_answers.CODE: bool(ask)}
    codes = [code for code in REASONS if code in disputes or stands.get(code)]
    attempt = 2 if "equal_shares" in disputes else 1
    return Work(tuple(codes), changed_cents or 0, attempt, ask if codes == [msp_answers.CODE] else "")

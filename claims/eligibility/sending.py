"""A 270 is written, kept and laid out; each question's trace number is its file's number and its place in it.

One transaction for each file: what a crash leaves is either a file with all its questions on file, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims.delivery.handing import hand_over
from claims.delivery.numbers import QUESTIONS, take, unsecured
from claims.submissions.route import TEST, Route, route_to_payer
from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.coverage.eligibility.inquiries import Question, Unaskable, question_for
from cob.coverage.models import Coverage, Inquiry, InquiryFile
from cob.turns import Turn, wait_for
from cob.x12.errors import X12Error
from cob.x12.fitting import fitted
from cob.x12.parts import Envelope
from cob.x12.write270 import write_270

MOST_IN_A_FILE = 500


@dataclass(slots=True)
class Asked:
    """What was asked, what somebody else asked meanwhile, and of whom nobody can be asked. `data` are the files;
    `files` their rows when they were sent."""

    questions: list[Question] = field(default_factory=list)
    meanwhile: list[Question] = field(default_factory=list)
    refused: list[Unaskable] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    files: list[InquiryFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """The questions of one site that go one way."""

    site: Site
    route: Route
    questions: Sequence[Question]


def ask(
    coverages: Sequence[Coverage], on: date, *, by: User | None, send: bool, seen: Mapping[UUID, UUID] | None = None
) -> Asked:
    """Ask the payers of these coverages about one day. Without `send` the files are tests and nothing is recorded.

    Coverages come with patient, site, payer and subscriber. `by` None: the task that acts. `seen`: the last question
    about each, where the caller decided by it; whoever was asked since then is not asked twice.
    """
    asked, seen = Asked(), last_asked(coverages) if seen is None else seen
    for coverage in coverages:
        found = question_for(coverage, on)
        if isinstance(found, Unaskable):
            asked.refused.append(found)
        else:
            asked.questions.append(found)
    for parcel in _parcels(asked.questions):
        try:
            if send:
                sent = _send(parcel, by, seen, asked)
                if sent is None:
                    continue
                file, data = sent
                asked.files.append(file)
            else:
                number = f"{int(unsecured(QUESTIONS)) + len(asked.data):09d}"
                data = _written(parcel, number, is_test=True)
        except X12Error as error:
            why = f"The question could not be written: {error}"
            asked.refused += [Unaskable(q.coverage, why, "Correct what it names.") for q in parcel.questions]
            gone = {q.coverage.pk for q in parcel.questions}
            asked.questions = [q for q in asked.questions if q.coverage.pk not in gone]
            continue
        asked.data.append(data)
    return asked


def last_asked(coverages: Sequence[Coverage]) -> dict[UUID, UUID]:
    """The newest question about each, by its id."""
    rows = Inquiry.objects.filter(coverage__in=[row.pk for row in coverages]).order_by("created_at")
    return dict(rows.values_list("coverage", "pk"))


def _parcels(questions: Sequence[Question]) -> Iterator[_Parcel]:
    """By site and receiver, in the order they were given."""
    ways: dict[tuple[UUID, str], Route] = {}
    groups: dict[tuple[UUID, tuple[str, str]], tuple[Site, Route, list[Question]]] = {}
    for question in questions:
        site, payer = question.coverage.patient.site, question.inquiry.payer
        if (site.pk, payer.id) not in ways:
            ways[site.pk, payer.id] = route_to_payer(site, payer)
        way = ways[site.pk, payer.id]
        groups.setdefault((site.pk, way.receiver), (site, way, []))[2].append(question)
    for site, way, every in groups.values():
        for start in range(0, len(every), MOST_IN_A_FILE):
            yield _Parcel(site, way, every[start : start + MOST_IN_A_FILE])


def _send(
    parcel: _Parcel, by: User | None, seen: Mapping[UUID, UUID], asked: Asked
) -> tuple[InquiryFile, bytes] | None:
    """Keep the file and its questions; it is on its way once they are committed. None: somebody asked all of them."""
    number = take(QUESTIONS)
    with transaction.atomic(), doing("asked payers"):
        wait_for(Turn.QUESTIONS)
        parcel = _not_twice(parcel, seen, asked)
        if not parcel.questions:
            return None
        data = _written(parcel, number, is_test=False)
        receiver, items = parcel.route.receiver[1], len(parcel.questions)
        leaves = hand_over(
            interchange=number, kind="270", data=data, site=parcel.site, receiver=receiver, items=items, by=by
        )
        file = InquiryFile(interchange=number, site=parcel.site, receiver=receiver, kept=leaves.kept.name, by=by)
        file.save(force_insert=True)
        rows = [_row(file, question, place) for place, question in enumerate(parcel.questions, start=1)]
        Inquiry.objects.bulk_create(rows, batch_size=200)
        patients = {row.patient_id for row in rows}
        after = {"interchange": number, "questions": len(rows)}
        record("eligibility asked", file, patients=patients, site_id=parcel.site.pk, after=after)
    return file, data


def _not_twice(parcel: _Parcel, seen: Mapping[UUID, UUID], asked: Asked) -> _Parcel:
    """Without what two people, or one and the night, would ask at the same moment."""
    now = last_asked([question.coverage for question in parcel.questions])
    gone = {pk for pk, newest in now.items() if newest != seen.get(pk)}
    asked.meanwhile += [question for question in parcel.questions if question.coverage.pk in gone]
    asked.questions = [question for question in asked.questions if question.coverage.pk not in gone]
    return replace(parcel, questions=[question for question in parcel.questions if question.coverage.pk not in gone])


def _row(file: InquiryFile, question: Question, place: int) -> Inquiry:
    return Inquiry(
        patient=question.coverage.patient,
        coverage=question.coverage,
        file=file,
        trace=_trace(file.interchange, place),
        service_on=question.inquiry.on,
        asked_with=question.digest,
        by=file.by,
    )


def _trace(interchange: str, place: int) -> str:
    """Never used again, because the interchange number is not."""
    return f"COB{interchange}{place:04d}"


def _written(parcel: _Parcel, interchange: str, *, is_test: bool) -> bytes:
    now, route = timezone.localtime(), parcel.route
    envelope = Envelope(
        sender_id=route.sender[1],
        sender_qualifier=route.sender[0],
        receiver_id=route.receiver[1],
        receiver_qualifier=route.receiver[0],
        group_sender=route.group[0],
        group_receiver=route.group[1],
        interchange_control=interchange,
        group_control=str(int(interchange)),
        made_on=now.date(),
        made_time=f"{now:%H%M}",
        usage=TEST if is_test else route.usage,
    )
    traced = [fitted(q.traced(_trace(interchange, place))) for place, q in enumerate(parcel.questions, start=1)]
    return write_270(envelope, traced)

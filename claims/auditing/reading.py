"""Claims with their payers and their patients' charts, a chunk of patients at a time: six queries a chunk or, where the
engine keeps the answers, a stretch of many chunks; whatever is in it, and the memory of one chunk.

Chunks follow the patients' ids, so that whoever was stopped goes on behind the last patient done and nothing is
missed when rows are added meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from claims.models import Claim, ClaimPayer
from cob.coverage.cases_in_bulk import Chart, Charts, Patients, Rows, as_text, charts_of, read_json
from cob.patients.models import Patient

CHUNK = 2_000
# Patients whose rows one answer of PostgreSQL holds; the wider, the fewer pages are read twice.
STRETCH = 100_000
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims: of some sites (none named: of all), with a first day of service in a span."""

    sites: frozenset[UUID] = frozenset()
    since: date | None = None
    until: date | None = None

    def narrow(self, rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
        """Rows of these claims; `path` leads from the row to its claim."""
        rows = rows.filter(**{f"{path}is_void": False})
        if self.sites:
            rows = rows.filter(**{f"{path}site__in": self.sites})
        if self.since:
            rows = rows.filter(**{f"{path}service_from__gte": self.since})
        return rows.filter(**{f"{path}service_from__lte": self.until}) if self.until else rows

    @property
    def is_narrow(self) -> bool:
        """Whether most claims may be outside."""
        return bool(self.sites or self.since or self.until)


# rank, coverage id, state, rank from
PayerRow = tuple[int, str, str, str]


class ClaimRead(NamedTuple):
    """One claim as it is asked about, its payers by rank; ids are text."""

    pk: str
    patient: str
    site: str
    service_on: date
    related_to: list[str]
    payers: list[PayerRow]


class Chunk(NamedTuple):
    """Some patients, their charts, and their claims in the scope."""

    last: UUID
    patients: int
    charts: dict[str, Chart]
    claims: list[ClaimRead]

    def payers(self, claim: ClaimRead) -> dict[str, str]:
        """The payer of each card of the claim's patient; ids are text."""
        chart = self.charts.get(claim.patient)
        return {row.id: row.payer for row in chart.cards} if chart else {}


def chunks(scope: Scope, *, first: UUID = FIRST, after: UUID | None = None, last: UUID = LAST) -> Iterator[Chunk]:
    """The claims of the patients from `first` (or behind `after`) to `last`, by patient."""
    begin = {"pk__gt": after} if after else {"pk__gte": first}
    at_once = STRETCH if connection.vendor == "postgresql" and not scope.is_narrow else CHUNK
    while True:
        ids = Patient.objects.filter(**begin, pk__lte=last).order_by("pk").values_list("pk", flat=True)
        found = list(ids[:CHUNK])
        if not found:
            return
        if at_once == CHUNK:
            yield _chunk(scope, found)
            begin = {"pk__gt": found[-1]}
        else:
            end = ids[at_once - 1 : at_once].first() or last
            yield from _streamed(scope, Patients(found[0], end))
            begin = {"pk__gt": end}


def _streamed(scope: Scope, patients: Patients) -> Iterator[Chunk]:
    """Chunk by chunk from answers that PostgreSQL keeps ready, so that each page of a table is read once for a stretch.
    Rows of one patient lie anywhere, and a chunk's rows nearly all on pages of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET cursor_tuple_fraction = 1")  # every answer is read to its end
    charts = Charts(patients, stream=True)
    claims, payers = _claims_and_payers(scope, patients, stream=True)
    while read := charts.take(CHUNK):
        last = next(reversed(read))
        yield Chunk(UUID(last), len(read), read, _with_payers(claims.up_to(last), payers.up_to(last)))


def _chunk(scope: Scope, ids: list[UUID]) -> Chunk:
    patients = Patients(ids[0], ids[-1])
    claims, payers = (rows.up_to(str(ids[-1])) for rows in _claims_and_payers(scope, patients))
    if not claims:
        return Chunk(ids[-1], len(ids), {}, [])
    if scope.is_narrow:
        patients = patients._replace(among=frozenset(UUID(str(row[0])) for row in claims))
    return Chunk(ids[-1], len(ids), charts_of(patients), _with_payers(claims, payers))


def _claims_and_payers(scope: Scope, patients: Patients, *, stream: bool = False) -> tuple[Rows, Rows]:
    """Of each claim and of each payer on one: the patient, the claim, and what is read of it; by patient."""
    claims = scope.narrow(patients.rows(Claim)).order_by("patient_id")
    of_claims = (as_text("pk"), as_text("site_id"), "service_from", Cast("related_to", TextField()))
    payers = scope.narrow(patients.rows(ClaimPayer, "claim__patient"), "claim__").order_by("claim__patient_id")
    of_payers = (as_text("claim_id"), "rank", as_text("coverage_id"), "state", "rank_from")
    return (
        Rows(claims.values_list(as_text("patient_id"), *of_claims), stream=stream),
        Rows(payers.values_list(as_text("claim__patient_id"), *of_payers), stream=stream),
    )


def _with_payers(claims: Iterable[tuple[Any, ...]], payers: Iterable[tuple[Any, ...]]) -> list[ClaimRead]:
    read: dict[str, ClaimRead] = {}
    for patient, pk, site, day, related in claims:
        about = [] if related == "[]" else read_json(related)
        read[str(pk)] = ClaimRead(str(pk), str(patient), str(site), day, about, [])
    for _, claim, rank, coverage, state, rank_from in payers:
        if (found := read.get(str(claim))) is not None:
            found.payers.append((rank, str(coverage), state, rank_from))
    for one in read.values():
        if len(one.payers) > 1:
            one.payers.sort()
    return list(read.values())

"""Claims with their payers and their patients' charts, a chunk of patients at a time: six queries a chunk, whatever
is in it, and the memory of one chunk.

Chunks follow the patients' ids, so that whoever was stopped goes on behind the last patient done and nothing is
missed when rows are added meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from claims.models import Claim, ClaimPayer
from cob.coverage.cases_in_bulk import Chart, Patients, as_text, charts_of, read_json
from cob.patients.models import Patient

CHUNK = 2_000
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


def chunks(scope: Scope, *, first: UUID = FIRST, after: UUID | None = None, last: UUID = LAST) -> Iterator[Chunk]:
    """The claims of the patients from `first` (or behind `after`) to `last`, by patient."""
    begin = {"pk__gt": after} if after else {"pk__gte": first}
    while True:
        ids = Patient.objects.filter(**begin, pk__lte=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
        found = list(ids)
        if not found:
            return
        yield _chunk(scope, found)
        begin = {"pk__gt": found[-1]}


def _chunk(scope: Scope, ids: list[UUID]) -> Chunk:
    patients = Patients(ids[0], ids[-1])
    claims = _claims(scope, patients)
    if not claims:
        return Chunk(ids[-1], len(ids), {}, [])
    if scope.is_narrow:
        patients = patients._replace(among=frozenset(UUID(claim.patient) for claim in claims))
    return Chunk(ids[-1], len(ids), charts_of(patients), claims)


def _claims(scope: Scope, patients: Patients) -> list[ClaimRead]:
    rows = scope.narrow(patients.rows(Claim)).order_by("patient_id")
    claims: dict[str, ClaimRead] = {}
    for pk, patient, site, day, related in rows.values_list(
        as_text("pk"), as_text("patient_id"), as_text("site_id"), "service_from", Cast("related_to", TextField())
    ):
        about = [] if related == "[]" else read_json(related)
        claims[str(pk)] = ClaimRead(str(pk), str(patient), str(site), day, about, [])
    if claims:
        payers = scope.narrow(patients.rows(ClaimPayer, "claim__patient"), "claim__")
        columns = (as_text("claim_id"), "rank", as_text("coverage_id"), "state", "rank_from")
        for claim, rank, coverage, state, rank_from in payers.values_list(*columns):
            if (found := claims.get(str(claim))) is not None:
                found.payers.append((rank, str(coverage), state, rank_from))
        for read in claims.values():
            read.payers.sort()
    return list(claims.values())

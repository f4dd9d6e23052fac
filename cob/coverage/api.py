"""The rules for machines: ask without storing, put a verdict on file, read those on file.

The JSON is the library's own: what `cob.rules.determine` answers is what is sent.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cob.accounts.api import Unreadable
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions
from cob.coverage.deciding import KindUnknown, current
from cob.coverage.lookups import patient_or_404
from cob.coverage.models import Determination
from cob.coverage.rulebook import Malformed, verdict_on
from cob.patients.models import Patient
from cob.rules import BadCase
from cob.rules.door import read_json

UNREADABLE = 422
# No visit lies outside; the rules count months and days from the day and would leave the calendar at its ends.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong and where."""

    error = serializers.CharField()
    field = serializers.CharField()


class ServiceDaySerializer(serializers.Serializer[Any]):
    """Which day of service is asked about."""

    service_on = serializers.DateField(help_text="YYYY-MM-DD")


class DeterminationSerializer(serializers.ModelSerializer[Determination]):
    """A verdict on file; `case` is what it rests on, `verdict` what the rules or a person said."""

    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    superseded_by = serializers.SerializerMethodField()

    class Meta:
        model = Determination
        fields: tuple[str, ...] = (
            "id", "service_on", "status", "decided_at", "decided_how", "reason", "evidence", "rules_version",
            "supersedes", "superseded_by", "case", "verdict",
        )  # fmt: skip

    def get_superseded_by(self, row: Determination) -> UUID | None:
        """The later verdict, if there is one."""
        later = getattr(row, "superseded_by", None)
        return later.pk if later else None


def _problem(message: str, field: str) -> Response:
    return Response({"error": message, "field": field}, status=UNREADABLE)


class CaseParser(JSONParser):
    """Reads a case as the library's own door does, so that what is refused there is refused here in the same words."""

    def parse(self, stream: Any, *_: Any, **__: Any) -> Any:
        """The values of the body."""
        try:
            return read_json(stream.read())
        except BadCase as refused:
            said = str(refused)
            raise Unreadable(said, said.partition(":")[0]) from None


class PreviewView(APIView):
    """A case in, its verdict out; nothing is stored."""

    needs = (Permission.DETERMINE,)
    parser_classes = (CaseParser,)

    @extend_schema(
        operation_id="determination_preview",
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT, UNREADABLE: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Answer one case of the determination contract."""
        try:
            return Response(verdict_on(request.data))
        except Malformed as wrong:
            return _problem(str(wrong), wrong.field)


class PatientDeterminationsView(APIView):
    """The verdicts on file of one patient."""

    @property
    def needs(self) -> tuple[Permission, ...]:
        """Reading is for whoever may see patients, deciding for whoever may determine."""
        reads = self.request.method in ("GET", "HEAD", "OPTIONS")
        return (Permission.VIEW_PATIENTS,) if reads else (Permission.DETERMINE,)

    @extend_schema(operation_id="determination_list", responses={200: DeterminationSerializer(many=True)})
    def get(self, request: Request, pk: UUID) -> Response:
        """All of them, newest first, superseded ones too."""
        patient = _patient(request, pk)
        rows = patient.determinations.select_related("superseded_by")
        record_view("verdicts by API", [patient.pk], site_id=patient.site_id)
        return Response(DeterminationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="determination_store",
        request=ServiceDaySerializer,
        responses={200: DeterminationSerializer, 201: DeterminationSerializer, UNREADABLE: ProblemSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Put the verdict for a day on file: 201 when it is new, 200 when the one on file says the same."""
        patient = _patient(request, pk)
        day = _service_day(request)
        if isinstance(day, Response):
            return day
        before = current(patient, day)
        try:
            row = actions.determine(patient=patient, service_on=day, by=_user(request))
        except (KindUnknown, Malformed) as wrong:
            return _problem(str(wrong), wrong.field)
        record_view("verdict by API", [patient.pk], site_id=patient.site_id)
        return Response(DeterminationSerializer(row).data, status=200 if row == before else 201)


def _service_day(request: Request) -> date | Response:
    form = ServiceDaySerializer(data=request.data)
    if not form.is_valid():
        return _problem("Expected a day written YYYY-MM-DD, such as 2026-03-10.", "service_on")
    day: date = form.validated_data["service_on"]
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return _problem(f"Expected a day from {EARLIEST_YEAR} to {LATEST_YEAR}; correct the year.", "service_on")
    return day


def _patient(request: Request, pk: UUID) -> Patient:
    return patient_or_404(_user(request), pk)


def _user(request: Request) -> User:
    """MayUse let only people through."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user

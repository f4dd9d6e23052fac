"""Verdicts in words for machines: a case explained without storing it, and a verdict on file with its texts.

They stand apart from the preview, whose answer is the library's own JSON and nothing else.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage.api import UNREADABLE, CaseParser, DeterminationSerializer, ProblemSerializer
from cob.coverage.lookups import determination_or_404
from cob.coverage.presenters import verdict_page
from cob.coverage.rulebook import Malformed
from cob.ui.explaining import explained_case, texts_on_file


class TextSerializer(serializers.Serializer[Any]):
    """One verdict, said four ways. What a caller reads from the screen stands in square brackets."""

    answer = serializers.CharField(help_text="a note: the answer, its reasons, what would change it")
    phone = serializers.CharField(help_text="what to say to a payer, what to ask and write down")
    appeal = serializers.CharField(help_text="a formal paragraph with rules, citations, facts and how sure it is")
    patient = serializers.CharField(help_text="for the patient, in short words")


class ExplainedSerializer(serializers.Serializer[Any]):
    """A verdict in the contract's shape beside its texts."""

    verdict = serializers.JSONField()
    text = TextSerializer()


class DeterminationTextSerializer(DeterminationSerializer):
    """A verdict on file with its texts."""

    text = TextSerializer(read_only=True)

    class Meta(DeterminationSerializer.Meta):
        fields = (*DeterminationSerializer.Meta.fields, "text")


class ExplainView(APIView):
    """A case in, its verdict and the texts out; nothing is stored."""

    needs = (Permission.DETERMINE,)
    parser_classes = (CaseParser,)

    @extend_schema(
        operation_id="determination_explain",
        request=OpenApiTypes.OBJECT,
        responses={200: ExplainedSerializer, UNREADABLE: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Explain one case of the determination contract."""
        try:
            return Response(explained_case(request.data))
        except Malformed as wrong:
            return Response({"error": str(wrong), "field": wrong.field}, status=UNREADABLE)


class DeterminationView(APIView):
    """One verdict on file."""

    needs = (Permission.VIEW_PATIENTS,)

    @extend_schema(operation_id="determination_get", responses={200: DeterminationTextSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """The verdict, what it rests on, and its texts."""
        assert isinstance(request.user, User)  # noqa: S101 - MayUse let only people through
        row = determination_or_404(request.user, pk)
        record_view("verdict by API", [row.patient_id], site_id=row.patient.site_id)
        body = DeterminationSerializer(row).data
        return Response(body | {"text": texts_on_file(verdict_page(row))})

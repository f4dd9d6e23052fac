"""Claims for machines: find them, read one as the files contract prints it, ask what stops a sending, and send.

The same verbs as the pages; a refusal carries every objection with its fix.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims import actions
from claims.edits import objections
from claims.models import Claim
from claims.models.claim import PayerState
from claims.queries import claim_list
from claims.showing import shown
from claims.submissions.folder import NoSuchPayer, open_folder
from claims.views.lookups import claim_or_404
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

PAGE = 50
OBJECTIONS_OR_PROBLEM = {
    "oneOf": [
        {"type": "array", "items": {"$ref": "#/components/schemas/Objection"}},
        {"type": "object", "additionalProperties": {}},
    ]
}
CREATED, CONFLICT, UNREADABLE = 201, 409, 422


class ClaimQuery(serializers.Serializer[Any]):
    """What the list is narrowed to; each part is optional."""

    number = serializers.CharField(required=False, max_length=38, help_text="Our claim number, whole.")
    patient = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(required=False, choices=PayerState.choices)
    rank = serializers.IntegerField(required=False, min_value=1, max_value=11)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    page = serializers.IntegerField(required=False, min_value=1, default=1)


class ObjectionSerializer(serializers.Serializer[Any]):
    """What an edit says against sending."""

    edit = serializers.CharField()
    severity = serializers.ChoiceField(choices=["stop", "warn"])
    message = serializers.CharField()
    fix = serializers.CharField()


class SendingSerializer(serializers.Serializer[Any]):
    """How to send; without a frequency an original, or a replacement where the payer has answered."""

    frequency = serializers.ChoiceField(choices=["1", "7", "8"], required=False, default="")


class ClaimsView(APIView):
    """Claims, newest service first, fifty a page."""

    needs = (Permission.VIEW_CLAIMS,)

    @extend_schema(
        operation_id="claims",
        parameters=[ClaimQuery],
        responses={200: OpenApiTypes.OBJECT, UNREADABLE: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        """One page of claims the caller may see; none after the last one."""
        asked = ClaimQuery(data=request.query_params)
        if not asked.is_valid():
            return Response(asked.errors, status=UNREADABLE)
        wanted = asked.validated_data
        found = claim_list(_user(request), wanted)
        if wanted.get("number"):
            found = found.filter(control_number=wanted["number"])
        pages, number = Paginator(found, PAGE), wanted["page"]
        page = list(pages.page(number)) if number <= pages.num_pages else []
        record_view("claims by API", [claim.patient_id for claim in page])
        return Response({"count": pages.count, "page": number, "claims": [_brief(claim) for claim in page]})


class ClaimView(APIView):
    """One claim: ledger, payers' answers, what comes next."""

    needs = (Permission.VIEW_CLAIMS,)

    @extend_schema(operation_id="claim", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: UUID) -> Response:
        """As `show_claim` prints it."""
        claim = claim_or_404(_user(request), pk)
        record_view("claim by API", [claim.patient_id], site_id=claim.site_id)
        return Response(shown(claim))


class SendingView(APIView):
    """A claim and one of its payers: what speaks against sending, and sending it."""

    needs = (Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)

    @extend_schema(
        operation_id="sending_objections",
        parameters=[OpenApiParameter("frequency", str, enum=["1", "7", "8"])],
        responses={200: ObjectionSerializer(many=True), UNREADABLE: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, pk: UUID, rank: int) -> Response:
        """Every objection, stops first; nothing is sent."""
        claim = claim_or_404(_user(request), pk)
        asked = SendingSerializer(data=request.query_params)
        if not asked.is_valid():
            return Response(asked.errors, status=UNREADABLE)
        record_view("claim before sending", [claim.patient_id], site_id=claim.site_id)
        try:
            sending = open_folder(claim).sending(rank, timezone.localdate(), asked.validated_data["frequency"])
        except NoSuchPayer as error:
            raise Http404 from error
        return Response(ObjectionSerializer(objections(sending), many=True).data)

    @extend_schema(
        operation_id="send_claim",
        request=SendingSerializer,
        responses={
            CREATED: OpenApiTypes.OBJECT,
            CONFLICT: OpenApiTypes.OBJECT,
            UNREADABLE: OBJECTIONS_OR_PROBLEM,
        },
    )
    def post(self, request: Request, pk: UUID, rank: int) -> Response:
        """Send it: the submission is on file and the outbox has the 837P."""
        claim = claim_or_404(_user(request), pk)
        asked = SendingSerializer(data=request.data)
        if not asked.is_valid():
            return Response(asked.errors, status=UNREADABLE)
        frequency = asked.validated_data["frequency"]
        try:
            sent = actions.send_claim(claim=claim, rank=rank, by=_user(request), frequency=frequency)
        except NoSuchPayer as error:
            raise Http404 from error
        except actions.SendRefused as refused:
            return Response(ObjectionSerializer(refused.objections, many=True).data, status=UNREADABLE)
        except actions.AlreadySent as error:
            return Response({"error": str(error)}, status=CONFLICT)
        return Response({"submission": str(sent.pk), "interchange": sent.interchange}, status=CREATED)


def _user(request: Request) -> User:
    return cast(User, request.user)  # MayUse lets nobody else through


def _brief(claim: Claim) -> dict[str, Any]:
    return {
        "id": str(claim.pk),
        "number": claim.control_number,
        "patient": str(claim.patient_id),
        "service_from": claim.service_from,
        "charge_cents": claim.charge_cents,
        "paid_cents": claim.paid_cents,
        "written_off_cents": claim.written_off_cents,
        "insurer_open_cents": claim.insurer_open_cents,
        "patient_cents": claim.patient_cents,
        "payers": [
            {
                "rank": p.rank,
                "payer": p.payer.edi_id,
                "name": p.payer.name,
                "state": p.state,
                "answered_on": p.answered_on,
            }
            for p in claim.payers.all()
        ],
    }


urlpatterns = [
    path("claims", ClaimsView.as_view(), name="api-claims"),
    path("claims/<uuid:pk>", ClaimView.as_view(), name="api-claim"),
    path("claims/<uuid:pk>/sendings/<int:rank>", SendingView.as_view(), name="api-sending"),
]

"""Expected payment for machines: terms in, the answer out; nothing is stored."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cob.accounts.roles import Permission
from cob.coverage.api import UNREADABLE, CaseParser, ProblemSerializer
from cob.rules import BadCase, expect

DOLLARS = "US dollars as text with at most two decimals, such as 120.00"


class TermsSerializer(serializers.Serializer[Any]):
    """A line (`billed` and `primary` are needed), or a claim under `lines`; the keys of each part are those of
    docs/expected-payment.md."""

    id = serializers.CharField(required=False, help_text="comes back with the answer")
    billed = serializers.CharField(required=False, help_text=f"{DOLLARS}; of a claim it may be left out")
    primary = serializers.DictField(
        required=False, help_text="payer_type, allowed, paid, in_network, cas, paid_to_patient"
    )
    secondary = serializers.DictField(
        required=False, help_text="payer_type, method and the terms that method reads; none: nobody pays later"
    )
    tertiary = serializers.DictField(required=False, help_text="as secondary")
    obligations = serializers.DictField(required=False, help_text="patient_cap_rule, allowable_expense_rule, otaf, …")
    service_on = serializers.DateField(required=False, help_text="YYYY-MM-DD; sequestration is that of the day")
    lines = serializers.ListField(child=serializers.DictField(), required=False, help_text="one object a line")


class LegSerializer(serializers.Serializer[Any]):
    """A named part of a formula."""

    payer = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.CharField(help_text=DOLLARS)
    formula = serializers.CharField()
    decides = serializers.BooleanField()
    citation = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    unconfirmed = serializers.BooleanField()


class ExpectedSerializer(serializers.Serializer[Any]):
    """Who pays what. Amounts are null, and `range` holds both ends, while something in `unknown` is not known."""

    id = serializers.CharField(required=False, help_text="as asked")
    secondary_payment = serializers.CharField(allow_null=True, help_text=DOLLARS)
    tertiary_payment = serializers.CharField(allow_null=True, required=False, help_text=DOLLARS)
    contractual_write_off = serializers.CharField(allow_null=True, help_text=DOLLARS)
    patient_responsibility = serializers.CharField(allow_null=True, help_text=DOLLARS)
    patient_balance_due = serializers.CharField(required=False, help_text=DOLLARS)
    otaf = serializers.CharField(required=False, help_text=DOLLARS)
    co_253 = serializers.CharField(required=False, help_text=DOLLARS)
    limiting_charge = serializers.CharField(required=False, help_text=DOLLARS)
    deductible_credit = serializers.CharField(required=False, help_text=DOLLARS)
    credit_to_part_b_deductible = serializers.CharField(required=False, help_text=DOLLARS)
    reserve_balance_after = serializers.CharField(required=False, help_text=DOLLARS)
    patient_credit = serializers.CharField(required=False, help_text=DOLLARS)
    range = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    unknown = serializers.ListField(child=serializers.CharField(), required=False)
    payments = serializers.DictField(child=serializers.CharField(allow_null=True))
    legs = LegSerializer(many=True)
    because = serializers.CharField()
    unconfirmed = serializers.BooleanField()
    not_read = serializers.ListField(child=serializers.CharField(), required=False)
    lines = serializers.ListField(child=serializers.DictField(), required=False, help_text="each as the whole")


class ExpectedPaymentView(APIView):
    """What later payers should pay."""

    needs = (Permission.VIEW_CLAIMS,)
    parser_classes = (CaseParser,)

    @extend_schema(
        operation_id="expected_payment_preview",
        request=TermsSerializer,
        responses={200: ExpectedSerializer, UNREADABLE: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Answer one case of the money contract."""
        try:
            case: Any = request.data
            return Response(expect(case).as_json())
        except BadCase as refused:
            said = str(refused)
        return Response({"error": said, "field": said.partition(":")[0]}, status=UNREADABLE)

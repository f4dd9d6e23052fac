"""What machines may call, under `/api/v1/`. Each app's own addresses are listed here by name."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cob.accounts import openapi  # noqa: F401  importing is registering the key scheme
from cob.accounts.api import MayUse
from cob.coverage.api import PatientDeterminationsView, PreviewView
from cob.coverage.payment_api import ExpectedPaymentView
from cob.ui.api import DeterminationView, ExplainView


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, for anybody signed in."""

    permission_classes = (MayUse,)
    needs = ()


class DocsView(SpectacularSwaggerSplitView):
    """The document to read and try; its script comes from our own host."""

    permission_classes = (MayUse,)
    needs = ()
    url_name = "api-schema"


# The reader styles itself inline; nothing else on this host may.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(DocsView.as_view())

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("determinations/preview", PreviewView.as_view(), name="api-determination-preview"),
    path("expected-payments/preview", ExpectedPaymentView.as_view(), name="api-expected-payment-preview"),
    path("determinations/explain", ExplainView.as_view(), name="api-determination-explain"),
    path("determinations/<uuid:pk>/", DeterminationView.as_view(), name="api-determination"),
    path("patients/<uuid:pk>/determinations", PatientDeterminationsView.as_view(), name="api-patient-determinations"),
    path("", include("claims.api")),
]

"""Addresses of settings."""

from __future__ import annotations

from django.urls import path

from cob.coverage import option_views, payment_views
from cob.coverage.crossover import views as crossover_views

app_name = "settings"
urlpatterns = [
    path("", option_views.option_list, name="option-list"),
    path("options/<slug:name>/", option_views.option_page, name="option-page"),
    path("payment/", payment_views.payer_list, name="payment-list"),
    path("payment/<uuid:pk>/", payment_views.payer_page, name="payment-payer"),
    path("payment/<uuid:pk>/contract/", payment_views.contract_set, name="payment-contract"),
    path("payment/<uuid:pk>/fees/", payment_views.fees_set, name="payment-fees"),
    path("crossover/", crossover_views.crossover_list, name="crossover-list"),
    path("crossover/<uuid:pk>/", crossover_views.crossover_payer, name="crossover-payer"),
    path("law/", option_views.law_list, name="law-list"),
]

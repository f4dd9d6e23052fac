"""The app of what leaves for a clearinghouse and comes back from it."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "claims.delivery"
    label = "delivery"
    verbose_name = "Clearinghouse"

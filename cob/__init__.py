"""COB Desk: coordination of benefits for a clinic's front desk and billing staff."""

from __future__ import annotations

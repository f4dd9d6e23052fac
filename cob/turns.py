"""One at a time in the whole practice, where no single row stands for what is at stake."""

from __future__ import annotations

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    """What is done one at a time; the numbers are PostgreSQL's names for the locks."""

    POSTINGS = 0x454449
    OPTIONS = 0x4F5054
    AUDITS = 0x415544
    RECEIPTS = 0x524350
    STATEMENTS = 0x535443
    PAYMENT_TERMS = 0x504159
    LEDGER_LOOKS = 0x4C4C4B
    QUESTIONS = 0x515354
    ACCOUNTS = 0x414343


def wait_for(turn: Turn) -> None:
    """Wait for whoever is at it, until this transaction ends. On SQLite a transaction that writes is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(turn)])

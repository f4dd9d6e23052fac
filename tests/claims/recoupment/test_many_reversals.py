"""A payer that takes back, and says again, many answers at once: as few questions to the database as for one."""

from __future__ import annotations

import sqlite3
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import ClaimPayer
from tests.claims.edi_samples import BETA, also, answer, claim, file_835, file_837p, svc, taken_back, transaction

pytestmark = pytest.mark.django_db
numbers = count(1)


def brought(bring, *answers, **more):
    n = next(numbers)
    with CaptureQueriesContext(connection) as queries:
        result = bring(file_835(transaction(*answers, trace=f"EFT{n}", **more), number=n))
    assert result["outcome"] == "posted"
    return len(queries)


def taken_back_and_said_again(bring, many):
    """So many claims that two payers answered: the queries of the first one's reversals, then of the same again."""
    names = [f"P{next(numbers):05}" for _ in range(many)]
    bring(file_837p(*(claim(name, other_coverages=(also(),)) for name in names), number=next(numbers)))
    first = [answer(name, svc(("CO-45", 50_00), ("PR-2", 20_00)), number=f"A{name}") for name in names]
    second = [answer(name, svc(("OA-23", 130_00)), status="2", number=f"B{name}") for name in names]
    brought(bring, *first)
    brought(bring, *second, payer=BETA)
    back = brought(bring, *map(taken_back, first))
    later = ClaimPayer.objects.filter(claim__control_number__in=names, rank=2)
    assert set(later.values_list("state", flat=True)) == {"reopened"}
    again = brought(bring, *first)
    assert set(later.values_list("state", flat=True)) == {"adjudicated"}
    return back, again


def test_it_costs_the_same_for_one_and_for_fifty(bring):
    taken_back_and_said_again(bring, 1)

    assert taken_back_and_said_again(bring, 50) == taken_back_and_said_again(bring, 1)


@pytest.fixture
def shallow(db):
    """SQLite refuses a condition deeper than a thousand; with its limit at fifty, sixty claims tell it as well.
    PostgreSQL has no such limit to lower."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, before)


def test_no_condition_grows_with_the_claims(bring, shallow):
    taken_back_and_said_again(bring, 60)

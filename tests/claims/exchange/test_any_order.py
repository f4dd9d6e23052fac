"""Payments, refusals, reversals, corrections and repeats in any order: the balances equal a direct computation."""

from __future__ import annotations

from io import BytesIO
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.exchange import import_file, receive
from claims.ledger_check import check_all
from claims.models import Claim, ClaimPayer
from cob.audit.acting import acting
from tests.claims.edi_samples import (
    ACME,
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHARGE = 100_00
numbers = count(1)

amount = st.integers(0, 40_00)
answers = st.tuples(st.just("answer"), st.sampled_from([1, 2]), amount, amount, st.booleans())
events = st.lists(st.one_of(answers, st.tuples(st.sampled_from(["reverse", "repeat"]), st.integers(0, 9))), max_size=7)


class Direct:
    """One line kept with plain sums: what each standing answer paid, wrote off and left to the patient."""

    def __init__(self):
        self.standing = []
        self.last_state = {1: "submitted", 2: "expected"}

    def answered(self, name, rank, contractual, share, refused):
        if refused:
            self.standing.append((name, rank, 0, 0, 0))
            if self.last_state[rank] != "adjudicated":
                self.last_state[rank] = "denied"
            return
        paid = CHARGE - contractual - share
        settled = sum(p + w for _, _, p, w, _ in self.standing)
        written_off = min(contractual, max(0, CHARGE - settled - paid - share)) if settled else contractual
        if CHARGE - settled - paid - share < 0:
            written_off = 0
        self.standing.append((name, rank, paid, written_off, share))
        self.last_state[rank] = "adjudicated" if paid or written_off or share else "denied"

    def reversed(self, name):
        (gone,) = [row for row in self.standing if row[0] == name]
        self.standing.remove(gone)
        if not any(rank == gone[1] for _, rank, *_ in self.standing):
            self.last_state[gone[1]] = "reversed"

    def balances(self):
        paid = sum(row[2] for row in self.standing)
        written_off = sum(row[3] for row in self.standing)
        left = CHARGE - paid - written_off
        states = self.last_state
        last = max((r for r, s in states.items() if s == "adjudicated"), default=0)
        done = last and all(s == "adjudicated" or (s == "denied" and r < last) for r, s in states.items())
        of_last = [row for row in self.standing if row[1] == max((r for _, r, *_ in self.standing), default=0)]
        with_money = [row for row in of_last if row[2] or row[3] or row[4]] or of_last
        patient = max(0, min(left, with_money[-1][4])) if done and with_money else 0
        return paid, written_off, left - patient, patient


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events)
def test_balances_equal_a_direct_computation(main, ben, happened):
    number = f"P{next(numbers)}"

    def bring(data):
        with acting(ben):
            edi_file, _ = receive("x", BytesIO(data), by=ben)
            return import_file(edi_file)

    bring(file_837p(claim(number, service(cents=CHARGE), other_coverages=(also(),)), number=next(numbers)))
    direct, sent, files = Direct(), {}, []
    for event in happened:
        n = next(numbers)
        if event[0] == "answer":
            _, rank, contractual, share, refused = event
            reductions = (("CO-16", CHARGE),) if refused else (("CO-45", contractual), ("PR-2", share))
            line = svc(*(r for r in reductions if r[1]), charge=CHARGE)
            made = answer(number, line, status=str(rank), number=f"ICN{n}")
            sent[n] = (made, rank)
            direct.answered(n, rank, contractual, share, refused)
        elif event[0] == "reverse" and sent:
            name = sorted(sent)[event[1] % len(sent)]
            original, rank = sent.pop(name)
            made = taken_back(original)
            direct.reversed(name)
        elif event[0] == "repeat" and files:
            assert bring(files[event[1] % len(files)])["outcome"] == "already_imported"
            continue
        else:
            continue
        files.append(file_835(transaction(made, payer=(ACME, BETA)[rank - 1], trace=f"T{n}"), number=n))
        assert bring(files[-1])["transactions"][0]["posted"] == 1

    found = Claim.objects.get(control_number=number)
    states = dict(ClaimPayer.objects.filter(claim=found).values_list("rank", "state"))
    assert states == direct.last_state
    assert (
        found.paid_cents,
        found.written_off_cents,
        found.insurer_open_cents,
        found.patient_cents,
    ) == direct.balances()
    assert check_all().broken == {}

"""Remittances of two or three payers with reversals, corrections, repeats and lines left out, in any order and often:
the balances equal a direct computation (`tests/reference/ledger.py`), always."""

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
from tests.reference.ledger import Account, Said

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHARGES = (100_00, 37_50)
CODES = ("99213", "85025")
GAMMA = ("77777", "GAMMA MUTUAL")
numbers = count(1)


@st.composite
def line(draw, charge, rank):
    """What one payer says of a line: refused whole, or paid with the cuts payers make, often a wrong echo with them."""
    if draw(st.integers(0, 4)) == 0:
        return Said(charge, refused=charge)
    contract = draw(st.integers(0, charge // 3))
    share = draw(st.sampled_from([0, 0, 1, charge // 5, charge // 3]))
    earlier = draw(st.integers(0, charge - contract - share)) if rank > 1 else 0
    return Said(charge, contract, share, earlier=earlier)


@st.composite
def said(draw, rank):
    left_out = draw(st.sampled_from([None, None, None, *range(len(CHARGES))]))
    return rank, tuple(None if n == left_out else draw(line(charge, rank)) for n, charge in enumerate(CHARGES))


def answers(payers):
    return st.lists(st.integers(1, payers).flatmap(said), min_size=1, max_size=5)


@st.composite
def histories(draw):
    """Files, each a list of ("answer", n), ("take back", n) or a correction (both), brought in any order; the numbers
    below zero repeat an earlier file."""
    payers = draw(st.sampled_from([2, 3]))
    made = draw(answers(payers))
    files = [[("answer", n)] for n in range(len(made))]
    for n in range(len(made)):
        what = draw(st.sampled_from(["stands", "stands", "taken back", "corrected"]))
        if what == "taken back":
            files.append([("take back", n)])
        elif what == "corrected":
            made.append(draw(said(made[n][0])))
            files.append(draw(st.permutations([("take back", n), ("answer", len(made) - 1)])))
    files = draw(st.permutations(files))
    for _ in range(draw(st.integers(0, 2))):
        files.insert(draw(st.integers(1, len(files))), None)
    return payers, made, files


def cuts(one):
    triplets = (("CO-45", one.contract), ("PR-2", one.share), ("CO-16", one.refused), ("OA-23", one.earlier))
    return tuple(t for t in triplets if t[1])


def as_answer(number, n, rank, lines):
    """One CLP of the lines that are answered; its payer's number is its own: a reversal takes back this one."""
    services = [
        svc(*cuts(one), code=code, charge=one.charge, number=place)
        for place, (code, one) in enumerate(zip(CODES, lines, strict=True), 1)
        if one
    ]
    return answer(number, *services, status=str(rank), number=f"{number}ICN{n}")


def follow(account, file, made):
    """What arrives in a file, in the order in which it counts: what takes back an earlier file goes first."""
    known = {stands.name for stands in account.stands}
    early = [e for e in file if e[0] == "take back" and e[1] in known]
    for what, n in [*early, *(e for e in file if e not in early)]:
        if what == "answer":
            account.answered(n, *made[n])
        else:
            account.taken_back(n)
    account.file_ends()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_balances_equal_a_direct_computation(main, ben, history):
    payers, made, files = history
    # Two answers alike to the cent could stand for each other; which of them a reversal means is asked elsewhere.
    if len(set(made)) < len(made):
        return
    number = f"P{next(numbers)}"

    def bring(data):
        with acting(ben):
            edi_file, _ = receive("x", BytesIO(data), by=ben)
            return import_file(edi_file)

    services = [service(n, code, cents) for n, (code, cents) in enumerate(zip(CODES, CHARGES, strict=True), 1)]
    others = (also(), also(GAMMA, "T", "THI0001"))[: payers - 1]
    bring(file_837p(claim(number, *services, other_coverages=others), number=next(numbers)))
    account = Account(list(CHARGES), {1: "submitted"} | dict.fromkeys(range(2, payers + 1), "expected"))
    sent = []
    for file in files:
        if file is None:
            if sent:
                assert bring(sent[next(numbers) % len(sent)])["outcome"] == "already_imported"
            continue
        told = [(what, as_answer(number, n, *made[n])) for what, n in file]
        clps = [taken_back(one) if what == "take back" else one for what, one in told]
        payer = (ACME, BETA, GAMMA)[made[file[0][1]][0] - 1]
        n = next(numbers)
        sent.append(file_835(transaction(*clps, payer=payer, trace=f"T{n}"), number=n))
        assert bring(sent[-1])["outcome"] == "posted"
        follow(account, file, made)

        found = Claim.objects.get(control_number=number)
        states = dict(ClaimPayer.objects.filter(claim=found).values_list("rank", "state"))
        assert states == account.states
        assert (
            found.paid_cents,
            found.written_off_cents,
            found.insurer_open_cents,
            found.patient_cents,
        ) == account.balances()
    assert check_all().broken == {}

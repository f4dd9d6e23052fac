"""However a payer writes its reference, its money meets what it belongs to, and never another's: through real 835s."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Adjudication, Claim, ProviderAccount, ProviderAdjustment, Refund
from claims.models.recoupment import Ground
from claims.recoupment.ledger_rules import check_provider_ledger
from claims.recoupment.plb import Account
from claims.recoupment.provider_ledger import explain
from claims.recoupment.references import claims_named
from cob.audit.acting import acting
from tests.claims.edi_samples import NORTH_NPI, answer, claim, file_837p, svc, taken_back
from tests.claims.recoupment.money import DAY, FIRST, OTHER, accounts, balances, plb, remit, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert check_provider_ledger() == []


@pytest.fixture
def one(bring):
    """Acme has paid PCN1, which it calls ICN1."""
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(remit(FIRST, trace="A1"))


def spelled(reference, data):
    """The writer of the test's files writes capitals."""
    start = data.index(b"PLB*")
    return data[:start] + data[start:].replace(reference.upper().encode(), reference.encode())


SPELLINGS = [
    "ICN1", "PCN1", "ICN1 PCN1", "icn1", "pcn1", "0000ICN1", "ICN1-PCN1", "ICN1_PCN1", "ICN1.PCN1", "PCN1#", "ICN1-01",
]  # fmt: skip


@pytest.mark.parametrize("reference", SPELLINGS)
def test_what_is_taken_clears_the_letters_debt_however_it_is_written(one, letter, bring, reference):
    letter()
    bring(spelled(reference, remit(OTHER, trace="E2", plb=[plb("WO", 80_00, reference)])))

    assert (accounts(), balances()) == ([], (0, 0, 150_00, 0))
    assert ProviderAdjustment.objects.get().reference == reference


@pytest.mark.parametrize("reference", SPELLINGS)
@pytest.mark.parametrize("is_late", [False, True], ids=["announced first", "taken first"])
def test_what_is_announced_and_taken_meet_however_each_is_written(one, bring, reference, is_late):
    files = [
        spelled(reference, remit(taken_back(FIRST), OTHER, trace="E2", plb=[plb("WO", -80_00, reference)])),
        remit(OTHER, trace="E3", plb=[plb("WO", 80_00, "PCN1" if reference == "ICN1" else "ICN1")]),
    ]
    for data in reversed(files) if is_late else files:
        bring(data)

    assert accounts() == []


def test_a_reference_that_can_mean_two_claims_is_left_to_a_person(one, letter, bring):
    letter()
    bring(remit(OTHER, trace="E2", plb=[plb("WO", 80_00, "PCN1-PCN2")]))

    assert accounts() == [("D-1", 80_00), ("PCN1-PCN2", -80_00)]


@pytest.mark.parametrize("reference", ["D-9", "d-9", "00D-9"])
def test_the_letters_own_number_finds_the_account_it_took_over(one, letter, bring, reference):
    bring(remit(taken_back(FIRST), OTHER, trace="E2", plb=[plb("WO", -80_00)]))
    row = letter(answer=None, reference="D-9", payer=Adjudication.objects.first().remittance.payer)
    assert (row.account.reference, accounts()) == ("ICN1", [("ICN1", 80_00)])
    bring(spelled(reference, remit(OTHER, trace="E3", plb=[plb("WO", 80_00, reference)])))

    assert accounts() == []


def test_a_letter_about_two_claims_names_neither(one, letter, bring):
    for control in ("PCN1", "PCN2"):
        letter(answer=None, reference="D-9", claim=Claim.objects.get(control_number=control), ground=Ground.OTHER,
               payer=Adjudication.objects.first().remittance.payer)  # fmt: skip

    assert claims_named({"D-9"}, Adjudication.objects.first().remittance.payer, None) == {}


def test_a_check_is_acknowledged_by_its_padded_number_where_the_amount_differs(one, letter, bring, cast):
    made = sent(cast, 80_00, letter())
    bring(remit(OTHER, trace="E2", plb=[plb("72", -70_00, "0004711"), plb("WO", 70_00)]))
    made.refresh_from_db()

    assert (made.state, accounts()) == ("closed", [])


def test_another_sites_remittance_clears_no_debt_of_this_one(one, north, bring):
    bring(remit(taken_back(FIRST), trace="E2", plb=[plb("FB", -80_00, "20260410")]))
    before = accounts()
    told = answer("NX", svc(charge=200_00), number="Q")
    bring(remit(told, trace="E3", npi=NORTH_NPI, plb=[plb("FB", 80_00, "20260410", NORTH_NPI)]))

    assert sorted(accounts()) == sorted([*before, ("20260410", -80_00)])
    taken = ProviderAccount.objects.get(balance_cents__lt=0)
    assert (taken.site, taken.npi) == (north, NORTH_NPI)


# --- what a person explains -------------------------------------------------------------------------------------------


def explained(control=None):
    claim_ = Claim.objects.get(control_number=control) if control else None
    with acting("test task"):
        return explain(ProviderAccount.objects.get(account="unexplained"), Account.OWED, claim_, "They said so.", DAY)


@pytest.mark.parametrize("reference", ["ICN1", "ICN1 PCN1"])
@pytest.mark.parametrize("control", ["PCN1", None], ids=["with its claim", "by its reference"])
@pytest.mark.parametrize(
    ("cents", "left"),
    [(79_99, [("D-1", 1)]), (80_00, []), (80_01, [("{}", -1)])],
    ids=["a cent less", "all", "a cent more"],
)
def test_an_entry_explained_as_owed_meets_the_debt_it_belongs_to(one, letter, bring, reference, control, cents, left):
    letter()
    bring(remit(OTHER, trace="E2", plb=[plb("CS", cents, reference)]))
    there = explained(control)

    assert accounts() == [(name.format(control or reference), rest) for name, rest in left]
    assert there.account == "owed"


def test_an_entry_in_our_favour_explained_as_owed_meets_what_was_taken(one, bring):
    bring(remit(OTHER, trace="E2", plb=[plb("WO", 80_00, "PCN1")]))
    bring(remit(OTHER, trace="E3", plb=[plb("CS", -80_00, "X-9")]))
    assert explained("PCN1").reference == "PCN1"

    assert accounts() == []


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["PCN{}", "pcn-{}"], ids=["as written", "found loosely"])
def test_fifty_references_are_looked_up_in_as_many_queries_as_one(one, spelling):
    payer = Adjudication.objects.first().remittance.payer

    def cost(count):
        with CaptureQueriesContext(connection) as seen:
            claims_named({spelling.format(n) for n in range(count)}, payer, None)
        return len(seen)

    assert cost(50) == cost(1) <= 3
    assert ProviderAdjustment.objects.count() == 0


def test_fifty_checks_on_their_way_cost_what_one_costs(one, letter, bring, cast):
    """Refunds whose checks the payer has not acknowledged, each with an account that is at nothing."""
    made = sent(cast, 1, letter())

    def cost(trace):
        with CaptureQueriesContext(connection) as seen:
            bring(remit(OTHER, trace=trace, plb=[plb("WO", 1, "X-1")]))
        return len(seen)

    cost("E2")
    before = cost("E3")
    with acting("test task"):
        for n in range(50):
            account = ProviderAccount.objects.create(
                payer=made.payer, site=made.claim.site, account="owed", reference=f"N{n}", claim=made.claim,
                opened_on=DAY, moved_on=DAY,
            )  # fmt: skip
            Refund.objects.create(
                claim=made.claim, payer=made.payer, account=account, amount_cents=1_00, because="x", state="sent",
                check_number=f"C{n}", sent_on=DAY, opened_by=cast["pat"],
            )  # fmt: skip

    assert cost("E4") == before

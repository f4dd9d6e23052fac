"""A paper EOB typed wrongly is taken out of the books whole, and typed anew."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.exchange import CannotUndo
from claims.models import (
    Credit,
    ExpectedPayment,
    Posting,
    PostingUndo,
    ProviderAccount,
    Remittance,
)
from claims.paper import actions, typed
from claims.recoupment import credits, refunds
from claims.recoupment.ledger_rules import check_provider_ledger
from claims.recoupment.provider_ledger import post_missed, take_out
from cob.audit.acting import acting
from tests.claims.edi_samples import BETA, answer, claim, file_835, file_837p, svc, transaction
from tests.claims.paper import typing_eobs as eobs
from tests.claims.paper.typing_eobs import acme, both_lines, draft, post

pytestmark = pytest.mark.django_db


def test_it_is_mirrored_and_a_copy_is_typed_anew_under_the_same_number(main, on_file, pat):
    eob = draft(main, pat, both_lines())
    remittance = post(eob, pat)
    with acting(pat):
        fresh = actions.withdraw(eob=eob, reason="Paid column misread", by=pat)

    kinds = list(Posting.objects.values_list("kind", flat=True))
    assert (kinds.count("reversal"), len(kinds)) == (5, 10)
    on_file.refresh_from_db()
    assert (on_file.paid_cents, on_file.insurer_open_cents) == (0, 180_00)
    assert on_file.payers.get(rank=1).state == "submitted"
    assert typed.load(fresh.content) == typed.load(eob.content)
    undo = PostingUndo.objects.get()
    assert (undo.kind, undo.reason, undo.by, undo.entries) == ("withdrawn", "Paid column misread", pat, 5)

    again = post(fresh, pat)

    on_file.refresh_from_db()
    assert (again.trace, again != remittance, on_file.paid_cents) == ("CHK100", True, 102_50)
    assert again.adjudications.get().exceptions == []


def test_what_was_withdrawn_is_not_matched_again_by_itself(main, pat, bring, on_file):
    eob = draft(main, pat, eobs.eob(eobs.claim(eobs.paid_line(number=""), number="PCN7")))
    remittance = post(eob, pat)
    with acting(pat):
        actions.withdraw(eob=eob, reason="Not ours", by=pat)

    bring(file_837p(claim("PCN7"), number=2))

    assert remittance.adjudications.get().claim is None


def test_it_is_refused_while_a_later_answer_counts_on_it(main, on_file, pat, bring):
    eob = draft(main, pat, both_lines())
    post(eob, pat)
    second = svc(("OA-23", 130_00), ("CO-45", 0), ("PR-2", 0))
    bring(file_835(transaction(answer("PCN1", second, status="2", number="B1"), payer=BETA, trace="BETA1")))

    with acting(pat), pytest.raises(CannotUndo, match="BETA1 was posted after it"):
        actions.withdraw(eob=eob, reason="Misread", by=pat)

    eob.refresh_from_db()
    assert eob.state == "posted"
    assert not PostingUndo.objects.exists()


def test_twice_is_once(main, on_file, pat, sol):
    eob = draft(main, pat, both_lines())
    post(eob, pat)
    with acting(pat):
        actions.withdraw(eob=eob, reason="Misread", by=pat)

    with acting(sol), pytest.raises(actions.SomebodyElse, match="taken back"):
        actions.withdraw(eob=eob, reason="Misread too", by=sol)
    assert PostingUndo.objects.count() == 1


@pytest.fixture
def took_a_recovery(main, on_file, pat):
    """The check is 30.00 short: Acme took back what it had overpaid on claim PCN9, and 5.00 of interest came."""
    made = both_lines(amount="77.50")
    made.provider = [typed.Provider("WO", "PCN9", "30.00"), typed.Provider("L6", "", "-5.00")]
    eob = draft(main, pat, made)
    post(eob, pat)
    return eob


def stands():
    rows = ProviderAccount.objects.order_by("account")
    return {
        row.account: (row.balance_cents, [e.amount_cents for e in row.entries.order_by("posted_at")]) for row in rows
    }


def test_what_it_moved_in_the_payers_ledger_is_taken_out_with_it(took_a_recovery, pat):
    assert stands() == {"interest": (5_00, [5_00]), "owed": (-30_00, [-30_00])}
    with acting(pat):
        fresh = actions.withdraw(eob=took_a_recovery, reason="Another practice’s check", by=pat)

    assert stands() == {"interest": (0, [5_00, -5_00]), "owed": (0, [-30_00, 30_00])}
    assert check_provider_ledger() == []
    with acting("test task"):
        assert post_missed() == 0
        assert take_out(took_a_recovery.remittance, "again") == 0
    assert stands()["owed"][0] == 0

    post(fresh, pat)
    assert (stands()["owed"][0], stands()["interest"][0]) == (-30_00, 5_00)
    assert check_provider_ledger() == []


def test_a_row_left_in_the_payers_ledger_breaks_its_rule(took_a_recovery):
    with acting("test task"):
        Remittance.objects.update(withdrawn_at=timezone.now())

    assert {b.why for b in check_provider_ledger()} == {
        "A withdrawn paper EOB still moves account PCN9 by -30.00.",
        "A withdrawn paper EOB still moves account without a reference by 5.00.",
    }


def test_a_refund_it_acknowledged_is_on_its_way_again(main, on_file, pat, cast):
    post(draft(main, pat, both_lines()), pat)
    paid = on_file.adjudications.get().paid_cents
    with acting("test task"):
        ExpectedPayment.objects.create(
            claim_payer=on_file.payers.get(payer=acme()), low_cents=paid - 20_00, high_cents=paid - 20_00,
            paid_cents=paid, difference_cents=20_00, tolerance_cents=0, because="x", answered_on=eobs.PAID,
        )  # fmt: skip
        credits.look()
    with acting(pat):
        made = refunds.open_for_credit(credit=Credit.objects.get(), amount_cents=20_00, because="Too much.", by=pat)
    with acting(cast["sol"]):
        refunds.approve(refund=made, by=cast["sol"])
    with acting(pat):
        refunds.send(refund=made, check_number="99", on=eobs.PAID, by=pat)
    acknowledged = eobs.eob(number="CHK101", amount="0.00")
    acknowledged.provider = [typed.Provider("72", "99", "-20.00"), typed.Provider("WO", "PCN1", "20.00")]
    eob = draft(main, pat, acknowledged)
    post(eob, pat)
    made.refresh_from_db()
    assert made.state == "closed"

    with acting(pat):
        actions.withdraw(eob=eob, reason="Misread", by=pat)

    made.refresh_from_db()
    assert (made.state, made.acknowledged_in) == ("sent", None)
    assert check_provider_ledger() == []

"""A typed EOB ends in the same ledger as the 835 the payer might have sent, shows it before, and can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Adjudication, Claim, EdiFile, PaperEob, Posting, Remittance, ReportedAdjustment
from claims.paper import actions, typed
from claims.paper.laying_out import laid_out
from claims.queries import claims_with_everything
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import Payer
from tests.claims.edi_samples import BETA, answer, claim, file_835, file_837p, svc, transaction
from tests.claims.paper import typing_eobs as eobs
from tests.claims.paper.typing_eobs import acme, both_lines, draft, post, same_as_835

pytestmark = pytest.mark.django_db


def ledger(claim_id):
    """Everything but ids, times and where it came from."""
    rows = Posting.objects.filter(claim=claim_id).order_by("posted_at", "id")
    entries = [
        (r.line.number if r.line else None, r.rank, r.kind, r.group, r.carc, tuple(r.rarc), r.amount_cents, r.posted_on)
        for r in rows.select_related("line")
    ]
    found = Claim.objects.get(pk=claim_id)
    balances = (found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents)
    states = [
        (p.rank, p.state, p.answered_on, p.payer_control_number, p.crossover_until)
        for p in found.payers.order_by("rank")
    ]
    return entries, balances, states


def reported():
    rows = ReportedAdjustment.objects.order_by("line__position", "group", "reason")
    return [(r.line.position if r.line else None, r.group, r.reason, r.amount_cents) for r in rows]


def test_it_is_kept_with_source_author_and_every_row(main, on_file, pat):
    remittance = post(draft(main, pat, both_lines()), pat)

    assert (remittance.source, remittance.trace, remittance.paid_cents, remittance.paid_on) == (
        "paper", "CHK100", 102_50, eobs.PAID,
    )  # fmt: skip
    assert (remittance.payer, remittance.site, remittance.method) == (acme(), main, "CHK")
    row = Adjudication.objects.get()
    assert (row.claim, row.patient_cents, row.payer_control_number) == (on_file, 20_00, "ICN1")
    assert [line.allowed_cents for line in row.lines.all()] == [100_00, 22_50]
    assert reported() == [(1, "CO", "45", 50_00), (1, "PR", "2", 20_00), (2, "CO", "45", 7_50)]
    eob = PaperEob.objects.get()
    assert (eob.state, eob.remittance, eob.by, eob.posted_by) == ("posted", remittance, pat, pat)
    assert set(Posting.objects.values_list("by", flat=True)) == {pat.pk}
    assert Event.objects.filter(verb="remittance posted", subject_id=str(remittance.pk)).exists()


@pytest.mark.parametrize("version", ["typed", "835"])
def test_typed_or_sent_the_ledger_is_the_same(main, on_file, pat, bring, version):
    if version == "typed":
        post(draft(main, pat, both_lines()), pat)
    else:
        bring(file_835(transaction(same_as_835())))

    assert ledger(on_file.pk) == (
        [
            (1, 1, "payment", "", "", (), 80_00, eobs.PAID),
            (1, 1, "responsibility", "PR", "2", (), 20_00, eobs.PAID),
            (1, 1, "write_off", "CO", "45", (), 50_00, eobs.PAID),
            (2, 1, "payment", "", "", (), 22_50, eobs.PAID),
            (2, 1, "write_off", "CO", "45", (), 7_50, eobs.PAID),
        ],
        (102_50, 57_50, 20_00, 0),
        [(1, "adjudicated", eobs.PAID, "ICN1", None), (2, "expected", None, "", None)],
    )


REASONS = st.sampled_from(["CO-45", "PR-96", "CO-97", "OA-23", "PI-16", "PR-204", "CO-253"])


@given(
    data=st.data(),
    status=st.sampled_from(["1", "2", "4", "19"]),
    remarks=st.sampled_from(["", "N130", "MA18", "N781"]),
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_typed_eob_and_the_same_835_give_the_same_ledger(main, on_file, pat, bring, data, status, remarks):
    """Whatever the columns, groups and extra reasons come to: one ledger, one set of states and balances."""
    from django.db import transaction as db

    group = data.draw(st.sampled_from(["CO", "PR", "OA", "PI"]))
    lines, sent = [], []
    for number, code, billed in ((1, "99213", 150_00), (2, "36415", 30_00)):
        allowed = data.draw(st.integers(0, billed))
        deductible = data.draw(st.integers(0, allowed))
        coinsurance = data.draw(st.integers(0, allowed - deductible))
        reason, extra = data.draw(REASONS), data.draw(st.integers(0, allowed - deductible - coinsurance))
        paid = allowed - deductible - coinsurance - extra
        other = [typed.Other(*reason.split("-"), eobs.money(extra))] if extra else []
        lines.append(
            eobs.line(
                code, eobs.money(billed), f"L{number}", allowed=f"{allowed / 100:.2f}", other=other,
                deductible=eobs.money(deductible), coinsurance=eobs.money(coinsurance), paid=eobs.money(paid),
            )
        )  # fmt: skip
        triplets = [(f"{group}-45", billed - allowed), ("PR-1", deductible), ("PR-2", coinsurance), (reason, extra)]
        said = [(name, cents) for name, cents in triplets if cents]
        sent.append(svc(*said, code=code, charge=billed, number=number))
    made = eobs.eob(
        eobs.claim(*lines, status=status, remarks=remarks), columns=eobs.columns(above_group=group),
        amount=eobs.money(sum(line.paid_cents for line in sent)) or "0",
    )  # fmt: skip
    same = answer("PCN1", *sent, status=status, outpatient_remarks=tuple(remarks.split()))
    outcomes = []
    for how in ("typed", "835"):
        with db.atomic():
            mark = db.savepoint()
            if how == "typed":
                post(draft(main, pat, made), pat)
            else:
                bring(file_835(transaction(same)), name="x")
            outcomes.append((ledger(on_file.pk), sorted(reported(), key=str)))
            db.savepoint_rollback(mark)

    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("amount", ["102.49", "102.51"])
def test_out_of_balance_nothing_is_posted(main, on_file, pat, amount):
    eob = draft(main, pat, both_lines(amount))

    with pytest.raises(actions.EobRefused, match="zero"):
        post(eob, pat)

    assert not EdiFile.objects.filter(kind="835").exists()
    assert not Posting.objects.exists()
    eob.refresh_from_db()
    assert eob.state == "draft"


def test_the_look_before_posting_is_what_posting_gives_and_leaves_nothing(main, on_file, pat):
    eob = draft(main, pat, both_lines())
    before = {model: model.objects.count() for model in (EdiFile, Remittance, Adjudication, Posting, Event)}

    with acting(pat):
        _, preview = actions.look_ahead(eob=eob, by=pat)

    assert {model: model.objects.count() for model in before} == before
    on_file.refresh_from_db()
    assert on_file.paid_cents == 0
    shown = preview.payments[0].claims[0]
    post(eob, pat)
    on_file.refresh_from_db()
    assert (shown.posted_cents, shown.written_off_cents, shown.responsibility_cents) == (102_50, 57_50, 20_00)
    assert (shown.insurer_open_cents, shown.patient_cents) == (on_file.insurer_open_cents, on_file.patient_cents)
    assert preview.payments[0].odd == 0


def test_two_people_at_one_draft_one_wins_and_the_other_is_told(main, on_file, pat, sol):
    eob = draft(main, pat, both_lines())
    seen = eob.version
    with acting(sol), pytest.raises(actions.SomebodyElse, match="Pat Price changed this EOB"):
        actions.keep(eob=eob, content=both_lines(), version=seen - 1, by=sol)
    post(eob, pat)

    with pytest.raises(actions.SomebodyElse, match="Pat Price ended this EOB already: posted"), acting(sol):
        actions.post(eob=eob, version=seen, by=sol)
    assert Remittance.objects.count() == 1


def test_the_same_check_typed_twice_posts_once(main, on_file, pat):
    post(draft(main, pat, both_lines()), pat)

    with pytest.raises(actions.EobRefused, match="on file already"):
        post(draft(main, pat, both_lines()), pat)

    assert Remittance.objects.count() == 1


def test_the_835_that_comes_after_the_paper_is_not_posted_again(main, on_file, pat, bring):
    post(draft(main, pat, both_lines()), pat)
    entries = Posting.objects.count()

    result = bring(file_835(transaction(same_as_835(), trace="CHK100")))

    assert Posting.objects.count() == entries
    assert result["outcome"] == "quarantined"
    assert "CHK100" in result["reason"]


def test_a_claim_that_is_not_on_file_keeps_its_money_and_is_matched_when_it_comes(main, on_file, pat, bring):
    unknown = eobs.claim(eobs.paid_line(number=""), number="PCN7")
    remittance = post(draft(main, pat, eobs.eob(unknown)), pat)

    row = remittance.adjudications.get()
    assert (row.claim, row.paid_cents, row.posted_at) == (None, 80_00, None)
    bring(file_837p(claim("PCN7"), number=2))
    row.refresh_from_db()
    assert row.claim.control_number == "PCN7"
    assert row.posted_at


def test_the_claim_that_was_chosen_is_the_claim_even_if_the_paper_says_otherwise(main, on_file, pat):
    laid = laid_out(claims_with_everything([on_file.pk])[0], acme().pk)
    laid = replace(laid, last="DOUGH", lines=[replace(laid.lines[0], allowed="100", coinsurance="20", paid="80")])

    row = post(draft(main, pat, eobs.eob(laid)), pat).adjudications.get()

    assert (row.claim, row.matched_how) == (on_file, "chosen by Pat Price while typing")
    assert row.posted_at


def test_a_claim_is_laid_out_as_it_was_billed(on_file):
    laid = laid_out(claims_with_everything([on_file.pk])[0], Payer.objects.get(edi_id=BETA[0]).pk)

    assert (laid.number, laid.last, laid.first, laid.status, laid.member) == ("PCN1", "DOE", "JANE", "2", "SEC0001")
    assert [(x.procedure, x.billed, x.service_on, x.number) for x in laid.lines] == [
        ("99213", "150.00", "2026-03-02", "L1"),
        ("36415", "30.00", "2026-03-02", "L2"),
    ]
    assert {x.paid for x in laid.lines} == {""}

"""A paper that says totals only is typed as totals, balanced as such, and posted to the claim as a whole."""

from __future__ import annotations

import pytest

from claims.models import Adjudication, Claim, Posting, ReportedAdjustment
from claims.paper import typed
from claims.paper.laying_out import only_totals
from tests.claims.edi_samples import file_835, transaction, whole
from tests.claims.paper import typing_eobs as eobs
from tests.claims.paper.typing_eobs import acme, both_lines, draft, post

pytestmark = pytest.mark.django_db


def totals(billed="180.00", paid="102.50", **more):
    """Billed 180, allowed 122.50, coinsurance 20, paid 102.50: CO-45 57.50, PR-2 20."""
    whole = typed.Line(billed=billed, paid=paid, **{"allowed": "122.50", "coinsurance": "20.00"} | more)
    return eobs.eob(eobs.claim(totals=whole), amount=paid)


def entries():
    rows = Posting.objects.order_by("posted_at", "id").select_related("line")
    return [(r.line.number if r.line else None, r.kind, r.group, r.carc, r.amount_cents) for r in rows]


BY_CHARGE = [
    (1, "payment", "", "", 85_41),
    (1, "write_off", "CO", "45", 47_92),
    (1, "responsibility", "PR", "2", 16_67),
    (2, "payment", "", "", 17_09),
    (2, "write_off", "CO", "45", 9_58),
    (2, "responsibility", "PR", "2", 3_33),
]


@pytest.mark.parametrize("version", ["typed", "835"])
def test_typed_or_sent_without_services_the_ledger_is_the_same(main, on_file, pat, bring, version):
    if version == "typed":
        post(draft(main, pat, totals()), pat)
    else:
        bring(file_835(transaction(whole("PCN1", 180_00, ("CO-45", 57_50), ("PR-2", 20_00)))))

    assert sorted(entries()) == sorted(BY_CHARGE)
    claim = Claim.objects.get()
    assert (claim.paid_cents, claim.written_off_cents, claim.insurer_open_cents) == (102_50, 57_50, 20_00)


def test_its_adjustments_are_the_claims_and_no_service_is_made_up(main, on_file, pat):
    post(draft(main, pat, totals()), pat)

    row = Adjudication.objects.get()
    assert (row.lines.count(), row.charge_cents, row.paid_cents, row.patient_cents) == (0, 180_00, 102_50, 20_00)
    kept = ReportedAdjustment.objects.values_list("line", "group", "reason", "amount_cents")
    assert sorted(kept) == [(None, "CO", "45", 57_50), (None, "PR", "2", 20_00)]


def test_another_charge_than_ours_is_posted_to_the_claim_and_said(main, on_file, pat):
    post(draft(main, pat, totals(billed="200.00")), pat)

    assert {line for line, *_ in entries()} == {None}
    assert "The charge differs from ours and no lines were sent" in Adjudication.objects.get().exceptions[0]


@pytest.mark.parametrize(("paid", "fits"), [("102.49", False), ("102.50", True), ("102.51", False)])
def test_totals_come_to_zero_or_are_not_posted(main, on_file, pat, sign_in, paid, fits):
    eob = draft(main, pat, totals(paid=paid))
    client = sign_in(pat)

    text = client.get(f"/remittances/paper/{eob.pk}/?check=1").content.decode()

    assert ('href="#f-c0-t-paid">Claim 1, totals: 0.01' in text) != fits
    assert client.get(f"/remittances/paper/{eob.pk}/preview/").status_code == (200 if fits else 302)


def test_from_lines_to_totals_and_back_on_the_page(main, on_file, pat, sign_in):
    made = both_lines()
    made.payer, made.claims[0].claim = str(acme().pk), str(on_file.pk)
    eob = draft(main, pat, made)
    client, at = sign_in(pat), f"/remittances/paper/{eob.pk}/"

    went = client.post(at, eobs.as_form(made, version=eob.version) | {"do": "totals:1"})
    assert "focus=c0-t-allowed" in went.url
    eob.refresh_from_db()
    now = typed.load(eob.content).claims[0]
    assert (now.lines, now.totals.billed, now.last) == ([], "180.00", "DOE")
    text = client.get(went.url).content.decode()
    assert "The claim as a whole" in text
    assert 'name="c0-l0-billed"' not in text

    client.post(at, eobs.as_form(typed.load(eob.content), version=eob.version) | {"do": "lines:1"})
    eob.refresh_from_db()
    back = typed.load(eob.content).claims[0]
    assert (back.totals, [line.billed for line in back.lines]) == (None, ["150.00", "30.00"])


def test_what_is_no_amount_is_no_total():
    assert only_totals(eobs.claim(eobs.line(billed="15O.00"))).totals.billed == ""


def test_it_can_be_read_after_it_was_posted(main, on_file, pat, sign_in):
    eob = draft(main, pat, totals())
    post(eob, pat)

    text = sign_in(pat).get(f"/remittances/paper/{eob.pk}/").content.decode()

    assert "The claim as a whole" in text
    assert "122.50" in text

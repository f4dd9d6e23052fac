"""A file is taken whole or not at all, once, and says why not in words a person can act on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from claims.exchange import outcome_counts, register_counter
from claims.exchange import outcomes as outcomes_module
from claims.exchange.keeping import sweep_arriving
from claims.models import Adjudication, Claim, EdiFile, Posting, ProviderAdjustment, Remittance
from cob.audit.models import Event
from cob.coverage.models import Payer
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import (
    ACME,
    MAIN_NPI,
    NORTH_NPI,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    transaction,
)
from tests.x12.broken import recounted

pytestmark = pytest.mark.django_db
ANSWERED = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
GOOD = file_835(ANSWERED)
BARE = GOOD[GOOD.index(b"ST*") : GOOD.index(b"GE*")]


def broken(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def cut_off():
    return GOOD[: len(GOOD) * 2 // 3]


def test_the_result_has_the_contracts_shape(bring):
    bring(file_837p(claim()))
    result = bring(GOOD, name="week.835")

    assert set(result) >= {
        "file", "kind", "interchange", "sha256", "outcome", "reason", "transactions", "work_items",
    }  # fmt: skip
    assert (result["file"], result["kind"], result["interchange"]) == ("week.835", "835", "000000001")
    (said,) = result["transactions"]
    assert {k: said[k] for k in said if k not in {"exceptions", "warnings"}} == {
        "trace": "EFT1", "paid_cents": 80_00, "claims": 1, "lines": 1, "balanced": True, "posted": 1, "unmatched": 0,
        "reversals": 0, "crossovers": 0, "denials": 0, "plb_cents": 0,
    }  # fmt: skip
    assert EdiFile.objects.get(kind="835").result == result


@pytest.mark.parametrize(
    ("data", "outcome", "says"),
    [
        pytest.param(b"", "refused", ["empty file"], id="empty"),
        pytest.param(b"PK\x03\x04\x14\x00" + b"\x00" * 400, "refused", ["Word, Excel or zip"], id="a Word file"),
        pytest.param(b"Dear Sir or Madam, " * 40, "refused", ["expected ISA"], id="a letter"),
        pytest.param(b"%PDF-1.7 ...", "refused", ["a PDF document"], id="a PDF"),
        pytest.param(GOOD.replace(b"005010X221A1", b"004010X091A1"), "refused", ["4010", "5010"], id="4010"),
        pytest.param(
            BARE.replace(b"0001~", b"0001*004010X091A1~", 1), "refused", ["version 4010"], id="a bare ST of 4010",
        ),
        pytest.param(BARE.replace(b"*150*80*", b"*150*80.01*", 1), "quarantined", ["CLP04"], id="a bare ST, a cent"),
        pytest.param(
            GOOD.replace(b"ST*835*", b"ST*270*").replace(b"005010X221A1", b"005010X279A1"),
            "refused", ["270", "not read yet"], id="a kind not read",
        ),
        pytest.param(cut_off(), "quarantined", ["the file ends here", "nothing of this file"], id="cut off"),
        pytest.param(broken(b"SE*", b"SE*9"), "quarantined", ["SE01", "segments from ST to SE"], id="wrong SE count"),
        pytest.param(broken(b"*150*80*", b"*150*80.01*"), "quarantined", ["CLP04 says 80.01"], id="cent at the claim"),
        pytest.param(broken(b"BPR*I*80*", b"BPR*I*80.01*"), "quarantined", ["BPR02 says 80.01"], id="cent at the sum"),
        pytest.param(broken(b"CAS*CO*45*50", b"CAS*CO*45*49.99"), "quarantined", ["line 1", "80.00"], id="a line"),
        pytest.param(broken(b"*150*80*", b"*150*8O*"), "quarantined", ["CLP04", '"8O"'], id="a letter for a digit"),
        pytest.param(broken(b"CAS*CO*45*50", b"CAS*ZZ*45*50"), "quarantined", ['"ZZ"'], id="no such group"),
        pytest.param(broken(b"CLP*PCN1*1*", b"CLP*PCN1*99*"), "quarantined", ['"99"'], id="no such status"),
        pytest.param(broken(b"TRN*1*EFT1", b"TRN*1*" + b"E" * 51), "quarantined", ["TRN02"], id="a trace too long"),
        pytest.param(broken(b"*150*80*", b"*150*80.001*"), "quarantined", ["(CLP)", "two decimals"], id="decimals"),
        pytest.param(
            broken(b"*150*80*", b"*1000000000000*80*"), "quarantined", ["CLP03", "100 million"], id="10^12 dollars",
        ),
        pytest.param(
            broken(b"CAS*CO*45*50", b"CAS*CO**50"), "quarantined", ["CAS02", "reason"], id="adjustment without reason",
        ),
        pytest.param(broken(b"BPR*I*80*", b"BPR*I*-80*"), "quarantined", ["ST)", "below zero"], id="paid below zero"),
        pytest.param(broken(b"SVC*HC", b"SVX*HC"), "quarantined", ["expected SVC before"], id="missing SVC"),
        pytest.param(broken(b"DOE", b"D\x92E"), "quarantined", ["(NM1)", "0x92", "character set"], id="wrong charset"),
        pytest.param(
            broken(b"ST*835*", b"ST*835*0009~" * 999 + b"ST*835*"), "quarantined", ["(ST)", "SE to end"],
            id="999 nested loops",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_turned_away_whole_with_a_reason(bring, data, outcome, says):
    bring(file_837p(claim()))
    result = bring(data)

    assert result["outcome"] == outcome
    for words in says:
        assert words in result["reason"]
    assert (Remittance.objects.count(), Posting.objects.count()) == (0, 0)
    kept = EdiFile.objects.get(sha256=result["sha256"])
    assert (kept.outcome, kept.reason) == (outcome, result["reason"])
    with kept.kept.open("rb") as raw:
        assert raw.read() == data


@pytest.mark.parametrize(
    ("kind", "guide", "asked"),
    [
        pytest.param(b"835", b"004010X091A1", "Ask the sender for the 5010 file.", id="read in 5010"),
        pytest.param(b"997", b"004010", "Ask the sender for a 999 instead.", id="an old 997"),
        pytest.param(b"997", b"005010", "Ask the sender for a 999 instead.", id="a 997 of 5010"),
        pytest.param(b"834", b"004010X095A1", "", id="read in no version"),
        pytest.param(b"834", b"005010X220A1", "", id="another kind of 5010"),
    ],
)
def test_a_refused_file_says_what_to_ask_for_only_where_that_would_be_taken(bring, kind, guide, asked):
    result = bring(GOOD.replace(b"ST*835*", b"ST*%s*" % kind).replace(b"005010X221A1", guide))

    assert result["outcome"] == "refused"
    assert result["reason"].startswith(f"This file is a {kind.decode()}")
    assert result["reason"].partition("Ask the sender")[1:] == (asked[:14], asked[14:])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(b"CLM*PCN1*150*", b"CLM*PCN1*151*", "CLM02 is 151.00", id="charge"),
        pytest.param(b"HI*ABK:J0190~\n", b"", "no diagnosis", id="diagnosis"),
        pytest.param(b":1*", b":7*", "REF*F8", id="frequency 7 without a number"),
    ],
)
def test_a_file_of_claims_with_a_claim_that_stops_is_quarantined_whole(bring, old, new, says):
    data = file_837p(claim("PCN1"), claim("PCN2"))
    assert old in data
    lost = old.count(b"~") - new.count(b"~")
    count = int(data.partition(b"~\nSE*")[2].partition(b"*")[0])
    changed = data.replace(old, new, 1).replace(b"SE*%d*" % count, b"SE*%d*" % (count - lost))
    result = bring(changed)

    assert result["outcome"] == "quarantined"
    assert Claim.objects.count() == 0
    assert says in result["reason"]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        pytest.param(b"CLM*", b"HI*", ["(HI)", "expected the claim (CLM)"], id="a claim without its CLM"),
        pytest.param(b"CLM*", b"SE*", ["(HL)", "expected a claim (CLM)"], id="a patient without a claim"),
        pytest.param(b"HL*", b"SE*", ["(ST)", "expected at least one claim (CLM)"], id="a transaction without a claim"),
    ],
)
def test_a_file_that_has_lost_a_claim_is_quarantined_and_names_the_place(bring, first, last, says):
    whole = file_837p(claim("PCN1"))
    data = recounted((whole[: whole.index(first)] + whole[whole.index(last) :]).decode())
    result = bring(data)

    assert (result["outcome"], Claim.objects.count()) == ("quarantined", 0)
    for words in (*says, "ask the sender for a corrected file", "nothing of this file was stored"):
        assert words in result["reason"]


def test_a_wrong_check_digit_is_told_but_does_not_hold_claims_that_were_sent_already(bring):
    result = bring(file_837p(claim()).replace(b"*XX*1234567893~", b"*XX*1234567890~"))

    assert (result["outcome"], Claim.objects.count()) == ("stored", 1)
    assert any("check digit" in note for note in result["notes"])


def test_one_transaction_out_of_balance_holds_the_good_one_beside_it(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    data = file_835(transaction(ANSWERED), transaction(answer("PCN2", svc(("CO-45", 60_00))), trace="EFT2"))
    result = bring(data.replace(b"CAS*CO*45*60", b"CAS*CO*45*60.01"))

    assert result["outcome"] == "quarantined"
    assert [(t["trace"], t["balanced"]) for t in result["transactions"]] == [("EFT1", True), ("EFT2", False)]
    assert Remittance.objects.count() == 0


def test_a_second_file_is_told_that_it_was_imported(bring):
    bring(file_837p(claim()))
    first, second = bring(GOOD), bring(GOOD)

    assert (first["outcome"], second["outcome"]) == ("posted", "already_imported")
    assert [(t["posted"], t["already_posted"]) for t in second["transactions"]] == [(0, True)]
    assert Posting.objects.filter(kind="payment").count() == 1


def test_the_same_transaction_in_another_file_posts_once(bring):
    bring(file_837p(claim()))
    bring(GOOD)
    result = bring(file_835(ANSWERED, number=77))

    assert result["outcome"] == "already_imported"
    assert (Remittance.objects.count(), Posting.objects.filter(kind="payment").count()) == (1, 1)
    assert EdiFile.objects.get(interchange="000000077").outcome == "already_imported"


@pytest.mark.parametrize(
    ("first", "second", "outcomes"),
    [
        pytest.param(BARE, BARE, ("posted", "already_imported"), id="the same bytes"),
        pytest.param(BARE, BARE.replace(b"\n", b""), ("posted", "already_imported"), id="without its line ends"),
        pytest.param(BARE, GOOD, ("posted", "already_imported"), id="then in its envelope"),
        pytest.param(GOOD, BARE, ("posted", "already_imported"), id="first in its envelope"),
    ],
)
def test_a_remittance_cut_out_of_its_envelope_is_posted_once(bring, first, second, outcomes):
    bring(file_837p(claim()))
    results = [bring(first, name="a.835"), bring(second, name="b.835")]

    assert tuple(r["outcome"] for r in results) == outcomes
    assert [r["interchange"] for r in results] == ["" if data[:2] == b"ST" else "000000001" for data in (first, second)]
    assert (Remittance.objects.count(), Posting.objects.filter(kind="payment").count()) == (1, 1)


def test_of_a_file_with_an_old_and_a_new_transaction_the_new_one_is_posted(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(GOOD)
    new = transaction(answer("PCN2", svc(("CO-45", 60_00))), trace="EFT2")
    result = bring(file_835(transaction(ANSWERED), new, number=77))

    assert result["outcome"] == "posted"
    assert [(t["posted"], t.get("already_posted", False)) for t in result["transactions"]] == [(0, True), (1, False)]


def test_a_transaction_that_comes_again_with_other_contents_is_held_and_says_so(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(GOOD)
    result = bring(file_835(answer("PCN2", svc(("CO-45", 50_00), ("PR-2", 20_00))), number=77))

    assert result["outcome"] == "quarantined"
    assert "Segment 3 (ST), element TRN02: payment EFT1 of ACME HEALTH was posted before as 80.00" in result["reason"]
    assert "ask the payer which" in result["reason"]
    assert Claim.objects.get(control_number="PCN2").paid_cents == 0


def test_payments_of_nothing_under_one_trace_are_told_apart_by_their_claims(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    refusals = [answer(number, svc(("CO-16", 150_00)), status="4") for number in ("PCN1", "PCN2")]
    for n, refusal in enumerate(refusals, 1):
        bring(file_835(transaction(refusal, trace="0"), number=n))

    assert Remittance.objects.count() == 2


def test_a_quarantined_file_may_be_tried_again_and_says_the_same(bring):
    data = broken(b"*150*80*", b"*150*80.01*")
    assert bring(data) == bring(data)
    assert EdiFile.objects.count() == 1


def test_everything_the_payer_sent_is_kept_as_it_was(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 77_00))))
    first = svc(("CO-45", 50_00), ("PR-2", 24_67), remarks=("N1", "M15"))
    second = svc(("CO-45", 17_00), code="85025", charge=77_00, number=2)
    plb = (Plb(MAIN_NPI, date(2026, 12, 31), "WO", "ICN0", 10_00), Plb(MAIN_NPI, date(2026, 12, 31), "L6", "", -1_00))
    result = bring(file_835(transaction(answer("PCN1", first, second), plb=plb)))

    row = Adjudication.objects.get()
    lines = list(row.lines.all())
    assert [(line.procedure, line.charge_cents, line.paid_cents, line.remarks) for line in lines] == [
        ("99213", 150_00, 75_33, ["N1", "M15"]), ("85025", 77_00, 60_00, []),
    ]  # fmt: skip
    assert sorted(row.adjustments.values_list("line__position", "group", "reason", "amount_cents")) == [
        (1, "CO", "45", 50_00), (1, "PR", "2", 24_67), (2, "CO", "45", 17_00),
    ]  # fmt: skip
    assert sorted(ProviderAdjustment.objects.values_list("reason", "reference", "amount_cents")) == [
        ("L6", "", -1_00), ("WO", "ICN0", 10_00),
    ]  # fmt: skip
    assert (result["transactions"][0]["plb_cents"], Remittance.objects.get().paid_cents) == (9_00, 126_33)


def test_a_posted_remittance_is_told_once_with_its_answers(bring):
    bring(file_837p(claim()))
    bring(GOOD)

    (event,) = Event.objects.filter(verb="remittance posted")
    assert event.after["adjudications"] == [str(Adjudication.objects.get().pk)]
    assert [p.patient_id for p in event.patients.all()] == [Claim.objects.get().patient_id]


def test_a_registered_counter_says_what_an_import_opened(bring, monkeypatch):
    monkeypatch.setattr(outcomes_module, "_counters", [])
    register_counter(lambda _file: {"cob-denials": 2, "nothing": 0})
    register_counter(lambda _file: {"cob-denials": 1})
    bring(file_837p(claim()))

    assert bring(GOOD)["work_items"] == {"cob-denials": 3}
    assert outcome_counts(EdiFile.objects.get(kind="835")) == {"cob-denials": 3}


@pytest.mark.parametrize(
    ("named", "payer"),
    [
        pytest.param(True, ACME, id="by id"),
        pytest.param(False, ACME, id="by name"),
        pytest.param(False, ("99", "ACME CLAIMS CENTRE"), id="by the claims it answers"),
        pytest.param(True, ("ACM77", "ACME CLAIMS CENTRE"), id="by the claims it answers, though it has an id"),
    ],
)
def test_the_payer_of_a_remittance_is_recognised(bring, named, payer):
    bring(file_837p(claim()))
    bring(file_835(transaction(ANSWERED, payer=payer, named=named)))

    assert Payer.objects.get().edi_id == "55555"
    assert Claim.objects.get().patient_cents == 20_00


def test_a_payer_recognised_once_is_known_by_that_name_afterwards(bring):
    bring(file_837p(claim("PCN1")))
    other = ("99", "ACME CLAIMS CENTRE")
    bring(file_835(transaction(ANSWERED, payer=other, named=False)))
    bring(file_835(transaction(answer("NOBODY", svc(), charge_cents=150_00), payer=other, named=False, trace="E2")))

    assert Payer.objects.count() == 1


def test_a_payer_nobody_knows_is_put_on_file_and_said(bring):
    result = bring(file_835(transaction(answer("NOBODY", svc()), payer=("777", "NEW PAYER"))))

    assert Payer.objects.get().edi_id == "777"
    assert any("NEW PAYER" in note for note in result["notes"])


def test_a_payment_for_nobody_here_is_kept_and_said(bring):
    data = file_835(transaction(ANSWERED, npi="1679576722")).replace(b"REF*TJ*123456789", b"REF*TJ*444444444")
    result = bring(data)

    assert Remittance.objects.get().site is None
    assert any("no site here" in note for note in result["notes"])


def test_an_answer_to_north_does_not_touch_mains_claim_of_that_number(bring):
    bring(file_837p(claim()))
    result = bring(file_835(transaction(ANSWERED, npi=NORTH_NPI)))

    assert result["transactions"][0]["unmatched"] == 1
    assert Claim.objects.get().paid_cents == 0


def test_what_a_killed_upload_left_is_swept_after_a_day(main):
    part = Path(default_storage.path("edi/arriving/x.part"))
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    written = part.stat().st_mtime

    assert sweep_arriving(now=written + 24 * 3600) == 0
    assert sweep_arriving(now=written + 24 * 3600 + 1) == 1


def test_a_bare_answer_without_lines_or_adjustments_is_a_payment(bring):
    bring(file_837p(claim()))
    bring(file_835(replace(answer("PCN1"), charge_cents=150_00, paid_cents=150_00, patient_cents=None)))

    assert Claim.objects.get().paid_cents == 150_00


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(b"*150*80*", b"*150*80.01*", "Payment EFT2: Claim PCN1 (segment", id="a claim"),
        pytest.param(b"*150*80*", b"*150*8O*", "Payment EFT2: Segment", id="what cannot be read"),
        pytest.param(b"BPR*I*80*", b"BPR*I*80.01*", "Payment EFT2 (segment", id="the payment"),
    ],
)
def test_of_two_payments_the_reason_names_the_one_that_holds_the_file(bring, old, new, says):
    first, _, second = file_835(transaction(ANSWERED, trace="EFT1"), transaction(ANSWERED, trace="EFT2")).rpartition(
        b"ST*835"
    )

    result = bring(first + b"ST*835" + second.replace(old, new, 1))

    assert (result["outcome"], Remittance.objects.count()) == ("quarantined", 0)
    assert result["reason"].startswith(says)
    assert [(t["trace"], t["balanced"]) for t in result["transactions"]] == [("EFT1", True), ("EFT2", False)]

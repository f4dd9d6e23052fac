"""A claim on file as a later payer gets it: valid for an independent validator, balanced, nothing recoded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from claims import actions
from claims.models import AdjudicatedLine, ReportedAdjustment
from claims.submissions.folder import open_folder
from cob.x12 import stored
from cob.x12.check837p import check_837p
from cob.x12.parts import NO_ADDRESS, Adjustment, Party, Reference
from cob.x12.read837p import parse_837p
from cob.x12.t837p import Contract
from tests.claims import stories
from tests.claims.stories import ANSWERED, DAY, DRAW, LAKESIDE, MEDICAID, MEDICARE, NORTHERN, TODAY, VISIT
from tests.x12 import claims as x12
from tests.x12.validator import assert_valid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


def written(claim, rank=2, **options):
    """The file for that payer, accepted by the validator, and the claim in it as our reader sees it."""
    data = actions.dry_run(claim=claim, rank=rank, **options)
    assert_valid(data)
    read = parse_837p(data)[0].claims[0]
    assert [f.message for f in check_837p(read, TODAY) if f.stops] == []
    return read


def test_the_secondary_claim_is_the_same_claim_at_full_charge_with_what_the_primary_decided_on_each_line(main):
    claim = stories.secondary(main)

    sent = written(claim)

    assert (sent.control_number, sent.charge_cents, sent.frequency) == ("BSC-1001", 180_00, "1")
    assert (sent.subscriber.rank_code, sent.subscriber.party.id, sent.payer.party.id) == ("S", "NP300200", "77005")
    other = sent.other_coverages[0]
    assert (other.subscriber.rank_code, other.payer_id, other.paid_cents) == ("P", "88001", 112_50)
    assert other.payer.control_number == "LHP770001"
    visit = sent.lines[0].adjudications[0]
    assert (visit.paid_cents, visit.patient_liability_cents, visit.adjudicated_on) == (90_00, 30_00, ANSWERED)
    assert visit.procedure.modifiers == ("25",)
    assert visit.adjustments == (
        Adjustment("CO", "45", 30_00),
        Adjustment("PR", "2", 20_00),
        Adjustment("PR", "3", 10_00),
    )
    assert sent.lines[1].adjudications[0].patient_liability_cents == 0


def test_a_payer_that_answered_by_totals_only_is_told_on_the_claim_and_on_no_line(main):
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers)
    totals = (("CO", "45", 37_50), ("PR", "2", 20_00), ("PR", "3", 10_00))
    stories.answer(claim, 1, claim_level=totals, paid=112_50, remarks=["MA01"])
    stories.determined(claim, covers)

    sent = written(claim)

    other = sent.other_coverages[0]
    assert (other.paid_cents, other.patient_liability_cents, other.payer.adjudicated_on) == (112_50, 30_00, ANSWERED)
    assert [(a.group, a.reason, a.amount_cents) for a in other.adjustments] == list(totals)
    assert other.outpatient.remarks == ("MA01",)
    assert all(not line.adjudications for line in sent.lines)


def test_claim_level_patient_responsibility_keeps_the_liability_on_the_claim(main):
    """SVD02 before claim-level deductions: 180.00 less 30.00 deductible is paid, as in the guide's example 3.B."""
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers)
    stories.answer(claim, 1, (150_00, ()), (30_00, ()), claim_level=[("PR", "1", 30_00)])
    stories.determined(claim, covers)

    sent = written(claim)

    assert (sent.other_coverages[0].paid_cents, sent.other_coverages[0].patient_liability_cents) == (150_00, 30_00)
    assert all(line.adjudications[0].patient_liability_cents is None for line in sent.lines)


def test_the_plan_of_her_husband_names_him_as_subscriber_and_her_as_patient(main):
    claim = stories.secondary(main)
    second = claim.payers.get(rank=2).coverage
    second.subscriber, second.relationship = stories.husband(claim.patient), "spouse"
    second.save()
    stories.determined(claim, [p.coverage for p in claim.payers.all()])

    sent = written(claim)

    assert sent.subscriber.relationship == ""
    assert (sent.subscriber.party.first, sent.subscriber.party.id) == ("LEON", "NP300200")
    assert (sent.patient.relationship, sent.patient.party.first) == ("01", "NORA")
    assert sent.patient.born_on == claim.patient.birth_on
    assert sent.subscriber.born_on is None
    assert sent.other_coverages[0].subscriber.relationship == "18"


def test_what_a_claim_says_of_the_patients_body_goes_along_to_a_plan_in_another_name(main):
    claim = stories.secondary(main)
    died = replace(x12.plan("P"), died_on=DAY)
    claim.content = stored.dump(replace(x12.primary(), subscriber=died, patient_facts=("01", "156", "Y")))
    claim.save()
    second = claim.payers.get(rank=2).coverage
    second.subscriber, second.relationship = stories.husband(claim.patient), "spouse"
    second.save()
    stories.determined(claim, [p.coverage for p in claim.payers.all()])

    sent = written(claim)

    assert (sent.patient.relationship, sent.patient.died_on) == ("01", DAY)
    assert (sent.patient_facts, sent.subscriber.died_on) == (("01", "156", "Y"), None)


def test_medicare_behind_an_employer_plan_is_told_why_it_is_second(main):
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, MEDICARE, "1EG4-TE5-MK73")]
    claim = stories.claim_of(patient, covers)
    stories.answer(claim, 1, VISIT, DRAW)
    stories.determined(claim, covers, msp_type="12")

    sent = written(claim)

    assert (sent.subscriber.msp_type, sent.subscriber.filing_code) == ("12", "MB")
    assert sent.subscriber.party.id == "1EG4TE5MK73"


IN_FULL = Contract("09", 120_00)  # 90.00 paid and 30.00 left to her, of 150.00


@pytest.mark.parametrize(
    ("lines", "claim_level", "on_claim", "on_lines"),
    [
        pytest.param((VISIT, DRAW), (), None, (IN_FULL, Contract("09", 22_50)), id="by line"),
        pytest.param((VISIT, DRAW), (("PR", "1", 12_50),), None, (IN_FULL, Contract("09", 22_50)), id="a deductible"),
        pytest.param(
            (VISIT, (30_00, ())),
            (("CO", "45", 10_00),),
            Contract("09", 140_00),
            (None, None),
            id="taken off claim-wide",
        ),
        pytest.param((), (("CO", "45", 60_00), ("PR", "2", 20_00)), Contract("09", 120_00), (None, None), id="totals"),
        pytest.param(((120_00, (("PR", "45", 30_00),)), (30_00, ())), (), None, (None, None), id="no contract"),
        pytest.param(((0, (("CO", "96", 150_00),)), (30_00, ())), (), None, (None, None), id="nothing paid"),
    ],
)
def test_medicare_is_told_what_the_payer_before_it_has_us_accept_in_full(main, lines, claim_level, on_claim, on_lines):
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, MEDICARE, "1EG4-TE5-MK73")]
    claim = stories.claim_of(patient, covers)
    paid = 180_00 - sum(cents for *_, cents in claim_level) if not lines else None
    stories.answer(claim, 1, *lines, claim_level=claim_level, paid=paid)
    stories.determined(claim, covers, msp_type="12")

    sent = written(claim)

    assert (sent.contract, tuple(line.contract for line in sent.lines)) == (on_claim, on_lines)


def test_a_plan_that_is_not_medicare_is_told_of_no_contract(main):
    sent = written(stories.secondary(main))

    assert (sent.contract, {line.contract for line in sent.lines}) == (None, {None})


def test_the_third_payer_gets_both_decisions(main):
    claim = three_payers(main)

    sent = written(claim, rank=3)

    assert [o.subscriber.rank_code for o in sent.other_coverages] == ["P", "S"]
    assert [d.payer_id for d in sent.lines[0].adjudications] == ["88001", "77005"]
    assert sent.subscriber.filing_code == "MC"
    assert [o.payer.control_number for o in sent.other_coverages] == ["LHP770001", "NHX-9"]


def test_the_second_payer_hears_of_the_third_without_any_decision(main):
    claim = three_payers(main)
    claim.payers.filter(rank=2).update(state="expected", submitted_on=None)

    sent = written(claim)

    third = sent.other_coverages[1]
    assert (third.subscriber.rank_code, third.paid_cents, third.adjustments) == ("T", None, ())
    assert [d.payer_id for d in sent.lines[0].adjudications] == ["88001"]


def three_payers(site):
    patient = stories.nora(site)
    whos = [(LAKESIDE, "LH5550101"), (NORTHERN, "NP300200"), (MEDICAID, "MN00012345")]
    covers = [stories.coverage(patient, who, member) for who, member in whos]
    claim = stories.claim_of(patient, covers)
    stories.answer(claim, 1, VISIT, DRAW)
    second = ((20_00, (("OA", "23", 120_00), ("PR", "2", 10_00))), (0, (("OA", "23", 30_00),)))
    stories.answer(claim, 2, *second, number="NHX-9", on=date(2026, 2, 18))
    stories.determined(claim, covers)
    return claim


def test_only_the_net_final_answer_is_told_after_a_reversal_and_a_correction(main):
    claim = stories.secondary(main)
    first = claim.adjudications.get()
    stories.answer(claim, 1, (-90_00, ()), (-22_50, ()), status="22", reverses=first, charge=-180_00)
    later = date(2026, 2, 18)
    stories.answer(claim, 1, (100_00, (("CO", "45", 50_00),)), DRAW, on=later, number="LHP770002")

    sent = written(claim)

    other = sent.other_coverages[0]
    assert (other.paid_cents, other.payer.control_number) == (122_50, "LHP770002")
    assert Reference("T4", "Y") in other.payer.references
    assert sent.lines[0].adjudications[0].adjudicated_on == later


def test_an_answer_given_again_without_a_reversal_replaces_the_first(main):
    claim = stories.secondary(main)
    denied = ((0, (("CO", "16", 150_00),)), (0, (("CO", "16", 30_00),)))
    claim.adjudications.update(answered_on=date(2026, 2, 10))
    stories.answer(claim, 1, *denied, on=date(2026, 1, 30), number="LHP0")

    sent = written(claim)

    assert sent.other_coverages[0].paid_cents == 112_50


@pytest.mark.parametrize(
    ("told", "charge", "sent"),
    [(2, 150_00, 2), (None, 150_00, 3), (None, 149_99, 1)],
    ids=["the payer's own", "none for the whole charge: as billed", "none for a part: one"],
)
def test_the_units_a_payer_decided_on_are_never_missing(main, told, charge, sent):
    claim = stories.secondary(main)
    claim.content["lines"][0]["units"] = "3"
    claim.save()
    visit = AdjudicatedLine.objects.filter(adjudication__claim=claim, line__number=1)
    visit.update(units=told, charge_cents=charge)

    assert written(claim).lines[0].adjudications[0].units == sent


def test_a_replacement_carries_the_number_of_its_own_payer_and_the_new_figures(main):
    claim = stories.secondary(main)
    stories.answer(
        claim, 2, (0, (("OA", "23", 120_00), ("PR", "2", 30_00))), (0, (("OA", "23", 30_00),)), number="NHX-9"
    )

    sent = written(claim)

    assert (sent.frequency, sent.payer_control_number) == ("7", "NHX-9")
    assert sent.other_coverages[0].payer.control_number == "LHP770001"


def test_what_belongs_to_the_first_payer_alone_is_not_told_to_the_second(main):
    """The authorization moves into the first payer's loop; its number for the doctor is dropped."""
    finch = replace(x12.FINCH, references=(Reference("G2", "LAKE-77"), Reference("0B", "MN123")))
    content = replace(
        x12.primary(), references=(Reference("G1", "AUTH1"), Reference("EA", "CHART")), providers=(finch,)
    )
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers, content=content)
    stories.answer(claim, 1, VISIT, DRAW)
    stories.determined(claim, covers)

    sent = written(claim)

    assert sent.prior_authorization == ""
    assert sent.medical_record_number == "CHART"
    assert sent.providers[0].references == (Reference("0B", "MN123"),)
    assert Reference("G1", "AUTH1") in sent.other_coverages[0].payer.references


def test_every_payer_reads_its_own_numbers_for_our_providers_and_whose_the_others_are(main):
    """What stood for Lakeside by the names (2310B, 2010BB) moves into its loop (2330D, 2330G), Northern's out of it."""

    def known_as(number, role, who):
        return replace(who, party=Party(role, is_person=who.party.is_person), references=(Reference("G2", number),),
                       taxonomy="", address=NO_ADDRESS)  # fmt: skip

    doctor, clinic = replace(x12.FINCH, references=(Reference("G2", "LAKE-77"),)), x12.CLINIC
    northern = replace(
        x12.lakeside("S", payer=x12.payer("77005"), paid_cents=None),
        providers=(known_as("NORTH-5", "82", doctor), known_as("NORTH-9", "85", clinic)),
    )
    content = replace(
        x12.primary(), providers=(doctor,), other_coverages=(northern,),
        payer=x12.payer("88001", references=(Reference("G2", "LAKE-1"),)),
    )  # fmt: skip
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers, content=content)
    stories.answer(claim, 1, VISIT, DRAW)
    stories.determined(claim, covers)

    first, second = written(claim, 1), written(claim)

    assert (first.providers[0].references, first.payer.references) == (
        (Reference("G2", "LAKE-77"),),
        (Reference("G2", "LAKE-1"),),
    )
    assert first.other_coverages[0].providers == northern.providers
    assert (second.providers[0].references, second.payer.references) == (
        (Reference("G2", "NORTH-5"),),
        (Reference("G2", "NORTH-9"),),
    )
    assert second.other_coverages[0].providers == (known_as("LAKE-77", "82", doctor), known_as("LAKE-1", "85", clinic))


def test_zero_adjustments_and_negative_ones_are_treated_as_the_payer_meant_them(main):
    claim = stories.secondary(main)
    decided = claim.adjudications.get()
    visit = decided.lines.get(position=1)
    visit.paid_cents = 95_00
    visit.save()
    decided.paid_cents += 5_00
    decided.save()
    for group, reason, cents in (("OA", "94", -5_00), ("CO", "253", 0)):
        ReportedAdjustment.objects.create(
            adjudication=decided, line=visit, group=group, reason=reason, amount_cents=cents
        )

    sent = written(claim)

    told = sent.lines[0].adjudications[0].adjustments
    assert Adjustment("OA", "94", -5_00) in told
    assert all(a.reason != "253" for a in told)


def test_the_claim_as_filed_fills_in_an_address_the_chart_lacks(main):
    claim = stories.secondary(main)
    claim.patient.address = ""
    claim.patient.save()

    sent = written(claim)

    assert sent.subscriber.address == x12.HOME


def test_a_payer_without_a_number_of_its_own_rank_is_named_with_those_there_are(main):
    claim = stories.secondary(main)

    with pytest.raises(actions.NoSuchPayer, match=r"no payer of rank 3.*1 Lakeside Health, 2 Northern Benefit"):
        open_folder(claim).index(3)


def test_names_and_streets_the_desk_has_longer_than_a_file_may_are_cut_and_numbers_are_not(main):
    """One element too long, and the whole file is rejected (999)."""
    claim = stories.secondary(main)
    patient, own, next_ = claim.patient, *(p.coverage for p in claim.payers.order_by("rank"))
    patient.address, patient.city = "STREET " * 11, "LLANFAIRPWLLGWYNGYLLGOGERYCHWYRNDROBWLL"
    own.plan_name, own.group_number, next_.payer.name = "PLAN " * 15, "G" * 30, "PAYER " * 13
    for row in (patient, own, next_.payer):
        row.save()

    sent = written(claim)

    first = sent.other_coverages[0].subscriber
    assert (len(first.plan_name), first.group_number) == (59, "G" * 30)
    assert (len(sent.subscriber.address.line1), sent.subscriber.address.city) == (55, "LLANFAIRPWLLGWYNGYLLGOGERYCHWY")
    assert sent.payer.party.name == ("PAYER " * 10).strip()


def test_the_service_day_stays_what_it_was(main):
    assert written(stories.secondary(main)).lines[0].service_on == DAY

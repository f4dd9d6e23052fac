"""What a file of claims puts on file, and what it does to what was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimPayer, EdiFile, Line, Submission
from cob.accounts.models import Site
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import Coverage, Fact, Payer
from cob.patients.models import Patient
from cob.x12.parts import Reference
from cob.x12.stored import load
from tests.claims.edi_samples import (
    BETA,
    MEDICARE,
    SENT,
    also,
    answer,
    billing,
    child_of,
    claim,
    file_835,
    file_837p,
    insured,
    service,
    svc,
    to,
    transaction,
    with_accident,
)
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
NEW_NPI = "1679576722"
ANSWERED = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))


def counts(result):
    return {name: count for name, count in result["claims"].items() if count}


def why(result):
    return [e["why"] for t in result["transactions"] for e in t["exceptions"]]


def test_a_new_claim_brings_its_patient_coverage_payer_lines_and_submission(bring, main):
    lines = (service(1, modifiers=("25",)), service(2, "85025", 77_00))
    result = bring(file_837p(claim("PCN1", *lines)))

    found = Claim.objects.get()
    assert (result["outcome"], counts(result)) == ("stored", {"new_patients": 1, "created": 1})
    assert (found.site, found.charge_cents, found.insurer_open_cents, found.billed_on) == (main, 227_00, 227_00, SENT)
    assert [(line.number, line.procedure, line.modifiers, line.charge_cents) for line in found.lines.all()] == [
        (1, "99213", "25", 150_00), (2, "85025", "", 77_00),
    ]  # fmt: skip
    assert (found.patient.last_name, found.patient.birth_on, found.patient.sex) == ("DOE", date(1980, 5, 14), "F")
    assert found.patient.chart_number.startswith("F-")
    coverage = Coverage.objects.get()
    assert (coverage.member_id, coverage.relationship, coverage.kind, coverage.source) == (
        "MEM0001", "self", "", "837P file",
    )  # fmt: skip
    assert (coverage.effective_on, coverage.ended_on, coverage.open_ended) == (None, None, False)
    place = ClaimPayer.objects.get()
    assert (place.rank, place.state, place.submitted_on) == (1, "submitted", SENT)
    assert Submission.objects.get().seen_in == EdiFile.objects.get()


def test_the_kept_content_is_the_claim_as_it_was_read(bring):
    made = claim("PCN1", other_coverages=(also(),))
    bring(file_837p(made))

    assert load(Claim.objects.get().content) == made


@pytest.mark.parametrize(
    ("filing", "kind"),
    [("MB", "medicare"), ("16", "medicare_advantage"), ("MC", "medicaid"), ("CH", "tricare"), ("VA", "va"),
     ("WC", "workers_comp"), ("LM", "liability"), ("TV", "title_v"), ("FI", "fehb"),
     ("CI", ""), ("12", ""), ("BL", ""), ("HM", ""), ("AM", ""), ("ZZ", "")],
)  # fmt: skip
def test_what_a_payer_is_follows_from_sbr09_only_where_that_is_certain(bring, filing, kind):
    member = "1EG4TE5MK73" if filing == "MB" else "MEM0001"
    bring(file_837p(claim(subscriber=insured(filing=filing, member=member))))

    assert (Payer.objects.get().kind, Coverage.objects.get().kind) == (kind, kind)


@pytest.mark.parametrize(
    ("filing", "own"),
    [("MB", ""), ("MC", ""), ("CI", ""), ("12", "12"), ("BL", "BL"), ("AM", "AM"), ("ZZ", "ZZ"), ("", "")],
)
def test_a_payers_own_filing_indicator_is_kept_only_where_the_kind_would_not_say_it(bring, filing, own):
    member = "1EG4TE5MK73" if filing == "MB" else "MEM0001"
    bring(file_837p(claim(subscriber=insured(filing=filing, member=member))))

    assert Payer.objects.get().filing_indicator == own


@pytest.mark.parametrize(
    ("code", "relationship"), [("19", "child"), ("01", "spouse"), ("53", "domestic_partner"), ("G8", ""), ("21", "")]
)
def test_a_dependents_relationship_is_kept_only_where_the_code_is_certain(bring, code, relationship):
    bring(file_837p(child_of(claim(), relationship=code)))

    coverage = Coverage.objects.select_related("subscriber").get()
    assert (coverage.relationship, coverage.subscriber.first_name) == (relationship, "JANE")
    assert Patient.objects.get().first_name == "TIM"


def test_twins_on_one_family_number_are_two_patients(bring):
    bring(file_837p(child_of(claim("PCN1"), first="TIM"), child_of(claim("PCN2"), first="TOM")))
    bring(file_837p(child_of(claim("PCN3"), first="TIM"), number=2))

    assert Patient.objects.count() == 2
    assert Claim.objects.get(control_number="PCN3").patient == Claim.objects.get(control_number="PCN1").patient


@pytest.mark.parametrize(
    ("on_file", "given"),
    [
        pytest.param({}, {"member": "MEM0001", "first": "JANIE"}, id="own member id and birth date"),
        pytest.param({}, {"member": "OTHER"}, id="name, birth date and sex"),
        pytest.param({"sex": "U"}, {"member": "OTHER"}, id="name and birth date, sex unknown"),
    ],
)
def test_a_patient_the_desk_knows_is_found_again(bring, main, as_task, on_file, given):
    known = PatientFactory(site=main, last_name="Doe", first_name="Jane", birth_on=date(1980, 5, 14), **on_file)
    CoverageFactory(patient=known, payer=PayerFactory(edi_id="55555"), member_id="MEM-0001")
    bring(file_837p(claim(subscriber=insured(**given))))

    assert Claim.objects.get().patient == known
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"birth_on": date(1980, 5, 15)}, id="another birth date"),
        pytest.param({"sex": "M"}, id="another sex"),
        pytest.param({"first_name": "Joan"}, id="another first name"),
    ],
)
def test_a_patient_who_differs_in_a_sign_is_somebody_else(bring, main, as_task, changes):
    fields = {"last_name": "Doe", "first_name": "Jane", "birth_on": date(1980, 5, 14), "sex": "F"}
    PatientFactory(site=main, **fields | changes)
    bring(file_837p(claim()))

    assert Patient.objects.count() == 2


def test_patients_of_another_site_are_other_patients(bring, main, north, as_task):
    PatientFactory(site=north, last_name="Doe", first_name="Jane", birth_on=date(1980, 5, 14), sex="F")
    bring(file_837p(claim()))

    assert Claim.objects.get().patient.site == main


def test_the_desks_own_entries_are_never_overwritten(bring, main, as_task):
    known = PatientFactory(
        site=main, last_name="Doe", first_name="Jane", birth_on=date(1980, 5, 14), sex="F", address="5 New St", city="X"
    )
    cover = CoverageFactory(
        patient=known, payer=PayerFactory(edi_id="55555", kind="employer"), member_id="MEM0001", group_number=""
    )
    bring(file_837p(claim()))

    known.refresh_from_db()
    cover.refresh_from_db()
    assert (known.address, cover.kind, cover.open_ended, cover.group_number) == ("5 New St", "employer", True, "GRP1")


def test_the_chart_number_of_the_file_is_kept_unless_it_is_taken(bring, main, as_task):
    PatientFactory(site=main, chart_number="C7", last_name="Else")
    refs = (Reference("EA", "c7"),)
    bring(file_837p(claim("PCN1", references=(Reference("EA", "C8"),))))
    bring(file_837p(child_of(claim("PCN2", references=refs)), number=2))

    assert Claim.objects.get(control_number="PCN1").patient.chart_number == "C8"
    assert Claim.objects.get(control_number="PCN2").patient.chart_number.startswith("F-")


def test_a_site_nobody_knew_is_made_and_the_result_says_that_nobody_works_there(bring):
    result = bring(file_837p(claim(billing=billing(NEW_NPI, "555555555", "RIVER CLINIC"))))

    site = Site.objects.get(npi=NEW_NPI)
    assert (site.name, site.tax_id, list(site.people.all())) == ("RIVER CLINIC", "555555555", [])
    assert any("nobody works there yet" in note for note in result["notes"])


def test_an_unknown_npi_with_the_tax_number_of_one_site_is_that_site(bring, main):
    bring(file_837p(claim(billing=billing(NEW_NPI, main.tax_id))))

    assert Claim.objects.get().site == main


def test_other_payers_come_in_their_billed_places_and_wait(bring):
    bring(file_837p(claim(other_coverages=(also(), also(MEDICARE, "T", "MCARE9")))))

    places = list(ClaimPayer.objects.order_by("rank").values_list("rank", "state", "payer__edi_id"))
    assert places == [(1, "submitted", "55555"), (2, "expected", "66666"), (3, "expected", "04312")]


def test_an_accident_becomes_facts_with_their_source_once(bring):
    made = with_accident(claim())
    bring(file_837p(made))
    bring(file_837p(replace(made, control_number="PCN2"), number=2))

    assert Claim.objects.get(control_number="PCN1").related_to == ["auto"]
    facts = {f.path: (f.value, f.told_by) for f in Fact.objects.all()}
    assert facts == {
        "accident.date": ("2026-02-27", "837P file"),
        "accident.state": ("NY", "837P file"),
    }
    assert Fact.objects.count() == 2


def test_a_claim_without_related_causes_says_nothing_about_accidents(bring):
    bring(file_837p(claim()))

    assert (Claim.objects.get().related_to, Fact.objects.count()) == ([], 0)


def test_the_same_claim_in_another_file_changes_nothing(bring):
    bring(file_837p(claim()))
    result = bring(file_837p(claim(), number=2))

    assert counts(result) == {"unchanged": 1}
    assert (Claim.objects.count(), Submission.objects.count()) == (1, 1)


def test_a_changed_claim_without_postings_is_updated_and_the_trail_keeps_what_it_was(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 50_00))))
    result = bring(file_837p(claim("PCN1", service(1, cents=160_00)), number=2))

    found = Claim.objects.get()
    assert counts(result) == {"updated": 1}
    assert (found.charge_cents, found.insurer_open_cents) == (160_00, 160_00)
    assert list(found.lines.values_list("number", "charge_cents")) == [(1, 160_00)]
    change = Event.objects.filter(subject_type="claims.claim", before__has_key="charge_cents").get()
    assert change.before["charge_cents"] == 200_00


@pytest.mark.parametrize("frequency", ["1", "7"])
def test_changed_services_under_postings_are_listed_and_not_taken(bring, frequency):
    refs = (Reference("F8", "ICN1"),) if frequency == "7" else ()
    bring(file_837p(claim()))
    bring(file_835(ANSWERED))
    changed = claim("PCN1", service(1, cents=160_00), frequency=frequency, references=refs)
    result = bring(file_837p(changed, number=2))

    found = Claim.objects.get()
    assert (found.charge_cents, found.paid_cents, Line.objects.get().charge_cents) == (150_00, 80_00, 150_00)
    assert counts(result) == {"exceptions": 1}
    assert "has postings" in why(result)[0]


def test_the_claim_to_the_next_payer_is_another_sending_of_the_same_claim(bring):
    first = claim("PCN1", other_coverages=(also(),))
    bring(file_837p(first))
    bring(file_835(ANSWERED))
    # As the practice's system sends it to the second payer, with what the first decided.
    content = load(Claim.objects.get().content)
    second = replace(
        content,
        subscriber=insured("S", "SEC0001"),
        payer=to(BETA),
        other_coverages=(replace(also(("55555", "ACME HEALTH"), "P", "MEM0001"), non_covered_cents=150_00),),
    )
    result = bring(file_837p(second, number=2))

    assert counts(result) == {"sent_to_next": 1}
    assert ClaimPayer.objects.get(rank=2).state == "submitted"
    assert Submission.objects.filter(claim_payer__rank=2).count() == 1
    assert load(Claim.objects.get().content) == first


def _billed_the_other_way_round():
    """The claim of the tests, sent again with the second payer first."""
    return replace(
        claim("PCN1"),
        subscriber=insured("P", "SEC0001"),
        payer=to(BETA),
        other_coverages=(also(("55555", "ACME HEALTH"), "S", "MEM0001"),),
    )


def test_a_claim_refused_for_its_order_and_billed_the_other_way_round_is_in_that_order(bring):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("CO-22", 150_00)), status="4")))
    bring(file_837p(_billed_the_other_way_round(), number=2))
    paid = bring(file_835(transaction(ANSWERED, trace="EFT2", payer=BETA), number=2))

    places = list(ClaimPayer.objects.order_by("rank").values_list("rank", "payer__edi_id", "state"))
    assert places == [(1, "66666", "adjudicated"), (2, "55555", "expected")]
    assert why(paid) == []


def test_a_payer_that_paid_in_its_place_keeps_it(bring):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))))
    bring(file_835(ANSWERED))
    bring(file_837p(_billed_the_other_way_round(), number=2))

    assert list(ClaimPayer.objects.order_by("rank").values_list("payer__edi_id", flat=True)) == ["55555", "66666"]


def test_a_number_that_belongs_to_another_patient_is_listed(bring):
    bring(file_837p(claim()))
    other = claim(subscriber=insured(member="MEM9", last="ROE", first="MARY"))
    result = bring(file_837p(other, number=2))

    assert "another patient" in why(result)[0]
    assert Claim.objects.get().patient.last_name == "DOE"


def test_two_hundred_claims_cost_hardly_more_queries_than_two(bring):
    def cost(count, number):
        people = [insured(member=f"M{number}{n:04}", last=f"DOE{number}{n}") for n in range(count)]
        data = file_837p(*(claim(f"P{number}-{n}", subscriber=who) for n, who in enumerate(people)), number=number)
        with CaptureQueriesContext(connection) as queries:
            bring(data)
        return len(queries)

    bring(file_837p(claim()))
    few, many = cost(2, 2), cost(200, 3)

    assert Claim.objects.count() == 203
    assert many <= few + 20


def test_claims_imported_is_told_once_with_the_claims(bring, main):
    bring(file_837p(claim("PCN1"), claim("PCN2")))

    (event,) = Event.objects.filter(verb="claims imported")
    assert set(event.after["claims"]) == {str(pk) for pk in Claim.objects.values_list("pk", flat=True)}
    assert event.patients.count() == 1


def test_a_row_written_by_an_import_has_the_importer_as_its_author(bring, ben):
    with acting(ben):
        bring(file_837p(claim()))

    assert set(Event.objects.values_list("actor_id", flat=True)) == {ben.pk}


@pytest.mark.parametrize(
    ("is_", "becomes", "says"),
    [
        (b"DTP*472*D8*20260302", b"DTP*472*D8*99991231", "DTP03 of DTP*472) of the line in segment"),
        (b"DTP*472*D8*20260302", b"DTP*472*RD8*20260302-99991231", "DTP03 of DTP*472) of the line in segment"),
        (b"*20260304*", b"*99991231*", "BHT04 is 12/31/9999"),
    ],
    ids=["service", "span", "batch"],
)
def test_a_day_more_than_a_year_away_holds_the_file(bring, is_, becomes, says):
    """No filing limit can be counted from it: every page of such a claim failed."""
    result = bring(file_837p(claim()).replace(is_, becomes), "a.837")

    assert result["outcome"] == "quarantined"
    assert says in result["reason"]
    assert "more than a year from now" in result["reason"]

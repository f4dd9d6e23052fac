"""A patient on Medicare, a plan beside it, and Medicare's questionnaire answered to its end and filed."""

from __future__ import annotations

from datetime import date

from cob.coverage import actions
from cob.coverage.msp_filing import file_msp, result_of
from cob.coverage.mspq import OF_THE_VISIT, mspq_for
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

WHO = {"told_by": "Patient", "told_how": "in person"}
AGE, DISABLED, KIDNEY = {"age": "2024-06"}, {"disability": "2020-01"}, {"esrd": "2025-04"}


def on_medicare(main, by, basis, *, born=date(1959, 6, 1), kind="medicare", **told):
    patient = PatientFactory(site=main, birth_on=born, next_visit_on=DAY)
    dates = {} if kind == "medicare_advantage" else {"effective_on": None, "open_ended": False}
    CoverageFactory(patient=patient, payer=PayerFactory(name="Medicare", edi_id="MC1"), kind=kind, **dates)
    part = {"from": "2020-01-01", "to": None}
    facts = {"medicare.part_a": part, "medicare.part_b": part, "medicare.basis": basis}
    facts |= {"medicare.premium_free_part_a": True, **told}
    actions.tell_facts(patient=patient, facts=facts, told_by="card", told_how="card or letter seen", by=by)
    actions.tell_fact(patient=patient, path="claim.related_to", value=["none"], true_from=DAY, told_by="patient", by=by)
    return patient


def plan_of(patient, by, *, size="", whose="self", kind="employer", **told):
    person = None if whose == "self" else PersonFactory(patient=patient, relation="spouse")
    plan = CoverageFactory(
        patient=patient,
        payer=PayerFactory(name="Harbor", edi_id="HH1"),
        kind=kind,
        relationship=whose,
        subscriber=person,
    )
    facts = {"employment.status": "working", "work_status": "active", "continuation": "none"} | told
    facts |= {"employer.size": size} if size else {}
    own = {f"coverages.{plan.pk}.{name}": value for name, value in facts.items()}
    actions.tell_facts(patient=patient, facts=own, told_by="patient", by=by)
    return plan


def answer_the_rest(patient, by):
    """Whatever is open is answered with no."""
    for _ in range(6):
        page = mspq_for(patient, DAY)
        for line in page.open:
            value = "no_spouse" if line.path == "msp.spouse_works" else "never" if "_on" in line.path else False
            value = "none" if line.path == "accident.liability.status" else value
            value = "never" if line.path.startswith("medicare.esrd") else value
            value = "2026-03-01" if line.path.endswith(("accident.date", "last_day")) else value
            day = DAY if line.path in OF_THE_VISIT else None
            actions.tell_fact(patient=patient, path=line.path, value=value, true_from=day, told_by="patient", by=by)
        if not page.open:
            return
    raise AssertionError([line.path for line in page.open])


def answered_and_filed(patient, by):
    answer_the_rest(patient, by)
    row = file_msp(patient=patient, service_on=DAY, by=by, **WHO)
    result = result_of(row.determination)
    return result.order[0], result.msp_type

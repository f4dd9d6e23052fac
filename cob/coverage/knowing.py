"""Who could know what the patient does not: the source to ask next for each fact."""

from __future__ import annotations

from cob.coverage import catalogue

EMPLOYER = "the employer’s personnel or benefits office"
PAYER = "the payer, by telephone or portal"
PLAN = "the plan’s booklet, or the payer by telephone"
SUBSCRIBER = "the person in whose name the plan is"
FAMILY = "the patient’s husband or wife, or another relative"
MEDICARE = "Medicare (the card, an eligibility answer 271) or Social Security"
KIDNEY = "the dialysis center or transplant hospital"
PARENT = "the other parent or the guardian"
COURT = "the court, either parent or a lawyer, for a copy of the order"
SOCIAL_SECURITY = "Social Security, or the subscriber’s award letter"
AUTO = "the auto insurer’s adjuster"
COMP = "the employer, or the workers’ compensation carrier"
LAWYER = "the patient’s lawyer, or the other side’s insurer"
VA = "the VA office that sent the patient, for the referral number"
TRICARE = "the military ID, or TRICARE’s eligibility record"
MEDICAID = "the state’s Medicaid eligibility record"
TRIBE = "the tribe’s benefits office"
CHART = "the chart, or the clinician"

# The longest beginning of a fact's key decides.
SOURCES: dict[str, str] = {
    "claim.related_to": CHART,
    "people": SUBSCRIBER,
    "kind": PAYER,
    "subscriber": PAYER,
    "relationship": SUBSCRIBER,
    "effective": PAYER,
    "last_covered_day": PAYER,
    "enrolled": PAYER,
    "work_status": EMPLOYER,
    "continuation": EMPLOYER,
    "employment": EMPLOYER,
    "employment.on_ssdi": SOCIAL_SECURITY,
    "employment.prior_year_net_cents": SUBSCRIBER,
    "employer": EMPLOYER,
    "employer.largest_member": PLAN,
    "employer.small_employer_exception": PLAN,
    "patient_covered_since": PAYER,
    "subscriber_covered_since": PAYER,
    "group_join_date": EMPLOYER,
    "predecessor": EMPLOYER,
    "carrier_changed_only": EMPLOYER,
    "tribal": TRIBE,
    "child.parents_living_together": PARENT,
    "child.custodial_parent": PARENT,
    "child.disabled_dependent": PAYER,
    "child.decree": COURT,
    "medicare": MEDICARE,
    "medicare.esrd": KIDNEY,
    "accident": LAWYER,
    "accident.workers_comp": COMP,
    "accident.no_fault": AUTO,
    "military": TRICARE,
    "va": VA,
    "medicaid": MEDICAID,
    "options": PLAN,
    "msp": FAMILY,  # asked where no plan of that job is on file
    "msp.research_program": CHART,
    "msp.no_fault": AUTO,
}


def who_could_know(path: str) -> str:
    """Whom to ask for a fact; for most terms of a plan that is its payer."""
    _, key = catalogue.owner_and_key(path)
    steps = key.split(".")
    beginnings = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((SOURCES[beginning] for beginning in beginnings if beginning in SOURCES), PAYER)

"""Every fact the rules may ask for: what it is called, how it is answered, and in which words.

Keys are the determination contract's paths without their owner: `employer.size` stands for
`coverages.<id>.employer.size`, `people.birth_date` for `people.<id>.birth_date`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cob.coverage.models import Kind


class Way(StrEnum):
    """How a fact is answered."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    DAY = "day"
    MONTH = "month"
    MONTH_DAY = "month_day"
    STATE = "state"
    DOLLARS = "dollars"
    PERSON = "person"
    COVERAGE = "coverage"
    PART = "part"
    BASIS = "basis"


Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One askable fact. `never` is the label of the answer "never" where that is an answer; `is_past`: a day that has
    come, because nobody can tell of it before.
    """

    label: str
    way: Way
    choices: Choices = ()
    never: str = ""
    hint: str = ""
    is_past: bool = False


SIZES: Choices = (("<20", "Fewer than 20"), ("20-99", "20 to 99"), ("100+", "100 or more"))
STANDING: Choices = (
    ("active", "Working there"),
    ("laid_off", "Laid off"),
    ("retired", "Retired"),
    ("survivor", "Survivor of the employee"),
    ("none", "None of these"),
)
CONTINUATION: Choices = (
    ("none", "No, regular cover"),
    ("cobra", "COBRA"),
    ("state", "State continuation"),
    ("federal_tcc", "Federal temporary continuation"),
)
BEFORE: Choices = (("employee", "The employee"), ("dependent", "A dependent"))
JOB: Choices = (
    ("working", "Working"),
    ("on_leave_job_held", "On leave, job held"),
    ("furlough", "Furloughed"),
    ("seasonal_break", "Between seasons or terms"),
    ("hours_bank", "Covered by banked hours"),
    ("disability_pay", "On the employer’s disability pay"),
    ("terminated", "Employment ended"),
    ("severance", "On severance"),
    ("retired", "Retired"),
    ("rehired_retiree", "Retired and rehired"),
    ("self_employed", "Self-employed"),
    ("clergy", "Clergy"),
    ("religious_order", "Religious order"),
    ("director", "Company director"),
    ("deceased", "Deceased"),
)
DECREE: Choices = (
    ("none", "No court order"),
    ("one_parent", "One parent is responsible for health care"),
    ("both_parents", "Both parents are responsible"),
    ("joint_custody_silent", "Joint custody, silent on health care"),
    ("financial_only", "Speaks of money only"),
    ("expired", "An order that has expired"),
)
DECREE_REST: Choices = (
    ("CUSTODIAL_ORDER", "The plans follow as custody puts them"),
    ("RESPONSIBLE_SPOUSE_SECOND", "The plan of that parent’s spouse is second"),
)
RELATED: Choices = (
    ("none", "No, none of these"),
    ("work", "Work"),
    ("auto", "A vehicle"),
    ("other_accident", "Another accident"),
    ("crime", "A crime"),
    ("black_lung", "Black lung"),
    ("wtc", "World Trade Center"),
    ("liability", "Somebody else’s fault"),
)
BENEFICIARY: Choices = (
    ("adsm", "On active duty"),
    ("adfm", "Family of somebody on active duty"),
    ("retiree", "Military retiree"),
    ("retiree_family", "Family of a retiree"),
    ("survivor", "Survivor"),
    ("trs", "TRICARE Reserve Select"),
    ("trr", "TRICARE Retired Reserve"),
    ("tya", "TRICARE Young Adult"),
    ("chcbp", "Continued Health Care Benefit Program"),
    ("tfl", "TRICARE For Life"),
)
WC_STATUS: Choices = (("pending", "Pending"), ("accepted", "Accepted"), ("denied", "Denied"), ("settled", "Settled"))
ELECTION: Choices = (("no_fault_first", "Auto policy pays first"), ("health_first", "Health plan chosen to pay first"))
LIABILITY: Choices = (("none", "No claim"), ("open", "Open"), ("settled", "Settled"))
COORDINATION: Choices = (
    ("standard", "Standard rules"),
    ("no_rules", "No coordination rules"),
    ("always_excess", "Says it always pays last"),
)
FUNDING: Choices = (
    ("insured", "Insured"),
    ("self_funded_erisa", "Self-funded (ERISA)"),
    ("self_funded_government_or_church", "Self-funded, government or church"),
)
DENIAL: Choices = (
    ("not_covered", "Not covered"),
    ("exhausted", "Benefits used up"),
    ("says_medicare_first", "Says Medicare is first"),
    ("untimely", "Filed late"),
    ("other", "Other"),
)
RELATIONSHIPS: Choices = (
    ("self", "The subscriber (self)"),
    ("spouse", "Spouse"),
    ("common_law_spouse", "Common-law spouse"),
    ("divorced_spouse", "Divorced spouse"),
    ("domestic_partner", "Domestic partner"),
    ("child", "Child"),
    ("stepchild", "Stepchild"),
    ("foster_child", "Foster child"),
    ("adopted_child", "Adopted child"),
    ("ward", "Ward"),
    ("parent", "Parent"),
    ("sibling", "Brother or sister"),
    ("other", "Other"),
)
RELATIONS: Choices = (
    ("mother", "Mother"),
    ("father", "Father"),
    ("parent", "Parent"),
    ("stepparent", "Step-parent"),
    ("guardian", "Guardian"),
    ("grandparent", "Grandparent"),
    ("spouse", "Spouse"),
    ("common_law_spouse", "Common-law spouse"),
    ("domestic_partner", "Domestic partner"),
    ("divorced_spouse", "Divorced spouse"),
    ("child", "Child"),
    ("sibling", "Brother or sister"),
    ("other", "Other"),
)
SPOUSE_WORKS: Choices = (("yes", "Yes"), ("no", "No"), ("no_spouse", "No husband or wife"))
NOT_RETIRED = "Never worked, or stopped without retiring"
SERVICES: Choices = (
    ("professional", "Professional"),
    ("institutional", "Institutional"),
    ("excluded_by_medicare", "Never covered by Medicare"),
)
VISITS: Choices = (
    ("none", "No special kind"),
    ("preventive_pediatric", "Preventive visit of a child"),
    ("prenatal", "Prenatal care"),
    ("labor_delivery", "Labor and delivery"),
    ("school_iep", "School program"),
    ("early_intervention", "Early intervention"),
    ("behavioral", "Behavioral health"),
)
NOT_YET = "Not yet"
PART_HINT = "As printed on the Medicare card."

ENTRIES: dict[str, Entry] = {
    "claim.related_to": Entry("Visit is because of", Way.SOME_OF, RELATED),
    "claim.plans_disagree_since": Entry("Plans disagree, each with all it needs, since", Way.DAY, never="They agree"),
    "people.birth_date": Entry("Date of birth", Way.DAY, is_past=True),
    "people.birth_month_day": Entry("Birthday (month and day)", Way.MONTH_DAY),
    "people.relation": Entry("Who this is to the patient", Way.ONE_OF, RELATIONS),
    "people.spouse": Entry("Married to", Way.PERSON),
    # a coverage
    "kind": Entry("Kind of plan", Way.ONE_OF, tuple((kind.value, str(kind.label)) for kind in Kind)),
    "subscriber": Entry("In whose name", Way.PERSON),
    "relationship": Entry("Patient is the subscriber’s", Way.ONE_OF, RELATIONSHIPS),
    "enrolled": Entry("Signed up for it", Way.YES_NO),
    "effective": Entry("In force from", Way.DAY),
    "last_covered_day": Entry("Last covered day", Way.DAY, never="No end date"),
    "work_status": Entry("Subscriber’s standing with this plan’s employer", Way.ONE_OF, STANDING),
    "continuation": Entry("Continuation after a job or marriage ended", Way.ONE_OF, CONTINUATION),
    "continuation_was": Entry("Before the continuation the patient was", Way.ONE_OF, BEFORE),
    "employment.status": Entry("Subscriber’s job now", Way.ONE_OF, JOB),
    "employment.last_day": Entry("Last day at work", Way.DAY, never="Still employed"),
    "employment.disability_pay_start": Entry("Employer’s disability pay began", Way.DAY, never=NOT_YET, is_past=True),
    "employment.on_ssdi": Entry("Subscriber is on Social Security disability", Way.YES_NO),
    "employment.prior_year_net_cents": Entry("Self-employment earnings last year, after expenses", Way.DOLLARS),
    "employment.rehired_qualifies": Entry("Others with those hours get the plan", Way.YES_NO),
    "employer.size": Entry("Employees at the employer", Way.ONE_OF, SIZES),
    "employer.meets_20_this_year": Entry("20 employees in 20 weeks of this year", Way.YES_NO),
    "employer.meets_20_last_year": Entry("20 employees in 20 weeks of last year", Way.YES_NO),
    "employer.twentieth_week_ends": Entry("20th week with 20 employees ended", Way.DAY, never=NOT_YET, is_past=True),
    "employer.meets_100_last_year": Entry("100 employees on half the days of last year", Way.YES_NO),
    "employer.largest_member": Entry("Employees at the plan’s largest employer", Way.ONE_OF, SIZES),
    "employer.small_employer_exception": Entry("Small-employer exception approved for this person", Way.YES_NO),
    "patient_covered_since": Entry("Patient covered since", Way.DAY),
    "subscriber_covered_since": Entry("Subscriber covered since", Way.DAY),
    "group_join_date": Entry("Joined the group on", Way.DAY),
    "predecessor.covered_since": Entry("Earlier plan of the same employer since", Way.DAY, is_past=True),
    "predecessor.ended_on": Entry("Earlier plan of the same employer ended", Way.DAY),
    "carrier_changed_only": Entry("Only the insurer of the plan changed", Way.YES_NO),
    "coordination": Entry("How the plan coordinates", Way.ONE_OF, COORDINATION),
    "has_active_retired_rule": Entry("Plan has the active-before-retired rule", Way.YES_NO),
    "has_continuation_rule": Entry("Plan has the continuation rule", Way.YES_NO),
    "funding": Entry("Who bears the cost of the plan", Way.ONE_OF, FUNDING),
    "state": Entry("State of issue", Way.STATE),
    "closed_panel": Entry("Pays in its own network only", Way.YES_NO),
    "carve_out_of": Entry("Carved out of", Way.COVERAGE),
    "supplements": Entry("Supplements", Way.COVERAGE),
    "tribal.last_resort": Entry("Tribal plan pays last for this person", Way.YES_NO),
    "tribal.ihs_may_bill": Entry("Tribe agreed to billing by the Indian Health Service", Way.YES_NO),
    "plan_year_start": Entry("Plan year starts (month and day)", Way.MONTH_DAY),
    "decree_notified_on": Entry("Plan told of the court order", Way.DAY, never="Not told", is_past=True),
    "paid_before_notice": Entry("Plan paid this plan year before it was told", Way.YES_NO),
    "paid_after_medicare_before_esrd": Entry("Paid after Medicare before kidney failure", Way.YES_NO),
    "denial": Entry("Plan’s denial", Way.ONE_OF, DENIAL),
    # Medicare
    "medicare.part_a": Entry("Part A", Way.PART, hint=PART_HINT),
    "medicare.part_b": Entry("Part B", Way.PART, hint=PART_HINT),
    "medicare.part_a.from": Entry("Part A from", Way.DAY),
    "medicare.part_b.from": Entry("Part B from", Way.DAY),
    "medicare.part_a.to": Entry("Part A until", Way.DAY, never="No end date"),
    "medicare.part_b.to": Entry("Part B until", Way.DAY, never="No end date"),
    "medicare.premium_free_part_a": Entry("Part A without a premium", Way.YES_NO),
    "medicare.basis": Entry("Why the patient has Medicare", Way.BASIS),
    "medicare.basis.age": Entry("Medicare by age from", Way.MONTH),
    "medicare.basis.disability": Entry("Medicare by disability from", Way.MONTH),
    "medicare.basis.esrd": Entry("Medicare by kidney failure from", Way.MONTH),
    "medicare.esrd.first_dialysis": Entry("First dialysis", Way.DAY, never=NOT_YET, is_past=True),
    "medicare.esrd.self_training_start": Entry("Home dialysis training began", Way.DAY, never=NOT_YET, is_past=True),
    "medicare.esrd.transplant": Entry("Kidney transplant", Way.DAY, never=NOT_YET, is_past=True),
    "medicare.esrd.preop_admission": Entry("Admitted to prepare the transplant", Way.DAY, never=NOT_YET, is_past=True),
    "medicare.esrd.dialysis_end": Entry("Dialysis ended", Way.DAY, never=NOT_YET, is_past=True),
    "medicare.esrd.new_period_from": Entry("New kidney period from", Way.DAY, never=NOT_YET),
    "medicare.retro_award_date": Entry("Letter that backdated Medicare", Way.DAY, never="Not backdated", is_past=True),
    "medicare.qmb": Entry("Qualified Medicare Beneficiary", Way.YES_NO),
    # a child
    "child.parents_living_together": Entry("Parents live together, married or not", Way.YES_NO),
    "child.custodial_parent": Entry("Lives most of the time with", Way.PERSON),
    "child.disabled_dependent": Entry("Covered past the age limit because of a disability", Way.YES_NO),
    "child.decree.terms": Entry("Court order about health care", Way.ONE_OF, DECREE),
    "child.decree.responsible_parent": Entry("Parent the order names", Way.PERSON),
    # an accident
    "accident.date": Entry("Day of the accident", Way.DAY, is_past=True),
    "accident.state": Entry("State where it happened", Way.STATE),
    "accident.workers_comp.status": Entry("Workers’ compensation claim", Way.ONE_OF, WC_STATUS),
    "accident.workers_comp.provider_authorised": Entry("Compensation carrier authorized us", Way.YES_NO),
    "accident.workers_comp.claim_filed_on": Entry("Compensation claim filed", Way.DAY, never="Not filed", is_past=True),
    "accident.no_fault.election": Entry("Choice on the auto policy", Way.ONE_OF, ELECTION),
    "accident.no_fault.paid_to_date_cents": Entry("Paid by the auto policy so far", Way.DOLLARS),
    "accident.no_fault.exhausted_on": Entry("Auto benefits ran out", Way.DAY, never="Not exhausted", is_past=True),
    "accident.no_fault.claim_filed_on": Entry("Auto claim filed", Way.DAY, never="Not filed", is_past=True),
    "accident.liability.status": Entry("Claim against somebody else", Way.ONE_OF, LIABILITY),
    "accident.liability.claim_filed_on": Entry("Liability claim filed", Way.DAY, never="Not filed", is_past=True),
    "options.decree_rest": Entry("After the plan the court names", Way.ONE_OF, DECREE_REST),
    # programmes
    "military.beneficiary": Entry("Patient’s place in TRICARE", Way.ONE_OF, BENEFICIARY),
    "va.authorised": Entry("VA sent the patient here", Way.YES_NO),
    "medicaid.child_support_case": Entry("State collects child support", Way.YES_NO),
    "medicaid.other_payer_billed_on": Entry("Other payer billed on", Way.DAY, never="Not billed", is_past=True),
    "medicaid.unverified_other_cover": Entry("Medicaid lists other cover nobody verified", Way.YES_NO),
}
# Asked for Medicare's questionnaire alone: no rule reads them, so no case has them.
ENTRIES |= {
    "msp.research_program": Entry("A government research program pays for this care", Way.YES_NO),
    "msp.no_fault": Entry("A no-fault or medical-payments policy covers the accident", Way.YES_NO),
    "msp.patient_works": Entry("Patient works now", Way.YES_NO),
    "msp.patient_retired_on": Entry("Patient retired on", Way.DAY, never=NOT_RETIRED, is_past=True),
    "msp.spouse_works": Entry("Spouse works now", Way.ONE_OF, SPOUSE_WORKS),
    "msp.spouse_retired_on": Entry("Spouse retired on", Way.DAY, never=NOT_RETIRED, is_past=True),
    "msp.family_works": Entry("Another family member’s job covers the patient", Way.YES_NO),
    "msp.group_plan": Entry("Covered by a group plan through a job", Way.YES_NO),
}
# What a verdict may rest on though nobody is ever asked: the claim says it.
TOLD: dict[str, Entry] = {
    "claim.dos": Entry("Date of service", Way.DAY),
    "claim.as_of": Entry("Asked as of", Way.DAY),
    "claim.service": Entry("Service", Way.ONE_OF, SERVICES),
    "claim.category": Entry("Kind of visit", Way.ONE_OF, VISITS),
    "claim.in_panel": Entry("Clinic is in the plan’s network", Way.YES_NO),
    "claim.emergency": Entry("Emergency", Way.YES_NO),
}
# Where the contract's null is an answer; on file it is the word "never", because a fact of null takes an answer back.
NULL_MEANS_NEVER = re.compile(r"medicare\.part_[ab](\.to)?|coverages\.[^.]+\.last_covered_day")


def owner_and_key(path: str, ids: Iterable[str] = ()) -> tuple[str, str]:
    """A contract path as (owner id, catalogue key): `coverages.<id>.employer.size` → (id, "employer.size").

    Ids on file hold no dot; those of a case from elsewhere may, and are then given in `ids`.
    """
    head, _, rest = path.partition(".")
    if head not in ("coverages", "people"):
        return "", path
    owner = max((one for one in ids if rest.startswith(f"{one}.")), key=len, default=rest.partition(".")[0])
    key = rest[len(owner) + 1 :]
    return owner, key if head == "coverages" else f"people.{key}"


def entry(path: str, ids: Iterable[str] = ()) -> Entry | None:
    """How a path is answered; None for one nobody is ever asked."""
    return ENTRIES.get(owner_and_key(path, ids)[1])


def known(path: str, ids: Iterable[str] = ()) -> Entry | None:
    """The words of a path, asked or only read."""
    key = owner_and_key(path, ids)[1]
    return ENTRIES.get(key) or TOLD.get(key)


def label(path: str, ids: Iterable[str] = ()) -> str:
    """A path in words."""
    found = known(path, ids)
    return found.label if found else spoken(owner_and_key(path, ids)[1]).capitalize()


def spoken(text: str) -> str:
    """A contract word with neither dots nor underscores, for what the catalogue does not name."""
    return " ".join(text.replace(".", " ").replace("_", " ").split())

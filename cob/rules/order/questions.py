"""Questions in plain words: what to ask for a fact, why it matters, and what may be answered."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, get_args

from cob.dates import month_text
from cob.rules.order.case import Case, EmploymentStatus, Relationship, SizeBand
from cob.rules.order.plan import CHILDREN
from cob.rules.order.verdict import Question
from cob.rules.order.visit import NOT_ENROLLED, OPEN

YES_NO: Final[list[Any]] = [True, False]
BANDS: Final[list[Any]] = list(get_args(SizeBand))
_EARLIER: Final = "The plan that has covered somebody longer may pay first."
_DECREE: Final = "A court order about health care comes before the birthday rule."
_KIDNEY: Final = "The kidney months decide whether Medicare waits for the job plan."
_JOB: Final = "Medicare waits for a plan only while somebody still works for it."
_SIZE: Final = "Medicare waits for the plan only if the employer is large enough."

# fact -> what to ask, why, the answers (None: the days or people that make a difference)
ASK: Final[dict[str, tuple[str, str, list[Any] | None]]] = {
    "claim.related_to": (
        "Is today's visit because of something that happened at work, in a car, on someone's property, or that "
        "someone else caused?", "Insurance for an injury pays first, but only for care of that injury.", None),
    "patient.birth_date": ("What is the patient's date of birth?", "Age decides which rules apply.", None),
    "birth_month_day": ("What month and day is {person}'s birthday?",
                        "The parent whose birthday comes earlier in the year has the first plan.", None),
    "spouse": ("Whom is {person} married to?", "A step-parent's plan follows that parent's.", None),
    "child.parents_living_together": ("Do the child's parents live together, married or not?",
                                      "If they do their birthdays decide; if not, custody does.", YES_NO),
    "child.custodial_parent": ("Who does the child live with most of the time?",
                               "When parents live apart that parent's plan comes first.", None),
    "child.disabled_dependent": ("Is the patient still covered because of a disability?",
                                 "Otherwise cover as a child ends with age.", YES_NO),
    "child.decree.terms": (
        "Is there a court order saying who must carry or pay the child's health insurance?", _DECREE,
        ["none", "one_parent", "both_parents", "joint_custody_silent", "financial_only", "expired"]),
    "child.decree.responsible_parent": ("Which parent does the court order name?", _DECREE, None),
    "medicare.part_a": ("Does the patient have Medicare Part A?", "Medicare pays only for the part in force.", None),
    "medicare.part_b": ("Does the patient have Medicare Part B?", "Medicare pays only for the part in force.", None),
    "medicare.part_a.from": ("When did Medicare Part A start?", "Medicare pays only for the part in force.", None),
    "medicare.part_b.from": ("When did Medicare Part B start?", "Medicare pays only for the part in force.", None),
    "medicare.part_a.to": ("Has Medicare Part A ended, and when?", "Medicare pays only for the part in force.", None),
    "medicare.part_b.to": ("Has Medicare Part B ended, and when?", "Medicare pays only for the part in force.", None),
    "medicare.premium_free_part_a": ("Is the patient's Part A free of a monthly premium?",
                                     "With a bought Part A, Medicare pays before the job plan.", YES_NO),
    "medicare.basis": ("Why did the patient first get Medicare: age, disability or kidney disease?",
                       "Each reason has its own rule about the job plan.", None),
    "medicare.basis.age": ("In which month did Medicare by age begin?", _KIDNEY, None),
    "medicare.basis.disability": ("In which month did Medicare by disability begin?", _KIDNEY, None),
    "medicare.esrd.first_dialysis": ("When did regular dialysis start?", _KIDNEY, None),
    "medicare.esrd.self_training_start": ("Was there home-dialysis training, and from when?", _KIDNEY, None),
    "medicare.esrd.transplant": ("Was there a kidney transplant, and when?", _KIDNEY, None),
    "medicare.esrd.preop_admission": ("Was there a hospital stay before it, and from when?", _KIDNEY, None),
    "medicare.esrd.dialysis_end": ("Has dialysis stopped, and when?", _KIDNEY, None),
    "medicare.retro_award_date": ("Was Medicare backdated? On which day was the decision made?",
                                  "Before that day TRICARE pays as if there were no Medicare.", None),
    "accident.state": ("In which state did the accident happen?",
                       "Some states let the health plan pay before auto benefits.", None),
    "accident.workers_comp.provider_authorised": ("Does workers' compensation accept this clinic as a provider?",
                                                  "If not, it pays nothing here.", YES_NO),
    "accident.no_fault.election": ("Does the auto policy say that health insurance pays first?",
                                   "The choice on the auto policy decides who is first.",
                                   ["no_fault_first", "health_first"]),
    "accident.no_fault.paid_to_date_cents": ("How much have the auto benefits paid so far?",
                                             "Above a limit the health plan takes over.", None),
    "accident.no_fault.exhausted_on": ("Has the auto insurer said that its benefits ran out, and on which day?",
                                       "Once they have run out the next payer is first.", None),
    "accident.liability.status": ("Is a claim or lawsuit open against somebody?",
                                  "Somebody else's insurance may owe first.", ["none", "open", "settled"]),
    "military.beneficiary": (
        "In which capacity does the patient have TRICARE; is it as a member on active duty?",
        "Active-duty members can use TRICARE only.",
        ["adsm", "adfm", "retiree", "retiree_family", "survivor", "trs", "trr", "tya", "chcbp", "tfl"]),
    "va.authorised": ("Did the VA send the patient, with a referral?", "The VA pays alone for care it sent.", YES_NO),
    "options.decree_rest": ("After the court-named plan, which does the plan's booklet put second?",
                            "The model act is silent and plans differ.", None),
    "subscriber": ("In whose name is {plan}?", "An own plan and a dependent's plan have different places.", None),
    "relationship": ("What is the patient to the person {plan} is in the name of?",
                     "It decides which rule ranks the plan.", None),
    "effective": ("When did {plan} start?", "Only coverage in force on the visit date counts.", None),
    "last_covered_day": ("Has {plan} ended? What is its last covered day?",
                         "Only coverage in force on the visit date counts.", None),
    "work_status": ("Does the person {plan} is in the name of work there now, or is that person laid off or retired?",
                    "A working person's plan pays before a retired person's.",
                    ["active", "laid_off", "retired", "survivor", "none"]),
    "continuation": ("Is {plan} paid for through COBRA after a job or marriage ended?",
                     "Continued cover has its own place.", ["none", "cobra", "state", "federal_tcc"]),
    "continuation_was": ("Before COBRA, was {plan} the patient's own plan or somebody else's?",
                         "The standing before COBRA stays.", ["employee", "dependent"]),
    "employment.status": ("Is the person behind {plan} still employed there? If not working, is the job held?", _JOB,
                          list(get_args(EmploymentStatus))),
    "employment.last_day": ("What was the last day of employment behind {plan}?", _JOB, None),
    "employment.disability_pay_start": ("Since when has the employer of {plan} paid disability benefits?", _JOB, None),
    "employment.on_ssdi": ("Is the person behind {plan} on Social Security disability?", _JOB, YES_NO),
    "employment.prior_year_net_cents": ("What did the self-employment behind {plan} earn last year, after expenses?",
                                        _JOB, None),
    "employment.rehired_qualifies": ("Do other employees with those hours get {plan}?", _JOB, YES_NO),
    "employer.size": ("About how many people work for the employer behind {plan}, full and part time, everywhere?",
                      _SIZE, BANDS),
    "employer.meets_20_this_year": ("Has the employer behind {plan} had 20 or more people in 20 weeks of this year?",
                                    _SIZE, YES_NO),
    "employer.meets_20_last_year": ("Did the employer behind {plan} have 20 or more people in 20 weeks of last year?",
                                    _SIZE, YES_NO),
    "employer.largest_member": ("How large is the largest employer in {plan}?", _SIZE, BANDS),
    "employer.small_employer_exception": ("Has {plan} an approved small-employer exception for this person?",
                                          _SIZE, YES_NO),
    "patient_covered_since": ("Since when has {plan} covered the patient?", _EARLIER, None),
    "subscriber_covered_since": ("Since when has {plan} covered the person it is in the name of?", _EARLIER, None),
    "predecessor.covered_since": ("When did the plan that {plan} replaced begin?", _EARLIER, None),
    "predecessor.ended_on": ("When did the plan that {plan} replaced end?", _EARLIER, None),
    "funding": ("Does the employer pay the claims of {plan} itself?", "State law does not bind such a plan.",
                ["insured", "self_funded_erisa", "self_funded_government_or_church"]),
    "tribal.last_resort": ("Does {plan} pay last for this person, as the tribe's own programme?",
                           "Then everybody else pays before it.", YES_NO),
    "tribal.ihs_may_bill": ("Has the tribe agreed in writing that the Indian Health Service may bill {plan}?",
                            "Without that {plan} is not billed.", YES_NO),
    "plan_year_start": ("On which day does the plan year of {plan} start?", _DECREE, None),
    "decree_notified_on": ("Since when does {plan} have the court order on file?", _DECREE, None),
    "paid_before_notice": ("Had {plan} paid claims in that plan year before it got the court order?", _DECREE, YES_NO),
    "paid_after_medicare_before_esrd": ("Before the kidney failure, did Medicare pay first and {plan} second?",
                                        _KIDNEY, YES_NO),
}  # fmt: skip


# What the patient cannot be to a subscriber unless this was tried too; a sibling or somebody else may always be.
_ONLY_WITH: Final[dict[str, str]] = {
    "self": "self", "spouse": "spouse", "common_law_spouse": "spouse", "divorced_spouse": "spouse", "parent": "spouse",
    "domestic_partner": "domestic_partner", **dict.fromkeys(CHILDREN, "child"),
}  # fmt: skip


def question(case: Case, fact: str, tried: list[Any]) -> Question:
    """The question for a fact; the answers that make a difference stand in where no fixed list does."""
    subject, name = _subject(case, fact)
    ask, why, choices = ASK[name]
    if name == "relationship":
        choices = [word for word in get_args(Relationship) if _ONLY_WITH.get(word, tried[0]) in tried]
    values = [as_value(fact, value) for value in tried]
    return Question(fact=fact, ask=ask.format(**subject), why=why.format(**subject), choices=choices or values)


def _subject(case: Case, fact: str) -> tuple[dict[str, str], str]:
    """The names that go into the text, and the key of the text."""
    for coverage in case.coverages:
        root = f"coverages.{coverage.id}."
        if fact.startswith(root) and fact[len(root) :] in ASK:
            return {"plan": coverage.payer or coverage.id}, fact[len(root) :]
    for key, person in case.people.items():
        root = f"people.{key}."
        if fact.startswith(root):
            name = fact[len(root) :]
            # Of others the day in the year is asked for; a date of birth only of the patient.
            return {"person": person.relation or key}, "patient.birth_date" if name == "birth_date" else name
    return {}, fact


def as_value(fact: str, value: Any) -> Any:
    """A tried value as the case would write it."""
    if value is OPEN or value is NOT_ENROLLED:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if type(value) is int and fact.startswith("medicare.basis."):
        return month_text(value)
    return value

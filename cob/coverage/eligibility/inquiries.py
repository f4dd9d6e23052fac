"""A coverage on file as a question to its payer. What is not known is not sent: some payers refuse more than they need,
and a question with a guess in it gets an answer about somebody else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from cob.accounts.models import Site
from cob.coverage.models import Coverage, Kind
from cob.ids import clean_mbi, is_npi
from cob.patients.models import Patient
from cob.rules.frontdesk import CHECKED_ONCE
from cob.x12.parts import Party
from cob.x12.t271 import Inquiry270, Person
from cob.x12.write270 import problems_with

SELF = "self"
# INS02 of the 270: spouse, child, other adult. Who may be either, or neither, goes without.
_RELATIONSHIP = {
    "spouse": "01",
    "common_law_spouse": "01",
    "child": "19",
    "stepchild": "19",
    "foster_child": "19",
    "adopted_child": "19",
    "domestic_partner": "34",
    "divorced_spouse": "34",
    "parent": "34",
}


@dataclass(frozen=True, slots=True)
class Unaskable:
    """A coverage whose payer cannot be asked: why, and what to do about it."""

    coverage: Coverage
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.coverage.payer}: {self.why} {self.fix}"


@dataclass(frozen=True, slots=True)
class Question:
    """A coverage with the question to its payer, still without a trace number."""

    coverage: Coverage
    inquiry: Inquiry270

    @property
    def digest(self) -> str:
        """What is sent, apart from day and trace: the same again is the same question."""
        asked = self.inquiry
        text = repr((asked.payer, asked.provider, asked.subscriber, asked.dependent))
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def traced(self, trace: str) -> Inquiry270:
        """With its number."""
        return replace(self.inquiry, trace=trace)


def question_for(coverage: Coverage, on: date) -> Question | Unaskable:
    """The question about one coverage for a day. The coverage comes with patient, site, payer and subscriber."""
    site: Site = coverage.patient.site
    if refusal := _refusal(coverage, site):
        return Unaskable(coverage, *refusal)
    subscriber, dependent = _people(coverage)
    inquiry = Inquiry270(
        payer=Party("PR", coverage.payer.name.upper(), id_qualifier="PI", id=coverage.payer.edi_id),
        provider=Party("1P", site.name.upper(), id_qualifier="XX", id=site.npi),
        subscriber=subscriber,
        dependent=dependent,
        trace="",
        tax_id=site.tax_id,
        on=on,
    )
    problem = next(problems_with(replace(inquiry, trace="1")), "")
    if problem:
        return Unaskable(coverage, f"Missing: {problem}.", "Enter it and ask again.")
    return Question(coverage, inquiry)


def _refusal(coverage: Coverage, site: Site) -> tuple[str, str] | None:
    """Why nobody can be asked, and what to do; None when the payer can be."""
    if not coverage.enrolled:
        return "The patient never signed up for this plan.", "There is nothing to ask."
    if coverage.kind in CHECKED_ONCE:
        return f"{Kind(coverage.kind).label} payers answer no eligibility question.", "Verify it by telephone."
    if not is_npi(site.npi) or not site.tax_id:
        return f"Site {site} has no valid NPI or no tax number.", "An administrator enters it on the site’s page."
    if not coverage.relationship or (coverage.relationship != SELF and coverage.subscriber is None):
        return "Nobody said in whose name this plan is.", "Enter the subscriber on the coverage, then ask."
    return None


def _people(coverage: Coverage) -> tuple[Person, Person | None]:
    """The subscriber, and the patient as dependent where the plan is in another's name."""
    patient = coverage.patient
    number = clean_mbi(coverage.member_id) if coverage.kind == Kind.MEDICARE else coverage.member_id.strip().upper()
    holder = coverage.subscriber
    if coverage.relationship == SELF or holder is None:
        return _person("IL", patient, number, patient.middle_name), None
    name = Party(
        "IL", holder.last_name.upper(), holder.first_name.upper(), "", "", True, "MI" if number else "", number
    )
    dependent = _person("03", patient, "", patient.middle_name)
    return (
        Person(name, holder.birth_on, holder.sex),
        replace(dependent, relationship=_RELATIONSHIP.get(coverage.relationship, "")),
    )


def _person(role: str, patient: Patient, number: str, middle: str) -> Person:
    last, first = patient.last_name.upper(), patient.first_name.upper()
    party = Party(role, last, first, middle.upper(), "", True, "MI" if number else "", number)
    return Person(party, patient.birth_on, patient.sex)

"""What the desk sees of some patients, day by day, `diary.txt`: a line for each day on which a flag begins, says
something else or ends, and what is missing on the first day and on that of the visit.

`python -m tests.cob.rules.frontdesk.diary` writes it anew: read what changed before it is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from cob.rules.frontdesk import Asked, Holder, Missing, Picture, Raised, flags_for, missing_for
from tests.cob.rules.frontdesk.pictures import PARENTS, card, order, picture

FILE = Path(__file__).with_suffix(".txt")
FIRST = date(2026, 8, 1)
# Not every day of eight months: those around which the patients' dates lie.
DAYS = [day for day in (FIRST + timedelta(days=count) for count in range(260))
        if day.day in (1, 2, 3, 14, 15, 16, 17, 19, 20, 21, 28, 29, 30, 31)]  # fmt: skip
MEDICARE = card("Medicare", kind="medicare", member_id="1EG4")
OWN = card("Acme", member_id="A1", verified_on=date(2026, 9, 1))
SPOUSE = card("Bluebird", relationship="spouse", holder=Holder("s", "Sam", True, True, True, "spouse"))


def patient(*cards, born_on=date(1980, 4, 2), visit_on=None, **given) -> Picture:
    return picture(*cards, today=FIRST, born_on=born_on, visit_on=visit_on, **given)


def kidney(**dates) -> Picture:
    case = {"medicare": {"basis": {"esrd": dates.pop("held", None)}, "esrd": dates}}
    return patient(OWN, MEDICARE, case=case)


def hurt(*related, visit_on=date(2026, 10, 20), cards=(OWN,), **accident) -> Picture:
    return patient(*cards, visit_on=visit_on, case={"claim": {"related_to": list(related)}, "accident": accident})


def born(text, *cards, **given) -> Picture:
    return patient(*cards, born_on=date.fromisoformat(text), **given)


PATIENTS = {
    "65 on 2 December": born("1961-12-02", OWN),
    "65 on 1 December, Medicare until 31 August":
        born("1961-12-01", card("Medicare", kind="medicare", last_covered_day="2026-08-31")),
    "65 on 2 December, never enrolled": born("1961-12-02", OWN, case={"medicare": {"part_a": None}}),
    "26 on 15 November, a parent's plan": born("2000-11-15", card("Mum's", relationship="child")),
    "26 on 15 November, to the end of the month":
        born("2000-11-15", card("Mum's", relationship="child"),
             case={"options": {"dependent_age_end": "END_OF_MONTH"}}),
    "26 on 15 November, to the end of the year":
        born("2000-11-15", card("Mum's", relationship="child"), case={"options": {"dependent_age_end": "END_OF_YEAR"}}),
    "30 on 15 November, to 30 by state":
        born("1996-11-15", card("Mum's", relationship="child"),
             case={"options": {"dependent_age_end": "STATE_AGE(30)"}}),
    "26 on 15 November, not signed up before October":
        born("2000-11-15", card("Mum's", relationship="child", effective="2026-10-01")),
    "dialysis in May 2024": kidney(first_dialysis="2024-05-15"),
    "dialysis in May 2024, trained in July": kidney(first_dialysis="2024-05-15", self_training_start="2024-07-31"),
    "dialysis in May 2024, trained in August": kidney(first_dialysis="2024-05-15", self_training_start="2024-08-01"),
    "dialysis in May 2024 until November 2025": kidney(first_dialysis="2024-05-15", dialysis_end="2025-11-20"),
    "transplant in June 2024": kidney(transplant="2024-06-10"),
    "transplant in June 2024, admitted in April": kidney(transplant="2024-06-10", preop_admission="2024-04-30"),
    "transplant in June 2024, admitted in March": kidney(transplant="2024-06-10", preop_admission="2024-03-31"),
    "transplant in June 2024, admitted afterwards": kidney(transplant="2024-06-10", preop_admission="2024-06-11"),
    "transplant in October 2023": kidney(transplant="2023-10-10"),
    "transplant in October 2023, dialysis until January 2026":
        kidney(transplant="2023-10-10", first_dialysis="2020-01-10", dialysis_end="2026-01-10"),
    "dialysis again in June 2024":
        kidney(first_dialysis="2018-01-10", dialysis_end="2020-01-10", new_period_from="2024-06-10"),
    "dialysis again in November 2026":
        kidney(first_dialysis="2018-01-10", dialysis_end="2020-01-10", new_period_from="2026-11-10"),
    "kidney Medicare since June 2024": kidney(held="2024-06"),
    "kidney Medicare, no date": kidney(),
    "kidney failure and no job plan":
        replace(kidney(first_dialysis="2024-05-15"), cards=(MEDICARE, card("Own", kind="individual"))),
    "COBRA since June 2025": patient(card("Acme", continuation="cobra", effective="2025-06-15")),
    "COBRA after a last day at work":
        patient(card("Acme", continuation="cobra", employment={"last_day": "2025-06-14"}, effective="2018-01-01")),
    "COBRA as told":
        patient(card("Acme", continuation="cobra", continuation_told_from=date(2025, 6, 20), effective="2018-01-01",
                     employment={"last_day": "2025-06-14"})),
    "COBRA with its last day": patient(card("Acme", continuation="cobra", effective="2025-06-15",
                                            last_covered_day="2026-12-14")),
    "a plan that ends on 31 October": patient(card("Acme", last_covered_day="2026-10-31")),
    "a plan that ends on 31 October, a visit after it":
        patient(card("Acme", last_covered_day="2026-10-31"), visit_on=date(2026, 11, 1)),
    "a plan that ends on 31 October, a visit on it":
        patient(card("Acme", last_covered_day="2026-10-31"), visit_on=date(2026, 10, 31)),
    "a plan that ends, followed by a verified one":
        patient(card("Acme", last_covered_day="2026-10-31"),
                card("Next", effective="2026-11-01", verified_on=date(2026, 8, 20))),
    "a plan that ends, followed too late":
        patient(card("Acme", last_covered_day="2026-10-31"),
                card("Next", effective="2026-11-02", verified_on=date(2026, 8, 20))),
    "a plan that ends, followed by one that began 31 days before":
        patient(card("Acme", last_covered_day="2026-10-31"),
                card("Next", effective="2026-09-30", verified_on=date(2026, 8, 20))),
    "a plan that ends, followed by one that began 32 days before":
        patient(card("Acme", last_covered_day="2026-10-31"),
                card("Next", effective="2026-09-29", verified_on=date(2026, 8, 20))),
    "a plan that ends, followed by one nobody verified":
        patient(card("Acme", last_covered_day="2026-10-31"), card("Next", effective="2026-11-01")),
    "an accident payer that ends": patient(card("Auto", kind="no_fault", last_covered_day="2026-10-31")),
    "said to be inactive since 10 October": patient(replace(OWN, inactive_since=date(2026, 10, 10))),
    "said to be inactive, a visit before":
        patient(replace(OWN, inactive_since=date(2026, 10, 10)), visit_on=date(2026, 10, 9)),
    "the payer tells of more": patient(replace(OWN, payer_tells=("It says Bluebird is first.", "A new number.")),
                                       card("Out", enrolled=False, payer_tells=("Nothing.",))),
    "in grace until 15 September": patient(replace(OWN, grace_until=date(2026, 9, 15), verified_on=None)),
    "in grace until 15 December": patient(replace(OWN, grace_until=date(2026, 12, 15))),
    "comp, not answered": hurt("work"),
    "comp, pending": hurt("work", date="2026-08-01", cards=(OWN, card("Comp", kind="workers_comp")),
                          workers_comp={"status": "pending"}),
    "comp, accepted": hurt("work", date="2026-08-01", workers_comp={"status": "accepted"}),
    "auto, no state": hurt("auto", date="2026-08-01", cards=(card("Auto", kind="no_fault"),)),
    "auto and somebody's fault, benefits used up":
        hurt("auto", "liability", date="2026-08-01", state="NY", no_fault={"exhausted_on": "2026-10-01"}),
    "auto and somebody's fault, both answered":
        hurt("auto", "liability", date="2026-08-01", state="NY", no_fault={"exhausted_on": "2026-10-01"},
             liability={"status": "settled"}),
    "an illness": hurt("none"),
    "an accident payer, nobody asked":
        patient(OWN, card("Auto", kind="no_fault"), visit_on=date(2026, 10, 20)),
    "Medicare and a job, nothing known": born("1955-01-01", OWN, MEDICARE),
    "Medicare and a job of known size": born("1955-01-01", card("Acme", employer={"size": "20-99"}), MEDICARE),
    "Medicare and work": born("1955-01-01", card("Acme", employment={"status": "working"}), MEDICARE),
    "Medicare and a retiree plan": born("1955-01-01", card("Acme", work_status="retired"), MEDICARE, order=order()),
    "Medicare and a plan of somebody terminated":
        born("1955-01-01", card("Acme", employment={"status": "terminated"}), MEDICARE),
    "65 on 2 December with Medicare and a job": born("1961-12-02", OWN, MEDICARE),
    "Medicare under 65, no reason": patient(MEDICARE),
    "Medicare for disability and a job":
        patient(OWN, MEDICARE, case={"medicare": {"basis": {"disability": "2024-01"}}}),
    "Advantage beside a Medicare card": born("1955-01-01", MEDICARE, card("Plus", kind="medicare_advantage")),
    "a Qualified Medicare Beneficiary": born("1955-01-01", MEDICARE, case={"medicare": {"qmb": True}}),
    "two charts, two numbers":
        patient(OWN, replace(OWN, id="again", member_id="A2"), replace(OWN, id="dental", payer_id="D", member_id="9"),
                charts_alike=("12", "31"), visit_on=date(2026, 9, 1)),
    "a child on two plans":
        born("2016-01-01", *(card(name, relationship="child", holder=PARENTS[name]) for name in PARENTS)),
    "a child on two plans, parents apart":
        born("2016-01-01", *(card(name, relationship="child", holder=replace(PARENTS[name], has_birthday=False))
                             for name in PARENTS), case={"child": {"parents_living_together": False}}),
    "a child on two plans, all known":
        born("2016-01-01", *(card(name, relationship="child", holder=PARENTS[name]) for name in PARENTS),
             case={"child": {"parents_living_together": True}}),
    "a child on two plans of one parent":
        born("2016-01-01", *(card(name, relationship="child", holder=PARENTS["mother"]) for name in "ab")),
    "divorced": patient(SPOUSE, marital_status="divorced", visit_on=date(2026, 9, 1)),
    "separated": patient(SPOUSE, marital_status="separated"),
    "the former spouse's plan":
        patient(replace(SPOUSE, holder=Holder("s", "Sam", relation="divorced_spouse")), marital_status="separated"),
    "a domestic partner's plan after a divorce":
        patient(card("Acme", relationship="domestic_partner"), marital_status="divorced"),
    "Medicaid and another plan": patient(OWN, card("State", kind="medicaid")),
    "Medicaid and another plan, settled": patient(OWN, card("State", kind="medicaid"), order=order()),
    "a carve-out with and without a payer id":
        patient(OWN, card("Mind", carve_out_of="Acme"), card("Soul", carve_out_of="Acme", payer_id=""),
                card("Lone", carve_out_of="nobody"), order=order()),
    "TRICARE": patient(card("TRICARE", kind="tricare")),
    "TRICARE of a retiree beside a job plan":
        patient(OWN, card("TRICARE", kind="tricare"), case={"military": {"beneficiary": "retiree"}}),
    "CHAMPVA alone": patient(card("CHAMPVA", kind="champva")),
    "the VA": patient(card("VA", kind="va")),
    "the VA, authorized": patient(card("VA", kind="va"), case={"va": {"authorised": False}}),
    "two own plans": patient(OWN, card("Second"), visit_on=date(2026, 9, 1)),
    "two own plans, settled until October": patient(OWN, card("Second"), order=order(expires_on=date(2026, 10, 1))),
    "two own plans, an order that is stale": patient(OWN, card("Second"), order=order(is_stale=True)),
    "two own plans, facts missing": patient(OWN, card("Second"), order=order("needs_facts")),
    "laid off, and the spouse's plan": patient(card("Acme", work_status="laid_off"), SPOUSE),
    "nothing is in force": patient(card("Acme", last_covered_day="2026-09-30"), visit_on=date(2026, 10, 1)),
    "died": patient(OWN, card("Second"), died_on=date(2026, 7, 1)),
    "asked for the visit":
        patient(OWN, visit_on=date(2026, 8, 20), asked=Asked(short_on=date(2026, 8, 20)), marital_status="married",
                employment_status="working"),
    "16 tomorrow": born("2010-08-02", card("Mum's", relationship="child")),
    "16 today": born("2010-08-01", card("Mum's", relationship="child", holder=Holder("m", "Mum"))),
    "Medicare by its parts":
        born("1955-01-01", card("Medicare", kind="medicare", effective=None, verified_on=FIRST),
             case={"medicare": {"part_a": None, "part_b": {"from": "2020-01-01"}}}, unfilled=("first_name", "sex")),
}  # fmt: skip


def diary(seen: Picture) -> str:
    """The lines of one patient."""
    return "\n".join(_lines(seen))


def _lines(seen: Picture) -> Iterator[str]:
    before: list[str] = []
    for day in DAYS:
        today = replace(seen, today=day)
        now = [_flag(raised) for raised in flags_for(today)]
        if day in (FIRST, seen.visit_on):
            now += [_missing(one) for one in missing_for(today)]
        over = [line for line in before if line not in now and not line.startswith("missing")]
        yield from (f"{day} - {line[:40]}" for line in over)
        yield from (f"{day} + {line}" for line in now if line not in before)
        before = now


def _missing(one: Missing) -> str:
    return f"missing {one.label} [{one.field}, {one.place}{', ' * bool(one.about)}{one.about}]"


def _flag(raised: Raised) -> str:
    sign = raised.sign
    marks = "" if sign.is_work else ", no work"
    marks += ", unconfirmed" if raised.is_unconfirmed else ""
    where = f"{sign.tone}, {sign.place}, on {sign.on}, by {sign.by}{marks}; {raised.key}"
    return f"{raised.id}: {sign.saw} {sign.do} [{where}]"


def blocks() -> dict[str, str]:
    """What stands in the file, by patient."""
    written = FILE.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {head: body for head, _, body in (block.partition("\n") for block in written)}


def main() -> None:
    """Write the file again."""
    FILE.write_text("\n\n".join(f"{name}\n{diary(PATIENTS[name])}" for name in PATIENTS) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

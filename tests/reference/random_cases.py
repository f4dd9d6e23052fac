"""Cases nobody thought of: families, plans and facts at random, with days that fall on every threshold.

`random_case(random)` works with any `random.Random`; `cases()` is the Hypothesis strategy. `unknown` is how many facts
are taken out again. `python -m tests.reference.random_cases SEED COUNT` prints them as JSON lines.

Left out, because the catalogue and the contract leave them open: see `LEFT_OPEN`.
"""

from __future__ import annotations

import copy
import json
import sys
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.reference.forgetting import forget
from tests.reference.reading import same_day_later

LEFT_OPEN = """
two entries of one kind outside the commercial plans; supplements of another kind or funding than their base; facts that
contradict each other (a plan's size and its finer counts, a last day at work in the past of somebody still working);
kidney facts across two spells that overlap; the custom no-fault order; state rules for no-fault where one of several
plans is self-funded; a tie between plans that the skipped rules 3 and 4 would also put in a circle.
"""

Case = dict[str, Any]
JOB = ["employer"] * 6 + ["government_employer", "union_multiemployer", "fehb"]
REST = ["medicaid", "tricare", "champva", "chip", "ihs", "ryan_white", "title_v", "crime_victim", "school_program",
        "wic", "va", "pace", "federal_grant", "accident_only", "fixed_indemnity", "specified_disease",
        "sharing_ministry", "discount_card", "tricare_supplement", "champva_supplement"]  # fmt: skip
KIDNEY_DATES = ("first_dialysis", "self_training_start", "transplant", "preop_admission", "dialysis_end",
                "new_period_from")  # fmt: skip
ACCIDENT = ["workers_comp", "black_lung", "no_fault", "medpay", "liability", "wtc"]


def random_case(random: Random, *, unknown: int = 0, coverages: int = 6) -> Case:
    """One case in the contract's shape."""
    dos = service_day(random)
    case: Case = {"id": "random", "claim": {"dos": str(dos), "related_to": ["none"]}, "patient": "P", "people": {}}
    case["coverages"] = []
    kind = random.choice(["adult", "adult", "child", "child", "grown child", "aged", "aged", "disabled", "kidney"])
    people(random, case, kind, dos)
    count = random.randint(1, coverages)
    medicare = (kind in ("aged", "disabled", "kidney") and chance(random, 90)) or chance(random, 3)
    if medicare:
        entitlement(random, case, kind, dos)
        count -= 1
    for _ in range(random.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 5])):
        if count > 0:
            commercial(random, case, dos)
            count -= 1
    others = random.sample(REST + ACCIDENT, min(max(count, 0), random.choice([0, 0, 1, 1, 2, 3])))
    if medicare and chance(random, 25):
        others.append("medigap")
    for other in others:
        plain(random, case, other, dos)
    around_them(random, case, dos)
    if chance(random, 25):
        options(random, case)
    random.shuffle(case["coverages"])
    for _ in range(unknown):
        forget(random, case)
    return case


def cases(*, unknown: int = 0, coverages: int = 6) -> st.SearchStrategy[Case]:
    """The same as a Hypothesis strategy. The case's id is the seed it grew from."""

    def grown(seed: int) -> Case:
        return {**random_case(Random(seed), unknown=unknown, coverages=coverages), "id": str(seed)}

    return st.integers(0, 2**40).map(grown)


def chance(random: Random, percent: int) -> bool:
    return random.randrange(100) < percent


def service_day(random: Random) -> date:
    known = ["2024-02-29", "2025-01-01", "2025-12-31", "2026-02-28", "2026-03-10", "2026-03-01", "2026-08-31",
             "2028-02-29", "2026-07-01"]  # fmt: skip
    if chance(random, 40):
        return date.fromisoformat(random.choice(known))
    return date(2024, 1, 1) + timedelta(days=random.randrange(1400))


def near(random: Random, day: date, *, back: int = 4000) -> date:
    """A day on a threshold or long before it."""
    if chance(random, 50):
        return day + timedelta(days=random.choice([-2, -1, 0, 1, 2, -31, 31]))
    return day - timedelta(days=random.randrange(1, back))


# People


def people(random: Random, case: Case, kind: str, dos: date) -> None:
    years = {"adult": 40, "child": 8, "grown child": 24, "aged": 68, "disabled": 50, "kidney": 45}[kind]
    born = same_day_later(dos, -12 * years - random.randrange(-60, 60))
    born += timedelta(days=random.randrange(-20, 20))
    if kind == "grown child" and chance(random, 40):
        born = same_day_later(dos, -26 * 12) + timedelta(days=random.choice([-1, 0, 1, 30]))
        if chance(random, 20):
            born = date(2000, 2, 29)
    if kind in ("aged", "disabled", "kidney") and chance(random, 35):
        born = same_day_later(dos, -65 * 12 + random.choice([-1, 0, 1])).replace(day=random.choice([1, 2, 15, 28]))
    folk = case["people"]
    folk["P"] = {"birth_date": str(min(born, dos))}
    if kind in ("child", "grown child"):
        folk["mom"] = {"birth_month_day": birthday(random), "relation": random.choice(["mother", "mother", "parent"])}
        folk["dad"] = {"birth_month_day": birthday(random), "relation": "father"}
        if chance(random, 25):
            folk["dad"] = {"birth_date": "1980-" + folk["dad"]["birth_month_day"], "relation": "father"}
        if chance(random, 35):
            folk["sdad"] = {"birth_month_day": birthday(random), "relation": "stepparent", "spouse": "mom"}
        if chance(random, 35):
            folk["smom"] = {"birth_month_day": birthday(random), "relation": "stepparent", "spouse": "dad"}
        if chance(random, 8):
            for name in ("mom", "dad", "sdad", "smom"):
                folk.pop(name, None)
            for name in ("guard", "guard2"):
                folk[name] = {"birth_month_day": birthday(random), "relation": "guardian"}
        child_facts(random, case)
    if kind not in ("child",):
        relation = ["spouse"] * 5 + ["domestic_partner", "divorced_spouse", "common_law_spouse"]
        if chance(random, 25 if kind == "grown child" else 90):
            folk["spouse"] = {"birth_month_day": birthday(random), "relation": random.choice(relation)}
        if kind == "grown child" and "spouse" in folk:
            folk["spouse"]["relation"] = random.choice(["spouse", "common_law_spouse"])
    if kind in ("aged", "disabled", "kidney") and chance(random, 15):
        folk["kid"] = {"birth_date": "1990-04-04", "relation": "child"}
    if kind == "disabled" and chance(random, 15):
        folk["sis"] = {"birth_date": "1975-04-04", "relation": "sibling"}


def birthday(random: Random) -> str:
    return random.choice(["01-01", "02-28", "02-29", "03-01", "06-15", "06-15", "06-16", "12-31", "09-09"])


def child_facts(random: Random, case: Case) -> None:
    parents = [key for key, person in case["people"].items()
               if person.get("relation") in ("mother", "father", "parent", "guardian")]  # fmt: skip
    terms = random.choice(["none"] * 4 + ["one_parent"] * 3 + ["both_parents", "joint_custody_silent",
                                                                "financial_only", "expired"])  # fmt: skip
    named = random.choice(parents) if terms in ("one_parent", "financial_only") else None
    case["child"] = {
        "parents_living_together": chance(random, 45),
        "custodial_parent": random.choice(parents * 4 + ["equal", "none"]),
        "disabled_dependent": chance(random, 15),
        "decree": {"terms": terms, "responsible_parent": named},
    }


# Plans


def commercial(random: Random, case: Case, dos: date) -> None:
    name = f"c{len(case['coverages'])}"
    kind = random.choice(JOB * 3 + ["individual"] * 2 + ["student", "hra", "tribal_self_funded"])
    subscriber = random.choice([*case["people"], "P"])
    plan: Case = {"id": name, "kind": kind, "subscriber": subscriber}
    spans(random, plan, dos)
    since = near(random, date(2020, 1, 1))
    plan["patient_covered_since"] = random.choice([str(since), "2018-01-01", "2019-01-01"])
    plan["subscriber_covered_since"] = random.choice([str(near(random, since)), "2018-01-01", "2015-01-01"])
    if chance(random, 12):
        ended = date.fromisoformat(plan["patient_covered_since"]) - timedelta(days=random.choice([0, 1, 2, 3, 40]))
        plan["predecessor"] = {"covered_since": str(ended - timedelta(days=random.randrange(1, 3000))),
                               "ended_on": str(ended)}  # fmt: skip
        plan["carrier_changed_only"] = chance(random, 25)
    if kind in ("individual", "student"):
        if chance(random, 50):
            plan |= {"work_status": "none", "continuation": "none"}
    else:
        work(random, plan, dos, child="child" in case)
        size(random, plan, dos)
    rules(random, plan)
    if kind == "tribal_self_funded":
        plan["tribal"] = {"last_resort": chance(random, 40), "ihs_may_bill": chance(random, 70)}
    if kind in ("employer", "government_employer") and chance(random, 6):
        bases = [one for one in case["coverages"] if one["kind"] == kind and one["subscriber"] == subscriber
                 and not one.get("supplements")]  # fmt: skip
        if bases:
            plan[random.choice(["supplements", "carve_out_of"])] = random.choice(bases)["id"]
    plan |= {"decree_notified_on": random.choice(["never", "2020-05-05", str(near(random, dos, back=500))]),
             "paid_before_notice": chance(random, 40), "plan_year_start": random.choice(["01-01", "07-01", "03-10"]),
             "paid_after_medicare_before_esrd": chance(random, 50)}  # fmt: skip
    kin = case["people"][subscriber].get("relation")
    if kin in ("mother", "father", "parent") and chance(random, 8):
        plan["relationship"] = "adopted_child"
    if kin == "guardian" and chance(random, 30):
        plan["relationship"] = "foster_child"
    case["coverages"].append(plan)


def spans(random: Random, plan: Case, dos: date) -> None:
    plan["effective"] = str(near(random, dos) if chance(random, 10) else date(2018, 1, 1))
    plan["last_covered_day"] = str(near(random, dos, back=300)) if chance(random, 8) else None
    if plan["last_covered_day"] and plan["last_covered_day"] < plan["effective"]:
        plan["last_covered_day"] = None
    if chance(random, 3):
        plan["enrolled"] = False


def work(random: Random, plan: Case, dos: date, *, child: bool) -> None:
    status = random.choice(["working"] * 6 + ["retired"] * 3 + [
        "on_leave_job_held", "furlough", "seasonal_break", "hours_bank", "disability_pay", "terminated", "severance",
        "rehired_retiree", "self_employed", "clergy", "religious_order", "director", "deceased"])  # fmt: skip
    facts: Case = {"status": status, "on_ssdi": chance(random, 15)}
    if status in ("terminated", "severance", "retired", "deceased"):
        facts["last_day"] = str(near(random, dos))
    if status == "disability_pay":
        half = same_day_later(dos, -6)
        facts["disability_pay_start"] = str(half + timedelta(days=random.choice([-40, -2, -1, 0, 1, 2, 60])))
    if status in ("self_employed", "director"):
        facts["prior_year_net_cents"] = random.choice([0, 39_999, 40_000, 900_000])
    if status == "rehired_retiree":
        facts["rehired_qualifies"] = chance(random, 50)
    plan["employment"] = facts
    usual = {"retired": "retired", "deceased": "survivor", "terminated": "laid_off"}.get(status, "active")
    plan["work_status"] = usual if chance(random, 75) else random.choice(["active", "laid_off", "retired", "none"])
    others = ["federal_tcc"] if plan["kind"] == "fehb" else ["cobra", "state"]
    plan["continuation"] = random.choice(["none"] * 8 + others * 2)
    plan["continuation_was"] = "dependent" if chance(random, 40) and not child else "employee"


def size(random: Random, plan: Case, dos: date) -> None:
    band = random.choice(["<20", "20-99", "100+"])
    plan["employer"] = {"size": band}
    if plan["kind"] == "union_multiemployer":
        bands = ["<20", "20-99", "100+"]
        plan["employer"]["largest_member"] = random.choice(bands[bands.index(band) :])
        plan["employer"]["small_employer_exception"] = band == "<20" and chance(random, 40)
    elif chance(random, 15):
        del plan["employer"]["size"]
        this, last = chance(random, 50), chance(random, 50)
        plan["employer"] |= {"meets_20_this_year": this, "meets_20_last_year": last,
                             "meets_100_last_year": last and chance(random, 50)}  # fmt: skip
    elif chance(random, 10):
        ends = near(random, dos, back=600)
        plan["employer"] = {"twentieth_week_ends": str(ends), "meets_100_last_year": False}
        if ends.year != dos.year - 1:
            plan["employer"]["meets_20_last_year"] = chance(random, 40)
        if ends.year != dos.year:
            plan["employer"]["meets_20_this_year"] = chance(random, 40)


def rules(random: Random, plan: Case) -> None:
    plan["coordination"] = random.choice(["standard"] * 14 + ["no_rules", "always_excess"])
    if chance(random, 10):
        plan["has_active_retired_rule"] = False
    if chance(random, 10):
        plan["has_continuation_rule"] = False
    plan["funding"] = random.choice(["insured"] * 6 + ["self_funded_government_or_church", "self_funded_erisa"])


def plain(random: Random, case: Case, kind: str, dos: date) -> None:
    plan = {"id": f"x_{kind}", "kind": kind, "subscriber": "P"}
    spans(random, plan, dos)
    case["coverages"].append(plan)


# Medicare


def entitlement(random: Random, case: Case, kind: str, dos: date) -> None:
    born = date.fromisoformat(case["people"]["P"]["birth_date"])
    turns = same_day_later(born - timedelta(days=1), 65 * 12).replace(day=1)
    held: Case = {}
    began = turns
    if kind == "disabled" or chance(random, 10):
        began = same_day_later(dos, -random.randrange(1, 90)).replace(day=1)
        if began < turns:
            held["disability"] = str(began)[:7]
    if turns <= dos and not (kind == "kidney" and chance(random, 20)):
        held["age"] = str(turns)[:7]
    case["medicare"] = {"premium_free_part_a": chance(random, 90), "basis": held}
    if kind == "kidney":
        kidney(random, case, dos)
    if not held:
        held["disability"] = str(same_day_later(dos, -30))[:7]
    first = min(min(held.values()) + "-01", str(dos))
    for part in ("part_a", "part_b"):
        case["medicare"][part] = None if chance(random, 8) else {"from": first, "to": None}
        if case["medicare"][part] and chance(random, 8):
            case["medicare"][part] = {"from": str(near(random, dos, back=700)), "to": None}
        elif case["medicare"][part] and chance(random, 4):
            case["medicare"][part]["to"] = str(max(near(random, dos, back=60), date.fromisoformat(first)))
    if case["medicare"]["part_a"] is None:
        case["medicare"]["premium_free_part_a"] = False
    case["coverages"].append({"id": "M", "kind": "medicare", "subscriber": "P"})
    if chance(random, 20):
        plain(random, case, "medicare_advantage", dos)
        case["medicare"]["part_a"] = case["medicare"]["part_b"] = {"from": first, "to": None}
        if chance(random, 50):
            case["coverages"] = [plan for plan in case["coverages"] if plan["id"] != "M"]


def kidney(random: Random, case: Case, dos: date) -> None:
    """A kidney clock whose first, thirtieth, thirty-first or last month is often the month of service."""
    start = same_day_later(dos, -random.choice([0, 1, 2, 10, 28, 29, 30, 31, 35, 36, 37, 60])).replace(day=1)
    facts: Case = dict.fromkeys(KIDNEY_DATES, "never")
    how = random.choice(["dialysis", "dialysis", "training", "transplant", "both", "again"])
    if how == "dialysis":
        began = same_day_later(start, -3)
        facts["first_dialysis"] = str(began.replace(day=random.choice([1, 15, 28])))
        if chance(random, 25):
            facts["dialysis_end"] = str(max(began.replace(day=28), same_day_later(dos, -random.choice([11, 12, 13]))))
    elif how == "training":
        facts["first_dialysis"] = str(start.replace(day=10))
        facts["self_training_start"] = str(same_day_later(start.replace(day=20), random.choice([0, 1, 2])))
    elif how == "transplant":
        wait = random.choice([None, 0, 1, 2])
        facts["transplant"] = str(same_day_later(start, wait or 0).replace(day=12))
        if wait is not None:
            facts["preop_admission"] = str(start.replace(day=3))
    elif how == "both":
        facts["first_dialysis"] = str(same_day_later(start, -3).replace(day=9))
        done = same_day_later(start, random.choice([1, 5])).replace(day=9)
        facts["transplant"] = facts["dialysis_end"] = str(done)
    else:
        facts["first_dialysis"] = str(same_day_later(start, -63).replace(day=9))
        facts["transplant"] = facts["dialysis_end"] = str(same_day_later(start, -58).replace(day=9))
        facts["new_period_from"] = str(start.replace(day=random.choice([1, 20])))
    case["medicare"]["esrd"] = facts
    later = same_day_later(start, random.choice([0, 0, 0, 1, 6]))
    case["medicare"]["basis"]["esrd"] = str(later)[:7]


# What stands around the plans


def around_them(random: Random, case: Case, dos: date) -> None:
    kinds = {plan["kind"] for plan in case["coverages"]}
    causes = [cause for kind, cause in (("workers_comp", "work"), ("no_fault", "auto"), ("medpay", "other_accident"),
                                        ("liability", "liability"), ("black_lung", "black_lung"), ("wtc", "wtc"),
                                        ("crime_victim", "crime"), ("wtc", "work"))
              if kind in kinds and chance(random, 80)]  # fmt: skip
    if causes:
        case["claim"]["related_to"] = sorted(set(causes))
    if kinds & {*ACCIDENT}:
        filed = str(dos + timedelta(days=random.choice([-400, -121, -120, -119, -1, 0, 10])))
        case["accident"] = {
            "date": str(dos - timedelta(days=20)), "state": random.choice(["NY", "OH", "NJ", "MI", "MA"]),
            "workers_comp": {"status": random.choice(["pending", "accepted", "denied", "settled"]),
                             "provider_authorised": chance(random, 80), "claim_filed_on": filed},
            "no_fault": {"election": random.choice(["no_fault_first", "health_first"]),
                         "paid_to_date_cents": random.choice([0, 199_999, 200_000, 500_000]),
                         "exhausted_on": str(near(random, dos, back=20)) if chance(random, 20) else "never",
                         "claim_filed_on": filed},
            "liability": {"status": "open", "claim_filed_on": random.choice(["never", filed])},
        }  # fmt: skip
        case["claim"]["as_of"] = str(dos + timedelta(days=random.choice([0, 60, 120, 121, 300])))
    if "tricare" in kinds:
        case["military"] = {"beneficiary": random.choice(["retiree"] * 4 + ["tfl", "adfm", "adsm", "trs"])}
        if "medicare" in case:
            award = random.choice(["never", "never", str(near(random, dos, back=200))])
            case["medicare"]["retro_award_date"] = award
    if "va" in kinds:
        case["va"] = {"authorised": chance(random, 40)}
    if chance(random, 12):
        case["claim"]["service"] = random.choice(["institutional", "excluded_by_medicare", "professional"])
    if chance(random, 20):
        case["claim"]["category"] = random.choice(["preventive_pediatric", "early_intervention", "school_iep"])
    if "school_program" in kinds:
        case["claim"]["category"] = random.choice(["early_intervention", "school_iep"])


def options(random: Random, case: Case) -> None:
    choices: Case = {
        "child_noncustodial_spouse": ["THREE_TIER"], "decree_rest": ["RESPONSIBLE_SPOUSE_SECOND"],
        "decree_financial_only_counts": ["YES", "NO"], "individual_policies_coordinate": ["NO"],
        "adult_child_spouse_rule": ["PRE2013"], "term_date_is_last_day": [False], "medigap_vs_retiree": [
        "RETIREE_FIRST"], "dependent_age_end": ["END_OF_MONTH", "END_OF_YEAR", "STATE_AGE(30)"],
        "liability_nonmedicare": ["RANK_FIRST"], "adsm_with_medicare": ["MEDICARE_FIRST"],
        "nf_order": ["NF_FIRST", "NJ_ELECTION", "MI_COORDINATED", "MA_2000_SPLIT"],
        "selffunded_own_rules": ["PLAN_TEXT"], "gender_rule_fallback": ["ON_IF_OTHER_PLAN_HAS_IT"],
    }  # fmt: skip
    names = random.sample(sorted(choices), random.choice([1, 1, 2, 4]))
    case["options"] = {name: random.choice(choices[name]) for name in names}


def main() -> None:
    random = Random(int(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        case = random_case(random, unknown=random.choice([0, 0, 1, 2]))
        sys.stdout.write(json.dumps({**copy.deepcopy(case), "id": str(number)}) + "\n")


if __name__ == "__main__":
    main()

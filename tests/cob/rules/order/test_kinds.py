"""Which values of one fact make another kind of case (`partition.py`): a letter for each value, in their order.

Values of one letter are decided alike, in the long way too; values of different letters are kept apart.
"""

from __future__ import annotations

import pytest

from tests.cob.rules.order.kinds import (
    GONE,
    NEVER,
    ONE_BIRTHDAY,
    PARENTS,
    adult,
    aged,
    apart,
    child,
    disabled,
    hurt,
    job,
    kidney,
    letters,
    plain,
    two,
)

CASES = {
    "own job": aged(),
    "own job of no status": aged(job(employment={})),
    "own job, self_employed": aged(job(employment={"status": "self_employed"})),
    "own job, director": aged(job(employment={"status": "director"})),
    "own job, disability_pay": aged(job(employment={"status": "disability_pay"})),
    "own job, retired": aged(job(employment={"status": "retired"})),
    "own job, furlough": aged(job(employment={"status": "furlough"})),
    "own job, rehired_retiree": aged(job(employment={"status": "rehired_retiree"})),
    "own job that ended the day before": aged(job(employment={"last_day": "2026-03-09"})),
    "own job of no size": aged(job(employer={"meets_20_last_year": False})),
    "own job, <20": aged(job(employer={"size": "<20"})),
    "aged, no birthday": aged(people={"P": {}}),
    "disabled": disabled(),
    "kidney": kidney(),
    "kidney, disabled before": kidney(disability="2020-01"),
    "kidney, disabled before, retired": kidney(
        job(employer={"size": "100+"}, employment={"status": "retired"}), disability="2020-01"
    ),
    "kidney, disabled before, of no status": kidney(
        job(employer={"size": "100+"}, employment={}), disability="2020-01"
    ),
    "kidney, no dates": kidney(first_dialysis=None),
    "kidney, no dates, retired": kidney(
        job(employer={"size": "100+"}, employment={"status": "retired", "last_day": "2024-03-31"}), first_dialysis=None
    ),
    "kidney, transplant": kidney(first_dialysis="never", transplant="2024-04-15"),
    "kidney, transplant, admitted": kidney(
        first_dialysis="never", transplant="2024-04-15", preop_admission="2024-04-01"
    ),
    "kidney, ended": kidney(first_dialysis="2019-01-15", dialysis_end="2020-01-15", transplant="2020-01-15"),
    "kidney again": kidney(new_period_from="2024-04-20", dialysis_end="2024-05-01"),
    "couple": adult(),
    "couple, last day not covered": adult(options={"term_date_is_last_day": False}),
    "couple, kin unknown": adult(people={"P": {"birth_date": "1985-06-01"}, "S": {}}),
    "own job and tricare": adult(job(), plain("tricare")),
    "own job and va": adult(job(), plain("va")),
    "own job and sharing_ministry": adult(job(), plain("sharing_ministry")),
    "tribe's plan": adult(job(kind="tribal_self_funded"), job("s", "S")),
    "hurt at work": hurt("workers_comp"),
    "hurt on the road": hurt("no_fault"),
    "hurt by somebody": hurt("liability"),
    "hurt, medpay": hurt("medpay"),
    "hurt in Massachusetts": hurt("no_fault", "MA"),
    "hurt in New Jersey": hurt("no_fault", "NJ"),
    "two plans": two(),
    "two plans, cobra": two(continuation="cobra", continuation_was="employee"),
    "two plans, one start unknown": two(patient_covered_since=None),
    "two plans, both starts unknown": adult(job("a", patient_covered_since=None), job("b", patient_covered_since=None)),
    "two plans, one after another": two(
        patient_covered_since="2019-01-01",
        carrier_changed_only=False,
        predecessor={"covered_since": "2010-01-01", "ended_on": "2018-12-31"},
    ),
    "two plans, one after a gap": two(
        patient_covered_since="2019-01-01", predecessor={"covered_since": "2010-01-01", "ended_on": "2010-12-31"}
    ),
    "three plans": adult(job("a"), job("b"), job("c")),
    "child": child(),
    "child, parents apart": apart(),
    "child, father named": apart(terms="one_parent", responsible_parent="father"),
    "child, father named in 2025": apart(
        job("m", "mother"),
        job("f", "father", decree_notified_on="2025-09-01", paid_before_notice=True),
        terms="one_parent",
        responsible_parent="father",
    ),
    "child, a stepfather's plan": apart(job("m", "mother"), job("s", "step")),
    "child, three plans": apart(job("m", "mother"), job("s", "step"), job("f", "father")),
    "child, one birthday": child(people={"P": {"birth_date": "2016-03-10"}, **ONE_BIRTHDAY}),
    "child, one birthday, a start unknown": child(
        job("m", "mother", subscriber_covered_since=None),
        job("f", "father"),
        people={"P": {"birth_date": "2016-03-10"}, **ONE_BIRTHDAY},
    ),
    "child, a birthday unknown": child(
        people={"P": {"birth_date": "2016-03-10"}, "mother": PARENTS["mother"], "father": {"relation": "father"}}
    ),
    "child, END_OF_MONTH": child(options={"dependent_age_end": "END_OF_MONTH"}),
    "child, END_OF_YEAR": child(options={"dependent_age_end": "END_OF_YEAR"}),
    "child, STATE_AGE(30)": child(options={"dependent_age_end": "STATE_AGE(30)"}),
    "born on 29 February": child(people={"P": {"birth_date": "2000-02-29"}, **PARENTS}),
    "born on 10 March 1999": child(people={"P": {"birth_date": "1999-03-10"}, **PARENTS}),
    "born on 10 March 1999, END_OF_YEAR": child(
        options={"dependent_age_end": "END_OF_YEAR"}, people={"P": {"birth_date": "1999-03-10"}, **PARENTS}
    ),
}

ROWS = {
    "own job": [
        ("coverages.0.employment.on_ssdi", [None, True, False], "AAA"),
        ("coverages.0.employment.status",
         [None, "working", "furlough", "clergy", "religious_order", "self_employed", "retired", "severance",
          "deceased", "disability_pay", "rehired_retiree"], "ABCBDEDDFGH"),
        ("coverages.0.employer.size", [None, "<20", "20-99", "100+"], "ABCC"),
        ("coverages.0.continuation", [None, "none", "cobra", "state"], "ABCD"),
        ("people.P.birth_date", ["1958-05-20", "1961-04-01", "1961-04-02", "1975-01-01", None], "AABBA"),
        ("medicare.part_a.from", [None, "2026-03-10", "2026-03-11"], "ABC"),
        ("medicare.part_b.to", [None, "2026-03-09", "2026-03-10"], "ABA"),
        ("medicare.part_b",
         [None, {"from": "2023-05-01"}, {"to": "2030-01-01"}, {"to": "2026-03-09"}, {"from": "2026-03-11"},
          {}], "ABCAAD"),
        ("medicare.retro_award_date", [None, "never", "2026-03-09", "2026-03-10", "2026-03-11"], "ABCCD"),
        ("claim.service", [None, "professional", "institutional", "excluded_by_medicare"], "AABC"),
    ],
    "own job of no status": [
        ("coverages.0.employment.last_day", [None, "never", "2026-03-09", "2026-03-10", "2026-03-11"], "AABCC"),
    ],
    "own job, self_employed": [
        ("coverages.0.employment.prior_year_net_cents", [None, 0, 39999, 40000, 90000], "ABBCC"),
    ],
    "own job, director": [
        ("coverages.0.employment.prior_year_net_cents", [39999, 40000], "AB"),
    ],
    "own job, disability_pay": [
        ("coverages.0.employment.disability_pay_start",
         [None, "never", "2025-09-10", "2025-09-11", "2026-03-10", "2026-03-11"], "ABBCCB"),
    ],
    "own job, retired": [
        ("coverages.0.employment.last_day", [None, "never", "2026-03-09", "2026-03-10", "2026-03-11"], "AAABB"),
    ],
    "own job, furlough": [
        ("coverages.0.employment.on_ssdi", [None, True, False], "ABC"),
    ],
    "own job, rehired_retiree": [
        ("coverages.0.employment.rehired_qualifies", [None, True, False], "ABC"),
    ],
    "own job that ended the day before": [
        ("coverages.0.employment.status", ["working", "furlough", "clergy", "retired", None], "AAAAB"),
    ],
    "own job of no size": [
        ("coverages.0.employer.twentieth_week_ends",
         [None, "never", "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", "2026-03-10", "2026-03-11",
          "2027-01-01"], "ABCDDEEFC"),
    ],
    "own job, <20": [
        ("coverages.0.employer.meets_20_last_year", [None, True, False], "ABC"),
        ("coverages.0.employer.meets_20_this_year", [None, True, False], "ABC"),
        ("coverages.0.employer.largest_member", [None, "<20", "20-99"], "ABC"),
    ],
    "aged, no birthday": [
        ("medicare.basis.age", [None, "2026-03", "2026-04"], "ABA"),
    ],
    "disabled": [
        ("coverages.0.employer.size", [None, "<20", "20-99", "100+"], "ABBC"),
        ("coverages.0.employer.meets_100_last_year", [None, True, False], "ABC"),
        ("coverages.0.continuation", [None, "none", "cobra"], "ABC"),
        ("people.P.birth_date", ["1958-05-20", "1961-04-01", "1961-04-02", "1975-01-01", None], "AABBC"),
        ("medicare.basis.disability", [None, "2026-03", "2026-04"], "AAB"),
    ],
    "kidney": [
        ("coverages.0.paid_after_medicare_before_esrd", [None, True, False], "AAA"),
        ("claim.dos", ["2024-03-31", "2024-04-01", "2026-09-30", "2026-10-01", "2026-11-01"], "ABCDD"),
        ("medicare.esrd.first_dialysis",
         [None, "never", "2023-06-30", "2023-07-01", "2024-01-15", "2025-12-31", "2026-01-01"], "ABCBBBD"),
        ("medicare.esrd.self_training_start", [None, "never", "2024-03-31", "2024-04-01"], "ABBB"),
        ("medicare.esrd.dialysis_end",
         [None, "never", "2023-12-31", "2024-01-01", "2025-02-28", "2025-03-01", "2025-03-31"], "ABBCCBB"),
        ("medicare.basis.age", [None, "2024-03", "2024-04"], "ABC"),
        ("people.P.birth_date", ["1959-03-31", "1959-04-01", "1959-04-02", "1961-04-01", "1961-04-02"], "AABBC"),
        ("medicare.esrd", [None, {}, NEVER], "AAB"),
        ("medicare.basis", [None, {}, {"esrd": None}, {"esrd": "2024-04"}, {"disability": "2020-01"}], "AABBC"),
    ],
    "kidney, disabled before": [
        ("coverages.0.paid_after_medicare_before_esrd", [None, True, False], "ABC"),
        ("medicare.basis.disability", [None, "2024-03", "2024-04"], "ABC"),
        ("claim.dos", ["2024-03-31", "2024-04-01", "2026-09-30", "2026-10-01"], "ABCD"),
        ("coverages.0.employer.size", [None, "<20", "20-99", "100+"], "ABCD"),
    ],
    "kidney, disabled before, retired": [
        ("coverages.0.employment.last_day",
         [None, "never", "2024-03-30", "2024-03-31", "2024-04-01", "2026-03-09", "2026-03-10"], "ABCDDDD"),
    ],
    "kidney, disabled before, of no status": [
        ("coverages.0.employment.last_day", [None, "never", "2024-03-30", "2024-03-31", "2024-04-01"], "ABCDD"),
    ],
    "kidney, no dates": [
        ("coverages.0.paid_after_medicare_before_esrd", [None, True, False], "ABC"),
        ("claim.dos", ["2026-03-10", "2026-03-31", "2026-04-01"], "AAB"),
        ("medicare.basis.esrd", [None, "2024-03", "2024-04"], "ABC"),
    ],
    "kidney, no dates, retired": [
        ("coverages.0.employment.last_day",
         [None, "never", "2024-03-30", "2024-03-31", "2024-04-01", "2026-03-09", "2026-03-10", "2026-03-11"],
         "ABCDDEFF"),
        ("coverages.0.employment.status", [None, "retired", "working", "furlough", "self_employed"], "ABCDE"),
    ],
    "kidney, transplant": [
        ("medicare.esrd.preop_admission",
         [None, "never", "2024-01-31", "2024-02-01", "2024-03-31", "2024-04-01", "2024-04-16"], "ABBBBBB"),
        ("claim.dos",
         ["2024-03-31", "2024-04-01", "2026-09-30", "2026-10-01", "2027-04-30", "2027-05-01"], "ABCDDE"),
        ("medicare.esrd.transplant",
         [None, "never", "2023-02-28", "2023-03-31", "2023-09-30", "2023-10-01", "2026-03-31", "2026-04-01"],
         "ABCDDBBE"),
    ],
    "kidney, transplant, admitted": [
        ("medicare.esrd.transplant",
         ["2024-04-15", "2024-05-31", "2024-06-01", "2024-06-30", "2024-07-01"], "AAAAA"),
    ],
    "kidney, ended": [
        ("medicare.esrd.new_period_from",
         [None, "never", "2023-09-30", "2023-10-01", "2026-03-31", "2026-04-01"], "AABCCA"),
    ],
    "kidney again": [
        ("medicare.esrd.transplant", [None, "never", "2024-03-31", "2024-04-01", "2024-06-01"], "ABBCC"),
    ],
    "couple": [
        ("coverages.0.last_covered_day", [GONE, None, "2026-03-09", "2026-03-10", "2026-03-11"], "ABCDD"),
        ("coverages.0.effective", [None, "2026-03-10", "2026-03-11"], "ABC"),
        ("coverages.0.enrolled", [None, True, False], "AAB"),
        ("coverages.1.relationship", [None, "self", "spouse", "child", "other"], "ABCDE"),
        ("coverages.1.subscriber", [None, "P", "S"], "ABC"),
        ("people.S.relation",
         [None, "spouse", "domestic_partner", "divorced_spouse", "mother", "sibling"], "ABCDEF"),
        ("people.P.birth_date", [None, "1985-06-01", "2000-03-10", "2010-03-10"], "AAAA"),
    ],
    "couple, last day not covered": [
        ("coverages.0.last_covered_day", [None, "2026-03-09", "2026-03-10", "2026-03-11"], "ABBC"),
    ],
    "couple, kin unknown": [
        ("people.P.birth_date",
         [None, "1985-06-01", "1999-03-10", "1999-03-11", "2000-03-10", "2010-03-10", "2010-03-11",
          "2012-01-01"], "ABBCCDEE"),
    ],
    "own job and tricare": [
        ("military", [None, {"beneficiary": "adsm"}, {"beneficiary": "retiree"}, {"beneficiary": "tfl"}], "ABCC"),
        ("people.P.birth_date", [None, "1985-06-01", "2009-03-09", "2009-03-10", "2009-03-11"], "AAAAB"),
        ("claim.category", [None, "early_intervention", "school_iep"], "ABA"),
        ("coverages.1.last_covered_day", [GONE, None, "2026-03-09", "2026-03-10"], "ABCB"),
    ],
    "own job and va": [
        ("va", [None, {"authorised": True}, {"authorised": False}], "ABC"),
    ],
    "own job and sharing_ministry": [
        ("coverages.1.effective", [None, "2026-03-10", "2026-03-11"], "AAB"),
        ("coverages.1.last_covered_day", [None, "2026-03-09", "2026-03-10", "2026-03-11"], "ABAA"),
    ],
    "tribe's plan": [
        ("coverages.0.tribal",
         [None, {"last_resort": True}, {"last_resort": False}, {"last_resort": False, "ihs_may_bill": True}], "ABCD"),
    ],
    "hurt at work": [
        ("accident.workers_comp.status", [None, "pending", "accepted", "denied", "settled"], "ABCDE"),
        ("accident.workers_comp.claim_filed_on",
         [None, "never", "2025-11-09", "2025-11-10", "2025-11-11"], "AABAA"),
    ],
    "hurt on the road": [
        ("accident.no_fault.claim_filed_on", [None, "never", "2025-11-09", "2025-11-10", "2025-11-11"], "AABAA"),
        ("accident.no_fault.exhausted_on", [None, "never", "2026-03-09", "2026-03-10"], "ABCD"),
        ("accident.state", [None, "OH", "NJ", "MI", "MA"], "ABCDE"),
        ("claim.related_to", [None, ["none"], ["auto"], ["work"], ["auto", "work"], ["work", "auto"]], "ABCDEE"),
    ],
    "hurt by somebody": [
        ("accident.liability.claim_filed_on", [None, "never", "2025-11-09", "2025-11-10", "2026-06-01"], "AABAA"),
        ("claim.as_of", [None, "2026-03-10", "2026-06-29", "2026-06-30", "2026-07-08", "2026-07-09"], "AAABBB"),
    ],
    "hurt, medpay": [
        ("accident.state", ["OH", "MA"], "AB"),
    ],
    "hurt in Massachusetts": [
        ("accident.no_fault.paid_to_date_cents", [None, 0, 199999, 200000, 300000], "ABBCC"),
    ],
    "hurt in New Jersey": [
        ("accident.no_fault.election", [None, "no_fault_first", "health_first"], "ABC"),
    ],
    "two plans": [
        ("coverages.0.patient_covered_since",
         [None, "2017-12-31", "2018-01-01", "2018-01-02", "2020-01-01"], "ABCDD"),
        ("coverages.0.work_status", [None, "active", "laid_off", "retired", "none"], "ABCDE"),
        ("coverages.0.has_active_retired_rule", [None, True, False], "AAB"),
        ("coverages.0.has_continuation_rule", [None, True, False], "AAB"),
        ("coverages.0.coordination", [None, "standard", "no_rules", "always_excess"], "ABCD"),
    ],
    "two plans, cobra": [
        ("coverages.0.continuation_was", [None, "employee", "dependent"], "ABC"),
    ],
    "two plans, one start unknown": [
        ("coverages.0.group_join_date", [None, "2017-12-31", "2018-01-01", "2018-01-02"], "ABCD"),
        ("coverages.1.patient_covered_since", ["2018-01-01", "2018-01-02"], "AB"),
    ],
    "two plans, both starts unknown": [
        ("claim.dos", ["2003-12-31", "2004-01-01", "2018-01-01", "2018-06-01", "2026-03-10"], "AABBC"),
    ],
    "two plans, one after another": [
        ("coverages.0.predecessor.ended_on",
         [None, "2018-12-29", "2018-12-30", "2018-12-31", "2019-01-01"], "ABBCC"),
        ("coverages.0.predecessor.covered_since",
         [None, "2010-01-01", "2017-12-31", "2018-01-01", "2018-01-02", "2019-01-02"], "ABBCDD"),
    ],
    "two plans, one after a gap": [
        ("coverages.0.carrier_changed_only", [None, True, False], "ABA"),
    ],
    "three plans": [
        ("coverages.2.patient_covered_since",
         [None, "2017-01-01", "2018-01-01", "2019-01-01", "2020-01-01"], "ABCDD"),
    ],
    "child": [
        ("child.parents_living_together", [None, True, False], "ABC"),
        ("child.custodial_parent", [None, "mother", "father", "equal", "none"], "ABBBA"),
        ("people.father.birth_month_day", [None, "05-04", "05-05", "05-06", "12-31"], "ABCDD"),
        ("people.P.birth_date",
         [None, "2016-03-10", "2000-03-11", "2000-03-10", "1999-03-11", "1999-03-10", "1999-03-09",
          "1990-01-01"], "ABBCCDDD"),
    ],
    "child, parents apart": [
        ("child.custodial_parent", [None, "mother", "father", "equal", "none"], "ABCDE"),
    ],
    "child, father named": [
        ("child.decree.terms",
         [None, "none", "one_parent", "financial_only", "expired", "both_parents", "joint_custody_silent"], "ABCBBDE"),
        ("child.decree.responsible_parent", [None, "mother", "father"], "ABC"),
        ("coverages.1.decree_notified_on",
         [None, "never", "2025-03-08", "2025-03-09", "2025-03-10", "2026-03-10", "2026-03-11"], "ABCCDEB"),
    ],
    "child, father named in 2025": [
        ("coverages.1.paid_before_notice", [None, True, False], "ABC"),
        ("coverages.1.plan_year_start", [None, "01-01", "03-10", "03-11", "09-01"], "ABCDE"),
    ],
    "child, a stepfather's plan": [
        ("people.step.spouse", [None, "mother", "father"], "ABC"),
        ("people.step.birth_month_day", [None, "01-01", "12-31"], "ABB"),
    ],
    "child, three plans": [
        ("child.custodial_parent", [None, "mother", "father", "equal", "none"], "ABCDE"),
    ],
    "child, one birthday": [
        ("coverages.0.subscriber_covered_since", [None, "2014-12-31", "2015-01-01", "2015-01-02"], "ABCD"),
        ("coverages.0.patient_covered_since", [None, "2017-12-31", "2018-01-01", "2018-01-02"], "ABCD"),
    ],
    "child, one birthday, a start unknown": [
        ("coverages.1.subscriber_covered_since", [None, "2015-01-01", "2015-01-02"], "ABC"),
    ],
    "child, a birthday unknown": [
        ("people.mother.birth_month_day", ["05-05", "05-06", "08-08"], "ABC"),
    ],
    "child, END_OF_MONTH": [
        ("people.P.birth_date",
         ["2016-03-10", "2000-03-01", "2000-02-28", "1999-03-10", "1999-02-01", "1990-01-01"], "AABBCC"),
    ],
    "child, END_OF_YEAR": [
        ("people.P.birth_date",
         ["2016-03-10", "2000-01-01", "1999-12-31", "1999-01-01", "1998-12-31", "1990-01-01"], "AABBCC"),
    ],
    "child, STATE_AGE(30)": [
        ("people.P.birth_date",
         ["2016-03-10", "1996-03-11", "1996-03-10", "1995-03-11", "1995-03-10", "1990-01-01"], "AABBCC"),
    ],
    "born on 29 February": [
        ("claim.dos",
         ["2026-02-27", "2026-02-28", "2026-03-01", "2027-02-27", "2027-02-28", "2027-03-01"], "ABCCCD"),
        ("child.disabled_dependent", [None, True, False], "ABC"),
    ],
    "born on 10 March 1999": [
        ("claim.dos",
         ["2025-03-09", "2025-03-10", "2025-12-31", "2026-03-09", "2026-03-10", "2027-12-31", "2028-01-01"], "ABBBCCC"),
        ("child.disabled_dependent", [None, True, False], "ABC"),
    ],
    "born on 10 March 1999, END_OF_YEAR": [
        ("claim.dos", ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"], "ABBC"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "values", "kinds"),
    [(name, *row) for name, rows in ROWS.items() for row in rows],
    ids=[f"{name}: {row[0]}" for name, rows in ROWS.items() for row in rows],
)
def test_values_of_one_letter_are_one_kind_and_decided_alike(name, path, values, kinds):
    assert letters(CASES[name], path, values) == kinds

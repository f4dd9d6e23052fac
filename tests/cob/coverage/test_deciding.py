"""A verdict on file never changes: the next one supersedes it, and asking twice stores once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.actions import BadOverride, BreaksLaw, Evidence, KindUnknown, Superseded
from cob.coverage.deciding import AGAINST, current
from cob.coverage.models import Determination, Rank
from cob.coverage.rulebook import verdict_on
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory

pytestmark = pytest.mark.usefixtures("acted")


def _determine(patient, day=DAY, by=None):
    return actions.determine(patient=patient, service_on=day, by=by)


def test_what_is_stored_is_what_the_library_says(settled, acted):
    row = _determine(settled, by=acted)

    assert row.verdict == verdict_on(row.case)
    assert (row.status, row.order) == ("determined", [str(settled.job.pk), str(settled.card.pk)])
    assert (row.rules_version, row.decided_by, row.decided_how) == (row.verdict["rules_version"], acted, "rules")


def test_each_place_in_the_order_is_a_row(settled):
    row = _determine(settled)

    ranks = [(rank.rank, rank.coverage, rank.rule) for rank in Rank.objects.filter(determination=row)]
    assert ranks == [(1, settled.job, "MSP-WA-20"), (2, settled.card, "MSP-WA-20")]


def test_an_open_question_is_stored_with_no_place_given(amara):
    row = _determine(amara)

    assert (row.status, row.is_settled, row.ranks.count()) == ("needs_facts", False, 0)


def test_asking_again_with_nothing_changed_gives_the_one_on_file(settled):
    first = _determine(settled)

    assert _determine(settled) == first
    assert Determination.objects.count() == 1


def test_a_new_fact_makes_a_new_verdict_that_supersedes(amara, acted):
    first = _determine(amara)
    actions.tell_fact(patient=amara, path=amara.size, value="<20", told_by="employer", by=acted)

    second = _determine(amara)
    actions.tell_fact(patient=amara, path=amara.size, value="100+", told_by="employer", by=acted)
    third = _determine(amara)

    assert [second.supersedes, third.supersedes] == [first, second]
    assert current(amara, DAY) == third
    assert list(Determination.objects.current()) == [third]


def test_each_day_of_service_has_its_own_verdict(settled):
    march, april = _determine(settled), _determine(settled, date(2026, 4, 10))

    assert april.supersedes is None
    assert current(settled, DAY) == march


def test_the_event_comes_once_under_its_verb(settled):
    row = _determine(settled)

    (event,) = Event.objects.filter(verb="determined")
    assert (event.subject_type, event.subject_id) == ("coverage.determination", str(row.pk))
    assert [one.patient_id for one in event.patients.all()] == [settled.pk]


def test_nothing_is_determined_while_a_kind_is_unknown(amara):
    nameless = CoverageFactory(patient=amara, kind="")

    with pytest.raises(KindUnknown) as refused:
        _determine(amara)

    assert refused.value.field == f"coverages.{nameless.pk}.kind"
    assert Determination.objects.count() == 0


def test_a_verdict_on_file_cannot_be_changed(settled):
    row = _determine(settled)

    with pytest.raises(DatabaseError), transaction.atomic():
        Determination.objects.filter(pk=row.pk).update(status="likely")


CALL = [Evidence("call", "77-221", DAY)]


def _override(row, by, **more):
    order = [row.order[1], row.order[0]]
    given = {"order": order, "reason": "Plan says so.", "evidence": CALL, "confirmed": ["MSP-WA-20"], **more}
    return actions.override(determination=row, by=by, **given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"evidence": []}, "evidence"),
        ({"evidence": [Evidence("call", " ", DAY)]}, "evidence"),
        ({"evidence": [Evidence("hearsay", "77", DAY)]}, "evidence"),
        ({"evidence": [Evidence("call", "77", date(2999, 1, 1))]}, "evidence"),
        ({"order": []}, "order"),
        ({"order": ["somebody"]}, "order"),
    ],
)
def test_an_override_needs_an_order_a_reason_and_evidence(settled, sol, given, field):
    row = _determine(settled)

    with pytest.raises(BadOverride) as refused:
        _override(row, sol, **given)

    assert refused.value.field == field


def test_a_payer_cannot_stand_in_two_places(settled, sol):
    row = _determine(settled)

    with pytest.raises(BadOverride):
        _override(row, sol, order=[row.order[0], row.order[0]])


def test_an_override_is_a_new_verdict_with_a_name_a_reason_and_evidence(settled, sol):
    row = _determine(settled)

    new = _override(row, sol)

    assert (new.supersedes, new.decided_how, new.decided_by) == (row, "person", sol)
    assert new.order == [row.order[1], row.order[0]]
    assert [position["responsibility"] for position in new.verdict["positions"]] == ["P", "S"]
    assert [(rank.rank, str(rank.coverage_id)) for rank in new.ranks.all()] == [(1, new.order[0]), (2, new.order[1])]
    assert Event.objects.filter(verb="overrode order", reason="Plan says so.").exists()


def test_an_override_keeps_the_published_shape(settled, sol):
    row = _determine(settled)

    assert set(_override(row, sol).verdict) == set(row.verdict)


def test_an_override_stands_as_long_as_the_facts_do(settled, sol, acted):
    overridden = _override(_determine(settled), sol)
    assert _determine(settled) == overridden

    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)

    assert _determine(settled).supersedes == overridden


def test_an_order_on_facts_that_have_changed_since_is_not_decided(settled, sol, acted):
    """It would be on file and gone with the next question."""
    row = _determine(settled)
    actions.tell_fact(patient=settled, path=settled.size, value="100+", told_by="employer", by=acted)

    with pytest.raises(BadOverride, match="has changed since this verdict") as refused:
        _override(row, sol)
    assert refused.value.field == "order"

    new = _override(_determine(settled), sol)
    assert current(settled, DAY) == new
    assert _determine(settled) == new


def test_what_one_visit_is_for_does_not_outdate_the_verdict_of_its_claim(settled, sol):
    row = actions.determine(patient=settled, service_on=DAY, by=None, claim={"related_to": ["auto"]})

    new = _override(row, sol)

    assert current(settled, DAY) == new


def test_an_order_decided_before_it_was_told_what_the_visit_is_for_is_not_taken(settled, sol, acted):
    row = _determine(settled)
    actions.tell_fact(
        patient=settled, path="claim.related_to", value=["none"], true_from=DAY, told_by="patient", by=acted
    )

    with pytest.raises(BadOverride, match="has changed since this verdict"):
        _override(row, sol)


def test_who_overrides_a_verdict_already_replaced_is_told_by_whom(settled, sol):
    row = _determine(settled)
    later = _override(row, sol)

    with pytest.raises(Superseded, match="Sol Sato") as refused:
        _override(row, sol)

    assert refused.value.later == later


def test_an_override_against_federal_law_is_refused_until_the_rule_is_confirmed_by_name(settled, sol):
    row = _determine(settled)

    with pytest.raises(BreaksLaw, match="MSP-WA-20") as refused:
        _override(row, sol, confirmed=["MSP-WA-LT20"])

    (broken,) = refused.value.broken
    assert (broken.first, broken.second, broken.rule) == (*row.order, "MSP-WA-20")
    assert Determination.objects.count() == 1


def test_the_verdict_says_which_rule_was_broken_and_who_confirmed_it(settled, sol):
    new = _override(_determine(settled), sol)

    (note,) = [note for note in new.verdict["notes"] if note["rule"] == "MSP-WA-20"]
    assert note["text"].startswith("This order goes against the rule, as Sol Sato confirmed:")


def test_an_order_put_back_by_a_person_is_the_rules_again(settled, sol):
    """It goes against nothing, and Medicare waits for the reason it did."""
    row = _determine(settled)
    against = _override(row, sol)

    back = _override(against, sol, order=row.order, confirmed=[])

    assert [note["text"] for note in against.verdict["notes"] if note["text"].startswith(AGAINST)]
    assert back.verdict["notes"] == [note for note in row.verdict["notes"] if note["rule"] != "MSP-WA-20"]
    assert back.verdict["msp_type"] == row.verdict["msp_type"] == "12"


def test_a_payer_the_law_leaves_out_is_confirmed_again_by_whoever_keeps_it_in(settled, sol):
    fault = CoverageFactory(patient=settled, payer=PayerFactory(name="Road Mutual", edi_id="RM1"), kind="liability")
    row = actions.determine(patient=settled, service_on=DAY, by=None, claim={"related_to": ["none"]})
    assert [(entry["coverage"], entry["rule"]) for entry in row.verdict["set_aside"]] == [(str(fault.pk), "ACC-REL")]
    kept_in = _override(row, sol, order=[*row.order, str(fault.pk)], confirmed=["ACC-REL"])

    with pytest.raises(BreaksLaw, match="ACC-REL"):
        _override(kept_in, sol, order=kept_in.order, confirmed=[])


def test_the_evidence_is_kept_piece_by_piece_and_cannot_be_changed(settled, sol):
    letter = Evidence("letter", "Medicare Secondary Payer letter", date(2026, 1, 5))
    new = _override(_determine(settled), sol, evidence=[*CALL, letter])

    assert [(one.kind, one.reference) for one in new.evidences.all()] == [
        ("letter", "Medicare Secondary Payer letter"),
        ("call", "77-221"),
    ]
    assert new.evidence.startswith("Call with the payer, 77-221, 03/10/2026; Letter from the payer")
    with pytest.raises(DatabaseError), transaction.atomic():
        new.evidences.update(reference="other")


def test_a_persons_order_stands_while_the_plans_disagree(settled, sol, acted):
    overridden = _override(_determine(settled), sol)
    actions.tell_fact(
        patient=settled, path="claim.plans_disagree_since", value="2026-03-01", told_by="plans", true_from=DAY, by=acted
    )

    assert _determine(settled) == overridden


@pytest.fixture
def conditional(settled, acted):
    """Hurt by somebody whose insurer has not paid for half a year: Medicare may be billed meanwhile."""
    payer = PayerFactory(name="Road Mutual", edi_id="RM1")
    settled.fault = CoverageFactory(patient=settled, payer=payer, kind="liability", effective_on=date(2025, 1, 1))
    facts = {"accident.liability.status": "open", "accident.liability.claim_filed_on": "2025-09-01"}
    actions.tell_facts(patient=settled, facts=facts, told_by="patient", told_how="in person", by=acted)
    row = actions.determine(patient=settled, service_on=DAY, by=None, claim={"related_to": ["liability"]})
    assert (row.order[:1], row.verdict["conditional"]) == ([str(settled.fault.pk)], True)
    return row


def test_why_medicare_waits_is_kept_while_the_same_payer_is_first(conditional, settled, sol):
    """A payer fewer behind them changes nothing for Medicare, and without its reason no claim could be sent there."""
    confirmed = [entry["rule"] for entry in (*conditional.verdict["pairs"], *conditional.verdict["positions"])]
    order = [str(settled.fault.pk), str(settled.card.pk)]

    new = _override(conditional, sol, order=order, confirmed=confirmed)

    assert conditional.verdict["msp_type"]
    assert (new.verdict["msp_type"], new.verdict["conditional"]) == (conditional.verdict["msp_type"], True)


def test_medicare_put_first_has_nobody_to_wait_for(conditional, settled, sol):
    confirmed = [entry["rule"] for entry in (*conditional.verdict["pairs"], *conditional.verdict["positions"])]
    order = [str(settled.card.pk), str(settled.fault.pk)]

    new = _override(conditional, sol, order=order, confirmed=confirmed)

    assert (new.verdict["msp_type"], new.verdict["conditional"]) == (None, False)

"""Which claim an answer is about and which line a service is: surer signs first, and no guess between equals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claims.matching import Claims, tie_lines
from claims.models import Claim, ClaimPayer, Line
from cob.coverage.models import Payer
from cob.x12.parts import Procedure, Reference
from tests.claims.edi_samples import answer, claim, file_837p, insured, svc

PAID = (("CO-45", 50_00), ("PR-2", 20_00))


def match(said, main):
    found = Claims(frozenset({main.pk}), Payer.objects.get())
    found.look_up([said])
    return found.match(said)


def stranger(said):
    return replace(said, patient=replace(said.patient, name="ROE", first="MARY", id="NOBODY"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "how"),
    [
        pytest.param(answer("PCN1", svc(*PAID)), "our claim number, charge and patient", id="everything"),
        pytest.param(stranger(answer("PCN1", svc(*PAID))), "our claim number, charge", id="number and charge"),
        pytest.param(
            answer("PCN1", svc(*PAID, charge=151_00)), "our claim number, patient", id="number and patient, part charge"
        ),
        pytest.param(
            replace(answer("XX", svc(*PAID, charge=99_00)), payer_control_number="THEIRS"),
            "the payer's number THEIRS", id="the payer's number",
        ),
        pytest.param(
            replace(answer("XX", svc(*PAID, charge=99_00)), references=(Reference("F8", "THEIRS"),)),
            "the payer's number THEIRS", id="the payer's earlier number",
        ),
        pytest.param(answer("XX", svc(*PAID)), "member id, service date, procedure and charge", id="member"),
    ],
)  # fmt: skip
def test_signs_that_match(bring, main, as_task, said, how):
    bring(file_837p(claim()))
    place = ClaimPayer.objects.get()
    place.payer_control_number = "THEIRS"
    place.save()

    assert (match(said, main).claim, match(said, main).how) == (Claim.objects.get(), how)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(stranger(answer("PCN1", svc(*PAID, charge=151_00))), id="number alone"),
        pytest.param(answer("XX", svc(*PAID, charge=150_01)), id="another charge"),
        pytest.param(answer("XX", svc(*PAID, on=date(2026, 3, 3))), id="another day"),
        pytest.param(answer("XX", svc(*PAID, code="99214")), id="another procedure"),
        pytest.param(stranger(answer("XX", svc(*PAID))), id="another member"),
    ],
)
def test_signs_that_do_not_match(bring, main, said):
    bring(file_837p(claim()))

    assert match(said, main).claim is None


@pytest.mark.django_db
def test_two_claims_that_fit_equally_well_are_no_match(bring, main):
    bring(file_837p(claim("PCN1"), claim("PCN2")))

    found = match(answer("XX", svc(*PAID)), main)
    assert (found.claim, found.how) == (None, "2 claims have this member id, date, procedure and charge.")


@pytest.mark.django_db
def test_a_claim_of_another_site_is_no_match(bring, north):
    bring(file_837p(claim()))

    assert match(answer("PCN1", svc(*PAID)), north).claim is None


@pytest.mark.django_db
def test_the_name_may_be_cut_short(bring, main):
    bring(file_837p(claim(subscriber=insured(first="MARGARET"))))
    said = answer("PCN1", svc(*PAID, charge=151_00), first="MARG")

    assert match(said, main).claim == Claim.objects.get()


def ours(number, code="99213", cents=150_00, modifiers="", control=""):
    on = date(2026, 3, 2)
    return Line(
        number=number, procedure=code, charge_cents=cents, modifiers=modifiers, control_number=control, service_on=on
    )


@pytest.mark.parametrize(
    ("lines", "answered", "numbers"),
    [
        pytest.param([ours(1, control="A"), ours(2, control="B")], [("B", {}), ("A", {})], [2, 1], id="REF*6R"),
        pytest.param(
            [ours(1, cents=100_00, control="A"), ours(2, "85025", 50_00, control="B")],
            [("B", {"charge": 100_00}), ("A", {"code": "85025", "charge": 50_00})],
            [1, 2],
            id="REF*6R mixed up",
        ),
        pytest.param(
            [ours(1, cents=100_00, control="A"), ours(2, "85025", 50_00, control="B")],
            [("A", {"code": "99212", "charge": 90_00})],
            [1],
            id="REF*6R of a service the payer renamed",
        ),
        pytest.param(
            [ours(1, modifiers="25"), ours(2)], [("", {}), ("", {"modifiers": ("25",)})], [2, 1], id="modifiers tell"
        ),
        pytest.param([ours(1, modifiers="25")], [("", {})], [1], id="modifiers left out"),
        pytest.param([ours(1), ours(2)], [("", {}), ("", {})], [1, 2], id="alike: each once"),
        pytest.param([ours(1)], [("", {"charge": 100_00}), ("", {"charge": 50_00})], [1, 1], id="split"),
        pytest.param([ours(1)], [("", {"code": "99999", "charge": 1_00})], [None], id="not ours"),
    ],
)
def test_answered_services_are_tied_to_our_lines(lines, answered, numbers):
    said = []
    for control, changes in answered:
        made = svc(control=False, **changes)
        said.append(replace(made, references=(Reference("6R", control),)) if control else made)

    assert [line.number if line else None for line in tie_lines(lines, said)] == numbers


def test_the_code_we_sent_ties_a_service_the_payer_renamed():
    said = replace(svc(code="99212", control=False), submitted=Procedure("99213"))

    (line,) = tie_lines([ours(1)], [said])
    assert line.number == 1

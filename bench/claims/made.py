"""Secondary claims as they stand before they are written: three services, the first payer's decision on each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from claims.edits import Order, Place, Sending
from claims.submissions.decided import Answer, AnsweredLine, net
from claims.submissions.insured import Insured, Person, filed_on
from claims.submissions.project import project
from cob.x12.check837p import check_837p
from cob.x12.parts import Address, Adjustment, Contact, Envelope, Party, Procedure, Reference
from cob.x12.t837p import Batch837P, Claim837P, Diagnosis, Line837P, OtherCoverage, Payer, Provider, Subscriber

TODAY, SERVED, ANSWERED = date(2026, 4, 1), date(2026, 3, 2), date(2026, 3, 20)
SERVICES = (("99213", 150_00), ("85025", 77_00), ("36415", 20_00))
CHARGE = sum(cents for _, cents in SERVICES)
HOME = Address("12 ELM ST", "", "DULUTH", "MN", "558021234")
FIRST, SECOND = ("55555", "BENCH PLAN"), ("66666", "SECOND PLAN")


def on_file(n: int) -> Claim837P:
    """The claim as the practice billed it to the first payer, naming the second."""
    return Claim837P(
        control_number=f"PCN{n:07d}",
        charge_cents=CHARGE,
        billing=Provider(
            Party("85", "BENCH CLINIC", id_qualifier="XX", id="1234567893"),
            taxonomy="207Q00000X",
            address=Address("1 MAIN ST", "", "DULUTH", "MN", "558021234"),
            references=(Reference("EI", "123456789"),),
        ),
        subscriber=_plan("P", f"M{n:07d}"),
        payer=_payer(FIRST),
        diagnoses=(Diagnosis("J0190", "ABK"), Diagnosis("I10")),
        lines=tuple(
            Line837P(at, Procedure(code), cents, Decimal(1), pointers=(1,), service_on=SERVED,
                     references=(Reference("6R", f"L{at}"),))
            for at, (code, cents) in enumerate(SERVICES, 1)
        ),
        other_coverages=(OtherCoverage(_plan("S", f"S{n:07d}"), _payer(SECOND), benefits_assigned="Y", release="Y"),),
    )  # fmt: skip


def _plan(rank: str, member: str) -> Subscriber:
    who = Party("IL", "DOE", "JANE", is_person=True, id_qualifier="MI", id=member)
    own = (date(1980, 5, 14), "F") if rank == "P" else (None, "")
    return Subscriber(rank, who, "18", "G-1", "A PLAN", filing_code="CI", address=HOME, born_on=own[0], sex=own[1])


def _payer(who: tuple[str, str]) -> Payer:
    return Payer(Party("PR", who[1], id_qualifier="PI", id=who[0]))


def answered(n: int) -> Answer:
    """What the first payer decided; its cuts differ from claim to claim."""
    lines = []
    for at, (code, cents) in enumerate(SERVICES, 1):
        contract, share = cents // 3 - (n * 37 + at) % 211, cents // 8 + (n * 53 + at) % 97
        taken = (Adjustment("CO", "45", contract), Adjustment("PR", "2", share), Adjustment("CO", "253", n % 89 + 1))
        paid = cents - sum(a.amount_cents for a in taken)
        lines.append(AnsweredLine(at, Procedure(code), cents, paid, Decimal(1), adjustments=taken))
    total = sum(line.paid_cents for line in lines)
    return Answer("1", ANSWERED, CHARGE, total, f"ICN{n:07d}", lines=tuple(lines))


def payers(n: int, claim: Claim837P) -> tuple[Insured, Insured]:
    """Both, the first with its decision."""
    person = Person("DOE", "JANE", "", date(1980, 5, 14), "F", HOME)
    decided = net([answered(n)], CHARGE)
    common: dict[str, Any] = {"subscriber": person, "relationship": "self", "filing_code": "CI"}
    members = (claim.subscriber.party.id, claim.other_coverages[0].subscriber.party.id)
    first = Insured(1, FIRST[1], FIRST[0], member_id=members[0], decided=decided,
                    filed=filed_on(claim, FIRST[0], members[0]), **common)  # fmt: skip
    second = Insured(2, SECOND[1], SECOND[0], member_id=members[1],
                     filed=filed_on(claim, SECOND[0], members[1]), **common)  # fmt: skip
    return first, second


def projected(n: int) -> tuple[Claim837P, tuple[Insured, Insured]]:
    """The claim as the second payer gets it."""
    claim = on_file(n)
    both = payers(n, claim)
    return project(claim, both[1], both, both[1].subscriber), both


def sending(claim: Claim837P, both: tuple[Insured, Insured]) -> Sending:
    """What the edits are asked about; nothing stands in the way."""
    places = tuple(_place(one) for one in both)
    return Sending(
        today=TODAY,
        claim=claim,
        to=places[1],
        payers=places,
        service_from=SERVED,
        service_to=SERVED,
        charge_cents=CHARGE,
        coverages_in_force=2,
        order=Order("determined", ("A", "B")),
        findings=tuple(check_837p(claim, TODAY)),
    )


def _place(one: Insured) -> Place:
    return Place(
        one.place, one.payer_name, one.payer_id, "employer", "adjudicated" if one.decided else "expected",
        coverage="AB"[one.place - 1], member_id=one.member_id, relationship="self", subscriber="Doe",
        effective_on=date(2020, 1, 1), decided=one.decided,
    )  # fmt: skip


def batch(claims: tuple[Claim837P, ...], number: int = 1) -> Batch837P:
    """In one envelope."""
    return Batch837P(
        envelope=Envelope("CLINIC", "CLEARING", f"{number:09d}", str(number), TODAY),
        transaction_control="0001",
        reference=f"B{number}",
        made_on=TODAY,
        submitter=Party("41", "BENCH CLINIC", id_qualifier="46", id="CLINIC"),
        submitter_contacts=(Contact("BILLING", (("TE", "2185550100"),)),),
        receiver=Party("40", "CLEARING", id_qualifier="46", id="CLEARING"),
        claims=claims,
    )


def segments(data: bytes) -> list[list[str]]:
    """A written file taken apart, for whoever only puts it together again."""
    return [text.split("*") for text in data.decode("ascii").replace("\n", "").split("~") if text]


def in_parts(claims: list[Claim837P], size: int) -> Iterator[tuple[Claim837P, ...]]:
    """So many a batch."""
    for at in range(0, len(claims), size):
        yield tuple(claims[at : at + size])

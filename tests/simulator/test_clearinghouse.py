"""The simulated clearinghouse answers as a real one: valid files, balanced money, nobody's answer twice, and the same
for the same seed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.x12.balance835 import check_835
from cob.x12.read277ca import read_277ca
from cob.x12.read835 import parse_835
from cob.x12.read_acks import read_replies
from cob.x12.sniff import sniff
from simulator.book import Book
from simulator.clearinghouse import Clearinghouse
from simulator.faults import Faults, parsed
from simulator.practice import CROSSES_TO, MEDICAID, MEDICARE, MEDIGAP, Practice
from tests.x12.validator import verdict

MONDAY = date(2026, 1, 5)
NONE = Faults()


def house(root, faults=NONE, **more):
    return Clearinghouse(root / "out", root / "in", root / "books", faults=faults, **{"crosses_to": CROSSES_TO, **more})


def lived(root, days=45, faults=NONE, visits=4, **more):
    """A clearinghouse after so many days, the first five with visits."""
    found, practice = house(root, faults, **more), Practice(visits_a_day=visits)
    for day in (MONDAY + timedelta(days=n) for n in range(days)):
        made = practice.day(day) if day < MONDAY + timedelta(days=5) else None
        if made:
            (found.outbox / f"{day:%Y%m%d}.837").write_bytes(made[0])
        found.step(day)
    return found


def answers(found, kind):
    files = [path.read_bytes() for path in sorted(found.inbox.iterdir())]
    return [data for data in files if sniff(data).kind == kind]


def test_every_file_is_valid_and_every_remittance_balances(tmp_path):
    found = lived(tmp_path)

    for kind in ("999", "277CA", "835"):
        files = answers(found, kind)
        assert files
        assert [said for ok, said in map(verdict, files) if not ok] == []
    for data in answers(found, "835"):
        assert all(checked.is_postable for checked in check_835(data))


def test_the_practices_own_file_is_valid(tmp_path):
    data, _ = Practice(visits_a_day=12).day(MONDAY)

    assert verdict(data)[0]


def test_each_claim_is_acknowledged_and_answered_once(tmp_path):
    found = lived(tmp_path)

    numbers = [one.claim for one in found.book.received]
    assert len(numbers) == len(set(numbers)) == 20
    assert all(ack.said == "accepted" for data in answers(found, "TA1") for ack in read_replies(data))
    assert all(ack.said == "accepted" for data in answers(found, "999") for ack in read_replies(data))
    accepted = [a.control_number for data in answers(found, "277CA") for a in read_277ca(data) if a.control_number]
    assert sorted(accepted) == sorted(numbers)
    first = [one.claim for one in found.book.decided if not one.by_crossover]
    assert sorted(first) == sorted(numbers)


def test_medicare_passes_claims_on_and_the_next_payers_answer_by_themselves(tmp_path):
    found = lived(tmp_path, visits=12)

    said = [claim for data in answers(found, "835") for one in parse_835(data) for claim in one.claims]
    medigap = [c for c in said if c.crossover_carrier and c.crossover_carrier.id == MEDIGAP.payer_id]
    assert {(c.status, *c.outpatient_remarks) for c in medigap} == {("19", "MA18"), ("19", "N89")}
    crossed = [one for one in found.book.decided if one.by_crossover]
    assert {one.payer for one in crossed} == {MEDIGAP.payer_id, MEDICAID.payer_id}
    left = {one.claim: one.left_cents for one in found.book.decided if one.payer == MEDICARE.payer_id}
    assert all(one.paid_cents + one.left_cents <= left[one.claim] for one in crossed)


def test_the_second_payers_remittance_takes_the_first_ones_into_account(tmp_path):
    found = lived(tmp_path, visits=12)

    said = [claim for data in answers(found, "835") for one in parse_835(data) for claim in one.claims]
    second = [claim for claim in said if claim.status == "2"]
    assert second
    for claim in second:
        assert any(a.group == "OA" and a.reason == "23" for line in claim.lines for a in line.adjustments)


def test_a_file_sent_twice_is_refused_by_its_number(tmp_path):
    found, (data, _) = house(tmp_path), Practice().day(MONDAY)
    for name in ("a.837", "b.837"):
        (found.outbox / name).write_bytes(data)
        found.step(MONDAY)

    acks = [ack for answer in answers(found, "TA1") for ack in read_replies(answer)]
    assert [(ack.said.value, ack.note) for ack in acks] == [("accepted", "000"), ("rejected", "025")]
    assert found.book.faults == {"interchange_received_twice": 1}
    assert found.book.sent_twice() == []


def test_a_day_done_again_answers_nothing_again_and_the_books_outlive_the_program(tmp_path):
    found = lived(tmp_path, days=12)
    before = sorted(path.name for path in found.inbox.iterdir())

    again = house(tmp_path)
    again.step(MONDAY + timedelta(days=11))

    assert sorted(path.name for path in again.inbox.iterdir()) == before
    assert again.book.received == found.book.received
    assert Book.load(tmp_path / "books" / "book.json").pending == found.book.pending


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path):
    faults = Faults(late=0.2, duplicate=0.2, truncated=0.1, rejected_claims=0.2)
    one, same, other = (
        {p.name: p.read_bytes() for p in lived(tmp_path / name, faults=faults, seed=seed).inbox.iterdir()}
        for name, seed in (("one", 3), ("same", 3), ("other", 4))
    )

    assert one == same
    assert one != other


@pytest.mark.parametrize(
    ("fault", "happens"),
    [
        ("rejected_claims", lambda book: {one.status for one in book.received} == {"A7:164:IL"} and not book.decided),
        ("rejected_files", lambda book: {one.status for one in book.received} == {"999 R"} and not book.decided),
        ("rejected_interchanges", lambda book: {one.status for one in book.received} == {"TA1 R"} and not book.decided),
        ("denied", lambda book: {one.status for one in book.decided} == {"4"}),
        ("lost_crossover", lambda book: book.lost and not any(one.by_crossover for one in book.decided)),
    ],
)
def test_a_fault_asked_for_always_happens(tmp_path, fault, happens):
    assert happens(lived(tmp_path, faults=Faults(**{fault: 1.0}), visits=12).book)


def test_half_a_file_is_followed_by_the_whole_one(tmp_path):
    found = lived(tmp_path, faults=Faults(truncated=1.0))

    files = sorted((path.read_bytes() for path in found.inbox.iterdir()), key=len)
    whole = [data for data in files if b"IEA*" in data]
    assert len(whole) * 2 == len(files)


@pytest.mark.parametrize(
    ("text", "said"),
    [("latee=0.1", "There is no fault 'latee'"), ("late=often", "a number from 0 to 1"), ("late=2", "from 0 to 1")],
)
def test_a_fault_that_cannot_be_is_said(text, said):
    with pytest.raises(ValueError, match=said):
        parsed(text)

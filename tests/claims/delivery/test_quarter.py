"""A small practice's quarter, unattended: every claim ends where the clearinghouse's books say it must, to the cent,
and nobody was sent anything twice, whatever came late, twice, cut short, out of order, or not at all."""

from __future__ import annotations

import pytest

from bench.quarter import ends
from bench.quarter.drive import Quarter
from simulator.faults import Faults

FAULTS = Faults(
    late=0.15, duplicate=0.15, reissued=0.15, out_of_order=0.2, truncated=0.1, rejected_claims=0.1, rejected_files=0.35,
    rejected_interchanges=0.14, denied=0.25, lost_crossover=0.3,
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_quarter_with_faults_and_nobody_at_the_keys(ben, settings, tmp_path):
    settings.DATA_DIR, settings.MAILBOX_DIR = tmp_path, tmp_path / "box"
    quarter = Quarter(settings.MAILBOX_DIR, ben, FAULTS, seed=4, visits_a_day=2, patients=18, every=6)
    quarter.open()

    for _ in quarter.run(90):
        pass
    for _ in quarter.run(90, with_visits=False):
        pass

    quarter.close()

    book = quarter.house.book
    assert quarter.failed == []
    assert set(FAULTS.__slots__) <= set(book.faults)
    assert book.pending == book.waiting == []
    assert (book.sent_twice(), ends.sent_twice()) == ([], [])
    assert "interchange_received_twice" not in book.faults
    wanted, got = ends.expected(book, quarter.visits), ends.found(quarter.visits)
    assert {n: (wanted[n], got.get(n)) for n in wanted if wanted[n] != got.get(n)} == {}

"""A worker killed in the middle of an audit: another goes on behind the last chunk, and no claim is found twice."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.real_desk import until

pytestmark = pytest.mark.slow
SERVED = "tests.claims.auditing.served"


def test_a_killed_worker_costs_its_chunk_and_nothing_is_found_twice(desk):
    desk.run("-m", SERVED, "fill")
    desk.run("-m", SERVED, "start")
    worker = desk.start("-m", SERVED, "work")
    until("the second chunk", lambda: desk.marks() == ["kept", "kept"])
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    halfway = json.loads(desk.run("-m", SERVED, "show"))
    desk.let_go()

    desk.run("-m", SERVED, "work")

    assert (halfway["is_over"], len(halfway["found"]), halfway["counts"]["claims"]) == (False, 2, 2)
    assert json.loads(desk.run("-m", SERVED, "show")) == {
        "found": ["W0", "W1", "W2", "W3"],
        "counts": {"claims": 4, "differ": 4, "open": 0},
        "is_over": True,
        "attempts": [2],
    }
    assert desk.marks() == ["kept"] * 4

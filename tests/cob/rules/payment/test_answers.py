"""A whole answer says what it said when it was last read (`answers.txt`): every part, its formula, and the sentence."""

from __future__ import annotations

import pytest

from tests.cob.rules.payment.answers import blocks, inputs_of, told


@pytest.mark.parametrize(("head", "body"), blocks().items(), ids=lambda text: text[:40])
def test_an_answer_reads_as_it_was_read(head, body):
    assert told(inputs_of(head)) == body, "read what changed, then: python -m tests.cob.rules.payment.answers"

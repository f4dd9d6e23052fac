"""A sending as it left, for whoever may see its claim: out of a batch, this claim alone in the batch's envelope."""

from __future__ import annotations

from dataclasses import replace

from claims.models import Submission
from cob.x12.read837p import parse_837p
from cob.x12.write837p import write_837p


def as_sent(submission: Submission) -> bytes:
    """The bytes; of a batch, the other claims are left out. Raises LookupError when there is no file of ours."""
    if submission.kept:
        with submission.kept.open("rb") as kept:
            data: bytes = kept.read()
        return data
    if submission.sent_in is None:
        raise LookupError("The file of this sending was not written here.")
    number = submission.claim.control_number
    with submission.sent_in.kept.open("rb") as kept:
        for batch in parse_837p(kept):
            for claim in batch.claims:
                if claim.control_number == number:
                    return write_837p(replace(batch, claims=(claim,)))
    raise LookupError(f"The batch {submission.interchange} does not hold the claim.")

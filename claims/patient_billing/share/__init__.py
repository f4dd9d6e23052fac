"""What the patient may owe on one line, from the last payer's rule and never from a sum of what payers left.

Pure: stored answers, kinds of coverage and facts in; an amount with its reasons, or a question with both outcomes, out.
"""

from __future__ import annotations

from claims.patient_billing.share.branching import Outcome, Question, Share, share_of
from claims.patient_billing.share.facts import CONTRACTED, Line, PayerFacts, Reason, Said

__all__ = ["CONTRACTED", "Line", "Outcome", "PayerFacts", "Question", "Reason", "Said", "Share", "share_of"]

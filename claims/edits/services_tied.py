"""Does every service the earlier payers answered belong to a line of the claim?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop


def services_tied(sending: Sending) -> Objection | None:
    """An answered service that fits no line cannot be told to the next payer."""
    for payer in sending.ahead:
        untied = payer.decided.untied if payer.decided else ()
        if untied:
            code = untied[0].answer.procedure.code
            message = f"{payer.payer} answered service {code}, which fits no line of this claim."
            return stop(message, "Tie it to its line by hand on the remittance page.", "claim")
    return None

"""The names of the queues a refusal can go to. Queues themselves live higher up; this is all a denial knows of them."""

from __future__ import annotations

SLUGS = {
    "WQ01": "cob-determination",
    "WQ02": "cob-denials",
    "WQ03": "awaiting-primary",
    "WQ04": "secondary-submission",
    "WQ05": "crossover-watch",
    "WQ06": "patient-outreach",
    "WQ07": "both-deny",
    "WQ08": "recoupment",
    "WQ09": "posting-exceptions",
    "WQ10": "credit-balances",
    "WQ11": "coverage-change",
    "WQ12": "timely-filing",
    "WQ13": "statement-hold",
    "WQ14": "missed-care-months",
    "WQ15": "rejected-claims",
    "WQ16": "other-denials",
    "WQ17": "accident-liability",
    "WQ18": "appeals",
    "WQ19": "patient-disputes",
    "WQ20": "awaiting-payer",
}

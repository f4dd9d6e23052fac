"""What an adjustment reason stands for, for whoever reckons with it or posts it.

Codes of the X12 external code list 139 (x12.org/codes); the classes are ours.
"""

from __future__ import annotations

# Agreed in a contract or ordered by law: nothing to argue about, the provider does not get it.
CONTRACTUAL: dict[str, str] = {
    "24": "paid by capitation",
    "42": "above the fee schedule (until 2007)",
    "44": "prompt-pay discount",
    "45": "above the fee schedule or contracted fee",
    "59": "multiple or concurrent procedure rule",
    "70": "cost outlier",
    "74": "indirect medical education",
    "75": "direct medical education",
    "76": "disproportionate share",
    "90": "ingredient cost",
    "91": "dispensing fee",
    "94": "paid in excess of the charge",
    "102": "major medical",
    "103": "provider promotional discount",
    "104": "managed care withholding",
    "105": "tax withholding",
    "122": "psychiatric reduction",
    "130": "claim submission fee",
    "131": "discount negotiated for this claim",
    "137": "regulatory surcharge or assessment",
    "139": "contracted funding agreement",
    "144": "incentive",
    "161": "provider performance bonus",
    "172": "paid less to this specialty",
    "205": "pharmacy discount card",
    "223": "federal, state or local law",
    "235": "sales tax",
    "237": "penalty set by law",
    "245": "provider performance withholding",
    "246": "code for reporting only",
    "253": "sequestration",
    "A2": "contractual adjustment (until 2008)",
    "B10": "a part was paid already",
    "P12": "workers' compensation fee schedule",
    "P23": "medical payments or injury fee schedule",
    "W1": "workers' compensation fee schedule (until 2014)",
}

# What patients ordinarily owe under their plan: deductible, coinsurance, copay, blood deductible and the like.
COST_SHARE = frozenset({"1", "2", "3", "66", "241", "247", "248"})

# Some other payer is named or meant: even as PR it is nobody's debt before that has been looked into.
POINTS_ELSEWHERE = frozenset({"19", "20", "21", "22", "109", "B11"})

# Not covered by this plan on that day, or not its member: whoever covers the patient then is asked as if first.
NOT_OUR_MEMBER = frozenset({"26", "27", "31", "32", "33", "34", "177", "200"})

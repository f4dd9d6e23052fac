"""The rules as tables, once for both engines: conditions that must all hold, what then follows; the first row wins.

A condition names a fact and its value, or says that it is not zero. An outcome is a value, or `=` and a fact's name.
"""

from __future__ import annotations

from typing import Any, Final

NOT_ZERO: Final = "not 0"
Row = tuple[dict[str, Any], dict[str, Any]]

JOB: Final = {"kind": "employer"}
PLACES: Final[list[Row]] = [
    ({"kind": "medicare"}, {"band": 50, "rule": ""}),
    ({"kind": "medigap"}, {"band": 55, "rule": ""}),
    ({"kind": "tricare"}, {"band": 65, "rule": ""}),
    ({"kind": "medicaid"}, {"band": 70, "rule": ""}),
    ({"medicare": False}, {"band": 40, "rule": ""}),
    ({"kidney": "first", "medicare_stays": True}, {"band": 60, "rule": "MSP-DUAL-KEEP"}),
    ({"kidney": "first"}, {"band": 40, "rule": "MSP-ESRD-30"}),
    ({"kidney": "after"}, {"band": 60, "rule": "MSP-ESRD-AFTER"}),
    ({"aged": True, "premium_free": False}, {"band": 60, "rule": "MSP-WA-PARTA"}),
    ({"aged": False, "disabled": False}, {"band": 60, "rule": "MSP-RETIREE"}),
    ({"continued": True}, {"band": 60, "rule": "MSP-COBRA"}),
    ({"working": False}, {"band": 60, "rule": "MSP-RETIREE"}),
    ({"aged": True, "size": "<20"}, {"band": 60, "rule": "MSP-WA-LT20"}),
    ({"aged": True}, {"band": 40, "rule": "MSP-WA-20"}),
    ({"size": "100+"}, {"band": 40, "rule": "MSP-DIS-100"}),
    ({}, {"band": 60, "rule": "MSP-DIS-LT100"}),
]
CHILD: Final = {"family": True, "both_dependent": True}
FIRSTS: Final[list[Row]] = [
    ({"own": NOT_ZERO}, {"sign": "=own", "rule": "NAIC-6D1a"}),
    ({**CHILD, "terms": "one_parent", "named": NOT_ZERO}, {"sign": "=named", "rule": "NAIC-6D2b-i"}),
    ({**CHILD, "terms": "one_parent"}, {"sign": "=custody", "rule": "COM-DECREE-REST"}),
    ({**CHILD, "terms": "both_parents", "birthday": NOT_ZERO}, {"sign": "=birthday", "rule": "NAIC-6D2b-ii"}),
    ({**CHILD, "terms": "both_parents"}, {"sign": "=parent_length", "rule": "NAIC-6D2a-ii"}),
    ({**CHILD, "together": True, "birthday": NOT_ZERO}, {"sign": "=birthday", "rule": "NAIC-6D2a-i"}),
    ({**CHILD, "together": True}, {"sign": "=parent_length", "rule": "NAIC-6D2a-ii"}),
    (CHILD, {"sign": "=custody", "rule": "NAIC-6D2b-iv"}),
    ({"retired": NOT_ZERO}, {"sign": "=retired", "rule": "NAIC-6D3"}),
    ({"continued": NOT_ZERO}, {"sign": "=continued", "rule": "NAIC-6D4"}),
    ({}, {"sign": "=length", "rule": "NAIC-6D5"}),
]
REASONS: Final[list[Row]] = [
    ({"first": "tricare", "second": "medicaid"}, {"rule": "TRI-EXC"}),
    ({"second": "medicaid"}, {"rule": "MCD-LAST"}),
    ({"first": "medicare", "second": "tricare"}, {"rule": "TRI-MCR"}),
    ({"first": "medigap", "second": "tricare"}, {"rule": "TRI-MEDIGAP"}),
    ({"medicare": True, "first_rule": "MSP-RETIREE", "second": "tricare"}, {"rule": "TRI-MEDIGAP"}),
    ({"second": "tricare"}, {"rule": "TRI-LAST"}),
    ({"first": "medigap"}, {"rule": "MSP-MEDIGAP"}),
    ({"second": "medigap"}, {"rule": "MSP-MEDIGAP"}),
    ({"second": "medicare"}, {"rule": "=first_rule"}),
    ({}, {"rule": "=second_rule"}),
]

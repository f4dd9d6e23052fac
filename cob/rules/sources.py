"""Where a citation can be read: an address for the texts that have a public one of their own, none for the others."""

from __future__ import annotations

import re
from typing import Final

ECFR: Final = "https://www.ecfr.gov/current/title-{}/section-{}"
CODE: Final = "https://www.law.cornell.edu/uscode/text/{}/{}"
MODEL_ACT: Final = "https://content.naic.org/sites/default/files/MO120.pdf"
POMS_PARTS: Final = {"HI": "06"}
_KNOWN: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(\d+) CFR (\d+\.\d+)"), ECFR),
    (re.compile(r"(\d+) CFR (\d+) subpart ([A-Z])"), "https://www.ecfr.gov/current/title-{}/part-{}/subpart-{}"),
    (re.compile(r"(\d+) USC ([0-9a-z]+(?:-\d+)?)"), CODE),
    (re.compile(r"MDL-120 "), MODEL_ACT),
    (re.compile(r"(\d+) FR (\d+)"), "https://www.federalregister.gov/citation/{}-FR-{}"),
    (re.compile(r"WAC (\d+-\d+-\d+)"), "https://app.leg.wa.gov/wac/default.aspx?cite={}"),
    (re.compile(r"SDCL (\d+-\w+-\d+)"), "https://sdlegislature.gov/Statutes/{}"),
    (
        re.compile(r"MGL c\.90 §34A"),
        "https://malegislature.gov/Laws/GeneralLaws/PartI/TitleXIV/Chapter90/Section34A",
    ),
)
_POMS: Final = re.compile(r"POMS ([A-Z]{2}) (\d{5})\.(\d{3})")


def address(cite: str) -> str | None:
    """The address of a citation, or None where no public text of its own is known to us."""
    poms = _POMS.match(cite)
    if poms:
        return f"https://secure.ssa.gov/poms.nsf/lnx/{POMS_PARTS[poms[1]]}{poms[2]}{poms[3]}"
    for pattern, template in _KNOWN:
        found = pattern.match(cite)
        if found:
            return template.format(*found.groups())
    return None

"""Numbers that people and payers go by: NPI, Medicare identifier (MBI), member id. Shape only; nobody is looked up."""

from __future__ import annotations

import re

from stdnum import luhn

# CMS, "Understanding the MBI": eleven places; letters leave out S, L, O, I, B, Z.
_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI_EITHER = "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    f"[1-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{_MBI_LETTER}[0-9][0-9]"
)
_NPI = re.compile(r"[12][0-9]{9}")
_MEMBER_ID = re.compile(r"[A-Z0-9][A-Z0-9 /-]{0,78}[A-Z0-9]|[A-Z0-9]")

# ISO 7812 prefix for health in the United States, put before an NPI for its check digit (45 CFR 162.406).
_NPI_PREFIX = "80840"


def is_npi(text: str) -> bool:
    """Ten digits, the first 1 or 2, with the right check digit."""
    return bool(_NPI.fullmatch(text)) and bool(luhn.is_valid(_NPI_PREFIX + text))


def clean_mbi(text: str) -> str:
    """An MBI as it is sent: capital letters, without the dashes printed on the card."""
    return text.strip().upper().replace("-", "").replace(" ", "")


def is_mbi(text: str) -> bool:
    """Whether a number has the shape of a Medicare Beneficiary Identifier; it has no check digit."""
    return bool(_MBI.fullmatch(clean_mbi(text)))


def is_member_id(text: str) -> bool:
    """What X12 can carry in NM109 and a payer could have printed on a card: up to 80 letters, digits, blank, -, /."""
    return bool(_MEMBER_ID.fullmatch(text.strip().upper()))

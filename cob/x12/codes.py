"""The shape of adjustment reasons (CARC) and remarks (RARC). Meanings live elsewhere; lists grow three times a year,
so a code beyond the last one we know is worth a look and never a reason to hold money."""

from __future__ import annotations

import re

GROUPS = frozenset({"CO", "OA", "PI", "PR"})
REVERSAL_GROUP = "CR"

# Highest published number by prefix, X12 external code list 139 as of autumn 2026 (UNCONFIRMED beyond 304).
_LAST_NUMBER = {"": 305, "A": 8, "B": 23, "D": 23, "P": 34, "W": 9, "Y": 3}
_CARC = re.compile(r"([ABDPWY]?)([0-9]{1,3})")
_RARC = re.compile(r"(?:M|MA|N)[0-9]{1,3}")


def has_carc_shape(code: str) -> bool:
    """A number up to three digits, or one of the letters that reasons have ever started with and a number."""
    return bool(_CARC.fullmatch(code))


def is_published_carc(code: str) -> bool:
    """Not beyond the last number that was published for its letter when this was written."""
    match = _CARC.fullmatch(code)
    return bool(match) and int(match[2]) <= _LAST_NUMBER[match[1]] if match else False


def has_rarc_shape(code: str) -> bool:
    """M, MA or N and up to three digits."""
    return bool(_RARC.fullmatch(code))


# CMS place of service codes for professional claims.
PLACES = frozenset(
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53 "
    "54 55 56 57 58 60 61 62 65 66 71 72 81 99".split()
)

# SBR09 of the 837P. The 835's CLP06 has another list: never copy one into the other.
SBR_FILING_CODES = frozenset("11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ".split())

"""Where each box of the CMS-1500 (02/12) is: line and column of a page of 10 characters and 6 lines an inch."""

from __future__ import annotations

from typing import Final, NamedTuple

LINES, COLUMNS = 66, 80
SERVICES = 6
FIRST_SERVICE_LINE: Final = 44
DIAGNOSES = 12


class Spot(NamedTuple):
    """A field: its line, its first column, how many characters fit, and whether it is written to the right."""

    line: int
    column: int
    width: int
    is_right: bool = False


# Boxes with several fields are told apart by a word; a cross is a field of one character.
SPOTS: Final[dict[str, Spot]] = {
    "payer.name": Spot(2, 41, 31), "payer.line1": Spot(3, 41, 31), "payer.line2": Spot(4, 41, 31),
    "payer.town": Spot(5, 41, 31),
    "1.medicare": Spot(8, 1, 1), "1.medicaid": Spot(8, 8, 1), "1.tricare": Spot(8, 15, 1), "1.champva": Spot(8, 24, 1),
    "1.group": Spot(8, 31, 1), "1.feca": Spot(8, 39, 1), "1.other": Spot(8, 45, 1),
    "1a": Spot(8, 50, 29),
    "2": Spot(10, 1, 28),
    "3.month": Spot(10, 31, 2), "3.day": Spot(10, 34, 2), "3.year": Spot(10, 37, 4), "3.M": Spot(10, 42, 1),
    "3.F": Spot(10, 47, 1),
    "4": Spot(10, 50, 29),
    "5.street": Spot(12, 1, 28), "5.city": Spot(14, 1, 24), "5.state": Spot(14, 26, 3), "5.zip": Spot(16, 1, 12),
    "5.area": Spot(16, 15, 3), "5.phone": Spot(16, 19, 10),
    "6.self": Spot(12, 33, 1), "6.spouse": Spot(12, 38, 1), "6.child": Spot(12, 42, 1), "6.other": Spot(12, 47, 1),
    "7.street": Spot(12, 50, 29), "7.city": Spot(14, 50, 23), "7.state": Spot(14, 74, 4), "7.zip": Spot(16, 50, 12),
    "9": Spot(18, 1, 28), "9a": Spot(20, 1, 28), "9d": Spot(26, 1, 28),
    "10a.yes": Spot(20, 35, 1), "10a.no": Spot(20, 41, 1),
    "10b.yes": Spot(22, 35, 1), "10b.no": Spot(22, 41, 1), "10b.state": Spot(22, 45, 2),
    "10c.yes": Spot(24, 35, 1), "10c.no": Spot(24, 41, 1),
    "10d": Spot(26, 30, 19),
    "11": Spot(18, 50, 29),
    "11a.month": Spot(20, 53, 2), "11a.day": Spot(20, 56, 2), "11a.year": Spot(20, 59, 4), "11a.M": Spot(20, 68, 1),
    "11a.F": Spot(20, 75, 1),
    "11b.qualifier": Spot(22, 50, 2), "11b": Spot(22, 53, 26),
    "11c": Spot(24, 50, 29),
    "11d.yes": Spot(26, 52, 1), "11d.no": Spot(26, 57, 1),
    "12": Spot(29, 7, 17), "13": Spot(29, 55, 17),
    "14.month": Spot(32, 2, 2), "14.day": Spot(32, 5, 2), "14.year": Spot(32, 8, 4), "14.qualifier": Spot(32, 16, 3),
    "15.qualifier": Spot(32, 31, 3), "15.month": Spot(32, 37, 2), "15.day": Spot(32, 40, 2), "15.year": Spot(32, 43, 4),
    "17.qualifier": Spot(34, 1, 2), "17": Spot(34, 4, 24), "17b": Spot(34, 33, 10),
    "18.from.month": Spot(34, 54, 2), "18.from.day": Spot(34, 57, 2), "18.from.year": Spot(34, 60, 4),
    "18.until.month": Spot(34, 68, 2), "18.until.day": Spot(34, 71, 2), "18.until.year": Spot(34, 74, 4),
    "19": Spot(36, 1, 48), "20.yes": Spot(36, 52, 1), "20.no": Spot(36, 57, 1),
    "21.indicator": Spot(37, 42, 1),
    **{f"21.{'ABCDEFGHIJKL'[n]}": Spot(38 + n // 4, 3 + 13 * (n % 4), 8) for n in range(DIAGNOSES)},
    "22.code": Spot(38, 50, 10), "22.number": Spot(38, 62, 17), "23": Spot(40, 50, 29),
    "25": Spot(56, 1, 15), "25.ssn": Spot(56, 17, 1), "25.ein": Spot(56, 19, 1),
    "26": Spot(56, 23, 14), "27.yes": Spot(56, 38, 1), "27.no": Spot(56, 43, 1),
    "28": Spot(56, 51, 9, is_right=True), "29": Spot(56, 62, 8, is_right=True),
    "31": Spot(60, 1, 21),
    "32.name": Spot(58, 23, 26), "32.street": Spot(59, 23, 26), "32.town": Spot(60, 23, 26), "32a": Spot(61, 23, 10),
    "33.area": Spot(57, 66, 3), "33.phone": Spot(57, 70, 9),
    "33.name": Spot(58, 50, 29), "33.street": Spot(59, 50, 29), "33.town": Spot(60, 50, 29), "33a": Spot(61, 50, 10),
}  # fmt: skip

# One service: its unshaded line; the shaded one above it is `line - 1`.
SERVICE: Final[dict[str, Spot]] = {
    "from.month": Spot(0, 1, 2), "from.day": Spot(0, 4, 2), "from.year": Spot(0, 7, 2),
    "until.month": Spot(0, 10, 2), "until.day": Spot(0, 13, 2), "until.year": Spot(0, 16, 2),
    "place": Spot(0, 19, 2), "emergency": Spot(0, 22, 2), "code": Spot(0, 25, 6), "modifiers": Spot(0, 33, 11),
    "pointers": Spot(0, 45, 4), "charge": Spot(0, 50, 8, is_right=True), "units": Spot(0, 59, 3, is_right=True),
    "epsdt": Spot(0, 63, 1), "npi": Spot(0, 68, 10), "note": Spot(-1, 1, 61),
}  # fmt: skip


def spot_of(box: str) -> Spot:
    """The field of a box; `24.3.charge` is the charge of the third service on the page."""
    if not box.startswith("24."):
        return SPOTS[box]
    _, number, part = box.split(".", 2)
    at = SERVICE[part]
    return at._replace(line=FIRST_SERVICE_LINE + 2 * (int(number) - 1) + at.line)

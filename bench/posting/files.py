"""The remittance to be posted: three services a claim, three adjustments a service, every cent explained.

Written straight to disk, so that a file of any size can be made; `on_file` of practice.py puts its claims on file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

CLAIMS_IN_A_PAYMENT = 500
LINES, ADJUSTMENTS = 3, 9
# Procedure and charge; a payer's cuts differ from claim to claim, so that nothing is fast because it repeats.
SERVICES = (("99213", 150_00), ("85025", 77_00), ("36415", 20_00))
CHARGE = sum(cents for _, cents in SERVICES)
NPI = "1234567893"
ISA = "ISA*00*          *00*          *ZZ*BENCHPAYER     *ZZ*BENCHCLINIC    *260320*0915*^*00501*000000001*0*T*:~\n"


def claim_number(number: int) -> str:
    """CLM01."""
    return f"PCN{number:07d}"


def cuts(number: int) -> list[tuple[int, int, int]]:
    """What the payer takes off each service: by contract (CO-45), left to the patient (PR-2), by law (CO-253)."""
    return [
        (charge // 3 - (number * 37 + place) % 211, charge // 8 + (number * 53 + place) % 97, number % 89 + 1)
        for place, (_, charge) in enumerate(SERVICES)
    ]


def paid(number: int) -> int:
    """CLP04."""
    return CHARGE - sum(sum(taken) for taken in cuts(number))


def remittance(path: Path, claims: int, references: int = 0) -> Path:
    """One 835 with payments of 500 claims each; `references` more REF segments a claim make it a wordy one."""
    payments = [range(n, min(n + CLAIMS_IN_A_PAYMENT, claims)) for n in range(0, claims, CLAIMS_IN_A_PAYMENT)]
    with path.open("w", encoding="ascii") as out:
        out.write(ISA + "GS*HP*BENCHPAYER*BENCHCLINIC*20260320*0915*1*X*005010X221A1~\n")
        for control, members in enumerate(payments, 1):
            body = [*_head(control, sum(map(paid, members))), *(s for n in members for s in _claim(n, references))]
            out.write("".join(f"{s}~\n" for s in body) + f"SE*{len(body) + 1}*{control:04d}~\n")
        out.write(f"GE*{len(payments)}*1~\nIEA*1*000000001~\n")
    return path


def _head(control: int, cents: int) -> list[str]:
    return [
        f"ST*835*{control:04d}",
        f"BPR*I*{_money(cents)}*C*ACH************20260320",
        f"TRN*1*EFT{control:07d}*1999888777",
        "DTM*405*20260320",
        "N1*PR*BENCH PLAN*XV*55555",
        "N3*1 MAIN ST",
        "N4*DULUTH*MN*55802",
        "PER*BL*EDI*TE*2185550100",
        f"N1*PE*BENCH CLINIC*XX*{NPI}",
        "LX*1",
    ]


def _claim(number: int, references: int) -> Iterator[str]:
    taken = cuts(number)
    money = f"{_money(CHARGE)}*{_money(paid(number))}*{_money(sum(share for _, share, _ in taken))}"
    yield f"CLP*{claim_number(number)}*1*{money}*12*ICN{number:09d}*11*1"
    yield f"NM1*QC*1*DOE{number:07d}*JANE****MI*M{number:07d}"
    yield from (f"REF*CE*CONTRACT CLASS {number * 31 + n:012d}" for n in range(references))
    for place, ((code, charge), (contract, share, law)) in enumerate(zip(SERVICES, taken, strict=True), 1):
        yield f"SVC*HC:{code}*{_money(charge)}*{_money(charge - contract - share - law)}**1"
        yield "DTM*472*20260302"
        yield f"CAS*CO*45*{_money(contract)}**253*{_money(law)}"
        yield f"CAS*PR*2*{_money(share)}"
        yield f"REF*6R*L{place}"
        yield f"AMT*B6*{_money(charge - contract)}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"

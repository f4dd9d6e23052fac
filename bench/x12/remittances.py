"""How fast and in how much memory an 835 is read: python bench/x12/remittances.py [claims] [--rounds N].

Generates one balanced file, then runs each reader in a process of its own, several rounds interleaved, and prints the
median: claims a second and peak memory. The baseline is the obvious way: read the file, split it, keep everything.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cob.x12.balance835 import check_835
from cob.x12.read835 import parse_835, read_835
from cob.x12.segments import read_segments
from cob.x12.t835 import Claim835

CLAIMS_IN_A_SET = 500
ISA = "ISA*00*          *00*          *ZZ*BENCHPAYER     *ZZ*BENCHCLINIC    *260212*0915*^*00501*000000001*0*T*:~\n"


def generate(path: Path, claims: int) -> None:
    """Transactions of 500 claims with three lines each; every fourth claim is a secondary with OA-23."""
    sets = [range(start, min(start + CLAIMS_IN_A_SET, claims)) for start in range(0, claims, CLAIMS_IN_A_SET)]
    with path.open("w", encoding="ascii") as out:
        out.write(ISA + "GS*HP*BENCHPAYER*BENCHCLINIC*20260212*0915*1*X*005010X221A1~\n")
        for number, members in enumerate(sets, 1):
            body = [*_head(number, len(members)), *(s for n in members for s in _claim(n))]
            out.write("".join(f"{s}~\n" for s in body) + f"SE*{len(body) + 1}*{number:04d}~\n")
        out.write(f"GE*{len(sets)}*1~\nIEA*1*000000001~\n")


def _head(number: int, claims: int) -> list[str]:
    return [
        f"ST*835*{number:04d}",
        f"BPR*I*{claims * 180}*C*ACH************20260213",
        f"TRN*1*EFT{number:06d}*1999888777",
        "DTM*405*20260212",
        "N1*PR*BENCH PLAN",
        "N3*1 MAIN ST",
        "N4*DULUTH*MN*55802",
        "PER*BL*EDI*TE*2185550100",
        "N1*PE*BENCH CLINIC*XX*1234567893",
        "LX*1",
    ]


def _claim(number: int) -> Iterator[str]:
    is_second = number % 4 == 0
    yield f"CLP*BENCH-{number:07d}*{2 if is_second else 1}*300*180*30*12*P{number:09d}*11*1"
    yield f"NM1*QC*1*PERSON{number}*PAT****MI*M{number:08d}"
    yield "NM1*82*1*FINCH*ADAM****XX*1245319599"
    yield "MOA***MA01"
    for line in range(1, 4):
        yield f"SVC*HC:9921{line}*100*60**1"
        yield "DTM*472*20260112"
        yield "CAS*OA*23*30" if is_second else "CAS*CO*45*30"
        yield "CAS*PR*2*10"
        yield f"REF*6R*{line}"
        yield "AMT*B6*70"


def split_everything(path: Path) -> int:
    """The baseline: the whole file as a list of lists."""
    segments = [s.strip().split("*") for s in path.read_text(encoding="ascii").split("~")]
    return sum(1 for s in segments if s[0] == "CLP")


def segments_only(path: Path) -> int:
    """The tokenizer alone."""
    with path.open("rb") as stream:
        return sum(1 for s in read_segments(stream) if s.elements[0] == "CLP")


def claims_streamed(path: Path) -> int:
    """Dataclass claims one at a time."""
    with path.open("rb") as stream:
        return sum(isinstance(event, Claim835) for event in read_835(stream))


def claims_checked(path: Path) -> int:
    """The same with every check and balance."""
    with path.open("rb") as stream:
        found = list(check_835(stream))
    assert all(c.is_postable for c in found), next(c.reason for c in found if not c.is_postable)
    return sum(c.claims for c in found)


def claims_kept(path: Path) -> int:
    """The whole file as dataclasses in memory, for comparison."""
    return sum(len(t.claims) for t in parse_835(path.read_bytes()))


READERS: dict[str, Callable[[Path], int]] = {
    f.__name__: f for f in (split_everything, segments_only, claims_streamed, claims_checked, claims_kept)
}


def measure(name: str, path: Path) -> None:
    """One reader in this process; prints seconds, claims and peak megabytes as JSON."""
    start = time.perf_counter()
    claims = READERS[name](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "claims": claims, "peak": peak}))


def compare(path: Path, rounds: int) -> None:
    """Every reader in turn, `rounds` times, each in a fresh process."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in READERS}
    for _ in range(rounds):
        for name, found in results.items():
            run = [sys.executable, __file__, "--measure", name, str(path)]
            found.append(json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout))
    size = path.stat().st_size / 1e6
    print(f"{size:.1f} MB, {int(results['split_everything'][0]['claims'])} claims, median of {rounds}")
    print(f"{'reader':18} {'s':>7} {'claims/s':>9} {'MB/s':>6} {'peak MB':>8}")
    for name, found in results.items():
        seconds = statistics.median(f["seconds"] for f in found)
        peak = statistics.median(f["peak"] for f in found)
        print(f"{name:18} {seconds:7.3f} {found[0]['claims'] / seconds:9,.0f} {size / seconds:6.1f} {peak:8.1f}")


def main() -> None:
    """Generate and compare; `--measure` is how the script calls itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", nargs="?", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure[0], Path(asked.measure[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.835"
        generate(path, asked.claims)
        compare(path, asked.rounds)


if __name__ == "__main__":
    main()

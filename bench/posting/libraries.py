"""Reading alone: our tokenizer, reader and checks, and the EDI libraries one might take instead.

Each library lives in an environment of its own that `uv` makes and forgets: several need what we do not run beside
(pydantic 1, pandas). This file runs there as a script and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def our_tokenizer(path: str) -> int:
    from cob.x12.segments import read_segments

    with Path(path).open("rb") as stream:
        return sum(s.elements[0] == "CLP" for s in read_segments(stream))


def our_reader(path: str) -> int:
    from cob.x12.read835 import read_835
    from cob.x12.t835 import Claim835

    with Path(path).open("rb") as stream:
        return sum(isinstance(event, Claim835) for event in read_835(stream))


def our_checks(path: str) -> int:
    from cob.x12.balance835 import check_835

    with Path(path).open("rb") as stream:
        return sum(found.claims for found in check_835(stream))


def pyx12_segments(path: str) -> int:
    from pyx12.x12file import X12Reader

    return sum(segment.get_seg_id() == "CLP" for segment in X12Reader(path))


def linuxforhealth_segments(path: str) -> int:
    from linuxforhealth.x12.io import X12SegmentReader

    with X12SegmentReader(path) as reader:
        return sum(name == "CLP" for name, _ in reader.segments())


def linuxforhealth_models(path: str) -> int:
    from linuxforhealth.x12.io import X12ModelReader

    with X12ModelReader(path) as reader:
        return sum(len(lx.loop_2100) for model in reader.models() for lx in model.loop_2000)


def x12_python_parser(path: str) -> int:
    from x12.core.parser import SegmentParser

    return sum(segment.segment_id == "CLP" for segment in SegmentParser().parse(Path(path).read_text()))


def openx12_claims(path: str) -> int:
    from openx12 import x835

    return len(x835.parse(Path(path).read_text()).claims)


def edi_835_parser_objects(path: str) -> int:
    from edi_835_parser import parse

    return sum(len(found.claims) for found in parse(path).transaction_sets)


READERS: dict[str, tuple[str, Callable[[str], int]]] = {
    "ours: segments": ("", our_tokenizer),
    "ours: claims": ("", our_reader),
    "ours: claims, every check": ("", our_checks),
    "pyx12 4.0.0 segments": ("pyx12==4.0.0", pyx12_segments),
    "linuxforhealth 0.57 segments": ("linuxforhealth-x12==0.57.0,pydantic<2", linuxforhealth_segments),
    "linuxforhealth 0.57 models": ("linuxforhealth-x12==0.57.0,pydantic<2", linuxforhealth_models),
    "x12-python 0.1.0 segments": ("x12-python==0.1.0", x12_python_parser),
    "openx12 0.2.1 claims": ("openx12==0.2.1", openx12_claims),
    "edi-835-parser 1.8.0 claims": ("edi-835-parser==1.8.0", edi_835_parser_objects),
}


def compare(path: Path, claims: int, rounds: int) -> None:
    """Every reader in turn, in a fresh process each time; a library that cannot be had or read the file says so."""
    print(f"{'reader':30} {'s':>7} {'claims/s':>9} {'peak MB':>8}")
    for name, (needs, _) in READERS.items():
        found = [_in_its_own_process(name, needs, path) for _ in range(rounds)]
        refused = [one for one in found if isinstance(one, str)]
        if refused:
            print(f"{name:30} {refused[0]}")
            continue
        told = [one for one in found if not isinstance(one, str)]
        seconds, peak = (statistics.median(one[what] for one in told) for what in ("seconds", "peak"))
        read = told[0]["claims"]
        note = "" if read == claims else f"  read {read:,} of {claims:,}"
        print(f"{name:30} {seconds:7.2f} {read / seconds:9,.0f} {peak:8.0f}{note}")


def _in_its_own_process(name: str, needs: str, path: Path) -> dict[str, float] | str:
    root = Path(__file__).parents[2]
    python = [sys.executable]
    if needs:
        uv = Path(sys.executable).with_name("uv")
        wanted = [word for need in needs.split(",") for word in ("--with", need)]
        python = [str(uv), "run", "--quiet", "--no-project", "--isolated", *wanted, "python"]
    run = [*python, __file__, name, str(path)]
    env = os.environ | {"PYTHONPATH": "" if needs else str(root)}
    done = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["ended without a word"])[-1][:80]
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main(name: str, path: str) -> None:
    """The second of two readings counts: the first one also loads modules."""
    read = READERS[name][1]
    read(path)
    began = time.perf_counter()
    claims = read(path)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"claims": claims, "seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])

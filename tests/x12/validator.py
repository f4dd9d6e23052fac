"""The independent 5010 validator: its yes or no is what counts, and a crash of it is a failure of the check."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pyx12.params
import pyx12.x12n_document

# The validator knows the 270 of version 4010 only. Its shape is the same in 5010 but for these: the version, ST03, and
# the date of a plan (291), which a payer is asked about instead of the date of a service (307).
FROM, TO = "270.4010.X092.A1.xml", "270.5010.X279.A1.xml"
V5010 = '<version icvn="00501">'
ST02 = "<name>Transaction Set Control Number</name>"
ST03 = """
          <element xid="ST03">
            <data_ele>1705</data_ele>
            <name>Implementation Convention Reference</name>
            <usage>R</usage>
            <seq>03</seq>
          </element>"""


@cache
def _maps() -> str:
    """The validator's maps, and beside them one for the 5010 270 made from the one for 4010."""
    folder = tempfile.mkdtemp(prefix="maps-")
    atexit.register(shutil.rmtree, folder)
    there = Path(folder) / "map"
    shutil.copytree(Path(pyx12.__file__).parent / "map", there)
    text = (there / FROM).read_text(encoding="utf-8").replace("004010X092A1", "005010X279A1")
    text = text.replace("<code>307</code>", "<code>291</code><code>307</code>")
    at = text.index("</element>", text.index(ST02)) + len("</element>")
    (there / TO).write_text(text[:at] + ST03 + text[at:], encoding="utf-8")
    index = (there / "maps.xml").read_text(encoding="utf-8")
    own = f'<map vriic="005010X279A1" fic="HS" abbr="270">{TO}</map>'
    (there / "maps.xml").write_text(index.replace(V5010, V5010 + own, 1), encoding="utf-8")
    return str(there)


def verdict(data: bytes) -> tuple[bool, str]:
    """Whether the validator takes a file, and what it says; its report leaves out some errors, its boolean does not."""
    report = io.StringIO()
    try:
        source = io.StringIO(data.decode("ascii"))
        ok = pyx12.x12n_document.x12n_document(
            pyx12.params.params(), source, None, None, fd_json=report, map_path=_maps()
        )
    except Exception as crash:
        return False, f"the validator crashed: {crash!r}"
    return bool(ok), report.getvalue()


def assert_valid(data: bytes) -> None:
    """Fails with the validator's own words unless `data` is a valid 837P, 835 (of one PLB segment) or 270 of 5010."""
    ok, said = verdict(data)
    assert ok, f"{_errors(said)}\n{data.decode()}"


def _errors(report: str) -> str:
    try:
        return "\n".join(_walk(json.loads(report)))
    except ValueError:
        return report


def _walk(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [str(e) for e in node.get("errors", [])]
        return own + [text for value in node.values() for text in _walk(value)]
    return [text for item in node for text in _walk(item)] if isinstance(node, list) else []

"""The checked cases of the rules, read once for every test that walks them."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "cases" / "order"
CHECKED = [
    json.loads(line)
    for file in sorted(FOLDER.glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]

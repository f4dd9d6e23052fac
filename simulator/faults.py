"""What goes wrong on request, and to whom: drawn from the seed and the thing itself, so that a run can be run again."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields

KINDS = (
    "late", "duplicate", "reissued", "out_of_order", "truncated", "rejected_claims", "rejected_files",
    "rejected_interchanges", "denied", "lost_crossover",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Faults:
    """Each a share of 1. `late`: a remittance comes a month later. `duplicate`: a file comes again, `reissued`: again
    under a new interchange number. `out_of_order`: a 277CA comes after the remittance. `truncated`: half a file, the
    whole one a day later. `rejected_claims` by 277CA, `rejected_files` by 999, `rejected_interchanges` by TA1:
    nothing in them is read. `denied`: the first payer refuses. `lost_crossover`: a forwarded claim never arrives."""

    late: float = 0.0
    duplicate: float = 0.0
    reissued: float = 0.0
    out_of_order: float = 0.0
    truncated: float = 0.0
    rejected_claims: float = 0.0
    rejected_files: float = 0.0
    rejected_interchanges: float = 0.0
    denied: float = 0.0
    lost_crossover: float = 0.0

    def happens(self, kind: str, seed: int, *what: object) -> bool:
        """Whether this happens to that; always the same for the same seed."""
        share: float = getattr(self, kind)
        return share > 0 and draw(seed, kind, *what).random() < share


def draw(seed: int, *what: object) -> random.Random:
    """A die of its own for each thing. It decides nothing that must not be guessed."""
    return random.Random("|".join(map(str, (seed, *what))))  # noqa: S311


def parsed(text: str) -> Faults:
    """`late=0.1,duplicate=0.05`. Raises ValueError naming what is wrong and what there is."""
    found: dict[str, float] = {}
    known = {field.name for field in fields(Faults)}
    for part in filter(None, text.split(",")):
        name, _, share = part.partition("=")
        if name.strip() not in known:
            raise ValueError(f"There is no fault {name.strip()!r}; there are {', '.join(sorted(known))}.")
        try:
            found[name.strip()] = float(share)
        except ValueError as error:
            raise ValueError(f"{part!r}: the share after = is a number from 0 to 1.") from error
        if not 0 <= found[name.strip()] <= 1:
            raise ValueError(f"{part!r}: the share after = is a number from 0 to 1.")
    return Faults(**found)

"""What holds between two payers on a day: whether the copy comes by itself, and how long it is waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cob.coverage.models import CrossoverTerms
from cob.coverage.payment_terms import latest

# Medicare asks for about 15 working days after its payment before the other payer is billed (MLN SE0909); some plans
# want 30 calendar days from its remittance and reject what comes sooner. Where nobody has found out, both are kept.
CHECK_BUSINESS_DAYS = 15
WAIT_DAYS = 30
DEFAULT_SOURCE = "MLN Matters SE0909: about 15 working days; 30 days where the payer’s own wait is not on file"


@dataclass(frozen=True, slots=True)
class Wait:
    """When somebody asks for the copy, when it is given up, and whether a claim sent sooner is rejected anyhow."""

    check_business_days: int = CHECK_BUSINESS_DAYS
    wait_days: int = WAIT_DAYS
    refuses_early: bool = False
    source: str = DEFAULT_SOURCE


class CrossoverOnFile:
    """Every row of every payer, held in memory: one query, however many claims are then asked about."""

    def __init__(self, rows: Iterable[CrossoverTerms]) -> None:
        self._by_payer: dict[UUID, list[CrossoverTerms]] = defaultdict(list)
        self.has_unannounced = False
        for row in rows:
            self._by_payer[row.payer_id].append(row)
            self.has_unannounced = self.has_unannounced or not row.is_announced

    @classmethod
    def read(cls) -> CrossoverOnFile:
        """All that was ever kept; there are a few rows a payer."""
        return cls(CrossoverTerms.objects.all())

    def between(self, sender: UUID, payer: UUID, day: date) -> CrossoverTerms | None:
        """The row that holds for a day of service: of this sender, else of every sender."""
        rows = self._by_payer.get(payer, ())
        own = latest([row for row in rows if row.sender_id == sender], day)
        return own or latest([row for row in rows if row.sender_id is None], day)

    def wait(self, sender: UUID, payer: UUID, day: date) -> Wait:
        """How long this payer's copy is waited for."""
        row = self.between(sender, payer, day)
        if row is None:
            return Wait()
        return Wait(row.check_business_days, row.wait_days, row.refuses_early, row.source)

    def coba_ids(self, payer: UUID, day: date) -> frozenset[str]:
        """The ids by which a contractor names this payer on that day, whoever sends."""
        rows = self._by_payer.get(payer, ())
        senders = {row.sender_id for row in rows}
        held = (latest([row for row in rows if row.sender_id == sender], day) for sender in senders)
        return frozenset(row.coba_id for row in held if row and row.is_on and row.coba_id)

    def medigap_id(self, sender: UUID, payer: UUID, day: date) -> str:
        """The id that the claim to `sender` must carry so that it is handed on; empty where none is needed."""
        row = self.between(sender, payer, day)
        return row.coba_id if row and row.is_on and row.way == "claim_based" else ""

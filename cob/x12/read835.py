"""Reads an 835 claim by claim, so that a file of any size costs the memory of its largest claim.

What cannot be read spoils its transaction, not the file: the trailer then carries the error, and the caller holds that
transaction whole. An envelope that does not close is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cob.x12 import fields
from cob.x12.claim835 import build_claim
from cob.x12.envelope import TransactionSet, read_transactions
from cob.x12.errors import X12Error
from cob.x12.header835 import build_header
from cob.x12.segments import Segment, Source
from cob.x12.t835 import (
    Claim835,
    Event835,
    Header835,
    ProviderAdjustment,
    Trailer835,
    Transaction835,
)

MOST_ERRORS = 50
MOST_SEGMENTS_IN_A_CLAIM = 100_000
_ENDS_HEADER = frozenset({"LX", "CLP", "PLB"})
_SUMMARIES = frozenset({"LX", "TS2", "TS3"})


def read_835(source: Source) -> Iterator[Event835]:
    """Per transaction a `Header835`, its `Claim835`s, its `ProviderAdjustment`s and always a `Trailer835`.

    A header that cannot be read is left out, and so are claims that cannot; the trailer says why. Raises `X12Error`
    when the file is no 5010 835 or its envelope does not close. Amounts are cents.
    """
    seen = False
    for transaction in read_transactions(source):
        _refuse_others(transaction)
        seen = True
        yield from _Transaction(transaction).events()
    if not seen:
        raise X12Error(
            instead="an envelope only", expected="at least one 835 transaction", advice="nothing can be posted"
        )


def parse_835(source: Source) -> list[Transaction835]:
    """A whole file at once, for small files and for tests; same errors as `read_835`."""
    transactions: list[Transaction835] = []
    header: Header835 | None = None
    claims: list[Claim835] = []
    provider: list[ProviderAdjustment] = []
    for event in read_835(source):
        match event:
            case Header835():
                header = event
            case Claim835():
                claims.append(event)
            case ProviderAdjustment():
                provider.append(event)
            case Trailer835(errors=errors):
                transactions.append(Transaction835(header, tuple(claims), tuple(provider), errors))
                header, claims, provider = None, [], []
    return transactions


def _refuse_others(transaction: TransactionSet) -> None:
    if transaction.kind != "835":
        raise transaction.st.error(1, found=transaction.kind, expected="835", advice="this file is of another kind")
    if transaction.release != "5010":
        raise transaction.st.error(
            found=transaction.guide or transaction.release,
            expected="version 005010X221A1",
            advice="files of version 4010 and others are not read; ask the payer for 5010",
        )


class _Transaction:
    def __init__(self, transaction: TransactionSet) -> None:
        self._transaction = transaction
        self._errors: list[X12Error] = []
        self._unread: list[str] = []
        self._follows_lx = False
        self._billed_under = ""

    def events(self) -> Iterator[Event835]:
        body = iter(self._transaction)
        head: list[Segment] = []
        rest: Iterator[Segment] = iter(())
        for segment in body:
            if segment.elements[0] in _ENDS_HEADER:
                rest = chain([segment], body)
                break
            head.append(segment)
        header = self._header(head)
        if header:
            yield header
            yield from self._detail(rest)
        self._transaction.drain()
        yield Trailer835(
            self._transaction.control,
            self._transaction.segment_count,
            (*self._errors, *self._transaction.errors)[:MOST_ERRORS],
            tuple(self._unread[:MOST_ERRORS]),
            self._transaction.last.number,
        )

    def _header(self, head: list[Segment]) -> Header835 | None:
        try:
            return build_header(self._transaction, head)
        except X12Error as error:
            self._note(error)
            return None

    def _detail(self, segments: Iterator[Segment]) -> Iterator[Event835]:
        claim: list[Segment] = []
        in_tail = False
        for segment in segments:
            kind = segment.elements[0]
            if kind == "CLP" or kind == "PLB" or kind in _SUMMARIES:
                yield from self._claim(claim)
                claim = []
                in_tail = in_tail or kind == "PLB"
            if kind == "PLB":
                yield from self._provider_adjustments(segment)
            elif in_tail:
                self._note(segment.error(expected="PLB or SE after the first PLB", advice="the segments are mixed up"))
            elif kind == "CLP" or claim:
                claim.append(segment)
                if len(claim) > MOST_SEGMENTS_IN_A_CLAIM:
                    raise _too_long(segment)
            elif kind in _SUMMARIES:
                self._follows_lx = self._follows_lx or kind == "LX"
                self._billed_under = segment.at(1) if kind == "TS3" else "" if kind == "LX" else self._billed_under
            else:
                self._unread.append(segment.text)
        yield from self._claim(claim)

    def _claim(self, segments: list[Segment]) -> list[Claim835]:
        try:
            return [build_claim(segments, self._billed_under, follows_lx=self._follows_lx)] if segments else []
        except X12Error as error:
            self._note(error)
            return []

    def _provider_adjustments(self, plb: Segment) -> list[ProviderAdjustment]:
        try:
            return _read_plb(plb)
        except X12Error as error:
            self._note(error)
            return []

    def _note(self, error: X12Error) -> None:
        if len(self._errors) < MOST_ERRORS:
            self._errors.append(error)


def _too_long(segment: Segment) -> X12Error:
    expected = f"at most {MOST_SEGMENTS_IN_A_CLAIM} segments in one claim"
    return segment.error(expected=expected, advice="this does not look like a remittance")


def _read_plb(plb: Segment) -> list[ProviderAdjustment]:
    """Up to six pairs of reason (with its reference) and amount."""
    provider = fields.required(plb, 1, "the provider's number")
    period = fields.required_day(plb, 2, "the end of the fiscal period")
    found = []
    for start in range(3, len(plb.elements), 2):
        if not plb.at(start) and not plb.at(start + 1):
            continue
        reason, *reference = plb.parts(start) or [fields.required(plb, start, "a reason such as WO or FB")]
        cents = fields.required_amount(plb, start + 1, "the amount that belongs to the reason")
        found.append(ProviderAdjustment(provider, period, reason, ":".join(reference), cents, plb.number))
    if not found:
        raise plb.error(
            3, found="nothing", expected="a reason and an amount", advice="ask the payer for a corrected file"
        )
    return found

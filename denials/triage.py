"""Rejection, denial, adjustment, alert or pend: what a payer's codes mean and where they send the claim.

The look-alike list is read from top to bottom, the first hit wins, and every code is kept as evidence. Pure: the codes
of one line or claim in, one answer with its reasons out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from denials.answer import Answer
from denials.codebook import CodeBook, Kind, Row, Step
from denials.playbooks import PLAYBOOKS
from denials.routes import SLUGS

REVERSED, NOT_OURS, FORWARDED = "22", "23", ("19", "20", "21")
RANK_OF_STATUS = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
UNPROCESSABLE = "MA130"
NEEDS_SUPERVISOR = "needs_supervisor"
WORKED_BEFORE = "The same codes were worked before: a supervisor must say why once more."
# Codes that carry nothing left to decide, in the order in which their notice matters.
NOTICES = (
    "qmb", "crossover_expected", "crossover_failed", "grace_period", "patient_refund", "conditional", "secondary_zero",
    "payer_lacks_cob", "coverage_question",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Triage:
    """What to make of the codes; `queue` is None when nobody has anything to do."""

    kind: Kind
    family: str
    category: str
    playbook: str | None
    queue: str | None
    appealable: str
    because: str
    step: int
    decided_by: tuple[str, ...]
    codes: tuple[str, ...]
    flags: tuple[str, ...]
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    deadlines: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class _Hit:
    """Which step matched and which code of it decides."""

    step: int
    title: str
    codes: tuple[str, ...]
    row: Row
    category: str
    playbook: str | None
    queue: str | None


@dataclass(frozen=True)
class _Codes:
    """The answer's codes beside the tables."""

    answer: Answer
    book: CodeBook

    @cached_property
    def contest(self) -> list[str]:
        """Reasons that compete for a denial: all but those that only move money."""
        return [reason for _, reason, _ in self.answer.cas if reason not in self.book.pure]

    @property
    def supplements(self) -> list[str]:
        """Remarks that decide a category; alerts and what the tables do not know never do."""
        rows = self.book.remarks
        return [remark for remark in self.answer.rarc if remark in rows and rows[remark].kind == "supplement"]

    @cached_property
    def flags(self) -> tuple[str, ...]:
        found = [flag for row in self.rows() for flag in row.flags]
        if self.answer.clp02 in FORWARDED:
            found.append("crossover_expected")
        if self.answer.rank and RANK_OF_STATUS.get(self.answer.clp02, self.answer.rank) != self.answer.rank:
            found.append("order_mismatch")
        if self.answer.worked_before:
            found.append(NEEDS_SUPERVISOR)
        return tuple(dict.fromkeys(found))

    def rows(self) -> list[Row]:
        reasons = (self.book.reasons.get(reason) for _, reason, _ in self.answer.cas)
        remarks = (self.book.remarks.get(remark) for remark in self.answer.rarc)
        return [row.for_payer(self.answer.payer_kind) for row in (*reasons, *remarks) if row]

    def row(self, code: str) -> Row | None:
        found = self.book.reasons.get(code) or self.book.remarks.get(code)
        return found.for_payer(self.answer.payer_kind) if found else None


def triage(answer: Answer, book: CodeBook) -> Triage:
    """The category, playbook and queue of one line's or claim's codes."""
    codes = _Codes(answer, book)
    hit = _by_list(codes) or _by_table(codes) or _nothing_left(codes) or _unmapped(codes)
    return _told(hit, codes)


def _by_list(codes: _Codes) -> _Hit | None:
    """The look-alike list."""
    for step in codes.book.steps:
        decided = _decider(step, codes)
        if codes.answer.clp02 in step.clp02:
            # The claim's status outranks every code: the codes only say more about it.
            return replace(_hit(step, decided, codes), category=step.category, queue=step.queue)
        if decided:
            return _hit(step, decided, codes)
    return None


def _decider(step: Step, codes: _Codes) -> tuple[str, ...]:
    """The codes that match a step, the deciding one first; nothing when the step does not match."""
    listed = step.remarks if codes.contest else [*step.remarks, *step.alone]
    remarks = [code for code in codes.answer.rarc if code in listed]
    reasons = [code for code in codes.contest if _names(step.reasons, code)]
    if step.both:
        carried = [code for code in codes.contest if code in step.both.reasons]
        beside = [code for code in codes.answer.rarc if code in step.both.remarks]
        if beside and (carried or reasons):
            remarks, reasons = [*remarks, *beside], [*reasons, *carried]
    return tuple(dict.fromkeys([*remarks, *reasons]))


def _names(listed: list[str], code: str) -> bool:
    return code in listed or any(code.startswith(entry[:-1]) for entry in listed if entry.endswith("*"))


def _hit(step: Step, decided: tuple[str, ...], codes: _Codes) -> _Hit:
    """A deciding code's own row says more than the step; where it says nothing the step's word holds."""
    row = codes.row(decided[0]) if decided else None
    row = row or Row(label=step.title.lower(), category=step.category, type="denial" if step.step > 1 else "adjustment")
    if decided[:1] == ("18",) and "crossover_expected" in codes.flags:
        row = row.model_copy(update={"category": "crossover_duplicate"})
    settled = row.category != "by_remark"
    return _Hit(
        step=step.step,
        title=step.title,
        codes=decided,
        row=row,
        category=row.category if settled else step.category,
        playbook=row.playbooks[0] if row.playbooks else None if row.queues and settled else step.playbook,
        queue=row.queues[0] if row.queues and settled else step.queue,
    )


def _by_table(codes: _Codes) -> _Hit | None:
    """A code the list leaves out but the tables know: its own row decides, remarks before reasons."""
    carried = codes.supplements if codes.contest or codes.answer.is_unpaid else []
    for code in [*carried, *codes.contest]:
        row = codes.row(code)
        if row and row.category != "by_remark":
            return _own(15, "By its own row", code, row)
    return None


def _own(step: int, title: str, code: str, row: Row) -> _Hit:
    playbook, queue = next(iter(row.playbooks), None), next(iter(row.queues), None)
    return _Hit(step=step, title=title, codes=(code,), row=row, category=row.category, playbook=playbook, queue=queue)


def _nothing_left(codes: _Codes) -> _Hit | None:
    """Only adjustments and alerts: notices first, then whether a payment of zero is right."""
    answer = codes.answer
    if codes.contest or (answer.clp02 == "4" and not answer.cas):
        return None
    if notice := _notice(codes):
        return notice
    if answer.is_unpaid:
        return _zero(codes)
    if "order_mismatch" in codes.flags:
        row = Row(label="processed in another order than ours", category="order_mismatch", type="adjustment")
        return _Hit(0, "Order", (f"CLP02 {answer.clp02}",), row, row.category, "P01", "WQ09")
    pure = next(((reason, found) for _, reason, _ in answer.cas if (found := codes.row(reason))), None)
    if pure is None:
        row = Row(label="nothing to do", category="notice", type="alert" if answer.rarc else "adjustment")
        return _Hit(0, "Nothing refused", tuple(answer.rarc), row, "notice", None, None)
    code, moved = pure
    queue = moved.queues[0] if moved.category in ("cost_share", "qmb") and moved.queues else None
    return _Hit(0, "Nothing refused", (code,), moved, moved.category, next(iter(moved.playbooks), None), queue)


def _notice(codes: _Codes) -> _Hit | None:
    named = [*(reason for _, reason, _ in codes.answer.cas), *codes.answer.rarc]
    for flag in NOTICES:
        for code in named:
            row = codes.row(code)
            if row and (flag in row.flags or (flag == "qmb" and row.category == "qmb")):
                return _own(0, "Notice", code, row)
        if flag == "crossover_expected" and codes.answer.clp02 in FORWARDED:
            row = Row(label="forwarded to the next payer", category=flag, type="alert", deadlines=["crossover_watch"])
            return _Hit(0, "Notice", (f"CLP02 {codes.answer.clp02}",), row, flag, None, "WQ05")
    return None


def _zero(codes: _Codes) -> _Hit:
    """The correct-zero test: nothing was refused and nothing was paid."""
    answer = codes.answer
    whole = [reason for _, reason, cents in answer.cas if reason == "45" and cents and cents == answer.charge_cents]
    if whole:
        row = codes.book.reasons["45"]
        return _Hit(0, "Write-off of the whole charge", ("45",), row, "contractual", "P12", "WQ09")
    is_first = answer.rank == 1 or (not answer.rank and answer.clp02 == "1")
    shares = [reason for _, reason, _ in answer.cas if reason in ("1", "2", "3")]
    if is_first and shares:
        return _Hit(0, "Cost share", (shares[0],), codes.book.reasons[shares[0]], "cost_share", "P12", "WQ04")
    row = Row(
        label="nothing refused and nothing paid",
        category="secondary_zero",
        type="adjustment",
        evidence=["Worksheet of the coordination arithmetic", "Both remittances"],
    )
    return _Hit(0, "Is zero right?", tuple(reason for _, reason, _ in answer.cas), row, "secondary_zero", "P12", "WQ13")


def _unmapped(codes: _Codes) -> _Hit:
    row = Row(label="in no table; the denial lead decides", category="unmapped", type="denial", appeal="by_remark")
    named = tuple(codes.contest) or ((f"CLP02 {codes.answer.clp02}",) if codes.answer.clp02 else ())
    return _Hit(15, "Not in the tables", named, row, "unmapped", None, "WQ16")


def _told(hit: _Hit, codes: _Codes) -> Triage:
    """The hit in the words and shape others read."""
    is_rejected = UNPROCESSABLE in codes.answer.rarc and hit.step > 0
    playbook = PLAYBOOKS[hit.playbook] if hit.playbook else None
    queue = "WQ15" if is_rejected else hit.queue
    return Triage(
        kind="rejection" if is_rejected else _kind(hit, codes),
        family=codes.book.categories[hit.category].family,
        category=hit.category,
        playbook=hit.playbook,
        queue=SLUGS[queue] if queue else None,
        appealable="no" if is_rejected else _appeal(hit, codes),
        because=_because(hit, codes, is_rejected=is_rejected),
        step=hit.step,
        decided_by=hit.codes,
        codes=codes.answer.named,
        flags=codes.flags,
        steps=playbook.steps if playbook else (),
        evidence=tuple(hit.row.evidence),
        deadlines=_deadlines(["filing"] if is_rejected else hit.row.deadlines, codes),
    )


def _kind(hit: _Hit, codes: _Codes) -> Kind:
    """A remark without a type of its own takes that of the reason it rides on."""
    if hit.row.type:
        return hit.row.type
    # A status that takes back or passes on decides nothing itself; a remark of it beside a refusal leaves the refusal.
    if hit.step == 1 and (not codes.contest or codes.answer.clp02 in (REVERSED, NOT_OURS)):
        return "adjustment"
    carrying = [row.type for code in codes.contest if (row := codes.row(code)) and row.type]
    if codes.contest:
        return carrying[0] if carrying else "denial"
    if hit.row.kind == "alert":
        return "alert"
    return "adjustment" if codes.answer.cas else "denial"


def _appeal(hit: _Hit, codes: _Codes) -> str:
    if "appeal_refused" in codes.flags:
        return "no"
    return "yes" if "appeal_allowed" in codes.flags else hit.row.appeal


def _because(hit: _Hit, codes: _Codes, *, is_rejected: bool) -> str:
    said = " + ".join(codes.answer.spoken(code) for code in hit.codes) or f"CLP02 {codes.answer.clp02}"
    parts = [f"{hit.title}: {said} means {hit.row.label}."]
    if is_rejected:
        parts.append("MA130 makes it a rejection: no appeal, send a new claim; the filing limit keeps running.")
    if "order_mismatch" in codes.flags:
        parts.append("The payer processed it in another order than ours.")
    if NEEDS_SUPERVISOR in codes.flags:
        parts.append(WORKED_BEFORE)
    return " ".join(parts)


def _deadlines(names: list[str], codes: _Codes) -> tuple[dict[str, Any], ...]:
    limits = codes.book.limits
    return tuple({"limit": name, "days": limits[name].for_payer(codes.answer.payer_kind)} for name in names)

"""One case in, one verdict out: the law is run for everything unknown facts might be, and the answers compared."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

from cob.rules.order import watching
from cob.rules.order.assemble import Order, order_of
from cob.rules.order.case import Case
from cob.rules.order.reasons import between, is_conditional, medicare_code, remark
from cob.rules.order.unknowns import branches, questions
from cob.rules.order.verdict import Code, Note, Position, SetAside, Status, Verdict, note, pair, position, verdict
from cob.rules.order.visit import Visit
from cob.rules.reading import BOOK, Leaf

SOLE: Final = "GEN-DOS"
_SENTENCES: Final[dict[str, Note]] = {}


class Outcome:
    """An order with its reasons, as one run of the law found it. Outcomes with the same `key` are one answer."""

    __slots__ = ("code", "conditional", "key", "order", "pairs")

    def __init__(self, order: Order, pairs: list[tuple[str, str, str]], code: Code | None, conditional: bool) -> None:
        self.order, self.pairs, self.code, self.conditional = order, pairs, code, conditional
        self.key = order.key


def run(visit: Visit) -> Outcome:
    """The law once, under the visit's assumptions."""
    order = order_of(visit)
    remark(visit, order)
    ids = order.line.ids
    plans = visit.plans
    pairs = [(first, second, between(visit, order, plans[first], plans[second])) for first, second in pairwise(ids)]
    return Outcome(order, pairs, medicare_code(visit, order), is_conditional(visit, order))


def order_and_code(visit: Visit) -> Hashable:
    """What of a verdict can change by itself: the order, and Medicare's code with it."""
    order = order_of(visit)
    return order.key, medicare_code(visit, order)


def determine(case: Case) -> Verdict:
    """Who pays in which order; or what to ask, when an unknown fact would change that."""
    visit = Visit(case)
    try:
        leaves = visit.explore(lambda: run(visit), same=_key)
        first = leaves[0].result.key
        if all(leaf.result.key == first for leaf in leaves):
            return _settled(visit, leaves)
        return _open(visit, leaves)
    finally:
        visit.plans, visit.compared = {}, ()  # a visit and its plans hold each other; let go, both are freed at once


def _key(outcome: Outcome) -> Hashable:
    return outcome.key


def _settled(visit: Visit, leaves: list[Leaf[Outcome]]) -> Verdict:
    """Every way comes to the same order. Which of them gives the reasons does not depend on which was tried first."""
    leaf = min(leaves, key=_reasons) if len(leaves) > 1 else leaves[0]
    outcome, line = leaf.result, leaf.result.order.line
    pairs, ids = outcome.pairs, line.ids
    answers = [(one.result.key, one.result.code) for one in leaves]  # their keys are one; the codes may differ
    doubts = any(one.trace.doubts for one in leaves)
    notes = leaf.trace.notes
    if outcome.order.conflict:
        notes = notes | {outcome.order.conflict: BOOK[outcome.order.conflict].sentence}
    return verdict(
        id=visit.case.id,
        rules_version=rules_version(),
        facts_used=_used(leaves),
        status=_status(leaves, doubts=doubts),
        order=ids,
        ties=[group for group in line.groups if len(group) > 1],
        positions=_positions(outcome, ids),
        pairs=[pair(first, second, rule_id) for first, second, rule_id in pairs],
        set_aside=_set_aside([leaf]) if outcome.order.aside else [],
        branches=[],
        questions=[],
        certain_suffix=[],
        msp_type=outcome.code if all(code == outcome.code for _, code in answers) else None,
        conditional=outcome.conditional,
        notes=[_said(rule_id, text) for rule_id, text in notes.items()],
        watch=watching.changes(visit, outcome.order, answers, order_and_code),
        unconfirmed=doubts or _rests_on_unconfirmed(leaves),
    )


def _reasons(leaf: Leaf[Outcome]) -> tuple[list[str], list[str]]:
    """The rules that gave one way its order, and those that spoke."""
    return [rule_id for _, _, rule_id in leaf.result.pairs], sorted(leaf.trace.notes)


def _rests_on_unconfirmed(leaves: Sequence[Leaf[Outcome]]) -> bool:
    """Whether a rule that no text confirms put somebody where they stand, or says that it cannot be."""
    for leaf in leaves:
        order = leaf.result.order
        if order.line.cycle or (order.conflict is not None and _is_unconfirmed(order.conflict)):
            return True
        if any(_is_unconfirmed(rule_id) for _, _, rule_id in leaf.result.pairs):
            return True
        if order.aside and any(_is_unconfirmed(aside.rule_id) for aside in order.aside.values()):
            return True
    return False


def _is_unconfirmed(rule_id: str) -> bool:
    return BOOK[rule_id].sure == "unconfirmed"


def _status(leaves: Sequence[Leaf[Outcome]], *, doubts: bool) -> Status:
    first = leaves[0].result.order
    if any(leaf.result.order.conflict for leaf in leaves):
        return "data_conflict"
    if not first.line.groups:
        return "no_coverage"
    if any(leaf.result.order.line.cycle for leaf in leaves):
        return "cycle"
    if any(len(group) > 1 for group in first.line.groups):
        return "tie"
    return "likely" if doubts else "determined"


def _open(visit: Visit, leaves: list[Leaf[Outcome]]) -> Verdict:
    """The ways differ, so somebody has to be asked."""
    prefix, suffix = _certain(visit, leaves)
    first = leaves[0].result
    same_code = {leaf.result.code for leaf in leaves} == {first.code}
    in_prefix = any(visit.plans[name].kind in ("medicare", "medicare_advantage") for name in prefix)
    return verdict(
        id=visit.case.id,
        rules_version=rules_version(),
        facts_used=_used(leaves),
        status="needs_facts",
        order=prefix,
        ties=[],
        positions=_positions(first, prefix),
        pairs=[pair(a, b, r) for a, b, r in first.pairs if b in prefix],
        set_aside=_set_aside(leaves),
        branches=branches(leaves),
        questions=questions(visit.case, leaves),
        certain_suffix=suffix,
        msp_type=first.code if same_code and in_prefix else None,
        conditional=all(leaf.result.conditional for leaf in leaves),
        notes=_common_notes(visit, leaves),
        watch=[],
        unconfirmed=any(leaf.trace.doubts for leaf in leaves) or _rests_on_unconfirmed(leaves),
    )


def _common_notes(visit: Visit, leaves: Sequence[Leaf[Outcome]]) -> list[Note]:
    """What every way says; and, when not every way was tried, that there are more."""
    said = leaves[0].trace.notes.items()
    notes = [_said(rule, text) for rule, text in said if all(rule in leaf.trace.notes for leaf in leaves)]
    if visit.cut:
        notes.append(
            note("NAIC-6D5", "More orders are possible than are listed; answer the first question and ask again.")
        )
    return notes


def _said(rule_id: str, text: str) -> Note:
    """A note; one that is a rule's own sentence is the same in every verdict."""
    plain = _SENTENCES.get(rule_id)
    if plain is None:
        plain = _SENTENCES[rule_id] = note(rule_id, BOOK[rule_id].sentence)
    return plain if plain[1] == text else note(rule_id, text)


def _used(leaves: Sequence[Leaf[Outcome]]) -> list[str]:
    if len(leaves) == 1:
        return list(leaves[0].trace.used)
    used: dict[str, None] = {}
    for leaf in leaves:
        used |= leaf.trace.used
    return list(used)


def _certain(visit: Visit, leaves: Sequence[Leaf[Outcome]]) -> tuple[list[str], list[str]]:
    """The ids that stand first, and those that stand last, whatever the facts turn out to be. Where not every way was
    tried, nothing is certain of the plans concerned.
    """
    if None in visit.cut:
        return [], []
    tried = {path for within in visit.cut if within is not None for path in within}
    unsure = {plan.id for plan in visit.plans.values() if any(path.startswith(plan.root) for path in tried)}
    lines = [leaf.result.order.line.groups for leaf in leaves]
    return _shared(lines, unsure), _shared([line[::-1] for line in lines], unsure)[::-1]


def _shared(lines: list[list[list[str]]], unsure: set[str]) -> list[str]:
    shared: list[str] = []
    for groups in zip(*lines, strict=False):
        if len(groups[0]) > 1 or groups[0][0] in unsure or any(group != groups[0] for group in groups):
            break
        shared.extend(groups[0])
    return shared


def _positions(outcome: Outcome, ids: list[str]) -> list[Position]:
    """Each payer with the rule between it and its neighbour ahead; the first with the one behind."""
    pairs, positions = outcome.pairs, []
    rule_id = pairs[0][2] if pairs else outcome.order.alone_by or SOLE
    for place, name in enumerate(ids, start=1):
        if place > 1:
            rule_id = pairs[place - 2][2]
        said = BOOK[rule_id]
        positions.append(position(name, place, rule_id, said.sentence, said.cite))
    return positions


def _set_aside(leaves: Sequence[Leaf[Outcome]]) -> list[SetAside]:
    """The cards that are out in every way."""
    aside = leaves[0].result.order.aside
    return [
        SetAside(name, why.rule_id, why.because)
        for name, why in aside.items()
        if all(name in leaf.result.order.aside for leaf in leaves)
    ]


@cache
def rules_version() -> str:
    """A hash of the law as it is read: the sources of the rules, how they are read, and the dated numbers. What only
    tells of them, such as a sentence for patients, is no part of it.
    """
    folder = Path(__file__).parents[1]
    law = [*(folder / "order").glob("*.py"), *(folder / "parameters").glob("*.yaml")]
    digest = sha256()
    for file in sorted([*law, folder / "reading.py", folder / "parameters.py"]):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

"""How a rule reads: it is handed facts, the hand-outs are remembered, and a fact nobody knows is tried both ways.

A rule is a plain function with a catalogue id, citations and one sentence. It never defaults a fact. When it reaches
one that is unknown, `Unknown` names the fact and the few values the law tells apart; `explore` then runs the law once
for each. If every run gives the same answer nobody is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, Literal, ParamSpec, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")
Within = Callable[[], frozenset[str]]
# How many ways one exploration may go before it stops and says so: far beyond what a patient's file leaves open.
MOST_WAYS, MOST_RUNS = 1_000, 1_500
Sure = Literal["read in full", "read in part", "unconfirmed"]


class Unknown(Exception):
    """A rule reached a fact nobody knows; `might_be` holds one value of each kind the law tells apart.
    A path that starts with "?" stands for several facts tried together; `might_be` then holds `Choice`s.
    """

    def __init__(self, path: str, might_be: Sequence[Any]) -> None:
        super().__init__(path)
        self.path = path
        self.might_be = might_be


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One result of facts tried together: what was assumed for it, and every way the facts were tried."""

    key: Hashable
    assumed: tuple[tuple[str, Any], ...]
    leaf: Leaf[Any]
    ways: tuple[tuple[dict[str, Any], Hashable], ...]


class Trace:
    """What a run of the law left behind: facts handed out, rules that spoke, reasons to say `likely`."""

    __slots__ = ("doubts", "glanced", "notes", "used")

    def __init__(self) -> None:
        self.used: dict[str, None] = {}
        self.glanced: dict[str, None] = {}
        self.notes: dict[str, str] = {}
        self.doubts: dict[str, None] = {}

    def take(self, other: Trace) -> None:
        """Add another run's trace to this one; the first text of a note stays."""
        self.used |= other.used
        self.glanced |= other.glanced
        self.doubts |= other.doubts
        for rule_id, text in other.notes.items():
            self.notes.setdefault(rule_id, text)


class Leaf(Generic[T]):
    """One way things might be: what was assumed, what came of it, and the trace."""

    __slots__ = ("assumed", "result", "trace")

    def __init__(self, assumed: dict[str, Any], result: T, trace: Trace) -> None:
        self.assumed, self.result, self.trace = assumed, result, trace


class Facts:
    """Hands out facts under assumptions and keeps the trace. Rules see nothing else of the world."""

    __slots__ = ("assumed", "cut", "memo", "remembers", "spent", "trace")

    def __init__(self) -> None:
        self.start_again()

    def start_again(self) -> None:
        """Nothing is assumed, remembered or handed out yet."""
        self.assumed: dict[str, Any] = {}
        self.trace = Trace()
        self.spent = 0
        self.remembers = False  # an answer, with what it read; before that nobody asks what was looked for in vain
        self.cut: set[frozenset[str] | None] = set()  # the explorations that stopped early, by what they tried
        self.memo: dict[str, dict[tuple[str, ...], dict[tuple[Hashable, ...], Leaf[Any]]]] = {}

    def fact(self, path: str, value: T | None, might_be: Sequence[Any]) -> T:
        """The value of a fact, or what is assumed of it. Raises Unknown when nobody said and nobody assumed."""
        self.trace.used[path] = None
        if value is not None:
            return value
        if path in self.assumed:
            return self.assumed[path]  # type: ignore[no-any-return]
        raise Unknown(path, might_be)

    def glance(self, path: str, value: T | None) -> T | None:
        """The value if it is known or assumed, else None: for what must never make anybody ask."""
        if value is not None:
            self.trace.used[path] = None
            return value
        if not self.remembers and not self.assumed:
            return None
        self.trace.glanced[path] = None
        return self.assumed.get(path)

    def use(self, paths: tuple[str, ...]) -> None:
        """Hand out several facts that are known."""
        used = self.trace.used
        for path in paths:
            used[path] = None

    def note(self, rule: Rule[..., Any], text: str = "") -> None:
        """Have a rule say its sentence, or a text with this case's figures in it."""
        self.trace.notes.setdefault(rule.id, text or rule.sentence)

    def doubt(self, rule_id: str) -> None:
        """The order rests on something that is only likely."""
        self.trace.doubts[rule_id] = None

    def doubt_no_more_than(self, count: int) -> None:
        """Take back the latest doubts: what they were about turned out to decide nothing."""
        _back_to(self.trace.doubts, count)

    def explore(
        self, law: Callable[[], T], within: frozenset[str] | None = None, same: Callable[[T], Hashable] | None = None
    ) -> list[Leaf[T]]:
        """Every way the law may come out, depth first. Facts outside `within` are left to whoever asked. With `same`,
        stops at `MOST_WAYS` ways, or `MOST_RUNS` in all, once two of them differ: by then it is certain that somebody
        must be asked.
        """
        outer, held = self.trace, self.assumed
        self.trace = Trace()
        try:
            return [Leaf(held, law(), self.trace)]
        except Unknown as unknown:
            return self._branch_out(unknown.path, unknown.might_be, law, within, same)
        finally:
            self.trace, self.assumed = outer, held

    def _branch_out(
        self,
        path: str,
        might_be: Sequence[Any],
        law: Callable[[], T],
        within: frozenset[str] | None,
        same: Callable[[T], Hashable] | None,
    ) -> list[Leaf[T]]:
        leaves: list[Leaf[T]] = []
        waiting: list[dict[str, Any]] = []
        differ: set[Hashable] = set()
        while True:
            if within is not None and path not in within:
                raise Unknown(path, might_be)
            waiting.extend([{**self.assumed, path: value} for value in reversed(might_be)])
            while waiting:
                self.assumed, self.trace = waiting.pop(), Trace()
                self.spent += 1
                try:
                    leaves.append(Leaf(self.assumed, law(), self.trace))
                except Unknown as another:  # kept itself, it and the frames it came through would hold each other
                    path, might_be = another.path, another.might_be
                    break
                if len(leaves) == MOST_WAYS // 2 + 1:
                    # Depth first still, but from the other end, so that what is left out is not all of one kind.
                    waiting.reverse()
                if same is not None and waiting:
                    differ.add(same(leaves[-1].result))
                    if len(differ) > 1 and (len(leaves) >= MOST_WAYS or self.spent >= MOST_RUNS):
                        self.cut.add(within)
                        return leaves
            else:
                return leaves

    def once(self, name: str, law: Callable[[], T]) -> T:
        """The law's answer, worked out once for each set of assumptions it read."""
        self.remembers = True
        known = self.memo.setdefault(name, {})
        for paths, answers in known.items():
            leaf = answers.get(self._under(paths))
            if leaf is not None:
                self.trace.take(leaf.trace)
                return leaf.result  # type: ignore[no-any-return]
        outer, self.trace = self.trace, Trace()
        try:
            result, inner = law(), self.trace
        finally:
            self.trace = outer
        paths = tuple(inner.used | inner.glanced)
        known.setdefault(paths, {})[self._under(paths)] = Leaf({}, result, inner)
        outer.take(inner)
        return result

    def _under(self, paths: tuple[str, ...]) -> tuple[Hashable, ...]:
        """What is assumed of some facts, as a key."""
        said = [self.assumed.get(path, _NOTHING) for path in paths]
        return tuple(repr(value) if isinstance(value, (list, dict)) else value for value in said)

    def settle(self, name: str, law: Callable[[], T], within: Within, same: Callable[[T], Hashable]) -> T:
        """Try the facts `within` together and keep one way to each result, so that facts which lead to the same
        place are not tried against everything else. `within` must hold only facts that no other law reads.
        """
        trace = self.trace
        chosen: Choice | None = self.assumed.get(name)
        if chosen is None:
            said, doubted = len(trace.notes), len(trace.doubts)
            try:
                return law()
            except Unknown:
                _back_to(trace.notes, said)
                _back_to(trace.doubts, doubted)
            choices = self.once(f"{name}*", lambda: self._choices(law, within(), same))
            if len(choices) > 1:
                raise Unknown(name, choices)
            chosen = choices[0]
        trace.glanced[name] = None
        trace.take(chosen.leaf.trace)
        return chosen.leaf.result  # type: ignore[no-any-return]

    def _choices(
        self, law: Callable[[], T], within: frozenset[str], same: Callable[[T], Hashable]
    ) -> tuple[Choice, ...]:
        leaves = self.explore(law, within, same)
        for leaf in leaves:
            self.trace.used |= leaf.trace.used
            self.trace.glanced |= leaf.trace.glanced
        return _choices(leaves, self.assumed, same)

    def maybe(self, law: Callable[[], T]) -> set[T]:
        """What the law might say, without a question coming of it; two different answers are enough to know that it
        is open, so the search stops there.
        """
        outer, held = self.trace, self.assumed
        said: set[T] = set()
        waiting: list[dict[str, Any]] = [held]
        try:
            for _ in range(MOST_RUNS):
                if not waiting or len(said) > 1:
                    break
                self.assumed, self.trace = waiting.pop(), Trace()
                try:
                    said.add(law())
                except Unknown as unknown:
                    waiting.extend(_assuming(self.assumed, unknown.path, v) for v in reversed(unknown.might_be))
                outer.glanced |= self.trace.used | self.trace.glanced
        finally:
            self.trace, self.assumed = outer, held
        return said


_NOTHING: Final = object()


def _back_to(said: dict[str, Any], count: int) -> None:
    """Take back what was added last."""
    while len(said) > count:
        said.popitem()


def _assuming(assumed: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    return {**assumed, path: value}


def _choices(leaves: list[Leaf[T]], held: dict[str, Any], same: Callable[[T], Hashable]) -> tuple[Choice, ...]:
    groups: dict[Hashable, list[Leaf[T]]] = {}
    for leaf in leaves:
        groups.setdefault(same(leaf.result), []).append(leaf)
    ways = tuple((leaf.assumed, same(leaf.result)) for leaf in leaves)
    return tuple(_choice(key, group, held, ways) for key, group in groups.items())


def _choice(
    key: Hashable, group: list[Leaf[T]], held: dict[str, Any], ways: tuple[tuple[dict[str, Any], Hashable], ...]
) -> Choice:
    first = min(group, key=lambda leaf: len(leaf.assumed))
    trace = Trace()
    for leaf in (first, *group):
        trace.take(leaf.trace)
    assumed = tuple((path, value) for path, value in first.assumed.items() if path not in held)
    return Choice(key, assumed, Leaf(first.assumed, first.result, trace), ways)


class Rule(Generic[P, T_co]):
    """A rule of the catalogue: the law itself, with an id, where it stands, how sure that is, and one sentence."""

    def __init__(self, law: Callable[P, T_co], rule_id: str, cites: tuple[str, ...], sure: Sure) -> None:
        self.law = law
        self.id = rule_id
        self.cites = cites
        self.cite = "; ".join(cites)  # in one line
        self.sure = sure
        self.sentence = " ".join((law.__doc__ or _told_in_source(law)).split())
        self.where = law.__module__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T_co:
        if _LISTENING:
            heard = _HEARD.get()
            if heard is not None:
                heard[self.id] = None
        return self.law(*args, **kwargs)


def _told_in_source(law: Callable[..., Any]) -> str:
    """What a compiled function says of itself: mypyc leaves it out."""
    return _docstrings(law.__module__).get(law.__name__, "")


@cache
def _docstrings(module: str) -> dict[str, str]:
    source = Path(__file__).parents[2].joinpath(*module.split(".")).with_suffix(".py")
    functions = [one for one in ast.parse(source.read_bytes()).body if isinstance(one, ast.FunctionDef)]
    return {one.name: ast.get_docstring(one) or "" for one in functions}


BOOK: dict[str, Rule[..., Any]] = {}
# The rules asked in this thread, while somebody wants to know.
_HEARD: Final[ContextVar[dict[str, None] | None]] = ContextVar("_HEARD", default=None)
_LISTENING: Final[list[None]] = []  # one for each block that listens in any thread; mostly nobody does


def rule(rule_id: str, *cites: str, sure: Sure = "read in full") -> Callable[[Callable[P, T]], Rule[P, T]]:
    """Enter a function in the rule book. An id stands in it once."""

    def enter(law: Callable[P, T]) -> Rule[P, T]:
        if rule_id in BOOK:
            raise ValueError(f"{rule_id} is already in the rule book")
        entered: Rule[P, T] = Rule(law, rule_id, cites, sure)
        BOOK[rule_id] = entered
        return entered

    return enter


@contextmanager
def hearing() -> Iterator[dict[str, None]]:
    """Collects the ids of the rules that are asked inside the block, whether or not they have anything to say."""
    heard: dict[str, None] = {}
    before = _HEARD.set(heard)
    _LISTENING.append(None)
    try:
        yield heard
    finally:
        _LISTENING.pop()
        _HEARD.reset(before)

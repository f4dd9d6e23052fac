"""What is changed: every place in a module where one of cosmic-ray's operators has something to change."""

from __future__ import annotations

import ast
import copy
import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import parso
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes

_ORDER: Final = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
# What is changed into what, by cosmic-ray's names. README.md says what is left out, and why.
OPERATORS: Final = frozenset(
    {
        *(f"ReplaceComparisonOperator_{one}_{other}" for one in _ORDER for other in _ORDER if one != other),
        "ReplaceComparisonOperator_Is_IsNot",
        "ReplaceComparisonOperator_IsNot_Is",
        "ReplaceBinaryOperator_Add_Sub",
        "ReplaceBinaryOperator_Sub_Add",
        "ReplaceBinaryOperator_Mul_FloorDiv",
        "ReplaceBinaryOperator_Div_Mul",
        "ReplaceBinaryOperator_FloorDiv_Mul",
        "ReplaceBinaryOperator_Mod_FloorDiv",
        "ReplaceBinaryOperator_BitOr_BitAnd",
        "ReplaceBinaryOperator_BitAnd_BitOr",
        "ReplaceUnaryOperator_Delete_USub",
        "ReplaceUnaryOperator_Delete_Not",
        "AddNot",
        "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue",
        "ReplaceAndWithOr",
        "ReplaceOrWithAnd",
        "ReplaceBreakWithContinue",
        "ReplaceContinueWithBreak",
        "ExceptionReplacer",
        "NumberReplacer",
        "ZeroIterationForLoop",
    }
)
# Keywords of a dataclass that say how it lies in memory and that mypy guards it, not what it holds.
SHAPE_WORDS: Final = frozenset({"slots", "frozen"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one module."""

    module: Path  # relative to the repository
    operator: str
    line: int
    was: str  # the changed lines without their indentation, joined by " / "
    now: str
    text: str  # the whole changed module
    key: str  # says which change it is, whatever the module's other lines are numbered


def changes(root: Path, module: Path, kept: Path) -> list[Change]:
    """Every change of a module that changes what it does, in the order of its lines; worked out once for each text."""
    said = hashlib.sha256(b"".join(path.read_bytes() for path in (root / module, Path(__file__)))).hexdigest()[:16]
    memory = kept / f"{module.stem}-{said}.changes"
    if not memory.exists():
        kept.mkdir(parents=True, exist_ok=True)
        memory.write_bytes(pickle.dumps(_changes(root, module)))
    found: list[Change] = pickle.loads(memory.read_bytes())
    return found


def _changes(root: Path, module: Path) -> list[Change]:
    source = (root / module).read_text(encoding="utf-8")
    done, words = _done(source)
    lines, found, seen = source.splitlines(), [], {done, ""}
    for operator, text in _changed(source):
        does, more_words = _done(text)
        if does in seen or more_words > words:
            continue
        seen.add(does)
        new = text.splitlines()
        first = next(place for place, pair in enumerate(zip(lines, new, strict=False)) if pair[0] != pair[1])
        last = next(place for place, pair in enumerate(zip(lines[::-1], new[::-1], strict=False)) if pair[0] != pair[1])
        was, now = (_joined(side[first : len(side) - last]) for side in (lines, new))
        found.append(Change(module, operator, first + 1, was, now, text, ""))
    found.sort(key=lambda change: change.line)
    return _keyed(found)


def _keyed(found: list[Change]) -> list[Change]:
    """The same line changed in the same way twice in a module gets a number."""
    counted: dict[tuple[str, str], int] = {}
    keyed = []
    for change in found:
        number = counted[change.was, change.now] = counted.get((change.was, change.now), 0) + 1
        said = f"{change.module}\n{change.was}\n{change.now}\n{number}"
        key = hashlib.sha256(said.encode()).hexdigest()[:16]
        keyed.append(Change(change.module, change.operator, change.line, change.was, change.now, change.text, key))
    return keyed


def _joined(lines: list[str]) -> str:
    return " / ".join(" ".join(line.split()) for line in lines)


def _changed(source: str) -> Iterator[tuple[str, str]]:
    tree = parso.parse(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    nodes = list(ast_nodes(tree))
    for name, operator in _operators():
        for node in nodes:
            for index, _ in enumerate(operator.mutation_positions(node)):
                yield name, _with(source, starts, node, operator, index)


def _operators() -> Iterator[tuple[str, Any]]:
    for full in plugins.operator_names():
        name = full.removeprefix("core/")
        if name in OPERATORS:
            yield name, plugins.get_operator(full)()


def _with(source: str, starts: list[int], node: Any, operator: Any, index: int) -> str:
    """The source with one node changed, without parsing and copying the whole of it."""
    changed = operator.mutate(copy.deepcopy(node, {id(node.parent): node.parent}), index)  # its parent is not copied
    from_line, from_column = node.get_start_pos_of_prefix()
    to_line, to_column = node.end_pos
    code = "" if changed is None else changed.get_code()
    return source[: starts[from_line - 1] + from_column] + code + source[starts[to_line - 1] + to_column :]


def _done(source: str) -> tuple[str, int]:
    """What a module does, without what never runs: annotations, docstrings, how its classes lie in memory; and how many
    comparisons ask for a word's place in the alphabet, which the law never does. Nothing where it is no longer Python.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return "", 0
    words = sum(
        isinstance(asked, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) and (_is_word(left) or _is_word(right))
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for left, asked, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
    )
    return ast.dump(_Bare().visit(tree)), words


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bool, type(None)))


_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In
}  # fmt: skip


class _Bare(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and type(inner.ops[0]) in _OPPOSITE:
            if len(inner.ops) == 1:
                return ast.Compare(inner.left, [_OPPOSITE[type(inner.ops[0])]()], inner.comparators)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        self.generic_visit(node)
        node.annotation = ast.Constant(None)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        return ast.Pass() if isinstance(node.value, ast.Constant) else node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        self.generic_visit(node)
        return ast.keyword(node.arg, ast.Constant(None)) if node.arg in SHAPE_WORDS else node

"""The shape of the code: small modules, small functions, a docstring each, pure rules, one direction."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cob.env import ROOT

PACKAGES = ("cob", "claims", "denials", "workqueues", "simulator")
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
VIEW_LINES_MAX = 30
NO_NAMES = ("utils.py", "helpers.py", "common.py", "base.py", "manager.py", "misc.py")


def _tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _modules():
    of_ours = [path for path in _tracked("*.py") if path.relative_to(ROOT).parts[0] in PACKAGES]
    return [path for path in of_ours if "migrations" not in path.parts]


MODULES = _modules()


@pytest.fixture(scope="module")
def trees():
    """Every module as Python reads it. Millions of nodes: not kept while other tests run."""
    return {path: ast.parse(path.read_text()) for path in MODULES}


def _name(path):
    return str(path.relative_to(ROOT))


def _length(node):
    return node.end_lineno - node.lineno + 1


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 100


def test_no_module_is_longer_than_four_hundred_lines():
    lengths = {_name(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES_MAX} == {}


def test_no_function_is_longer_than_sixty_lines(trees):
    long = {
        f"{_name(path)}:{node.name}": _length(node)
        for path, tree in trees.items()
        for node in _functions(tree)
        if _length(node) > FUNCTION_LINES_MAX
    }

    assert long == {}


def test_a_view_says_who_may_loads_acts_and_answers_and_no_more(trees):
    long = {
        f"{_name(path)}:{node.name}": _length(node)
        for path, tree in trees.items()
        if path.name == "views.py"
        for node in _functions(tree)
        if _length(node) > VIEW_LINES_MAX
    }

    assert long == {}


def test_every_module_opens_with_its_one_idea(trees):
    empty = [_name(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]

    assert empty == []


def test_no_module_is_named_for_nothing():
    assert [_name(path) for path in MODULES if path.name in NO_NAMES] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_to_do(word):
    marked = re.compile(rf"(#|<!--|\{{#|//|/\*|\"\"\").*\b{word}\b")
    found = [
        f"{_name(path)}:{number}"
        for path in _tracked("*.py", "*.html", "*.css", "*.js", "*.yaml", "*.yml", "*.toml", "Makefile", "Dockerfile")
        if path.name != Path(__file__).name
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marked.search(line)
    ]

    assert found == []


def test_only_the_logs_and_the_commands_print(trees):
    """A page or a job that prints writes past the allow-list of the logs."""
    found = [
        f"{_name(path)}:{node.lineno}"
        for path, tree in trees.items()
        if "commands" not in path.parts and _name(path) != "cob/rules/book.py"  # a program that writes a page
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert found == []


def test_only_env_reads_the_environment(trees):
    allowed = {"cob/env.py", "cob/celery.py", "cob/wsgi.py", "cob/management/commands/start.py"}
    found = {
        _name(path)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }

    assert found - allowed == set()


def test_the_arrows_run_one_way():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]

    contracts = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert contracts.returncode == 0, contracts.stdout

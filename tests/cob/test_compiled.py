"""Machine code of other sources is refused; what is compiled is what the desk would run without it."""

from __future__ import annotations

import ast
from importlib.machinery import EXTENSION_SUFFIXES

import pytest

from cob import compiled

SUFFIX = EXTENSION_SUFFIXES[0]
OTHERS = ".cpython-39-other.so"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree of one rule and what it reads, with the machine code of it beside it."""
    folder = tmp_path / "cob" / "rules"
    (folder / "order").mkdir(parents=True)
    source, case = folder / "order" / "law.py", folder / "order" / "case.py"
    source.write_text("LAW = 1\n")
    case.write_text("day: date\n")
    for name, value in {
        "ROOT": tmp_path, "FOLDER": folder, "STAMP": folder / "compiled.sha256", "SOURCES": [source],
        "READ": [source, case],
    }.items():  # fmt: skip
        monkeypatch.setattr(compiled, name, value)
    (folder / "order" / f"law{SUFFIX}").touch()
    (tmp_path / f"cob_rules__mypyc{SUFFIX}").touch()
    compiled.STAMP.write_text(compiled._digest())
    return tmp_path


def files(tree):
    return sorted(path.name for path in tree.rglob("*") if path.is_file())


def test_machine_code_of_these_sources_is_taken(tree):
    compiled.refuse_stale()


SPOILT = {
    "the source changed": lambda tree: compiled.SOURCES[0].write_text("LAW = 2\n"),
    "what it reads changed": lambda tree: compiled.READ[1].write_text("day: date | None\n"),
    "a compilation was broken off": lambda tree: compiled.STAMP.unlink(),
    "a part is gone": lambda tree: (compiled.FOLDER / "order" / f"law{SUFFIX}").unlink(),
    "another part is gone": lambda tree: (tree / f"cob_rules__mypyc{SUFFIX}").unlink(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_machine_code_of_other_sources_is_refused_and_both_ways_out_are_named(tree, spoil):
    spoil(tree)

    with pytest.raises(ImportError, match=r"run `make compiled` again, or `make interpreted` to go without"):
        compiled.refuse_stale()


def test_the_sources_alone_are_taken_whatever_was_compiled_once(tree):
    compiled.remove()

    compiled.SOURCES[0].write_text("LAW = 2\n")
    compiled.refuse_stale()
    assert files(tree) == ["case.py", "law.py"]


def test_machine_code_of_another_python_is_passed_over_as_python_does_and_removed_with_the_rest(tree):
    for file in compiled.built():
        file.rename(file.with_name(file.name.removesuffix(SUFFIX) + OTHERS))
    compiled.SOURCES[0].write_text("LAW = 2\n")

    compiled.refuse_stale()
    assert compiled.built() == []
    compiled.remove()
    assert files(tree) == ["case.py", "law.py"]


def test_every_module_of_the_payer_order_is_compiled_but_those_pydantic_makes_as_it_runs():
    order = {file.name for file in (compiled.FOLDER / "order").glob("*.py")}

    assert {file.name for file in compiled.SOURCES} == {"dates.py", "reading.py", *order} - {
        "__init__.py", "case.py", "intake.py",
    }  # fmt: skip


def test_whatever_of_ours_the_compiled_modules_import_is_read_for_the_stamp():
    imported = {
        node.module
        for file in compiled.SOURCES
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("cob")
    }
    read = {".".join(file.relative_to(compiled.ROOT).with_suffix("").parts) for file in compiled.READ}

    assert imported - {"cob.rules", "cob.rules.order"} <= read

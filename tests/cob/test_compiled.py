"""Machine code of other sources is refused; what is compiled is what the desk would run without it."""

from __future__ import annotations

import pytest

from cob import compiled


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree of one rule, with the machine code of it beside it."""
    folder = tmp_path / "cob" / "rules"
    (folder / "order").mkdir(parents=True)
    source = folder / "order" / "law.py"
    source.write_text("LAW = 1\n")
    for name, value in {
        "ROOT": tmp_path, "FOLDER": folder, "STAMP": folder / "compiled.sha256", "SOURCES": [source]
    }.items():  # fmt: skip
        monkeypatch.setattr(compiled, name, value)
    (folder / "order" / "law.cpython-311-x86_64-linux-gnu.so").touch()
    (tmp_path / "cob_rules__mypyc.cpython-311-x86_64-linux-gnu.so").touch()
    compiled.STAMP.write_text(compiled._digest())
    return tmp_path


def files(tree):
    return sorted(path.name for path in tree.rglob("*") if path.is_file())


def test_machine_code_of_these_sources_is_taken(tree):
    compiled.refuse_stale()


@pytest.mark.parametrize("built_of_others", ["the source changed", "a compilation was broken off"])
def test_machine_code_of_other_sources_is_refused_and_both_ways_out_are_named(tree, built_of_others):
    if built_of_others == "the source changed":
        compiled.SOURCES[0].write_text("LAW = 2\n")
    else:
        compiled.STAMP.unlink()

    with pytest.raises(ImportError, match=r"run `make compiled` again, or `make interpreted` to go without"):
        compiled.refuse_stale()


def test_the_sources_alone_are_taken_whatever_was_compiled_once(tree):
    compiled.remove()

    compiled.SOURCES[0].write_text("LAW = 2\n")
    compiled.refuse_stale()
    assert files(tree) == ["law.py"]


def test_every_module_of_the_payer_order_is_compiled_but_those_pydantic_makes_as_it_runs():
    order = {file.name for file in (compiled.FOLDER / "order").glob("*.py")}

    assert {file.name for file in compiled.SOURCES} == {"reading.py", *order} - {"__init__.py", "case.py", "intake.py"}

"""The payer order as machine code: the same files through mypyc, and never older than they are.

`make compiled` builds it beside the sources, where Python prefers it. Nothing else changes: without a C compiler the
desk runs the sources, and says the same.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "cob" / "rules"
STAMP = FOLDER / "compiled.sha256"
# pydantic makes its models while Python runs, so they and what reads them in stay as they are.
INTERPRETED = frozenset({"__init__.py", "case.py", "intake.py"})
SOURCES = [
    ROOT / "cob" / "dates.py",
    FOLDER / "reading.py",
    *sorted(file for file in (FOLDER / "order").glob("*.py") if file.name not in INTERPRETED),
]
# The compiler believes what it reads of the types in these, so they are as good as compiled in.
READ = [
    *SOURCES,
    *(FOLDER / "order" / name for name in sorted(INTERPRETED)),
    FOLDER / "parameters.py",
]


def refuse_stale() -> None:
    """Stop with an ImportError when the machine code was made of other sources, or is not all there: Python would mix
    the two.
    """
    if built() and (not STAMP.exists() or STAMP.read_text(encoding="ascii") != _digest()):
        raise ImportError(
            "the compiled rules are not those of the sources beside them; run `make compiled` again, "
            "or `make interpreted` to go without"
        )


def remove() -> None:
    """Back to the sources alone."""
    for file in (*_machine_code(), STAMP):
        file.unlink(missing_ok=True)


def build() -> None:
    """Compile, then say of what. Raises what the compiler raises."""
    from mypyc.build import mypycify
    from setuptools import Distribution

    remove()
    sources = [file.relative_to(ROOT).as_posix() for file in SOURCES]
    modules = mypycify(
        ["--config-file=", "--ignore-missing-imports", "--cache-dir=build/mypy", *sources],
        opt_level="3",
        debug_level="0",
        group_name="cob_rules",
    )
    for module in modules:
        # So that calls go straight: those among them, and those to Python.
        module.extra_compile_args += ["-fvisibility=hidden", "-fno-plt"]
    command = Distribution({"name": "cob-desk", "ext_modules": modules}).get_command_obj("build_ext")
    command.inplace = True
    command.ensure_finalized()
    command.run()
    STAMP.write_text(_digest(), encoding="ascii")


def built() -> list[Path]:
    """The machine code that Python takes in place of the sources; that of another Python it passes over."""
    return [file for file in _machine_code() if f".{file.name.partition('.')[2]}" in EXTENSION_SUFFIXES]


def _machine_code() -> list[Path]:
    return sorted([*(ROOT / "cob").glob("*.so"), *FOLDER.rglob("*.so"), *ROOT.glob("cob_rules__mypyc*.so")])


def _digest() -> str:
    """Of the sources, and of which files are made of them."""
    parts = [file.read_bytes() for file in READ] + [file.name.encode() for file in built()]
    return sha256(b"\0".join(parts)).hexdigest()


if __name__ != "__main__":
    refuse_stale()
elif "--remove" in sys.argv:
    remove()
else:
    build()

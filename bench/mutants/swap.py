"""How a change is put into the running program: the changed function's code is put in the place of the old one.

Everybody who imported the function keeps the same object, so nothing is imported again. What runs at the import itself
(constants, classes, the entering of rules) cannot be changed that way; `Changed` then imports the module anew.
"""

from __future__ import annotations

import functools
import gc
import inspect
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

Place = tuple[str, str, int]  # file, qualified name, first line


def place(code: CodeType) -> Place:
    """Where a function stands."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


class Living:
    """The functions and the memories of this process, found once: what is frozen afterwards is no longer listed."""

    def __init__(self) -> None:
        self.functions: dict[Place, list[FunctionType]] = {}
        self.memories: list[Any] = []
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType):
                self.functions.setdefault(place(thing.__code__), []).append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper) and str(thing.__module__).startswith("cob."):
                self.memories.append(thing)


class Swapper:
    """Changes the functions of one module."""

    def __init__(self, path: Path, living: Living) -> None:
        self.path, self.living = str(path), living
        self.code = compile(path.read_text(encoding="utf-8"), self.path, "exec")

    def changed(self, text: str) -> dict[Place, CodeType] | None:
        """The new code of each changed function; None where something outside of functions changed."""
        found: dict[Place, CodeType] = {}
        same = _compare(self.code, compile(text, self.path, "exec"), found)
        return found if same and all(one in self.living.functions for one in found) else None

    def put(self, codes: dict[Place, CodeType]) -> None:
        """Put the new code in place in this process, and forget what was worked out before."""
        for where, code in codes.items():
            for function in self.living.functions[where]:
                function.__code__ = code
        # What was read from files does not hang on the law, and reading it again takes longer than asking.
        above = str(self.path).rpartition("/rules/")[2].rpartition("/")[0].replace("/", ".")
        for memory in self.living.memories:
            if memory.__module__.startswith(f"cob.rules.{above}") and memory.__name__ != "rules_version":
                memory.cache_clear()


def _compare(old: CodeType, new: CodeType, found: dict[Place, CodeType]) -> bool:
    """Collects the functions in which two module or class bodies differ; False where the bodies themselves do."""
    if _own(old) != _own(new):
        return False
    for one, other in zip(_inner(old), _inner(new), strict=True):
        if one.co_flags & inspect.CO_OPTIMIZED:  # a function
            if one != other:
                found[place(one)] = other
        elif not _compare(one, other, found):
            return False
    return True


def _own(code: CodeType) -> tuple[Any, ...]:
    consts = ["a code" if isinstance(const, CodeType) else (type(const), const) for const in code.co_consts]
    return code.co_code, code.co_names, code.co_name, consts


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


class Changed(MetaPathFinder):
    """Imports one module from a changed text."""

    def __init__(self, name: str, path: Path, text: str) -> None:
        self.name, self.path, self.text = name, path, text

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """The changed module, and nothing else."""
        if name != self.name:
            return None
        loader = _Loader(name, str(self.path))
        loader.text = self.text
        return spec_from_loader(name, loader, is_package=self.path.stem == "__init__")


class _Loader(SourceFileLoader):
    text = ""

    def get_code(self, _fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


def import_anew(module: Changed) -> None:
    """Forget every module of ours; the changed one is imported from its changed text from now on."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("cob", "tests")]:
        del sys.modules[name]
    sys.meta_path.insert(0, module)

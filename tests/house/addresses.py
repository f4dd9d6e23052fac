"""Every address of the desk, as the tests about them walk it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "slug": "sample", "str": "sample", "path": "sample"}
EXEMPT_PREFIXES = ("static/",)


@dataclass(frozen=True)
class Address:
    """One line of a URL map: its full name, a path with sample values in it, and its view."""

    name: str
    path: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


def every_address() -> list[Address]:
    """All of them, also those that have no name (theirs is empty)."""
    return list(_walk(get_resolver(), (), {}))


def _walk(resolver: URLResolver, spaces: tuple[str, ...], values: dict[str, str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        here = values | _sample_values(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces, here)
        elif isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name)) if entry.name else ""
            yield Address(name, reverse(name, kwargs=here) if name else str(entry.pattern), entry.callback)


def _sample_values(pattern: Any) -> dict[str, str]:
    converters = getattr(pattern, "converters", {})
    kinds = {"UUIDConverter": "uuid", "IntConverter": "int", "SlugConverter": "slug"}
    found = {name: SAMPLES[kinds.get(type(converter).__name__, "str")] for name, converter in converters.items()}
    regex = getattr(pattern, "regex", None)
    groups = regex.groupindex if regex is not None else {}
    return found | {name: "sample" for name in groups if name not in found}

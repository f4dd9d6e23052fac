"""Names of table rows that are the same in every process: a set is written in the order of its letters."""

from __future__ import annotations


def written(value):
    """As `str`, but sets are sorted, or the processes of the suite would not agree on what there is to run."""
    return str(sorted(value, key=str)) if isinstance(value, set | frozenset) else str(value)

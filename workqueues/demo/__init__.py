"""A synthetic practice: invented people, real files. Everything it shows came in through the same importer as yours.

Deterministic for a given day and seed, so that two installations show the same desk.
"""

from __future__ import annotations

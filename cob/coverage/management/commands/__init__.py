"""Commands of the coverage app."""

from __future__ import annotations

"""Pages of claims, files and remittances: may I, load, act, answer."""

from __future__ import annotations

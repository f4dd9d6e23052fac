"""Who pays first: the rules of order, one subject to a module."""

from __future__ import annotations

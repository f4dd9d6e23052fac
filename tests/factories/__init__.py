"""The smallest valid row of each kind; a test names only what it is about."""

from __future__ import annotations

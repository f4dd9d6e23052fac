"""Claims, files and remittances as pages show them: words, tones and addresses; no rule is decided here."""

from __future__ import annotations

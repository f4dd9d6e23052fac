"""One claim, addressed again: what a later payer is sent is the claim on file projected onto that payer, never a copy
that somebody edits."""

from __future__ import annotations

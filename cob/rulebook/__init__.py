"""The book of rules as pages: each rule with its sentence, sources, dates, facts and cases, for everybody signed in."""

from __future__ import annotations

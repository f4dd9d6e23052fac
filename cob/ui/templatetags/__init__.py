"""Template tags, available in every template without `{% load %}`."""

from __future__ import annotations

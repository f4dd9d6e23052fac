"""How the desk looks and reads: template tags, the top bar, the page of components. It owns no rows."""

from __future__ import annotations

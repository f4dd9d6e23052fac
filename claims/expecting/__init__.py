"""Expected payment of claims on file: the answers and terms as the rules read them, the comparison, and its storing."""

from __future__ import annotations

from claims.expecting.compare import Compared, Stand, compared
from claims.expecting.storing import refresh, refresh_all

__all__ = ["Compared", "Stand", "compared", "refresh", "refresh_all"]

"""Files in: received and kept, then checked and stored whole or not at all, and answers matched later by hand.

edi_file, created = receive(name, stream, by=user)
result = import_file(edi_file, progress)
"""

from __future__ import annotations

from claims.exchange.importing import import_file
from claims.exchange.keeping import receive
from claims.exchange.outcomes import outcome_counts, register_counter

__all__ = ["import_file", "outcome_counts", "receive", "register_counter"]

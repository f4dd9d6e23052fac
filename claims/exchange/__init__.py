"""Files in: received and kept, then checked and stored whole or not at all, and answers matched later by hand.

edi_file, created = receive(name, stream, by=user)
result = import_file(edi_file, progress)
"""

from __future__ import annotations

from claims.exchange.importing import import_file
from claims.exchange.keeping import receive
from claims.exchange.later import AlreadyMatched, match_later, post_again
from claims.exchange.opening import open_import
from claims.exchange.outcomes import outcome_counts, register_counter
from claims.exchange.posting import rebalance
from claims.exchange.undoing import CannotUndo, undo_postings

__all__ = [
    "AlreadyMatched",
    "CannotUndo",
    "import_file",
    "match_later",
    "open_import",
    "outcome_counts",
    "post_again",
    "rebalance",
    "receive",
    "register_counter",
    "undo_postings",
]

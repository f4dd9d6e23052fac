"""The rows of the queues: items, and what was written about them."""

from __future__ import annotations

from workqueues.models.choices import ALLOWED, Channel, ClosureCode, EvidenceKind, Outcome, RootCause, State
from workqueues.models.exception import LoggedException, What
from workqueues.models.item import OPEN, Item
from workqueues.models.log import Closure, Contact, Escalation, Evidence, Note
from workqueues.models.setting import Notice, QueueSetting, SavedView

__all__ = [
    "ALLOWED",
    "OPEN",
    "Channel",
    "Closure",
    "ClosureCode",
    "Contact",
    "Escalation",
    "Evidence",
    "EvidenceKind",
    "Item",
    "LoggedException",
    "Note",
    "Notice",
    "Outcome",
    "QueueSetting",
    "RootCause",
    "SavedView",
    "State",
    "What",
]

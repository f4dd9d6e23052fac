"""Logs are JSON lines built from an allow-list of keys, so patient data cannot be logged by habit."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from cob.env import env

ALLOWED_KEYS = frozenset(
    "event level timestamp logger request_id user_id task_id task job job_id kind state code method path status"
    " duration_ms count ip exc_type where".split()
)


def only_allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep what is known to be harmless; name what was dropped, never its value.

    An exception's message can quote a row, so only its type and place are kept.
    """
    dropped = sorted(key for key in event if key not in ALLOWED_KEYS and not key.startswith("_"))
    kept = {key: value for key, value in event.items() if key in ALLOWED_KEYS or key.startswith("_")}
    info = event.get("exc_info")
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        kept |= {"exc_type": info[0].__name__, "where": _place(info[2])}
    if isinstance(event.get("event"), dict):
        kept["event"] = str(event["event"].get("event", ""))
    if dropped:
        kept["dropped"] = dropped
    return kept


def _place(trace: TracebackType | None) -> str:
    """Function and line where it was raised: the end of the trace."""
    last = trace
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_qualname}:{last.tb_lineno}" if last else ""


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                only_allowed,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": env.cob_log_level},
    "loggers": {"django": {"handlers": [], "level": env.cob_log_level, "propagate": True}},
}

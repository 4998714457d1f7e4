"""Logs of event names and ids only: whatever is not on the list of keys is dropped."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

KEYS = frozenset(
    {
        "event",
        "level",
        "at",
        "route",
        "method",
        "status",
        "ms",
        "door",
        "job",
        "task",
        "count",
        "kind",
        "where",
        "pid",
        "size",
        "seconds",
        "reason_code",
    }
)
PLAIN = (str, int, float, bool)


def _allowed(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in KEYS and isinstance(value, PLAIN)}


def start_logging() -> None:
    """One line of JSON for each event, to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def log() -> Any:
    """The logger."""
    return structlog.get_logger()


def report_failure(failure: BaseException, *, route: str) -> None:
    """An unexpected failure: its kind and where in our code, never its message or the values at hand."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "/app/" in frame.filename] or list(frames)
    last = ours[-1] if ours else None
    where = f"{last.filename.rsplit('/app/', 1)[-1]}:{last.lineno}" if last else ""
    log().error("request:failed", kind=type(failure).__name__, where=where, route=route)

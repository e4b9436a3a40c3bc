"""Structured logs, one line each, in which the bot's token never stands."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = "…token…"


class Redaction:
    """Replaces the token wherever it stands in a log entry, tracebacks included."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, logger: object, name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A processor of structlog."""
        if self._token:
            for key, value in entry.items():
                if isinstance(value, str) and self._token in value:
                    entry[key] = value.replace(self._token, HIDDEN)
        return entry


def set_up_logs(token: str, level: int = logging.INFO) -> None:
    """Logs go to stderr as logfmt; libraries that log addresses are held at WARNING."""
    for name in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.format_exc_info,
        Redaction(token),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            Redaction(token),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )

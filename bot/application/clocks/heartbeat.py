"""The heartbeat of the scan: a row that says, in real time, when it last came through."""

from __future__ import annotations

from bot.application.ports import UnitOfWork

HEARTBEAT = "scan:heartbeat"
EVERY = 15.0
"""So many seconds apart it is written at most."""


async def last_beat(uow: UnitOfWork) -> float | None:
    """When a scan last came through, in real seconds; None if none ever has."""
    last = await uow.settings.get(HEARTBEAT)
    return float(last) if isinstance(last, int | float) else None


async def beat(uow: UnitOfWork, now: float) -> None:
    """A scan has ended."""
    await uow.settings.put(HEARTBEAT, now)

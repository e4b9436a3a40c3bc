"""Checks of what makes clocks go: the scan's heartbeat, and rows that are due and that nobody judges."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.application.clocks.heartbeat import last_beat
from bot.cli.doctor.finding import Finding, bad, good, warning
from storage.store import SqlStore

LATE_SECONDS = 60.0
OVERSLEPT = timedelta(minutes=2)
AT_MOST = 100


async def check_scan(store: SqlStore, now: datetime) -> AsyncIterator[Finding]:
    """When the scan last came through, and what is still due that it should have judged."""
    async with store.read() as uow:
        last = await last_beat(uow)
        late = len(await uow.dues.ripe(now - OVERSLEPT, limit=AT_MOST))
    if last is None:
        yield warning("scan", "doctor-scan-never")
        return
    age = max(0.0, time.time() - last)
    if age <= LATE_SECONDS and not late:
        yield good("scan", "doctor-scan", age=age)
    else:
        yield bad("scan", "doctor-scan-late", age=age, count=late, more=late == AT_MOST)

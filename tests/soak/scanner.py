"""A process that does nothing but scan a database, a few rows at a time, until it is killed or nothing is due."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from bot.application.clocks.scan_due import scan_due
from storage.store import SqlStore
from tests.support.grown import district

FEW = 5


async def scan(url: str, now: datetime) -> None:
    """Says when it begins and when it is done."""
    where, store = district(), SqlStore.open(url)
    print("scanning", flush=True)
    try:
        await scan_due(store, where, now=now, batch=FEW)
    finally:
        await store.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(scan(sys.argv[1], datetime.fromisoformat(sys.argv[2])))

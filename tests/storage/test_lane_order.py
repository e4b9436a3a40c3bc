"""Several claimers, one hot chat: nothing twice, nothing lost, every chat in its order."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict

from sqlalchemy import select

from bot.application.inbox import LaneClaim, RawUpdate
from bot.domain.errors import VersionConflict
from storage.inbox import SqlInbox
from storage.store import SqlStore
from storage.tables.lists import correction
from tests.storage.samples import a_correction

BOT, HOT, CLAIMERS, ROWS = 42, -1, 4, 180


class Claimers:
    """Work that sometimes loses its lease or fails, as killed workers do; what was committed is written down."""

    def __init__(self, store: SqlStore, seed: int) -> None:
        self.store = store
        self.inbox = SqlInbox(store)
        self.random = random.Random(seed)
        self.moment = 100.0
        self.stolen = 0
        self.have_arrived = False

    async def work(self, name: str) -> None:
        while True:
            self.moment += 0.01
            lanes = self.random.randint(1, 3)
            claims = await self.inbox.claim(BOT, name, now=self.moment, lease=0.4, rows=3, lanes=lanes)
            for claim in claims:
                await self._rows_of(claim)
            if claims:
                continue
            if self.have_arrived and await self.inbox.backlog() == (0, None):
                return
            else:
                await asyncio.sleep(0.002)

    async def _rows_of(self, claim: LaneClaim) -> None:
        for row in claim.rows:
            if self.random.random() < 0.05:
                self.moment += 0.5
            if self.random.random() < 0.05:
                await self.inbox.failed(claim, row, "x", retry_at=self.moment + 0.05, dead=False)
                return
            try:
                async with self.store.begin() as uow:
                    await asyncio.sleep(self.random.random() * 0.002)
                    await self.inbox.done(uow, claim, row)
                    await uow.corrections.add(a_correction(text=str(row.update_id)))
                    await uow.commit()
            except VersionConflict:
                self.stolen += 1
                return
        await self.inbox.release(claim)


async def test_no_inversion_with_one_hot_chat_and_four_claimers(store: SqlStore) -> None:
    chats = [HOT if number % 2 else -2 - number % 9 for number in range(ROWS)]
    crowd = Claimers(store, seed=7)
    updates = [RawUpdate(number, "", "{}", chat) for number, chat in enumerate(chats)]

    async def arrive() -> None:
        for start in range(0, ROWS, 30):
            assert await crowd.inbox.add(BOT, updates[start : start + 30], at=1.0) == 30
            await asyncio.sleep(0.01)
        crowd.have_arrived = True

    await asyncio.gather(arrive(), *(crowd.work(f"w:{number}") for number in range(CLAIMERS)))

    async with store.read() as uow:
        rows = await uow.db.rows(select(correction.c.text).order_by(correction.c.id))
    worked = [int(row.text) for row in rows]
    assert sorted(worked) == list(range(ROWS))
    by_chat: dict[int, list[int]] = defaultdict(list)
    for number in worked:
        by_chat[chats[number]].append(number)
    assert all(order == sorted(order) for order in by_chat.values())
    assert len(by_chat[HOT]) == ROWS // 2
    assert crowd.stolen > 0, "no lease was lost, so no fence was tried"

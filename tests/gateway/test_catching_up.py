"""Clocks wait until what people wrote while nobody fetched has been worked off, and never for good."""

from __future__ import annotations

from bot.application.inbox import RawUpdate
from bot.gateway.catching_up import LONGEST_SECONDS, CatchingUp
from bot.gateway.health import LAST_GOOD
from storage.inbox import SqlInbox
from storage.store import SqlStore

START = 1_000_000.0


class HandTicker:
    """Real time as the test says it."""

    now = START

    def time(self) -> float:
        return self.now


async def heard(store: SqlStore, at: float) -> None:
    async with store.begin() as uow:
        await uow.settings.put(LAST_GOOD, at)
        await uow.commit()


async def test_where_nobody_ever_fetched_nothing_is_waited_for(store: SqlStore) -> None:
    assert await CatchingUp(store, SqlInbox(store), HandTicker()).is_over()


async def test_it_is_over_when_telegram_was_heard_of_and_nothing_waits(store: SqlStore) -> None:
    await heard(store, START - 3600)
    catching_up = CatchingUp(store, SqlInbox(store), HandTicker())
    assert not await catching_up.is_over(), "not yet heard of since the start"
    await SqlInbox(store).add(1, [RawUpdate(1, "c1", "{}")], at=START)
    await heard(store, START + 1)
    assert not await catching_up.is_over(), "what came is not worked off"


async def test_it_ends_by_itself(store: SqlStore) -> None:
    await heard(store, START - 3600)
    ticker = HandTicker()
    catching_up = CatchingUp(store, SqlInbox(store), ticker)
    ticker.now = START + LONGEST_SECONDS + 1
    assert await catching_up.is_over()
    ticker.now = START
    assert await catching_up.is_over(), "over once, over for good"

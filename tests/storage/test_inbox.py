"""Raw updates: stored once, one lane per chat whatever its id, claims with fences, retries, dead letters."""

from __future__ import annotations

import pytest

from bot.application.inbox import LaneClaim, RawUpdate
from bot.domain.errors import VersionConflict
from storage.inbox import SqlInbox
from storage.store import SqlStore

BOT = 42


def update(number: int, chat: int | None = -1, user: int | None = 5, **other: int | None) -> RawUpdate:
    return RawUpdate(number, "kind:poll", f'{{"update_id":{number}}}', chat, user, **other)


async def claim(inbox: SqlInbox, now: float = 10.0, worker: str = "w:1", limit: int = 8) -> LaneClaim | None:
    claims = await inbox.claim(BOT, worker, now=now, lease=30.0, rows=limit, lanes=1)
    return claims[0] if claims else None


async def must_claim(inbox: SqlInbox, now: float = 10.0, worker: str = "w:1", limit: int = 8) -> LaneClaim:
    claimed = await claim(inbox, now, worker, limit)
    assert claimed is not None
    return claimed


def numbers(claimed: LaneClaim) -> list[int]:
    return [row.update_id for row in claimed.rows]


async def finish(store: SqlStore, inbox: SqlInbox, claimed: LaneClaim) -> None:
    for row in claimed.rows:
        async with store.begin() as uow:
            await inbox.done(uow, claimed, row)
            await uow.commit()
    await inbox.release(claimed)


async def test_duplicates_vanish(inbox: SqlInbox) -> None:
    assert await inbox.last_update_id(BOT) is None
    assert await inbox.add(BOT, [update(1), update(2)], at=1.0) == 2
    assert await inbox.add(BOT, [update(2), update(3), update(3)], at=2.0) == 1
    assert await inbox.add(BOT, [update(2)], at=2.0) == 0
    assert await inbox.add(BOT + 1, [update(2)], at=2.0) == 1
    assert await inbox.add(BOT, [], at=2.0) == 0
    assert await inbox.last_update_id(BOT) == 3
    assert await inbox.backlog() == (4, 1.0)


async def test_a_claim_holds_the_oldest_rows_of_one_lane(inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(3, chat=-2), update(1, chat=-2), update(2, chat=-1)], at=1.5)
    first, second = await must_claim(inbox, limit=1), await must_claim(inbox)
    assert (numbers(first), numbers(second)) == ([1], [2])
    assert first.rows[0].payload == '{"update_id":1}'
    assert (first.rows[0].attempts, first.rows[0].received_at) == (0, 1.5)
    assert await claim(inbox) is None
    assert not await inbox.claim(BOT + 1, "w", now=10.0, lease=1.0, rows=8, lanes=1)


async def test_several_lanes_are_claimed_at_once_each_with_its_oldest_rows(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(number, chat=-(number % 4) - 1) for number in range(1, 21)], at=1.0)
    held = await inbox.claim(BOT, "w:1", now=10.0, lease=30.0, rows=2, lanes=3)
    assert len({claimed.lane_id for claimed in held}) == 3
    for claimed in held:
        first = numbers(claimed)[0]
        assert first <= 4 and numbers(claimed) == [first, first + 4]
    last = await inbox.claim(BOT, "w:2", now=10.0, lease=30.0, rows=2, lanes=3)
    assert len(last) == 1, "what another holds is left alone"
    assert len({claimed.lane_id for claimed in (*held, *last)}) == 4
    for claimed in held:
        await finish(store, inbox, claimed)
    again = await inbox.claim(BOT, "w:2", now=11.0, lease=30.0, rows=8, lanes=9)
    assert sorted(len(claimed.rows) for claimed in again) == [3, 3, 3]


async def test_lanes_are_served_in_turn(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(number, chat=-2) for number in range(1, 6)] + [update(9, chat=-1)], at=1.0)
    served = []
    for moment in (10.0, 11.0, 12.0):
        claimed = await must_claim(inbox, now=moment, limit=1)
        served += numbers(claimed)
        await finish(store, inbox, claimed)
    assert sorted(served[:2]) == [1, 9] and served[2] == 2


async def test_both_ids_of_a_migrated_chat_are_one_lane(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1, chat=-1)], at=1.0)
    await inbox.add(BOT, [update(2, chat=-1009)], at=1.0)
    early = await must_claim(inbox, now=10.0)
    other = await must_claim(inbox, now=11.0)
    assert (numbers(early), numbers(other)) == ([1], [2])
    await inbox.add(BOT, [update(3, chat=-1009, migrate_from=-1), update(4, chat=-1)], at=2.0)
    async with store.begin() as uow:
        with pytest.raises(VersionConflict):
            await inbox.done(uow, other, other.rows[0])
    await finish(store, inbox, early)
    assert numbers(await must_claim(inbox, now=12.0)) == [2, 3, 4]
    async with store.read() as uow:
        old, new = await uow.chats.by_telegram_id(-1), await uow.chats.by_telegram_id(-1009)
        assert old is not None
        assert old == new
        assert old.telegram_id == -1009


async def test_what_has_no_chat_goes_by_user_or_by_kind(inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1, chat=None, user=5), update(2, chat=None, user=6)], at=1.0)
    await inbox.add(BOT, [update(3, chat=None, user=5), update(4, chat=None, user=None)], at=1.0)
    lanes = [numbers(await must_claim(inbox)) for _ in range(3)]
    assert lanes == [[1, 3], [2], [4]]


async def test_done_counts_only_if_the_work_is_committed(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1)], at=1.0)
    claimed = await must_claim(inbox)
    async with store.begin() as uow:
        await inbox.done(uow, claimed, claimed.rows[0])
    assert await inbox.backlog() == (1, 1.0)
    async with store.begin() as uow:
        await inbox.done(uow, claimed, claimed.rows[0])
        await uow.commit()
    assert await inbox.backlog() == (0, None)
    async with store.begin() as uow:
        with pytest.raises(VersionConflict):
            await inbox.done(uow, claimed, claimed.rows[0])


async def test_an_overdue_lease_passes_on_and_its_old_holder_is_refused(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1)], at=1.0)
    old = await must_claim(inbox, now=10.0, worker="a:1")
    assert await claim(inbox, now=39.0, worker="b:1") is None
    new = await must_claim(inbox, now=40.0, worker="b:1")
    assert new.fence > old.fence
    async with store.begin() as uow:
        with pytest.raises(VersionConflict):
            await inbox.done(uow, old, old.rows[0])
    await inbox.failed(old, old.rows[0], "late", retry_at=99.0, dead=True)
    await inbox.release(old)
    assert await claim(inbox, now=41.0) is None
    async with store.begin() as uow:
        await inbox.done(uow, new, new.rows[0])
        await uow.commit()


async def test_leases_of_an_earlier_life_are_void_at_once(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1, chat=-1), update(2, chat=-2)], at=1.0)
    own, other = await must_claim(inbox, worker="host-1:1"), await must_claim(inbox, worker="host-10:1")
    await inbox.void_leases("host-1:")
    again = await must_claim(inbox, now=10.0)
    assert numbers(again) == numbers(own)
    assert await claim(inbox, now=10.0) is None
    async with store.begin() as uow:
        with pytest.raises(VersionConflict):
            await inbox.done(uow, own, own.rows[0])
        await inbox.done(uow, other, other.rows[0])


async def test_a_failure_holds_its_lane_and_no_other(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1, chat=-2), update(2, chat=-2)], at=1.0)
    await inbox.add(BOT, [update(3, chat=-1)], at=1.0)
    failing = await must_claim(inbox, now=10.0)
    await inbox.failed(failing, failing.rows[0], "ValueError: x", retry_at=15.0, dead=False)
    async with store.begin() as uow:
        with pytest.raises(VersionConflict):
            await inbox.done(uow, failing, failing.rows[1])
    await inbox.release(failing)
    assert numbers(await must_claim(inbox, now=11.0)) == [3]
    assert await claim(inbox, now=14.9) is None
    again = await must_claim(inbox, now=15.0)
    assert numbers(again) == [1, 2]
    assert [row.attempts for row in again.rows] == [1, 0]


async def test_a_dead_letter_frees_what_comes_after_it(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(BOT, [update(1), update(2)], at=1.0)
    claimed = await must_claim(inbox)
    await inbox.failed(claimed, claimed.rows[0], "KeyError: date", retry_at=99.0, dead=True)
    async with store.begin() as uow:
        await inbox.done(uow, claimed, claimed.rows[1])
        await uow.commit()
    [letter] = await inbox.dead_letters(5)
    assert (letter.update_id, letter.error, letter.attempts) == (1, "KeyError: date", 1)
    assert letter.payload == '{"update_id":1}'
    assert await inbox.backlog() == (0, None)


async def test_only_our_own_units_of_work_are_taken(inbox: SqlInbox) -> None:
    claimed = LaneClaim(1, 1, ())
    with pytest.raises(TypeError):
        await inbox.done(object(), claimed, None)  # type: ignore[arg-type]

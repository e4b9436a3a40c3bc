"""Units of work: whole or not at all, one writer after the other, never cut half-way."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.application.records import CodeKind, OneTimeCode
from bot.domain.errors import VersionConflict
from bot.domain.people import Person
from storage.connection import unbroken
from storage.engine import parse_url
from storage.store import SqlStore, SqlUnitOfWork
from tests.storage.conftest import ONLY_POSTGRESQL
from tests.storage.samples import NOW, a_ticket, later

DAY = NOW.date()


async def number(uow: SqlUnitOfWork) -> int:
    value = await uow.settings.get("n") or 0
    assert isinstance(value, int)
    return value


async def test_what_is_not_committed_is_undone(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.settings.put("n", 1)
    with pytest.raises(KeyError):
        async with store.begin() as uow:
            await uow.settings.put("n", 2)
            raise KeyError
    async with store.read() as uow:
        assert await uow.settings.get("n") is None


async def test_a_savepoint_undoes_only_what_is_inside(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.settings.put("before", 1)
        with pytest.raises(KeyError):
            async with uow.savepoint():
                await uow.settings.put("inside", 1)
                raise KeyError
        async with uow.savepoint():
            await uow.settings.put("kept", 1)
        await uow.settings.put("after", 1)
        await uow.commit()
    async with store.read() as uow:
        assert sorted(await uow.settings.starting_with("")) == ["after", "before", "kept"]


async def test_nothing_can_be_asked_of_a_unit_of_work_that_is_over(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.commit()
        with pytest.raises(RuntimeError):
            await uow.settings.get("n")


async def test_a_reading_unit_of_work_writes_nothing_and_sees_one_moment(store: SqlStore) -> None:
    async with store.read() as uow:
        with pytest.raises(DBAPIError):
            await uow.settings.put("n", 1)
    async with store.read() as reading:
        assert await number(reading) == 0
        async with store.begin() as uow:
            await uow.settings.put("n", 1)
            await uow.commit()
        assert await number(reading) == 0
    async with store.read() as reading:
        assert await number(reading) == 1


async def test_eight_writers_of_two_processes_lose_nothing(store: SqlStore, url: str, person: Person) -> None:
    """Read, then write what was read plus one: with SQLite's deferred transactions most of these were lost."""
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id, foreign_ids={"n": "0"}), day=DAY, prefix="JL")
        await uow.commit()

    async def add_one(into: SqlStore) -> None:
        while True:
            try:
                async with into.begin() as uow:
                    read = await uow.tickets.get(ticket.id)
                    assert read is not None
                    read.foreign_ids = {"n": str(int(read.foreign_ids["n"]) + 1)}
                    await asyncio.sleep(0)
                    await uow.tickets.save(read)
                    await uow.commit()
                return
            except VersionConflict:
                continue

    async def writer(into: SqlStore) -> None:
        for _ in range(25):
            await add_one(into)

    other = SqlStore.open(url)
    try:
        await asyncio.gather(*(writer(store if number % 2 else other) for number in range(8)))
    finally:
        await other.close()
    async with store.read() as uow:
        last = await uow.tickets.get(ticket.id)
        assert last is not None
        assert (last.foreign_ids, last.version) == ({"n": "200"}, 201)


async def test_codes_given_at_once_are_all_different(store: SqlStore, person: Person) -> None:
    async def one() -> str:
        async with store.begin() as uow:
            ticket = await uow.tickets.add(a_ticket(person.id), day=DAY, prefix="JL")
            await uow.commit()
            return ticket.code

    codes = await asyncio.gather(*(one() for _ in range(12)))
    assert sorted(codes) == [f"JL-20261122-{n:04d}" for n in range(1, 13)]


async def test_a_code_is_used_once_however_many_try(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        await uow.codes.add(OneTimeCode("A", CodeKind.GROUP, "street", "JL01", later(days=1)))
        await uow.commit()

    async def use() -> bool:
        async with store.begin() as uow:
            used = await uow.codes.use("A", by=person.id, at=NOW)
            await uow.commit()
            return used

    assert sorted(await asyncio.gather(*(use() for _ in range(8)))) == [False] * 7 + [True]


async def test_new_people_and_chats_met_at_once_are_made_once(store: SqlStore) -> None:
    async def meet() -> tuple[int, int]:
        async with store.begin() as uow:
            chat = await uow.chats.ensure(-77, title="群", private=False)
            person = await uow.people.ensure(77, name="王芳")
            await uow.commit()
            return chat.id, person.id

    assert len(set(await asyncio.gather(*(meet() for _ in range(8))))) == 1


async def test_what_has_begun_ends_before_its_caller_is_cancelled() -> None:
    ended: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        ended.append("work")

    task = asyncio.create_task(unbroken(work()))
    for _ in range(3):
        await asyncio.sleep(0.005)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["work"]


async def test_a_cancelled_unit_of_work_leaves_no_lock_behind(store: SqlStore) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60000) SELECT max(n) FROM c",
        "postgresql": "SELECT pg_sleep(0.1)",
    }

    async def work(steps: int) -> None:
        async with store.begin() as uow:
            await uow.settings.put("n", steps)
            for _ in range(steps):
                await uow.db.execute(text(slow[uow.db.dialect]))
                await asyncio.sleep(0)
            await asyncio.sleep(60)

    for delay in (0.0, 0.001, 0.01, 0.03, 0.06):
        task = asyncio.create_task(work(3))
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5), store.begin() as uow:
            assert await number(uow) == 0
            await uow.settings.put("n", 9)


@ONLY_POSTGRESQL
async def test_a_deadlock_is_a_conflict_and_not_a_crash(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        tickets = [await uow.tickets.add(a_ticket(person.id), day=DAY, prefix="JL") for _ in range(2)]
        await uow.commit()
    both = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> str:
        try:
            async with store.begin() as uow:
                await uow.tickets.get(first, for_update=True)
                await both.wait()
                await uow.tickets.get(second, for_update=True)
                return "got both"
        except VersionConflict:
            return "conflict"

    one, two = (ticket.id for ticket in tickets)
    assert sorted(await asyncio.gather(lock(one, two), lock(two, one))) == ["conflict", "got both"]


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///data/jiehu.db", "sqlite+aiosqlite"),
        ("postgresql://u@h/d", "postgresql+asyncpg"),
        ("postgres://u@h/d", "postgresql+asyncpg"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg"),
    ],
)
def test_the_driver_may_be_left_out(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver

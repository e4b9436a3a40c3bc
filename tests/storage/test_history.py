"""The history: append-only by trigger, chained, with texts that can go and anchors that show what is missing."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import VersionConflict
from bot.domain.events import GENESIS, EventKind, chained, first_bad
from bot.domain.people import Person
from bot.domain.ticket import Ticket
from storage.store import SqlStore
from tests.storage.conftest import ONLY_POSTGRESQL
from tests.storage.samples import NOW, a_ticket, later

DAY = date(2026, 11, 22)


@pytest.fixture
async def tickets(store: SqlStore, person: Person) -> list[Ticket]:
    """Two tickets with three events each."""
    made = []
    async with store.begin() as uow:
        for _ in range(2):
            ticket = await uow.tickets.add(a_ticket(person.id), day=DAY, prefix="JL")
            await uow.events.append(ticket.id, EventKind.REPORTED, at=NOW, actor=person.id, texts={"text": "井盖坏了"})
            await uow.events.append(ticket.id, EventKind.DISPATCHED, at=NOW, actor=None, detail={"to": "unit:D01"})
            await uow.events.append(ticket.id, EventKind.SIGNED, at=later(hours=1), actor=7, texts={"name": "李强"})
            made.append(ticket)
        await uow.commit()
    return made


async def tamper(store: SqlStore, statement: str, **values: Any) -> None:
    """What somebody with the database's own rights can do: first the triggers, then the rows."""
    async with store.begin() as uow:
        if uow.db.dialect == "sqlite":
            for name in ("event_no_update", "event_no_delete", "anchor_no_update", "anchor_no_delete"):
                await uow.db.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            await uow.db.execute(text("SET LOCAL session_replication_role = replica"))
        assert await uow.db.count(text(statement), values) > 0
        await uow.commit()


async def test_events_are_chained_and_their_texts_stand_apart(store: SqlStore, tickets: list[Ticket]) -> None:
    async with store.read() as uow:
        events = await uow.events.of_ticket(tickets[0].id)
        assert [event.seq for event in events] == [1, 2, 3]
        assert [event.kind for event in events] == [EventKind.REPORTED, EventKind.DISPATCHED, EventKind.SIGNED]
        assert events[0].hash == chained(GENESIS, events[0].body)
        assert events[2].at == later(hours=1)
        assert first_bad(events) is None
        assert "井盖" not in "".join(event.body for event in events)
        assert await uow.events.texts_of(tickets[0].id) == {(1, "text"): "井盖坏了", (3, "name"): "李强"}
        assert await uow.events.ticket_ids() == sorted(ticket.id for ticket in tickets)


async def test_texts_can_be_erased_and_the_chain_still_holds(store: SqlStore, tickets: list[Ticket]) -> None:
    async with store.begin() as uow:
        assert await uow.events.erase_texts(tickets[0].id) == 2
        assert await uow.events.texts_of(tickets[0].id) == {}
        assert first_bad(await uow.events.of_ticket(tickets[0].id)) is None
        assert await uow.events.altered_texts(tickets[0].id) == []
        assert len(await uow.events.texts_of(tickets[1].id)) == 2


async def test_a_changed_text_is_found(store: SqlStore, tickets: list[Ticket]) -> None:
    await tamper(store, "UPDATE event_text SET text = '没坏' WHERE ticket_id = :t AND seq = 1", t=tickets[0].id)
    async with store.read() as uow:
        assert await uow.events.altered_texts(tickets[0].id) == [(1, "text")]
        assert await uow.events.altered_texts(tickets[1].id) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET hash = 'x'", "DELETE FROM {table}"],
)
@pytest.mark.parametrize("table", ["event", "anchor"])
async def test_the_database_refuses_changes(store: SqlStore, tickets: list[Ticket], statement: str, table: str) -> None:
    async with store.begin() as uow:
        await uow.events.anchor(DAY, at=NOW)
        await uow.commit()
    async with store.begin() as uow:
        with pytest.raises(DBAPIError, match="append-only"):
            await uow.db.execute(text(statement.format(table=table)))


@ONLY_POSTGRESQL
async def test_postgresql_refuses_to_truncate(store: SqlStore, tickets: list[Ticket]) -> None:
    async with store.begin() as uow:
        with pytest.raises(DBAPIError, match="append-only"):
            await uow.db.execute(text("TRUNCATE event CASCADE"))


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("""UPDATE event SET body = replace(body, '"unit:D01"', '"unit:D02"') WHERE ticket_id = :t AND seq = 2""", 2),
        ("UPDATE event SET actor_id = 99 WHERE ticket_id = :t AND seq = 1", 1),
        ("UPDATE event SET kind = 'closed' WHERE ticket_id = :t AND seq = 3", 3),
        ("UPDATE event SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE ticket_id = :t AND seq = 1", 1),
    ],
)
async def test_a_changed_event_is_found(store: SqlStore, tickets: list[Ticket], change: str, bad: int) -> None:
    await tamper(store, change, t=tickets[0].id)
    async with store.read() as uow:
        found = first_bad(await uow.events.of_ticket(tickets[0].id))
        assert found is not None
        assert found.seq == bad
        assert first_bad(await uow.events.of_ticket(tickets[1].id)) is None


async def test_a_missing_event_in_the_middle_is_found(store: SqlStore, tickets: list[Ticket]) -> None:
    await tamper(store, "DELETE FROM event_text WHERE ticket_id = :t", t=tickets[0].id)
    await tamper(store, "DELETE FROM event WHERE ticket_id = :t AND seq = 2", t=tickets[0].id)
    async with store.read() as uow:
        found = first_bad(await uow.events.of_ticket(tickets[0].id))
        assert found is not None
        assert found.seq == 3


async def test_a_cut_tail_is_found_by_the_anchor_of_its_day(store: SqlStore, tickets: list[Ticket]) -> None:
    first, second = tickets
    async with store.begin() as uow:
        await uow.events.anchor(DAY, at=NOW)
        await uow.events.append(second.id, EventKind.CLOSED, at=later(hours=2), actor=None)
        await uow.events.anchor(date(2026, 11, 23), at=later(days=1))
        await uow.events.anchor(date(2026, 11, 23), at=later(days=1))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.events.first_bad_anchor() is None
    await tamper(store, "DELETE FROM event WHERE ticket_id = :t AND seq = 4", t=second.id)
    async with store.read() as uow:
        assert first_bad(await uow.events.of_ticket(second.id)) is None
        assert await uow.events.first_bad_anchor() == date(2026, 11, 23)
    await tamper(store, "DELETE FROM event_text WHERE ticket_id = :t", t=first.id)
    await tamper(store, "DELETE FROM event WHERE ticket_id = :t", t=first.id)
    async with store.read() as uow:
        assert await uow.events.first_bad_anchor() == DAY


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE anchor SET tails = '[]' WHERE day = :day",
        "UPDATE anchor SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE day = :day",
    ],
)
async def test_a_changed_anchor_is_found(store: SqlStore, tickets: list[Ticket], change: str) -> None:
    async with store.begin() as uow:
        await uow.events.anchor(DAY, at=NOW)
        await uow.commit()
    day: Any = DAY.isoformat() if store.engines.is_sqlite else DAY
    await tamper(store, change, day=day)
    async with store.read() as uow:
        assert await uow.events.first_bad_anchor() == DAY


async def test_a_removed_anchor_breaks_the_next(store: SqlStore, tickets: list[Ticket]) -> None:
    async with store.begin() as uow:
        await uow.events.anchor(DAY, at=NOW)
        await uow.events.anchor(date(2026, 11, 23), at=later(days=1))
        await uow.commit()
    day: Any = DAY.isoformat() if store.engines.is_sqlite else DAY
    await tamper(store, "DELETE FROM anchor WHERE day = :day", day=day)
    async with store.read() as uow:
        assert await uow.events.first_bad_anchor() == date(2026, 11, 23)


async def test_what_a_savepoint_undid_leaves_no_gap(store: SqlStore, tickets: list[Ticket]) -> None:
    async with store.begin() as uow:
        await uow.events.append(tickets[0].id, EventKind.URGED, at=NOW, actor=1)
        with pytest.raises(KeyError):
            async with uow.savepoint():
                await uow.events.append(tickets[0].id, EventKind.CLOSED, at=NOW, actor=1)
                raise KeyError
        await uow.events.append(tickets[0].id, EventKind.PROGRESSED, at=NOW, actor=1)
        await uow.commit()
    async with store.read() as uow:
        events = await uow.events.of_ticket(tickets[0].id)
        assert [event.kind for event in events][3:] == [EventKind.URGED, EventKind.PROGRESSED]
        assert first_bad(events) is None


async def test_two_that_append_at_once_never_fork_the_chain(store: SqlStore, tickets: list[Ticket]) -> None:
    async def append() -> None:
        while True:
            try:
                async with store.begin() as uow:
                    await uow.events.append(tickets[0].id, EventKind.URGED, at=NOW, actor=1)
                    await asyncio.sleep(0.002)
                    await uow.commit()
                return
            except VersionConflict:
                continue

    await asyncio.gather(*(append() for _ in range(12)))
    async with store.read() as uow:
        events = await uow.events.of_ticket(tickets[0].id)
    assert [event.seq for event in events] == list(range(1, 16))
    assert first_bad(events) is None

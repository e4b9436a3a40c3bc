"""The schedule in batches, the steps that were taken, what nothing looks at any more, and digests that grow."""

from __future__ import annotations

from datetime import date

from bot.application.records import DueKind, OutboxStatus, Outgoing, Subject, SubjectKind
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat
from bot.domain.draft import DraftState
from bot.domain.duty import Handover, HandoverKind
from bot.domain.escalation import Taken
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Person
from bot.domain.ticket import Ending
from storage.store import SqlStore
from storage.tables.messages import outbox
from tests.storage.samples import NOW, a_draft, a_hub_task, a_ticket, an_assignment, later

FIRST, SECOND = (Subject(SubjectKind.ASSIGNMENT, number) for number in (1, 2))


async def test_rows_are_claimed_moved_and_removed(store: SqlStore) -> None:
    async with store.begin() as uow:
        for number in (1, 2, 3):
            await uow.dues.put(Subject(SubjectKind.ASSIGNMENT, number), DueKind.HANDLE, later(hours=number))
        await uow.commit()
    async with store.begin() as uow:
        rows = await uow.dues.claim(later(hours=2), limit=10)
        assert [row.subject.id for row in rows] == [1, 2]
        assert [row.subject.id for row in await uow.dues.claim(later(hours=3), limit=1)] == [1]
        await uow.dues.move({rows[0].id: later(hours=9)})
        await uow.dues.remove([rows[1].id])
        await uow.commit()
    async with store.begin() as uow:
        assert [row.subject.id for row in await uow.dues.claim(later(hours=20), limit=10)] == [3, 1]


async def test_a_step_is_taken_once_for_its_round_and_deadline(store: SqlStore) -> None:
    due, kind = later(days=1), DueKind.HANDLE
    step = Taken("half", due, NOW)
    async with store.begin() as uow:
        await uow.steps.take(kind, [(FIRST, 1, step), (SECOND, 1, step)], at=NOW)
        await uow.steps.take(kind, [(FIRST, 1, Taken("half", due, later(hours=1)))], at=NOW)
        await uow.steps.take(kind, [(FIRST, 1, Taken("half", later(days=2), NOW)), (FIRST, 2, step)], at=NOW)
        await uow.steps.take(kind, [], at=NOW)
        await uow.commit()
    async with store.read() as uow:
        found = await uow.steps.taken(kind, SubjectKind.ASSIGNMENT, {1: 1, 2: 1, 3: 1})
        assert sorted(found[1], key=lambda taken: taken.deadline) == [step, Taken("half", later(days=2), NOW)]
        assert found[2] == [step] and found[3] == []
        assert (await uow.steps.taken(DueKind.SIGN, SubjectKind.ASSIGNMENT, {1: 1}))[1] == []


async def test_what_nothing_looks_at_is_found(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        states = (AssignmentState.HANDLING, AssignmentState.HANDLING, AssignmentState.ACCEPTED)
        parts = [
            await uow.assignments.add(an_assignment(ticket.id, state=state, word_owed=False, ended_at=None))
            for state in states
        ]
        parts[2].ended_at = NOW
        await uow.assignments.save(parts[2])
        unsigned = await uow.assignments.add(
            an_assignment(ticket.id, state=AssignmentState.UNSIGNED, word_owed=False, ended_at=None, delivered_at=None)
        )
        task = await uow.hub_tasks.add(a_hub_task(ticket_id=ticket.id, done_at=None))
        for part in (parts[0], unsigned):
            await uow.dues.put(Subject(SubjectKind.ASSIGNMENT, part.id), DueKind.HANDLE, later(days=1))
        await uow.dues.put(Subject(SubjectKind.ASSIGNMENT, unsigned.id), DueKind.SIGN, later(days=1))
        assert sorted(await uow.dues.forgotten(limit=9), key=str) == [
            (Subject(SubjectKind.ASSIGNMENT, parts[1].id), DueKind.HANDLE),
            (Subject(SubjectKind.ASSIGNMENT, unsigned.id), DueKind.DELIVERY),
            (Subject(SubjectKind.HUB_TASK, task.id), DueKind.HUB_TASK),
        ]
        ticket.ending = Ending.WITHDRAWN
        await uow.tickets.save(ticket)
        assert await uow.dues.forgotten(limit=9) == []
        found = await uow.assignments.of_ids([part.id for part in parts])
        assert set(found) == {part.id for part in parts}
        assert set(await uow.tickets.of_ids({ticket.id, ticket.id + 1})) == {ticket.id}


async def test_a_word_on_the_way_and_a_leave_that_nothing_looks_at_are_found(store: SqlStore, person: Person) -> None:
    said = {"silent": None, "before this round": later(minutes=1), "has spoken": later(hours=1), "short": None}
    leave, spell = HandoverKind.LEAVE, (date(2026, 12, 1), date(2026, 12, 4))
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        parts = {}
        for name, at in said.items():
            values = {"state": AssignmentState.HANDLING, "ended_at": None, "clock_start": later(minutes=11)}
            part = an_assignment(ticket.id, **values, last_progress_at=at, word_owed=name != "short")
            parts[name] = await uow.assignments.add(part)
            await uow.dues.put(Subject(SubjectKind.ASSIGNMENT, parts[name].id), DueKind.HANDLE, later(days=1))
        away = await uow.handovers.add(Handover(0, leave, person.id, 9, "李四", "D26", NOW, *spell))
        await uow.handovers.add(Handover(0, leave, person.id, 9, "李四", "D26", NOW, *spell, ended_at=NOW))
        await uow.handovers.add(Handover(0, HandoverKind.HANDOVER, person.id, 9, "李四", "D26", NOW))
        found = await uow.dues.forgotten(limit=9)
        assert found == [
            (Subject(SubjectKind.ASSIGNMENT, parts["silent"].id), DueKind.INTERIM),
            (Subject(SubjectKind.ASSIGNMENT, parts["before this round"].id), DueKind.INTERIM),
            (Subject(SubjectKind.HANDOVER, away.id), DueKind.HANDOVER),
        ]
        for subject, kind in found:
            await uow.dues.put(subject, kind, later(days=1))
        assert await uow.dues.forgotten(limit=9) == []


async def test_a_residents_report_that_nobody_is_asked_about_is_found(
    store: SqlStore, person: Person, chat: Chat
) -> None:
    values = {"turns": 2, "own": None, "without a place": 0, "the hub's": 2, "settled": 2}
    async with store.begin() as uow:
        drafts = {}
        for name, turn in values.items():
            other = {"street": "" if name == "without a place" else "JL01", "message_id": None, "message_ids": []}
            state = DraftState.EXPIRED if name == "settled" else DraftState.OPEN
            drafts[name] = await uow.drafts.add(a_draft(person.id, chat.id, turn=turn, state=state, **other))
            await uow.dues.put(Subject(SubjectKind.DRAFT, drafts[name].id), DueKind.DRAFT, later(days=1))
        hubs = drafts["the hub's"].id
        await uow.hub_tasks.add(
            a_hub_task(ticket_id=None, kind=HubTaskKind.RESIDENT, note=f"{hubs} 柳荫社区", done_at=NOW)
        )
        mine = Subject(SubjectKind.DRAFT, drafts["turns"].id)
        assert await uow.dues.forgotten(limit=9) == [(mine, DueKind.RESIDENT_REPORT)]
        await uow.dues.put(mine, DueKind.RESIDENT_REPORT, later(minutes=15))
        assert await uow.dues.forgotten(limit=9) == []


async def test_a_digest_grows_while_it_waits(store: SqlStore, chat: Chat) -> None:
    def digest(key: str, *lines: int) -> Outgoing:
        said = [{"code": str(line)} for line in lines]
        return Outgoing("steps-many", chat.id, {"count": len(said), "lines": said}, dedupe_key=key)

    async with store.begin() as uow:
        await uow.outbox.gather(digest("a", 1, 2), listed=3, at=NOW)
        await uow.outbox.gather(digest("b", 3, 4), listed=3, at=NOW)
        rows = await uow.db.rows(outbox.select())
        assert [row.params["count"] for row in rows] == [4]
        assert [line["code"] for line in rows[0].params["lines"]] == ["1", "2", "3"]
        await uow.db.execute(outbox.update().values(status=OutboxStatus.SENT))
        await uow.outbox.gather(digest("c", 5), listed=3, at=NOW)
        assert sorted(row.params["count"] for row in await uow.db.rows(outbox.select())) == [1, 4]


async def test_many_messages_at_once_and_none_twice(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        twice = [Outgoing("resumed", chat.id, {"code": "1"}, dedupe_key=key) for key in ("a", "b", "a")]
        await uow.outbox.add_many(twice, at=NOW)
        await uow.outbox.add_many([], at=NOW)
        assert len(await uow.db.rows(outbox.select())) == 2

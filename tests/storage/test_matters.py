"""Drafts, tickets, assignments and hub tasks: what is found, in which order, and who is too late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.application.records import Figures
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat
from bot.domain.draft import DraftState
from bot.domain.errors import VersionConflict
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.hub_task import HubTaskKind
from bot.domain.party import Party, PartyKind
from bot.domain.people import Person
from bot.domain.ticket import Ending, Mode, Sensitivity, Ticket
from storage.store import SqlStore, SqlUnitOfWork
from tests.storage.samples import NOW, a_draft, a_hub_task, a_ticket, an_assignment, later

DAY = date(2026, 11, 22)


async def a_stored_ticket(uow: SqlUnitOfWork, reporter: Person, **other: Any) -> Ticket:
    return await uow.tickets.add(a_ticket(reporter.id, **other), day=DAY, prefix="JL")


def versioned(uow: SqlUnitOfWork) -> tuple[Any, ...]:
    return uow.drafts, uow.tickets, uow.assignments, uow.hub_tasks


async def test_the_second_to_save_hears_of_the_conflict(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        draft = await uow.drafts.add(a_draft(person.id, chat.id))
        ticket = await a_stored_ticket(uow, person)
        part = await uow.assignments.add(an_assignment(ticket.id))
        task = await uow.hub_tasks.add(a_hub_task(ticket_id=ticket.id))
        await uow.commit()
    async with store.read() as uow:
        old = (
            await uow.drafts.get(draft.id),
            await uow.tickets.get(ticket.id),
            await uow.assignments.get(part.id),
            await uow.hub_tasks.get(task.id),
        )
    async with store.begin() as uow:
        records: tuple[Any, ...] = (draft, ticket, part, task)
        for repository, record in zip(versioned(uow), records, strict=True):
            await repository.save(record)
            assert record.version == 2
        await uow.commit()
    for position, record in enumerate(old):
        async with store.begin() as uow:
            with pytest.raises(VersionConflict):
                await versioned(uow)[position].save(record)


async def test_for_update_reads_the_same(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        part = await uow.assignments.add(an_assignment(ticket.id))
        draft = await uow.drafts.add(a_draft(person.id, chat.id))
        task = await uow.hub_tasks.add(a_hub_task())
        assert await uow.tickets.get(ticket.id, for_update=True) == ticket
        assert await uow.assignments.get(part.id, for_update=True) == part
        assert await uow.drafts.get(draft.id, for_update=True) == draft
        assert await uow.hub_tasks.get(task.id, for_update=True) == task
        assert await uow.tickets.get(ticket.id + 1) is None


async def test_open_drafts_newest_first(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        other = await uow.chats.ensure(-1002, title="", private=False)
        first = await uow.drafts.add(a_draft(person.id, chat.id, updated_at=later(seconds=1), message_ids=[]))
        second = await uow.drafts.add(a_draft(person.id, other.id, updated_at=later(seconds=2)))
        _ = await uow.drafts.add(a_draft(person.id, chat.id, state=DraftState.DISCARDED, message_id=20, message_ids=[]))
        assert await uow.drafts.open_of(person.id, since=NOW) == [second, first]
        assert await uow.drafts.open_of(person.id, since=later(seconds=2)) == [second]
        assert await uow.drafts.open_of(person.id + 1, since=NOW) == []


async def test_a_draft_is_found_by_all_of_its_messages(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        draft = await uow.drafts.add(a_draft(person.id, chat.id, message_id=11, message_ids=[12]))
        await uow.commit()
    async with store.begin() as uow:
        read = await uow.drafts.get(draft.id)
        assert read is not None
        read.message_ids.append(13)
        await uow.drafts.save(read)
        for number in (11, 12, 13):
            assert await uow.drafts.by_message(chat.id, number) == read
        assert await uow.drafts.by_message(chat.id, 14) is None
        assert await uow.drafts.by_media_group(chat.id, "album-1") == read
        assert await uow.drafts.by_media_group(chat.id, "album-2") is None
        again = await uow.drafts.add(a_draft(person.id, chat.id, message_id=12, message_ids=[]))
        assert await uow.drafts.by_message(chat.id, 12) == again


async def test_codes_count_by_day_and_prefix(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        codes = [(await a_stored_ticket(uow, person)).code for _ in range(3)]
        other = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 23), prefix="JL")
        await uow.commit()
    assert codes == ["JL-20261122-0001", "JL-20261122-0002", "JL-20261122-0003"]
    assert other.code == "JL-20261123-0001"
    async with store.read() as uow:
        found = await uow.tickets.by_short_code("0001", since=NOW)
        assert [ticket.code for ticket in found] == [other.code, codes[0]]
        assert await uow.tickets.by_short_code("0001", since=later(seconds=1)) == []
        assert await uow.tickets.by_short_code("%", since=NOW) == []


async def test_followers(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        own = await a_stored_ticket(uow, person, created_at=later(hours=1))
        other = await uow.people.ensure(502, name="李强")
        third = await uow.people.ensure(503, name="张三")
        assert await uow.tickets.follow(ticket.id, third.id, at=later(seconds=1))
        assert await uow.tickets.follow(ticket.id, other.id, at=later(seconds=2))
        assert not await uow.tickets.follow(ticket.id, other.id, at=later(seconds=3))
        assert await uow.tickets.followers(ticket.id) == [third, other]
        await uow.tickets.unfollow(ticket.id, third.id)
        assert await uow.tickets.followers(ticket.id) == [other]
        assert await uow.tickets.joined(ticket.id) == [] and await uow.tickets.joined_counts([ticket.id]) == {}
        assert not await uow.tickets.follow(ticket.id, other.id, at=later(seconds=4), joined=True)
        assert await uow.tickets.joined(ticket.id) == [other]
        assert await uow.tickets.joined_counts([ticket.id, 99]) == {ticket.id: 1}
        assert await uow.tickets.joined_counts([]) == {}
        await uow.tickets.follow(ticket.id, third.id, at=later(seconds=1))
        assert await uow.tickets.of_person(other.id, limit=5) == [ticket]
        assert await uow.tickets.of_person(person.id, limit=5) == [own, ticket]
        assert await uow.tickets.of_person(person.id, limit=1) == [own]


async def test_open_tickets_of_streets_and_units(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        here = await a_stored_ticket(uow, person, street="JL01", community="JL0101", created_at=later(hours=2))
        there = await a_stored_ticket(uow, person, street="JL02", community="JL0201", created_at=later(hours=1))
        ended = await a_stored_ticket(uow, person, street="JL01", ending=Ending.CLOSED, ended_at=NOW)
        unit = Party(PartyKind.UNIT, "D34-JL03")
        await uow.assignments.add(an_assignment(there.id, assignee=unit))
        done = an_assignment(here.id, assignee=unit, state=AssignmentState.ACCEPTED, ended_at=NOW)
        await uow.assignments.add(done)
        await uow.assignments.add(an_assignment(ended.id, assignee=unit))
        assert await uow.tickets.open_in(streets=["JL01"]) == [here]
        assert await uow.tickets.open_in(streets=["JL0201"]) == [there]
        assert await uow.tickets.open_in(units=["D34-JL03"]) == [there]
        assert await uow.tickets.open_in(streets=["JL01"], units=["D34-JL03"]) == [there, here]
        assert await uow.tickets.open_in() == []


async def test_awaiting_start_similar_and_listed(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        waits = await a_stored_ticket(uow, person, start_awaited=True)
        second = await a_stored_ticket(uow, person, created_at=later(hours=1))
        ended = await a_stored_ticket(uow, person, created_at=later(hours=2), ending=Ending.CLOSED, ended_at=NOW)
        assert await uow.tickets.awaiting_start("JL01") == [waits]
        assert await uow.tickets.awaiting_start("JL02") == []
        assert await uow.tickets.similar("SC-01", "JL01", since=NOW) == [second, waits]
        assert await uow.tickets.similar("SC-01", "JL01", since=later(minutes=1)) == [second]
        assert await uow.tickets.similar("SC-02", "JL01", since=NOW) == []
        assert await uow.tickets.listed(limit=2) == [waits, second]
        assert await uow.tickets.listed(limit=5, after=later(hours=1), before=later(hours=2)) == [second]
        assert await uow.tickets.listed(limit=5, after=later(hours=1)) == [second, ended]


async def test_assignments_by_ticket_and_by_code(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        one, two = await a_stored_ticket(uow, person), await a_stored_ticket(uow, person)
        late = await uow.assignments.add(an_assignment(one.id, due_at=later(days=2)))
        never = await uow.assignments.add(an_assignment(one.id, due_at=None))
        soon = await uow.assignments.add(an_assignment(one.id, due_at=later(days=1)))
        drafted = await uow.assignments.add(
            an_assignment(one.id, state=AssignmentState.ANSWER_DRAFTED, assignee=Party(PartyKind.DEPARTMENT, "D01"))
        )
        reported = await uow.assignments.add(an_assignment(one.id, state=AssignmentState.REPORTED))
        await uow.assignments.add(an_assignment(one.id, state=AssignmentState.ACCEPTED, ended_at=NOW))
        assert [part.id for part in await uow.assignments.open_after(late.id, limit=2)] == [never.id, soon.id]
        assert await uow.assignments.open_after(soon.id, limit=9) == [drafted, reported]
        assert await uow.assignments.open_of(["D34-JL03"]) == [soon, late, never]
        assert await uow.assignments.answers_to_release(["D01", "D34-JL03"]) == [drafted]
        assert [part.id for part in await uow.assignments.of_ticket(one.id)][:3] == [late.id, never.id, soon.id]
        parts = await uow.assignments.of_tickets([one.id, two.id])
        assert len(parts[one.id]) == 6
        assert list(parts[two.id]) == []


async def test_figures_leave_sensitive_matters_out(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        shown = {"sensitivity": Sensitivity.PUBLIC, "street": "JL01", "ending": None, "ended_at": None}
        kept = await a_stored_ticket(uow, person, **shown, mode=Mode.SELF)
        called = await a_stored_ticket(uow, person, **shown, mode=Mode.DIRECT)
        filed = await a_stored_ticket(
            uow,
            person,
            **shown | {"ending": Ending.CLOSED, "ended_at": NOW},
            mode=Mode.DIRECT,
            created_at=later(days=-9),
        )
        hidden = await a_stored_ticket(uow, person, **shown | {"sensitivity": Sensitivity.SENSITIVE}, mode=Mode.DIRECT)
        for ticket in (kept, called, called, hidden):
            await uow.assignments.add(an_assignment(ticket.id, due_at=later(hours=-1)))
        done = await uow.assignments.add(an_assignment(filed.id, state=AssignmentState.ACCEPTED, ended_at=NOW, round=2))
        for round_, verdict in ((1, Verdict.NOT_SOLVED), (2, Verdict.SATISFIED)):
            await uow.evaluations.add(Evaluation(0, filed.id, done.id, round_, verdict, 1, NOW))
        since = {"since": later(days=-1), "now": NOW}
        assert await uow.tickets.figures(streets={"JL01"}, **since) == Figures(1, 1, 1, 2)
        assert await uow.tickets.figures(units={"D34-JL03"}, **since) == Figures(1, 1, 1, 2)
        assert await uow.tickets.figures(streets={"JL02"}, **since) == Figures(0, 0, 0, 0)
        closing = {"since": later(days=-1), "until": later(hours=1)}
        assert await uow.evaluations.closing({"D34-JL03"}, **closing) == {Verdict.SATISFIED: 1}
        assert await uow.evaluations.closing({"D01"}, **closing) == {}


async def test_hub_tasks(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        later_one = await uow.hub_tasks.add(a_hub_task(ticket_id=ticket.id, due_at=later(hours=3)))
        sooner = await uow.hub_tasks.add(a_hub_task(kind=HubTaskKind.RULING, due_at=later(hours=1)))
        await uow.hub_tasks.add(a_hub_task(done_at=NOW, done_by=1))
        assert await uow.hub_tasks.open() == [sooner, later_one]
        assert await uow.hub_tasks.open(HubTaskKind.DISPATCH) == [later_one]
        assert await uow.hub_tasks.of_ticket(ticket.id) == [later_one]
        assert await uow.hub_tasks.of_tickets([ticket.id]) == {ticket.id: [later_one]}


async def test_an_evaluation_can_change_and_go(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        part = await uow.assignments.add(an_assignment(ticket.id))
        answer = await uow.evaluations.add(Evaluation(0, ticket.id, part.id, 1, Verdict.DISSATISFIED, 1, NOW))
        answer.reason = "太慢"
        await uow.evaluations.save(answer)
        assert await uow.evaluations.of_ticket(ticket.id) == [answer]
        await uow.evaluations.remove(answer.id)
        assert await uow.evaluations.of_ticket(ticket.id) == []

"""Requests to return, their rulings as precedents, and questions to the street."""

from __future__ import annotations

from dataclasses import replace

from bot.application.records import Board
from bot.domain.chat import Chat
from bot.domain.people import Person
from bot.domain.returning import Ground, Outcome, Ruling
from bot.domain.street_question import StreetQuestion
from storage.store import SqlStore
from tests.storage.samples import NOW, a_hub_task, an_assignment, later
from tests.storage.test_matters import a_stored_ticket


async def test_rulings_are_found_by_ticket_and_decided_ones_by_item(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        part = await uow.assignments.add(an_assignment(ticket.id))
        assert (await uow.assignments.get(part.id)) == part
        asked = Ruling(0, ticket.id, part.id, "SC-01", "D26", 1, Ground.OWNER, "D31", NOW, person.id, 3)
        asked = await uow.rulings.add(asked)
        other = await uow.rulings.add(replace(asked, item="SC-02", is_dispute=True, number=2))
        assert list(await uow.rulings.of_ticket(ticket.id)) == [asked, other]
        assert list(await uow.rulings.of_item("SC-01", since=NOW)) == [], "not decided yet"
        asked.outcome, asked.to_unit, asked.decided_at, asked.decided_by = Outcome.MOVED, "D31", later(hours=2), 5
        await uow.rulings.save(asked)
        await uow.commit()
    async with store.read() as uow:
        assert list(await uow.rulings.of_item("SC-01", since=later(hours=1))) == [asked]
        assert list(await uow.rulings.of_item("SC-01", since=later(hours=3))) == []
        assert list(await uow.rulings.of_ticket(ticket.id)) == [asked, other]


async def test_questions_to_the_street(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await a_stored_ticket(uow, person)
        part = await uow.assignments.add(an_assignment(ticket.id))
        question = StreetQuestion(0, ticket.id, part.id, None, person.id, NOW, later(hours=4), 2)
        question = await uow.street_questions.add(question)
        assert question.is_open
        question.answered_seq, question.answered_at, question.answered_by = 3, later(hours=1), person.id
        await uow.street_questions.save(question)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.street_questions.get(question.id) == question
        assert list(await uow.street_questions.of_ticket(ticket.id)) == [question]
        assert await uow.street_questions.get(question.id + 1) is None


async def test_boards_and_what_a_dispatcher_has_done(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        board = await uow.boards.add(Board(0, chat.id, person.id, False, 0, NOW))
        board.page, board.overdue = 2, True
        await uow.boards.save(board)
        for hours in (1, 3):
            await uow.hub_tasks.add(a_hub_task(done_by=person.id, done_at=later(hours=hours)))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.boards.get(board.id) == board
        assert await uow.boards.get(board.id + 1) is None
        assert await uow.hub_tasks.done_by(person.id, since=later(hours=2)) == 1

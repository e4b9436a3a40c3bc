"""The clock of a question to the street: no answer in time, and the officers and who asked hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueRow, Outgoing, Priority, Subject
from bot.application.telling import hub_chats, tell_by_clock, unit_chats
from bot.domain import ladders
from bot.domain.escalation import RunningClock, Tells
from bot.domain.limits import parse_limit
from bot.domain.party import Party, PartyKind
from bot.domain.people import Role
from bot.domain.permissions import Action
from bot.domain.street_question import StreetQuestion


async def load_questions(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Questions that the street owes an answer to."""
    found: dict[int, Waiting] = {}
    for row in rows:
        question = await uow.street_questions.get(row.subject.id)
        ticket = await uow.tickets.get(question.ticket_id) if question and question.is_open else None
        if question is None or ticket is None or ticket.ending is not None:
            continue
        found[row.id] = Waiting(
            row=row,
            ticket=ticket,
            clock=RunningClock(question.asked_at, parse_limit(district.rules.street_answer_limit), question.due_at),
            ladder=district.ladders.get(ladders.STREET_QUESTION, ()),
            owing=Tells.OFFICER,
            what="street_question",
            party=Party(PartyKind.STREET, ticket.street),
            says=say_unanswered,
        )
    return found


async def say_unanswered(
    uow: UnitOfWork, district: District, subject: Subject, tells: Tells, now: datetime, told_at: datetime
) -> None:
    """The street's officers are asked in private; who asked learns that nobody has answered."""
    question = await uow.street_questions.get(subject.id)
    if question is None:
        return
    case = await load_case(uow, question.ticket_id)
    say = _ask_officers if tells is Tells.OFFICER else _tell_asker
    for message in await say(uow, district, case, question, subject):
        await tell_by_clock(uow, district, message, now=now, told_at=told_at)


async def _ask_officers(
    uow: UnitOfWork, district: District, case: Case, question: StreetQuestion, subject: Subject
) -> list[Outgoing]:
    return [
        Outgoing(
            kind="street-question-waits",
            chat_id=person.private_chat_id,
            params={"code": case.ticket.code},
            buttons=((Button("button-answer", Action.ANSWER_STREET, subject),),),
            subject=subject,
            priority=Priority.REMINDER,
            locale=person.locale,
            dedupe_key=f"question:{question.id}:waits:p{person.id}",
        )
        for person in await uow.people.holding(Role.STREET_OFFICER, {case.ticket.street})
        if person.reachable and person.private_chat_id
    ]


async def _tell_asker(
    uow: UnitOfWork, district: District, case: Case, question: StreetQuestion, subject: Subject
) -> list[Outgoing]:
    part = next(p for p in case.assignments if p.id == question.assignment_id)
    chats = await hub_chats(uow) if question.task_id else await unit_chats(uow, district, part.assignee.code)
    return [
        Outgoing(
            kind="street-silent",
            chat_id=chat.id,
            params={"code": case.ticket.code},
            priority=Priority.REMINDER,
            dedupe_key=f"question:{question.id}:silent:c{chat.id}",
        )
        for chat in chats
    ]

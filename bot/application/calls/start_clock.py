"""待启动: since when a call waits for the street's officer, until when, by which ladder, and who of the street is told."""

from __future__ import annotations

from datetime import datetime

from bot.application.clocks.assignment_clocks import first_check
from bot.application.clocks.woken import ring
from bot.application.district import District
from bot.application.people.entrusting import starts_for
from bot.application.people.on_duty import officers_of
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Subject, SubjectKind
from bot.application.telling import ticket_subject
from bot.domain import escalation, ladders
from bot.domain.people import Grant, Role
from bot.domain.ticket import Ticket


async def await_start(uow: UnitOfWork, district: District, ticket: Ticket, *, now: datetime) -> None:
    """It waits from now on, by the limit and the ladder of today."""
    ticket.start_since = now
    ticket.start_due_at = district.due_moment(now, district.rules.start_limit)
    ticket.start_ladder = escalation.as_rows({ladders.START: district.ladders.get(ladders.START, ())})
    await await_start_again(uow, district, ticket, now=now)


async def await_start_again(uow: UnitOfWork, district: District, ticket: Ticket, *, now: datetime) -> None:
    """What had been started, or was ended, waits as if that had not been: its clock goes on from where it began."""
    if ticket.start_since is None:
        await await_start(uow, district, ticket, now=now)
        return
    ticket.start_awaited, ticket.start_authority = True, ""
    await uow.tickets.save(ticket)
    at = first_check(district, ladders.START, ticket.start_since, district.rules.start_limit)
    await uow.dues.put(ticket_subject(ticket.id), DueKind.START, max(at, now))


async def show_starts(
    uow: UnitOfWork, district: District, street: str, *, now: datetime, deputies: bool = False, wakes: bool = False
) -> int:
    """The street's officer has one batch card of what waits to be started, after a silence his deputies too.

    Returns how many officers there are.
    """
    officers = await officers_of(uow, district, street, now)
    silent = not district.rings(now)
    for place, officer in enumerate(officers):
        assert officer.private_chat_id is not None
        subject = Subject(SubjectKind.PERSON, officer.id)
        if place == 0 or deputies:
            card = await uow.cards.want(subject, officer.private_chat_id, Face.START, silent=silent, at=now)
            if wakes or (deputies and place > 0):
                await ring(uow, card, now=now)
        else:
            await uow.cards.want_all(subject)
    for person in await uow.people.holding(Role.DELEGATE, {street}):
        acts = person.reachable and await starts_for(uow, district, person, Grant(Role.DELEGATE, street))
        if acts and person.private_chat_id:
            subject = Subject(SubjectKind.PERSON, person.id)
            await uow.cards.want(subject, person.private_chat_id, Face.START, silent=True, at=now)
    return len(officers)

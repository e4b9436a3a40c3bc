"""Finding the ticket that words mean: a whole code, its last digits inside a chat, or the only open one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.domain.assignment import Assignment
from bot.domain.errors import TicketAmbiguous, TicketNotFound
from bot.domain.people import Actor
from bot.domain.permissions import Action, may
from bot.domain.ticket import Ticket

FULL = re.compile(r"[A-Z]{2,4}-\d{8}-\d{4,}")
SHORT = re.compile(r"(?<![\d-])\d{1,6}(?!\d)")
LOOK_BACK = timedelta(days=180)


def code_in(text: str) -> str:
    """The code or the last digits named in the text; empty if none."""
    found = FULL.search(text.upper()) or SHORT.search(text)
    return found.group() if found else ""


async def find_ticket(uow: UnitOfWork, district: District, actor: Actor, code: str, *, now: datetime) -> Ticket:
    """The ticket of that code which this person may see; raises `TicketNotFound`, `TicketAmbiguous`."""
    if FULL.fullmatch(code):
        found = await uow.tickets.by_code(code)
        tickets = [found] if found else []
    else:
        tickets = list(await uow.tickets.by_short_code(code.zfill(4), since=now - LOOK_BACK))
    visible = [ticket for ticket in tickets if await may_see(uow, district, actor, ticket)]
    going_on = [ticket for ticket in visible if ticket.ending is None]
    chosen = going_on or visible[:1]
    if not chosen:
        raise TicketNotFound(code=code)
    if len(chosen) > 1:
        raise TicketAmbiguous(codes=[ticket.code for ticket in chosen[:8]])
    return chosen[0]


async def may_see(uow: UnitOfWork, district: District, actor: Actor, ticket: Ticket) -> bool:
    """Whether this person may know how the ticket stands: his own, his street's, his unit's, or the hub's."""
    assignments = await uow.assignments.of_ticket(ticket.id)
    if may(actor, Action.STATUS, ticket_target(ticket, district.catalogue, assignments)):
        return True
    return any(person.id == actor.id for person in await uow.tickets.followers(ticket.id))


async def open_here(uow: UnitOfWork, district: District, codes: Collection[str]) -> Sequence[Assignment]:
    """The open assignments of these units and departments, earliest due first."""
    units = {unit.code for unit in district.catalogue.units.values() if unit.code in codes or unit.department in codes}
    return await uow.assignments.open_of(units | set(codes))


async def ticket_id_of(uow: UnitOfWork, subject: Subject) -> int | None:
    """The ticket a subject belongs to."""
    if subject.kind is SubjectKind.TICKET:
        return subject.id
    if subject.kind is SubjectKind.ASSIGNMENT:
        assignment = await uow.assignments.get(subject.id)
        return assignment.ticket_id if assignment else None
    if subject.kind is SubjectKind.DRAFT:
        draft = await uow.drafts.get(subject.id)
        return draft.ticket_id if draft else None
    if subject.kind is SubjectKind.MEETING:
        meeting = await uow.meetings.get(subject.id)
        return meeting.ticket_id if meeting else None
    if subject.kind is SubjectKind.HUB_TASK:
        task = await uow.hub_tasks.get(subject.id)
        return task.ticket_id if task else None
    if subject.kind is SubjectKind.QUESTION:
        question = await uow.street_questions.get(subject.id)
        return question.ticket_id if question else None
    return None

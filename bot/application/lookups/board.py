"""What is open in a chat, by due time: whose it is depends on the chat, in private on the roles of the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.lookups.find_ticket import open_here
from bot.application.people.leaders import with_streets
from bot.application.ports import UnitOfWork
from bot.application.records import Board, Face, Subject, SubjectKind
from bot.domain.assignment import Assignment
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import codes_of
from bot.domain.errors import ButtonStale
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.ticket import Sensitivity, Ticket

OWN_SHOWN = 60
OF_UNITS = frozenset({Role.LIAISON, Role.DEPARTMENT_LEADER, Role.HANDLER})
OF_STREETS = frozenset({Role.STREET_OFFICER, Role.DISTRICT_LEADER})


@dataclass(frozen=True, slots=True)
class Line:
    """A case on a board: with the part that matters there, how many joined it, and whether its content is hidden."""

    case: Case
    part: Assignment | None
    joined: int
    hidden: bool

    @property
    def due_at(self) -> datetime | None:
        """When that part is due."""
        return self.part.due_at if self.part and self.part.is_open else None


async def open_board(uow: UnitOfWork, actor: Actor, chat: Chat, *, overdue: bool, now: datetime) -> Board:
    """A new board at the bottom of the chat; leafing through it edits it in place."""
    board = await uow.boards.add(Board(0, chat.id, actor.id, overdue, 0, now))
    await uow.cards.want(Subject(SubjectKind.BOARD, board.id), chat.id, Face.BOARD, silent=chat.is_group, at=now)
    return board


async def turn_page(uow: UnitOfWork, board_id: int, page: int, *, overdue: bool) -> Board:
    """Another page of it, or the other list."""
    board = await uow.boards.get(board_id)
    if board is None:
        raise ButtonStale()
    board.page, board.overdue = max(0, page), overdue
    await uow.boards.save(board)
    await uow.cards.want_all(Subject(SubjectKind.BOARD, board.id))
    return board


async def lines_of(uow: UnitOfWork, district: District, board: Board, *, now: datetime) -> list[Line]:
    """Every line of the board: by day, on a day what several people reported first, then by the hour."""
    chat, person = await uow.chats.get(board.chat_id), await uow.people.get(board.person_id)
    if chat is None or person is None:
        return []
    units: frozenset[str] = frozenset()
    if chat.kind is ChatKind.PRIVATE:
        grants = with_streets(district, person, await uow.people.grants(person.id))
        units = frozenset(grant.of for grant in grants if grant.role in OF_UNITS)
        tickets = await _of_person(uow, district, person, grants, units)
        entitled = any(g.role is Role.DISPATCHER or g.role in OF_UNITS | {Role.STREET_OFFICER} for g in grants)
    else:
        units = _units_in(district, chat)
        tickets, entitled = await _of_chat(uow, district, chat), False
    kept = [t for t in tickets if t.sensitivity is not Sensitivity.SENSITIVE or entitled or t.reporter_id == person.id]
    private = chat.kind is ChatKind.PRIVATE
    lines = await _lines(uow, district, kept if private else _for_groups(tickets), units, person)
    if board.overdue:
        lines = [line for line in lines if line.due_at is not None and line.due_at < now]
    return sorted(lines, key=lambda line: _order(district, line))


def _for_groups(tickets: Iterable[Ticket]) -> list[Ticket]:
    return [ticket for ticket in tickets if ticket.sensitivity is not Sensitivity.SENSITIVE]


async def _of_chat(uow: UnitOfWork, district: District, chat: Chat) -> Sequence[Ticket]:
    if chat.kind in {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT}:
        return await _of_units(uow, district, sorted(_units_in(district, chat)))
    everywhere = chat.of == "hub" or chat.kind is ChatKind.HUB
    # what a standing meeting has decided belongs to no street
    return await uow.tickets.open_in(streets={*district.catalogue.streets, ""} if everywhere else {chat.of})


def _units_in(district: District, chat: Chat) -> frozenset[str]:
    """Whose calls that group answers: its department's or unit's, or those of the teams that are stationed there."""
    if chat.kind not in {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT}:
        return frozenset()
    return codes_of(district.catalogue, district.rules.enforcement, chat)


async def _of_units(uow: UnitOfWork, district: District, codes: Sequence[str]) -> Sequence[Ticket]:
    found = [await uow.tickets.get(part.ticket_id) for part in await open_here(uow, district, codes)]
    return list({ticket.id: ticket for ticket in found if ticket is not None}.values())


async def _of_person(
    uow: UnitOfWork, district: District, person: Person, grants: frozenset[Grant], units: frozenset[str]
) -> Sequence[Ticket]:
    streets = {grant.of for grant in grants if grant.role in OF_STREETS}
    if any(grant.role is Role.DISPATCHER for grant in grants):
        streets = set(district.catalogue.streets)
    found: dict[int, Ticket] = {}
    if streets:
        found |= {ticket.id: ticket for ticket in await uow.tickets.open_in(streets=streets)}
    if units:
        found |= {ticket.id: ticket for ticket in await _of_units(uow, district, sorted(units))}
    own = await uow.tickets.of_person(person.id, limit=OWN_SHOWN) if not (streets or units) else ()
    found |= {ticket.id: ticket for ticket in own if ticket.ending is None}
    return list(found.values())


async def _lines(
    uow: UnitOfWork, district: District, tickets: Sequence[Ticket], units: frozenset[str], person: Person
) -> list[Line]:
    ids = [ticket.id for ticket in tickets]
    parts, tasks = await uow.assignments.of_tickets(ids), await uow.hub_tasks.of_tickets(ids)
    joined = await uow.tickets.joined_counts(ids)
    codes = {u.code for u in district.catalogue.units.values() if u.code in units or u.department in units} | units
    lines = []
    for ticket in tickets:
        case = Case(ticket, parts[ticket.id], tasks[ticket.id])
        own = [part for part in case.assignments if part.assignee.code in codes and part.is_open]
        hidden = ticket.sensitivity is Sensitivity.SENSITIVE and ticket.reporter_id != person.id
        lines.append(Line(case, own[-1] if own else case.lead, joined.get(ticket.id, 0), hidden))
    return lines


def _order(district: District, line: Line) -> tuple[bool, date, int, float, int]:
    """What a district leader has ordered stands above everything else."""
    due = line.due_at
    day = district.day(due) if due is not None else date.max
    return (
        not line.case.ticket.is_ordered,
        day,
        -line.joined,
        due.timestamp() if due is not None else 0.0,
        line.case.ticket.id,
    )

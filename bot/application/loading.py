"""Loading what a use case works on, locked, or refusing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.ports import UnitOfWork
from bot.domain.assignment import Assignment
from bot.domain.errors import ButtonStale, TicketEnded, TicketNotFound
from bot.domain.hub_task import HubTask
from bot.domain.masking import is_unfit
from bot.domain.ticket import Sensitivity, Stage, Ticket, stage_of


@dataclass(slots=True)
class Case:
    """A ticket with all its parts."""

    ticket: Ticket
    assignments: Sequence[Assignment]
    hub_tasks: Sequence[HubTask]

    @property
    def stage(self) -> Stage:
        """The stage, computed."""
        return stage_of(self.ticket, self.assignments, self.hub_tasks)

    @property
    def lead(self) -> Assignment | None:
        """The assignment that matters most now: the newest lead that is live, else the newest of all."""
        live = [a for a in self.assignments if a.is_lead and a.state not in {"returned", "cancelled"}]
        return next(reversed(live or list(self.assignments)), None)


async def heed_words(uow: UnitOfWork, ticket: Ticket, words: str) -> None:
    """Somebody wrote about it what no group should read: from now on the whole matter is sensitive."""
    if is_unfit(words) and ticket.sensitivity is not Sensitivity.SENSITIVE:
        ticket.sensitivity = Sensitivity.SENSITIVE
        await uow.tickets.save(ticket)


async def load_case(uow: UnitOfWork, ticket_id: int, *, for_update: bool = False) -> Case:
    """The ticket and its parts; raises `TicketNotFound`."""
    ticket = await uow.tickets.get(ticket_id, for_update=for_update)
    if ticket is None:
        raise TicketNotFound(ticket=ticket_id)
    return Case(ticket, await uow.assignments.of_ticket(ticket_id), await uow.hub_tasks.of_ticket(ticket_id))


async def load_open_case(uow: UnitOfWork, ticket_id: int) -> Case:
    """The same, locked; raises `TicketEnded` if it is over."""
    case = await load_case(uow, ticket_id, for_update=True)
    if case.ticket.ending is not None:
        raise TicketEnded(ticket=case.ticket.code, stage=case.stage)
    return case


async def load_assignment(uow: UnitOfWork, assignment_id: int) -> tuple[Case, Assignment]:
    """An assignment of a ticket that goes on, both locked; raises `ButtonStale` if there is none."""
    assignment = await uow.assignments.get(assignment_id, for_update=True)
    if assignment is None:
        raise ButtonStale()
    case = await load_open_case(uow, assignment.ticket_id)
    found = next(part for part in case.assignments if part.id == assignment_id)
    return case, found

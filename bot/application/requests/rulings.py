"""What requests to return leave behind: the request, its ruling, the precedents of an item, and the result told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.loading import Case
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Outgoing, Subject, SubjectKind
from bot.application.telling import assignment_subject, street_chats, tell, ticket_subject, unit_chats
from bot.domain import routing
from bot.domain.assignment import Assignment, move
from bot.domain.errors import BothSides, ButtonStale
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import mask
from bot.domain.people import Actor, Role
from bot.domain.permissions import Action, require
from bot.domain.returning import Outcome, Precedents, Ruling, precedents
from bot.domain.ticket import Mode, Sensitivity, Ticket

LOOK_BACK = timedelta(days=365)


async def open_request(uow: UnitOfWork, ticket_id: int, *, is_dispute: bool = False) -> Ruling | None:
    """The request of that ticket that still waits for its ruling, or its dispute."""
    found = [r for r in await uow.rulings.of_ticket(ticket_id) if r.outcome is None and r.is_dispute is is_dispute]
    return found[-1] if found else None


def stands_outside(district: District, actor: Actor, case: Case, units: Iterable[str]) -> None:
    """Raises `NotPermitted` for who is not the hub, `BothSides` for who belongs to the street or to one of the units."""
    target = ticket_target(case.ticket, district.catalogue)
    require(actor, Action.RULE, target)
    sides = target.streets.union(*(routing.covering_codes(district.catalogue, code) for code in units if code))
    # what the hub's own meetings decided is called by the hub, and nobody but the hub can rule
    if any(grant.of in sides for grant in actor.all_grants() if grant.role is not Role.DISPATCHER):
        raise BothSides(code=case.ticket.code)


async def decide(
    uow: UnitOfWork, request: Ruling, outcome: Outcome, to_unit: str, by: int | None, *, now: datetime
) -> None:
    """The request has its outcome; from now on it is a precedent, if it says whose duty it is."""
    request.outcome, request.to_unit, request.decided_at, request.decided_by = outcome, to_unit, now, by
    await uow.rulings.save(request)


async def close_requests(
    uow: UnitOfWork, case: Case, outcome: Outcome, to_unit: str, by: int | None, *, now: datetime
) -> None:
    """Whatever request of the ticket was open ends with the move that made it pointless; a dispute goes on."""
    for request in await uow.rulings.of_ticket(case.ticket.id):
        if request.outcome is None and not request.is_dispute:
            await decide(uow, request, outcome, to_unit, by, now=now)
    for question in await uow.street_questions.of_ticket(case.ticket.id):
        if question.is_open and question.task_id is not None:
            await uow.dues.drop(Subject(SubjectKind.QUESTION, question.id))


async def lapse(uow: UnitOfWork, case: Case, part: Assignment, by: int | None, *, now: datetime) -> None:
    """The unit reported or took its request back: there is nothing to rule on."""
    await close_requests(uow, case, Outcome.LAPSED, "", by, now=now)
    for task in case.hub_tasks:
        if task.is_open and task.kind is HubTaskKind.RULING and task.assignment_id == part.id:
            subject = Subject(SubjectKind.HUB_TASK, task.id)
            task.done_at, task.done_by = now, by
            await uow.hub_tasks.save(task)
            await uow.dues.drop(subject)
            await uow.cards.want_all(subject)


async def precedents_of(uow: UnitOfWork, ticket: Ticket, *, now: datetime) -> Precedents:
    """What was ruled on the ticket's item within a year, without its own; nothing for what no group should read."""
    if not ticket.item or ticket.sensitivity is Sensitivity.SENSITIVE:
        return Precedents(0, 0, 0)
    found = await uow.rulings.of_item(ticket.item, since=now - LOOK_BACK)
    return precedents(ruling for ruling in found if ruling.ticket_id != ticket.id)


def precedent_params(district: District, found: Precedents) -> dict[str, object]:
    """The same for a card."""
    mostly = district.catalogue.party_name(found.mostly_to) if found.mostly_to else ""
    return {
        "precedents": found.total,
        "precedents_kept": found.kept,
        "precedents_moved": found.moved,
        "precedents_to": mostly,
    }


async def tell_result(
    uow: UnitOfWork,
    district: District,
    case: Case,
    outcome: Outcome,
    unit_code: str,
    asked: Assignment,
    holder: Assignment | None,
    *,
    now: datetime,
    key: str,
) -> None:
    """Text 6 to all sides: street, the unit that asked and the unit that has it now; no ground, no accusing word."""
    ticket, catalogue = case.ticket, district.catalogue
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE
    item = catalogue.items.get(ticket.item)
    unit = catalogue.party_name(unit_code)
    is_part = not asked.is_lead and outcome is not Outcome.SETTLED
    as_listed = item is not None and not hidden and not is_part and unit_code in routing.codes_of(catalogue, item.lead)
    support = list(item.support) if item is not None and as_listed else []
    params = {
        "code": ticket.code,
        "item": ticket.item if as_listed else "",
        "unit": unit,
        "support": support,
        "due_at": holder.due_at if holder and holder.is_open else None,
        "outcome": str(outcome),
        "is_part": is_part,
        "task": mask(asked.task) if is_part and not hidden else "",
    }
    is_two_way = ticket.mode is Mode.TWO_WAY  # then a department is the caller
    callers = unit_chats(uow, district, ticket.caller.code) if is_two_way else street_chats(uow, ticket.street)
    chats = {chat.id: ticket_subject(ticket.id) for chat in await callers}
    for side in (asked, holder):
        if side is not None:
            for chat in await unit_chats(uow, district, side.assignee.code):
                chats[chat.id] = assignment_subject(side.id)
    if outcome is Outcome.SETTLED:
        for chat in await unit_chats(uow, district, unit_code):
            chats.setdefault(chat.id, ticket_subject(ticket.id))
    for chat_id, subject in chats.items():
        message = Outgoing(
            kind="ruling-result",
            chat_id=chat_id,
            params=params,
            subject=subject,
            silent=True,
            dedupe_key=f"ticket:{ticket.id}:ruling:{key}:c{chat_id}",
        )
        await tell(uow, district, message, now=now)


async def take_back_return(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, actor: Actor, *, now: datetime
) -> None:
    """The unit asks for nothing; the hub's ruling is not needed."""
    if part.prior_state is None:
        raise ButtonStale()
    move(part, part.prior_state, now=now, by=actor.id)
    await uow.assignments.save(part)
    await schedule(uow, district, part, now=now)
    await lapse(uow, case, part, actor.id, now=now)

"""退回: a unit says within its window, on a ground, that a call is not its own; it goes on while the hub rules."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.district import District
from bot.application.loading import Case, load_assignment
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.telling import offer_undo, raise_cards
from bot.domain import routing
from bot.domain.assignment import ALLOWED_TRANSITIONS, Assignment, AssignmentState, move
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ReturnWindowOver, TextMissing, TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require
from bot.domain.returning import Ground, Ruling, return_until

SHORTEST_NAME = 2
LONGEST_REASON = 500


async def may_return(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime
) -> tuple[Case, Assignment]:
    """The assignment, if this person may ask to return it now; raises `ReturnWindowOver` where it is too late."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.RETURN, ticket_target(case.ticket, district.catalogue, [assignment]))
    if AssignmentState.RETURN_REQUESTED not in ALLOWED_TRANSITIONS[assignment.state]:
        raise TransitionNotAllowed(
            state=assignment.state,
            to=AssignmentState.RETURN_REQUESTED,
            by=assignment.last_mover,
            at=assignment.last_moved_at,
        )
    until = return_until(assignment.clock_start, assignment.handle_limit, district.calendar)
    if until is not None and now > until:
        raise ReturnWindowOver(ticket=case.ticket.code, until=until)
    return case, assignment


async def request_return(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    assignment_id: int,
    reason: str,
    *,
    now: datetime,
    ground: Ground = Ground.WORDS,
    named: str = "",
) -> tuple[Case, Assignment]:
    """Asked with a ground; the hub has a task with a clock, and the department that is named hears nothing."""
    case, assignment = await may_return(uow, district, actor, assignment_id, now=now)
    words = reason.strip()[:LONGEST_REASON]
    if not words and ground is not Ground.OUTSIDE and not named:
        raise TextMissing()
    named = named or named_unit(district.catalogue, words, case.ticket.street, without=assignment.assignee.code)
    move(assignment, AssignmentState.RETURN_REQUESTED, now=now, by=actor.id)
    await uow.assignments.save(assignment)
    event = await uow.events.append(
        case.ticket.id,
        EventKind.RETURN_REQUESTED,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment.id, "ground": str(ground)},
        texts={"reason": words} if words else None,
    )
    earlier = [r for r in await uow.rulings.of_ticket(case.ticket.id) if not r.is_dispute]
    await uow.rulings.add(
        Ruling(
            id=0,
            ticket_id=case.ticket.id,
            assignment_id=assignment.id,
            item=case.ticket.item,
            unit=assignment.assignee.code,
            number=len(earlier) + 1,
            ground=ground,
            named=named,
            asked_at=now,
            asked_by=actor.id,
            asked_seq=event.seq,
        )
    )
    await open_hub_task(uow, district, case, HubTaskKind.RULING, now=now, assignment_id=assignment.id)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


def named_unit(catalogue: Catalogue, words: str, street: str, *, without: str = "") -> str:
    """The unit whose department these words name, the longest name first; empty if none but the own one is named."""
    own = routing.covering_codes(catalogue, without)
    names = sorted(catalogue.department_by_name, key=len, reverse=True)
    for name in names:
        department = catalogue.department_by_name[name]
        if len(name) >= SHORTEST_NAME and name in words and department.code not in own:
            unit = routing.unit_for(catalogue, department.code, street)
            if unit is not None:
                return unit.code
    return ""

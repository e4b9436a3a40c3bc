"""What a unit does with its assignment before the answer: signs, says how it goes, hands it to who does it."""

from __future__ import annotations

from datetime import datetime

from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.hub_tasks import finish_task
from bot.application.loading import Case, heed_words, load_assignment
from bot.application.people import succession
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.telling import answer_reporter, assignment_subject, offer_undo, raise_cards
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import TextMissing, TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.party import PartyKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require


async def sign_assignment(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime
) -> tuple[Case, Assignment]:
    """`签收`: received, which admits no duty. The reporter gets one silent line."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.SIGN, ticket_target(case.ticket, district.catalogue, [assignment]))
    await signed(uow, district, case, assignment, actor, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


async def signed(
    uow: UnitOfWork,
    district: District,
    case: Case,
    assignment: Assignment,
    actor: Actor,
    *,
    now: datetime,
    told: bool = True,
) -> None:
    """The move itself; a press proves that the call has arrived. Not `told` where the reporter hears more at once."""
    if assignment.state is AssignmentState.UNDELIVERED:
        await _reached_after_all(uow, district, assignment, now=now)
    if assignment.state is not AssignmentState.UNSIGNED:
        raise TransitionNotAllowed(
            state=assignment.state,
            to=AssignmentState.HANDLING,
            by=assignment.signed_by,
            at=assignment.signed_at,
        )
    move(assignment, AssignmentState.HANDLING, now=now, by=actor.id)
    assignment.delivered_at = assignment.delivered_at or now
    assignment.signed_at, assignment.signed_by = now, actor.id
    await uow.assignments.save(assignment)
    subject = assignment_subject(assignment.id)
    await uow.dues.drop(subject, DueKind.SIGN)
    await uow.dues.drop(subject, DueKind.DELIVERY)
    await uow.events.append(
        case.ticket.id, EventKind.SIGNED, at=now, actor=actor.id, detail={"assignment": assignment.id}
    )
    for task in case.hub_tasks:
        reached = task.kind is HubTaskKind.UNDELIVERED and task.assignment_id == assignment.id
        if task.is_open and (reached or task.kind is HubTaskKind.ALARM):
            await finish_task(uow, task, None, now=now)
    await succession.release_predecessors(uow, case, assignment, now=now)
    if not assignment.is_lead or not told:
        return
    params = {
        "unit": district.catalogue.party_name(assignment.assignee.code),
        "name": actor.person.known_as,
        "commanded": assignment.assignee.kind is PartyKind.TEAM,
        "due_at": assignment.due_at,
        "provisional": assignment.provisional,
        "round": assignment.round,
    }
    await answer_reporter(uow, district, case.ticket, "signed-reply", params, now=now)


async def _reached_after_all(uow: UnitOfWork, district: District, assignment: Assignment, *, now: datetime) -> None:
    """Who signs what was held to be undelivered has it now: the clocks that stood still begin here."""
    move(assignment, AssignmentState.UNSIGNED, now=now, by=None)
    handling = district.due(now, assignment.handle_limit)
    assignment.delivered_at = assignment.clock_start = now
    assignment.sign_due_at = district.due_moment(now, assignment.sign_limit)
    assignment.due_at, assignment.provisional = handling.due_at, handling.provisional
    await schedule(uow, district, assignment, now=now)


async def note_progress(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, text: str, *, now: datetime
) -> tuple[Case, Assignment]:
    """`进展`: a word on the way, which signs if nobody has, and never moves the clock."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.PROGRESS, ticket_target(case.ticket, district.catalogue, [assignment]))
    if not text.strip():
        raise TextMissing()
    if not assignment.is_open:
        raise TransitionNotAllowed(
            state=assignment.state, to="progress", by=assignment.last_mover, at=assignment.last_moved_at
        )
    if assignment.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
        await signed(uow, district, case, assignment, actor, now=now)
    before, before_at = assignment.last_progress, assignment.last_progress_at
    assignment.last_progress, assignment.last_progress_at = text.strip()[:500], now
    await heed_words(uow, case.ticket, text)
    await uow.assignments.save(assignment)
    await uow.events.append(
        case.ticket.id,
        EventKind.PROGRESSED,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment.id} | ({"before_at": before_at.isoformat()} if before_at else {}),
        texts={"text": text.strip()} | ({"before": before} if before else {}),
    )
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


async def hand_on(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, name: str, *, now: datetime
) -> tuple[Case, Assignment]:
    """`转承办人`: who does the work, by name; the duty to answer stays with the unit."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.HAND_ON, ticket_target(case.ticket, district.catalogue, [assignment]))
    if not name.strip():
        raise TextMissing()
    if not assignment.is_open:
        raise TransitionNotAllowed(state=assignment.state, to="handed_on", by=assignment.last_mover, at=None)
    if assignment.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
        await signed(uow, district, case, assignment, actor, now=now)
    before, assignment.handler_name = assignment.handler_name, name.strip().lstrip("@")[:40]
    await uow.assignments.save(assignment)
    await uow.events.append(
        case.ticket.id,
        EventKind.HANDED_ON,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment.id},
        texts={"name": assignment.handler_name} | ({"before": before} if before else {}),
    )
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment

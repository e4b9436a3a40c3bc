"""撤回: before signing the reporter may, afterwards only the street's officer, with a reason; it leaves a trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_open_case
from bot.application.meetings.meeting_messages import end_meetings
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Outgoing
from bot.application.reporting.pass_on_report import pass_on_report
from bot.application.requests.lapse import lapse_requests
from bot.application.requests.rulings import close_requests
from bot.application.telling import (
    assignment_subject,
    offer_undo,
    raise_cards,
    tell,
    tell_followers,
    ticket_subject,
    unit_chats,
)
from bot.application.ways.refer_up import lapse_referral
from bot.domain.assignment import Assignment, AssignmentState, cancel
from bot.domain.errors import NotPermitted, TextMissing
from bot.domain.events import EventKind
from bot.domain.hub_task import OUTLIVES_THE_TICKET
from bot.domain.masking import mask
from bot.domain.people import Actor, Grant, Role
from bot.domain.permissions import OTHER_SIDE, Action, Target, require
from bot.domain.returning import Outcome
from bot.domain.ticket import Ending, Mode

_SPEAKERS = {False: (Role.STREET_OFFICER,), True: (Role.LIAISON, Role.DEPARTMENT_LEADER)}
"""Who speaks for the caller: for a street, and for a department that calls one."""

BEFORE_SIGNING = frozenset({AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED, AssignmentState.RETURNED})


async def withdraw_ticket(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, reason: str, *, now: datetime
) -> Case:
    """The ticket ends as withdrawn; every open assignment is cancelled and its unit told."""
    case = await load_open_case(uow, ticket_id)
    target = ticket_target(case.ticket, district.catalogue)
    wrote_it = case.ticket.origin_chat_id is not None and case.ticket.origin_chat_id == actor.person.private_chat_id
    if not wrote_it:
        require(actor, Action.WITHDRAW, target)
    signed = is_signed(case)
    if signed:
        if not speaks_for_caller(actor.all_grants(), target):
            raise NotPermitted(action=Action.WITHDRAW, who=_SPEAKERS[case.ticket.mode is Mode.TWO_WAY])
        if not reason.strip():
            raise TextMissing()
    if await pass_on_report(uow, district, case, actor.id, now=now):
        return case
    concerned = [part for part in case.assignments if part.is_open and part.signed_at is not None]
    await end_ticket(uow, district, case, Ending.WITHDRAWN, EventKind.WITHDRAWN, actor.id, reason, now=now)
    await tell_followers(uow, district, case.ticket, "withdrawn", {"reason": reason, "part": now.isoformat()}, now=now)
    for part in concerned if signed else ():
        await _tell_unit(uow, district, case, part, reason, now=now)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


def speaks_for_caller(grants: Iterable[Grant], target: Target) -> bool:
    """Whether one of these is the street's officer's, or where a department calls, its liaison's or leader's."""
    officers = {Role.STREET_OFFICER, *(role for role, other in OTHER_SIDE.items() if other is Role.STREET_OFFICER)}
    return any(grant.role in officers and grant.of in target.streets for grant in grants)


def is_signed(case: Case) -> bool:
    """Whether a unit has signed: from then on only the officer may withdraw, with a reason."""
    live = [part for part in case.assignments if part.state is not AssignmentState.CANCELLED]
    return case.ticket.mode is not Mode.SELF and any(part.state not in BEFORE_SIGNING for part in live)


async def _tell_unit(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, reason: str, *, now: datetime
) -> None:
    for chat in await unit_chats(uow, district, part.assignee.code):
        message = Outgoing(
            kind="withdrawn",
            chat_id=chat.id,
            params={"code": case.ticket.code, "reason": mask(reason)},
            subject=assignment_subject(part.id),
            dedupe_key=f"assignment:{part.id}:withdrawn:{now.isoformat()}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)


async def end_ticket(
    uow: UnitOfWork,
    district: District,
    case: Case,
    ending: Ending,
    event: EventKind,
    by: int | None,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Marks the ticket as ended and closes everything that waits for it, in the same transaction."""
    for assignment in case.assignments:
        if cancel(assignment, now=now, by=by):
            await uow.assignments.save(assignment)
            await uow.events.append(
                case.ticket.id, EventKind.CANCELLED, at=now, actor=by, detail={"assignment": assignment.id}
            )
            await lapse_requests(uow, assignment, now=now)
        await uow.dues.drop(assignment_subject(assignment.id))
    for task in case.hub_tasks:
        if task.is_open and task.kind not in OUTLIVES_THE_TICKET:
            task.done_at, task.done_by = now, by
            await uow.hub_tasks.save(task)
    await close_requests(uow, case, Outcome.LAPSED, "", by, now=now)
    case.ticket.ending, case.ticket.ended_at, case.ticket.start_awaited = ending, now, False
    await uow.tickets.save(case.ticket)
    await uow.dues.drop(ticket_subject(case.ticket.id))
    await end_meetings(uow, district, case, now=now)
    await lapse_referral(uow, case, by, now=now)
    texts = {"reason": reason.strip()} if reason.strip() else None
    detail = {"signed": any(part.signed_at is not None for part in case.assignments)}
    await uow.events.append(case.ticket.id, event, at=now, actor=by, detail=detail, texts=texts)
    await raise_cards(uow, case)


async def decline_ticket(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, reason: str, *, now: datetime
) -> Case:
    """不予受理: the hub says that this channel does not handle it, and where to turn (text 11a)."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.DECLINE, ticket_target(case.ticket, district.catalogue))
    await end_ticket(uow, district, case, Ending.DECLINED, EventKind.DECLINED, actor.id, reason, now=now)
    reporter = await uow.people.get(case.ticket.reporter_id)
    if reporter and reporter.reachable and reporter.private_chat_id:
        message = Outgoing(
            kind="declined",
            chat_id=reporter.private_chat_id,
            params={"code": case.ticket.code, "at": case.ticket.created_at, "reason": reason},
            subject=ticket_subject(ticket_id),
            dedupe_key=f"ticket:{ticket_id}:declined:{now.isoformat()}",
        )
        await tell(uow, district, message, now=now)
    await offer_undo(uow, district, ticket_id, now=now)
    return case

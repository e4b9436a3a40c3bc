"""核实与评价: the person of record is asked; each assignment by itself; the ticket is filed when all are accepted."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.clocks.assignment_clocks import first_check, schedule
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks
from bot.application.loading import Case, load_assignment, load_case
from bot.application.meetings.meeting_messages import end_meetings
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Outgoing
from bot.application.telling import (
    answer_reporter,
    assignment_subject,
    offer_undo,
    raise_cards,
    tell,
    tell_followers,
    unit_chats,
)
from bot.application.ways.refer_up import lapse_referral
from bot.domain import ladders
from bot.domain.assignment import LIVE_STATES, Assignment, AssignmentState, move
from bot.domain.errors import BothSides, ButtonStale, TransitionNotAllowed
from bot.domain.evaluation import Evaluation, Verdict, stands_on_both_sides
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.party import PartyKind
from bot.domain.people import Actor, Person, Role
from bot.domain.permissions import Action, require
from bot.domain.referral import OrderVerifier
from bot.domain.rules import Verifier
from bot.domain.ticket import Ending, Mode, Sensitivity, Ticket


async def ask_verification(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime
) -> None:
    """Asks in private where there is a private chat, else where the words were written; silence has its clock."""
    subject = assignment_subject(assignment.id)
    first = first_check(district, ladders.VERIFICATION, now, district.rules.verification_limit)
    await uow.dues.put(subject, DueKind.VERIFICATION, first)
    person = await person_of_record(uow, district, case.ticket)
    silent = not district.rings(now)
    if person is not None and person.reachable and person.private_chat_id:
        await uow.cards.want(subject, person.private_chat_id, Face.VERIFY, silent=silent, at=now)
    elif case.ticket.origin_chat_id is not None and case.ticket.sensitivity is not Sensitivity.SENSITIVE:
        reply_to = case.ticket.origin_message_id
        await uow.cards.want(subject, case.ticket.origin_chat_id, Face.VERIFY, reply_to=reply_to, silent=silent, at=now)


async def person_of_record(uow: UnitOfWork, district: District, ticket: Ticket) -> Person | None:
    """Who is asked: the reporter, or the street's officer, as config says; what others called, they verify."""
    if ticket.ordered_by is not None and answers_to_who_ordered(district, ticket):
        return await uow.people.get(ticket.ordered_by)
    if district.rules.verifier is Verifier.STREET_OFFICER and ticket.caller.kind is PartyKind.STREET:
        officers = await uow.people.holding(Role.STREET_OFFICER, {ticket.street})
        if officers:
            return officers[0]
    return await uow.people.get(ticket.reporter_id)


def answers_to_who_ordered(district: District, ticket: Ticket) -> bool:
    """What a leader has ordered he verifies, if config says so; what an officer commands always he."""
    by_leader = ticket.mode is Mode.REVERSE and district.rules.referrals.verifier is OrderVerifier.LEADER
    return by_leader or ticket.mode is Mode.ENFORCEMENT


async def evaluate(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, verdict: Verdict, *, now: datetime
) -> tuple[Case, Assignment]:
    """Only `not_solved` starts a new round; the others accept. Raises `BothSides`, `NotPermitted`."""
    case, assignment = await load_assignment(uow, assignment_id)
    target = ticket_target(case.ticket, district.catalogue, [assignment])
    require(actor, Action.EVALUATE, target)
    self_kept = assignment.assignee == case.ticket.caller
    if not self_kept and stands_on_both_sides(actor, target.streets, target.units):
        raise BothSides(code=case.ticket.code)
    if assignment.state is not AssignmentState.REPORTED:
        raise TransitionNotAllowed(
            state=assignment.state, to=AssignmentState.ACCEPTED, by=assignment.last_mover, at=assignment.last_moved_at
        )
    await uow.evaluations.add(Evaluation(0, case.ticket.id, assignment.id, assignment.round, verdict, actor.id, now))
    await uow.events.append(
        case.ticket.id,
        EventKind.EVALUATED,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment.id, "verdict": str(verdict), "round": assignment.round},
    )
    await uow.dues.drop(assignment_subject(assignment.id), DueKind.VERIFICATION)
    if verdict is Verdict.NOT_SOLVED:
        await _rework(uow, district, case, assignment, actor, now=now)
    else:
        await accept(uow, district, case, assignment, actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment


async def _rework(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, actor: Actor, *, now: datetime
) -> None:
    move(assignment, AssignmentState.HANDLING, now=now, by=actor.id)
    assignment.round += 1
    assignment.clock_start = now
    due = district.due(now, assignment.handle_limit)
    assignment.due_at, assignment.provisional = due.due_at, due.provisional
    assignment.report_text = assignment.report_public = assignment.report_outcome = ""
    await uow.assignments.save(assignment)
    await schedule(uow, district, assignment, now=now)
    await uow.events.append(
        case.ticket.id,
        EventKind.REWORK_STARTED,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment.id, "round": assignment.round, "due": assignment.due_at},
    )
    await wake_unit(uow, district, case, assignment, now=now)
    if assignment.round > district.rules.max_rounds:
        if not case.ticket.supervised:
            case.ticket.supervised = True
            await uow.tickets.save(case.ticket)
            await uow.events.append(case.ticket.id, EventKind.SUPERVISED, at=now, actor=None)
        await open_hub_task(uow, district, case, HubTaskKind.SUPERVISION, now=now, assignment_id=assignment.id)


async def wake_unit(uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime) -> None:
    """The unit learns that a new round has begun."""
    for chat in await unit_chats(uow, district, assignment.assignee.code):
        message = Outgoing(
            kind="rework",
            chat_id=chat.id,
            params={
                "code": case.ticket.code,
                "round": assignment.round,
                "due_at": assignment.due_at,
                "provisional": assignment.provisional,
            },
            subject=assignment_subject(assignment.id),
            dedupe_key=f"assignment:{assignment.id}:rework:{assignment.round}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)


async def accept(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, by: int | None, *, now: datetime
) -> None:
    """The answer holds; when every live assignment is accepted, the hub files the ticket by rule."""
    move(assignment, AssignmentState.ACCEPTED, now=now, by=by)
    await uow.assignments.save(assignment)
    await uow.events.append(case.ticket.id, EventKind.ACCEPTED, at=now, actor=by, detail={"assignment": assignment.id})
    live = [part for part in case.assignments if part.state in LIVE_STATES]
    if any(part.state is not AssignmentState.ACCEPTED for part in live):
        return
    if any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in case.hub_tasks):
        return  # more is to come: the hub has still to dispatch, for instance what a meeting will decide
    case.ticket.ending, case.ticket.ended_at = Ending.CLOSED, now
    await uow.tickets.save(case.ticket)
    await finish_tasks(uow, case, by, now=now)
    await uow.events.append(case.ticket.id, EventKind.CLOSED, at=now, actor=by)
    await end_meetings(uow, district, case, now=now)
    await lapse_referral(uow, case, by, now=now)
    params = {"round": assignment.round, "unit": district.catalogue.party_name(assignment.assignee.code)}
    await answer_reporter(uow, district, case.ticket, "filed-reply", params, now=now)
    await tell_followers(uow, district, case.ticket, "filed-reply", params, now=now)


async def close_unevaluated(uow: UnitOfWork, district: District, assignment_id: int, *, now: datetime) -> None:
    """Silence: accepted without evaluation, which stands outside every rate of satisfaction."""
    case, assignment = await load_assignment(uow, assignment_id)
    if assignment.state is not AssignmentState.REPORTED:
        return
    await uow.evaluations.add(Evaluation(0, case.ticket.id, assignment.id, assignment.round, None, None, now))
    await uow.events.append(
        case.ticket.id, EventKind.UNEVALUATED, at=now, actor=None, detail={"assignment": assignment.id}
    )
    await accept(uow, district, case, assignment, None, now=now)
    await raise_cards(uow, case)


async def give_reason(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, reason: str, *, now: datetime
) -> Evaluation:
    """Why not satisfied: asked after the press, by a choice or a line; only who evaluated may say it."""
    assignment = await uow.assignments.get(assignment_id)
    if assignment is None:
        raise ButtonStale()
    await load_case(uow, assignment.ticket_id, for_update=True)
    own = [
        e
        for e in await uow.evaluations.of_ticket(assignment.ticket_id)
        if e.assignment_id == assignment_id and e.by == actor.id
    ]
    if not own:
        raise ButtonStale()
    evaluation = own[-1]
    if evaluation.reason == reason.strip()[:500]:
        return evaluation
    evaluation.reason = reason.strip()[:500]
    await uow.evaluations.save(evaluation)
    await uow.events.append(
        assignment.ticket_id,
        EventKind.REASON_GIVEN,
        at=now,
        actor=actor.id,
        detail={"assignment": assignment_id, "round": evaluation.round},
        texts={"reason": evaluation.reason},
    )
    await uow.cards.want_all(assignment_subject(assignment_id))
    await offer_undo(uow, district, assignment.ticket_id, now=now)
    return evaluation

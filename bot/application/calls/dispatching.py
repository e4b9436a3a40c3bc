"""Sending a ticket on its way: to its own street, to one unit, to the officer who starts it, or to the hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.application.calls.start_clock import await_start, show_starts
from bot.application.clocks.assignment_clocks import first_check, owes_word, schedule
from bot.application.district import District
from bot.application.loading import Case
from bot.application.people.leaders import leaders_of
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import (
    assignment_subject,
    hub_chats,
    show_unit,
    street_chats,
    tell,
    tell_hub,
    ticket_subject,
)
from bot.domain import escalation, ladders, routing
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.catalogue import Unit
from bot.domain.chat import ChatKind
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.masking import mask
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Mode, Sensitivity


@dataclass(frozen=True, slots=True)
class Terms:
    """What one unit in particular is asked to do by when; what is left empty is as the list has it for the item."""

    task: str = ""
    handle_limit: str = ""
    is_lead: bool = True


AS_LISTED = Terms()


async def new_assignment(
    uow: UnitOfWork,
    district: District,
    case: Case,
    assignee: Party,
    *,
    now: datetime,
    round_: int = 1,
    terms: Terms = AS_LISTED,
) -> Assignment:
    """An assignment with both its clocks, stored, with its due rows; its clock starts now."""
    sign_limit, handle_limit = limits_of(district, case)
    handle_limit = terms.handle_limit or handle_limit
    handling = district.due(now, handle_limit)
    if handling.due_at and (signing := district.due_moment(now, sign_limit)) and signing > handling.due_at:
        sign_limit = handle_limit  # a short task is signed before it is to be done
    assignment = await uow.assignments.add(
        Assignment(
            id=0,
            ticket_id=case.ticket.id,
            assignee=assignee,
            state=AssignmentState.UNSIGNED,
            round=round_,
            sign_limit=sign_limit,
            handle_limit=handle_limit,
            dispatched_at=now,
            clock_start=now,
            sign_due_at=district.due_moment(now, sign_limit),
            due_at=handling.due_at,
            provisional=handling.provisional,
            is_lead=terms.is_lead,
            task=terms.task,
            word_owed=owes_word(district, now, handling.due_at),
            ladder=escalation.as_rows({clock: district.ladders[clock] for clock in ladders.COPIED}),
        )
    )
    case.assignments = [*case.assignments, assignment]
    return assignment


def limits_of(district: District, case: Case) -> tuple[str, str]:
    """The limits of the ticket's item, for signing and for handling; a matter without an item has the rule's."""
    code = case.ticket.item
    item = district.catalogue.items.get(code) or district.rules.street_items.get(code)
    return (item.sign_limit, item.handle_limit) if item else (district.rules.self_sign_limit, "3工作日")


def terms_of(part: Assignment) -> Terms:
    """What a successor of that part takes over: its task with its limit, and whether it leads."""
    return Terms(part.task, part.handle_limit if part.task else "", part.is_lead)


async def dispatch_to_unit(
    uow: UnitOfWork,
    district: District,
    case: Case,
    unit: Unit,
    *,
    now: datetime,
    by: int | None,
    round_: int = 1,
    terms: Terms = AS_LISTED,
) -> Assignment:
    """The call goes out to that unit, in an emergency to hub and leaders in the same moment."""
    assignment = await dispatch_to(uow, district, case, unit.party, now=now, by=by, round_=round_, terms=terms)
    if case.ticket.emergency:
        await alarm(uow, district, case, unit, now=now)
    return assignment


async def dispatch_to(
    uow: UnitOfWork,
    district: District,
    case: Case,
    party: Party,
    *,
    now: datetime,
    by: int | None,
    round_: int = 1,
    terms: Terms = AS_LISTED,
) -> Assignment:
    """The call goes out to that party; where no chat of it can be reached it is undelivered at once."""
    assignment = await new_assignment(uow, district, case, party, now=now, round_=round_, terms=terms)
    detail = {"assignee": party.code, "assignment": assignment.id, "due": assignment.due_at, "round": round_}
    texts = {"task": terms.task} if terms.task else None
    await uow.events.append(case.ticket.id, EventKind.DISPATCHED, at=now, actor=by, detail=detail, texts=texts)
    await schedule(uow, district, assignment, now=now)
    if not await show_unit(uow, district, case, assignment, now=now):
        await mark_undelivered(uow, district, case, assignment, now=now)
    return assignment


async def mark_undelivered(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime
) -> None:
    """Nobody there was told: the clocks stop counting for the unit and the hub is asked to tell it."""
    move(assignment, AssignmentState.UNDELIVERED, now=now, by=None)
    await uow.assignments.save(assignment)
    for kind in (DueKind.SIGN, DueKind.HANDLE, DueKind.INTERIM, DueKind.DELIVERY):
        await uow.dues.drop(assignment_subject(assignment.id), kind)
    detail = {"assignee": assignment.assignee.code, "assignment": assignment.id}
    await uow.events.append(case.ticket.id, EventKind.UNDELIVERED, at=now, actor=None, detail=detail)
    await open_hub_task(uow, district, case, HubTaskKind.UNDELIVERED, now=now, assignment_id=assignment.id)


def hub_limit_of(district: District, kind: HubTaskKind, *, emergency: bool) -> str:
    """How long the hub has for a task of that kind."""
    if kind is HubTaskKind.DISPUTE:
        return district.rules.dispute_limit
    if emergency:
        return district.rules.hub_emergency_limit
    return district.rules.ruling_limit if kind is HubTaskKind.RULING else district.rules.hub_limit


async def open_hub_task(
    uow: UnitOfWork,
    district: District,
    case: Case,
    kind: HubTaskKind,
    *,
    now: datetime,
    assignment_id: int | None = None,
    note: str = "",
    shown: bool = True,
) -> HubTask:
    """The hub owes something from now on: a task with a clock and (`shown`) a card in each of the hub's chats."""
    urgent = case.ticket.emergency or case.ticket.street in district.alert
    limit = hub_limit_of(district, kind, emergency=urgent)
    due_at = district.due_moment(now, limit)
    task = await uow.hub_tasks.add(
        HubTask(
            id=0,
            kind=kind,
            ticket_id=case.ticket.id,
            assignment_id=assignment_id,
            created_at=now,
            due_at=due_at,
            note=note,
            time_limit=limit,
            ladder=escalation.as_rows({ladders.HUB_TASK: district.ladders.get(ladders.HUB_TASK, ())}),
        )
    )
    case.hub_tasks = [*case.hub_tasks, task]
    subject = Subject(SubjectKind.HUB_TASK, task.id)
    await uow.dues.put(subject, DueKind.HUB_TASK, first_check(district, ladders.HUB_TASK, now, limit))
    await uow.events.append(
        case.ticket.id, EventKind.HUB_TASK_OPENED, at=now, actor=None, detail={"task": task.id, "kind": str(kind)}
    )
    priority = Priority.EMERGENCY if case.ticket.emergency else Priority.DISPATCH
    silent = not urgent and not district.rings(now)
    for chat in await hub_chats(uow) if shown else ():
        await uow.cards.want(subject, chat.id, Face.HUB, priority=priority, silent=silent, at=now)
    return task


async def alarm(uow: UnitOfWork, district: District, case: Case, unit: Unit, *, now: datetime) -> None:
    """An emergency is told to the hub and the leaders in the same moment as to the unit."""
    ticket = case.ticket
    params: dict[str, object] = {
        "code": ticket.code,
        "item": ticket.item_name,
        "sensitivity": str(ticket.sensitivity),
        "place": mask(ticket.place) if ticket.sensitivity != "sensitive" else "",
        "community": district.catalogue.party_name(ticket.community or ticket.street),
        "unit": district.catalogue.party_name(unit.code),
    }
    subject = ticket_subject(ticket.id)
    key = f"ticket:{ticket.id}:alarm:{len(case.assignments)}"
    await tell_hub(
        uow, district, "alarm", params, now=now, subject=subject, priority=Priority.EMERGENCY, dedupe_key=key
    )
    await open_hub_task(uow, district, case, HubTaskKind.ALARM, now=now, shown=False)
    leaders = await leaders_of(uow, district, ticket.street)
    private = [p.private_chat_id for p in leaders if p.reachable and p.private_chat_id]
    groups = [chat.id for chat in await uow.chats.bound({ChatKind.LEADERS}, {"hub", ticket.street})]
    for chat_id in (*private, *groups):
        message = Outgoing(
            kind="alarm",
            chat_id=chat_id,
            params=params,
            subject=subject,
            priority=Priority.EMERGENCY,
            silent=chat_id in groups and bool(private),  # who is responsible is woken in private, and once
            dedupe_key=f"{key}:c{chat_id}",
        )
        await tell(uow, district, message, now=now)


async def send_on(uow: UnitOfWork, district: District, case: Case, *, now: datetime, by: int | None) -> None:
    """A started call goes straight to its unit, or to the hub where the list or the doubt says so."""
    ticket = case.ticket
    item = district.catalogue.items.get(ticket.item)
    unit = routing.lead_unit(district.catalogue, item, ticket.street) if item else None
    direct = item is not None and routing.goes_direct(
        item, direct_levels=district.rules.direct_levels, emergency=ticket.emergency
    )
    if ticket.caller.kind is PartyKind.COMMUNITY and ticket.sensitivity is not Sensitivity.SENSITIVE:
        for chat in await street_chats(uow, ticket.street):
            await uow.cards.want(ticket_subject(ticket.id), chat.id, Face.CALLER, silent=True, at=now)
    if unit is not None and direct:
        await dispatch_to_unit(uow, district, case, unit, now=now, by=by)
    else:
        await open_hub_task(uow, district, case, HubTaskKind.DISPATCH, now=now)


async def call_out(uow: UnitOfWork, district: District, case: Case, *, now: datetime, by: int | None) -> None:
    """Starts the call where that is authorised in advance or urgent, else asks the street's officer."""
    ticket = case.ticket
    ticket.mode = Mode.DIRECT
    if routing.calls_street(ticket, district.rules.community_calls_street):
        await dispatch_to(uow, district, case, Party(PartyKind.STREET, ticket.street), now=now, by=by)
        return
    standing = district.rules.standing_items
    authorised = standing is None or ticket.item in standing
    authorised = authorised or bool(await uow.settings.get(f"standing:{ticket.street}:{ticket.item}"))
    if ticket.emergency or authorised:
        ticket.start_authority = "" if ticket.emergency else district.rules.standing_title
        await uow.tickets.save(ticket)
        await send_on(uow, district, case, now=now, by=by)
        return
    await await_start(uow, district, ticket, now=now)
    await uow.events.append(ticket.id, EventKind.START_REQUESTED, at=now, actor=by)
    if not await show_starts(uow, district, ticket.street, now=now, wakes=True):
        await open_hub_task(uow, district, case, HubTaskKind.START, now=now)

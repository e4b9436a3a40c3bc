"""并案: a ticket goes on as part of another; a department only asks for it, the hub or the street's officer decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.calls.withdraw_ticket import end_ticket
from bot.application.district import District
from bot.application.hub_tasks import finish_task
from bot.application.loading import Case, load_assignment, load_case, load_open_case
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Button, Outgoing, Subject, SubjectKind
from bot.application.telling import (
    answer_reporter,
    offer_undo,
    raise_cards,
    tell,
    tell_followers,
    ticket_subject,
    unit_chats,
)
from bot.domain.errors import ButtonStale, MergeRefused, TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.people import Actor, Role
from bot.domain.permissions import Action, require
from bot.domain.ticket import Ending, Sensitivity, Ticket


async def living_end(uow: UnitOfWork, source: Ticket, target: Ticket) -> Ticket:
    """The ticket that `target` lives on in; raises `MergeRefused` for an ended one, a circle or what is not public."""
    seen = {source.id}
    while True:
        if target.id in seen:
            raise MergeRefused(ticket=source.code, target=target.code, why="circle")
        seen.add(target.id)
        if target.ending is not Ending.MERGED or target.merged_into is None:
            break
        following = await uow.tickets.get(target.merged_into)
        if following is None:
            break
        target = following
    if target.ending is not None:
        raise MergeRefused(ticket=source.code, target=target.code, why="ended")
    if Sensitivity.SENSITIVE in {source.sensitivity, target.sensitivity}:
        raise MergeRefused(ticket=source.code, target=target.code, why="sensitive")
    return target


async def merge_tickets(
    uow: UnitOfWork, district: District, actor: Actor, source_id: int, target_id: int, *, now: datetime
) -> Case:
    """The source ends as merged; who reported or followed it follows the target from now on and is told."""
    case = await load_open_case(uow, source_id)
    require(actor, Action.MERGE, ticket_target(case.ticket, district.catalogue))
    found = await uow.tickets.get(target_id)
    if found is None:
        raise ButtonStale()
    target = await living_end(uow, case.ticket, found)
    into = await load_case(uow, target.id, for_update=True)
    case.ticket.merged_into = into.ticket.id
    await end_ticket(uow, district, case, Ending.MERGED, EventKind.MERGED, actor.id, "", now=now)
    params: dict[str, object] = {"target": into.ticket.code, "part": now.isoformat()}
    await answer_reporter(uow, district, case.ticket, "merged-told", params, now=now)
    await tell_followers(uow, district, case.ticket, "merged-told", params, now=now)
    await _answer_the_converse(uow, into, actor.id, now=now)
    new = await _take_along(uow, case.ticket, into.ticket, now=now)
    await uow.events.append(
        into.ticket.id,
        EventKind.FOLLOWED,
        at=now,
        actor=actor.id,
        detail={"merged": case.ticket.code, "new": new},
        texts={"text": case.ticket.text, "place": case.ticket.place},
    )
    await raise_cards(uow, into)
    await offer_undo(uow, district, source_id, now=now)
    return into


async def _answer_the_converse(uow: UnitOfWork, into: Case, by: int, *, now: datetime) -> None:
    """Whoever asked that the target go into what has just gone into it has his answer: they are one."""
    for task in into.hub_tasks:
        if not task.is_open or task.kind is not HubTaskKind.MERGE:
            continue
        asked = await uow.tickets.by_code(task.note)
        while asked is not None and asked.id != into.ticket.id:
            asked = await uow.tickets.get(asked.merged_into) if asked.merged_into else None
        if asked is not None:
            await finish_task(uow, task, by, now=now)


async def _take_along(uow: UnitOfWork, source: Ticket, target: Ticket, *, now: datetime) -> list[int]:
    """Who follows the target from now on and did not before."""
    new: list[int] = []
    reported = {source.reporter_id, *(person.id for person in await uow.tickets.joined(source.id))}
    for person_id in sorted(reported - {target.reporter_id}):
        if await uow.tickets.follow(target.id, person_id, at=now, joined=True):
            new.append(person_id)
    for person in await uow.tickets.followers(source.id):
        if await uow.tickets.follow(target.id, person.id, at=now):
            new.append(person.id)
    for use in await uow.attachments.of(ticket_subject(source.id)):
        if use.role == "report":
            await uow.attachments.use(AttachmentUse(use.hash, ticket_subject(target.id), "report", now))
    return new


async def request_merge(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, target: Ticket, *, now: datetime
) -> Case:
    """A unit says that its call repeats another: a request with a clock, while it goes on."""
    case, part = await load_assignment(uow, assignment_id)
    require(actor, Action.REQUEST_MERGE, ticket_target(case.ticket, district.catalogue, [part]))
    if not part.is_open:
        raise TransitionNotAllowed(state=part.state, to="merged", by=part.last_mover, at=part.last_moved_at)
    end = await living_end(uow, case.ticket, target)
    if any(task.is_open and task.kind is HubTaskKind.MERGE for task in case.hub_tasks):
        raise MergeRefused(ticket=case.ticket.code, target=end.code, why="asked")
    detail = {"assignment": part.id, "into": end.code}
    await uow.events.append(case.ticket.id, EventKind.MERGE_REQUESTED, at=now, actor=actor.id, detail=detail)
    task = await open_hub_task(uow, district, case, HubTaskKind.MERGE, now=now, assignment_id=part.id, note=end.code)
    for person in await uow.people.holding(Role.STREET_OFFICER, {case.ticket.street}):
        if person.reachable and person.private_chat_id:
            message = Outgoing(
                kind="merge-asked",
                chat_id=person.private_chat_id,
                params={
                    "code": case.ticket.code,
                    "target": end.code,
                    "unit": district.catalogue.party_name(part.assignee.code),
                },
                buttons=(merge_buttons(task.id),),
                subject=Subject(SubjectKind.HUB_TASK, task.id),
                locale=person.locale,
                dedupe_key=f"hub_task:{task.id}:merge:p{person.id}",
            )
            await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


def merge_buttons(task_id: int) -> tuple[Button, ...]:
    """`同意并案`, `不并案`."""
    subject = Subject(SubjectKind.HUB_TASK, task_id)
    return (
        Button("button-merge-yes", Action.MERGE, subject, arg="yes"),
        Button("button-merge-no", Action.MERGE, subject, arg="no"),
    )


async def decide_merge(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, *, agreed: bool, now: datetime
) -> HubTask:
    """The hub or the street's officer decides; refused, the unit is told and goes on as before."""
    task = await uow.hub_tasks.get(task_id, for_update=True)
    if task is None or not task.is_open or task.kind is not HubTaskKind.MERGE or task.ticket_id is None:
        raise ButtonStale()
    case = await load_open_case(uow, task.ticket_id)
    require(actor, Action.MERGE, ticket_target(case.ticket, district.catalogue))
    target = await uow.tickets.by_code(task.note)
    if target is None:
        raise ButtonStale()
    if agreed:
        end = await living_end(uow, case.ticket, target)
        await finish_task(uow, task, actor.id, now=now)
        await merge_tickets(uow, district, actor, case.ticket.id, end.id, now=now)
        return task
    await finish_task(uow, task, actor.id, now=now)
    detail: Mapping[str, object] = {"into": task.note}
    await uow.events.append(case.ticket.id, EventKind.MERGE_REFUSED, at=now, actor=actor.id, detail=detail)
    part = next(p for p in case.assignments if p.id == task.assignment_id)
    for chat in await unit_chats(uow, district, part.assignee.code):
        message = Outgoing(
            kind="merge-refused",
            chat_id=chat.id,
            params={"code": case.ticket.code, "target": task.note},
            subject=Subject(SubjectKind.ASSIGNMENT, part.id),
            silent=True,
            dedupe_key=f"hub_task:{task.id}:refused:{now.isoformat()}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return task

"""What the hub owes without a ticket to it, and finishing what it owed: the task, its clock and its card."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.application.clocks.assignment_clocks import first_check
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Priority, Subject, SubjectKind
from bot.application.telling import hub_chats
from bot.domain import escalation, ladders
from bot.domain.events import EventKind
from bot.domain.hub_task import OUTLIVES_THE_TICKET, HubTask, HubTaskKind


async def owe(
    uow: UnitOfWork,
    district: District,
    kind: HubTaskKind,
    about: str,
    words: str,
    *,
    now: datetime,
    priority: Priority = Priority.DISPATCH,
) -> HubTask:
    """Something that is no case is the hub's from now on, in its queue and with a clock; the same only once."""
    for open_already in await uow.hub_tasks.open(kind):
        if open_already.about == about:
            return open_already
    limit = district.rules.hub_limit
    task = await uow.hub_tasks.add(
        HubTask(
            id=0,
            kind=kind,
            ticket_id=None,
            assignment_id=None,
            created_at=now,
            due_at=district.due_moment(now, limit),
            note=f"{about} {words}",
            time_limit=limit,
            ladder=escalation.as_rows({ladders.HUB_TASK: district.ladders.get(ladders.HUB_TASK, ())}),
        )
    )
    subject = Subject(SubjectKind.HUB_TASK, task.id)
    await uow.dues.put(subject, DueKind.HUB_TASK, first_check(district, ladders.HUB_TASK, now, limit))
    silent = priority is not Priority.EMERGENCY and not district.rings(now)
    for chat in await hub_chats(uow):
        await uow.cards.want(subject, chat.id, Face.HUB, priority=priority, silent=silent, at=now)
    return task


async def settle_owed(uow: UnitOfWork, kind: HubTaskKind, about: str, *, now: datetime) -> None:
    """It has come right by itself: the group is back, somebody has joined, somebody has taken the report."""
    for task in await uow.hub_tasks.open(kind):
        if task.about == about:
            await finish_task(uow, task, None, now=now)


async def finish_tasks(
    uow: UnitOfWork, case: Case, by: int | None, *, now: datetime, kind: HubTaskKind | None = None
) -> None:
    """The hub's open tasks of this ticket are done, all or those of one kind."""
    for task in case.hub_tasks:
        meant = task.kind not in OUTLIVES_THE_TICKET if kind is None else task.kind is kind
        if task.is_open and meant:
            await finish_task(uow, task, by, now=now)


async def finish_undelivered(
    uow: UnitOfWork, case: Case, assignment_ids: Collection[int], by: int | None, *, now: datetime
) -> None:
    """These units are told, or need not be any more; who else was not reached is still the hub's to ring up."""
    for task in case.hub_tasks:
        if task.is_open and task.kind is HubTaskKind.UNDELIVERED and task.assignment_id in assignment_ids:
            await finish_task(uow, task, by, now=now)


async def finish_supervision(uow: UnitOfWork, case: Case, assignment_id: int, *, now: datetime) -> None:
    """The unit has answered, or is out of it: there is nothing left to supervise."""
    for task in case.hub_tasks:
        about = task.kind is HubTaskKind.SUPERVISION and task.assignment_id in {assignment_id, None}
        if task.is_open and about:
            await finish_task(uow, task, None, now=now)


async def finish_task(uow: UnitOfWork, task: HubTask, by: int | None, *, now: datetime) -> None:
    """One task is done; its card shows by whom."""
    task.done_at, task.done_by = now, by
    await uow.hub_tasks.save(task)
    await uow.dues.drop(Subject(SubjectKind.HUB_TASK, task.id))
    await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task.id))
    if task.ticket_id:
        await uow.events.append(task.ticket_id, EventKind.HUB_TASK_DONE, at=now, actor=by, detail={"task": task.id})

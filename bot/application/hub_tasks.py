"""Finishing what the hub owed: the task, its clock and its card."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.domain.events import EventKind
from bot.domain.hub_task import OUTLIVES_THE_TICKET, HubTask, HubTaskKind


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


async def finish_task(uow: UnitOfWork, task: HubTask, by: int | None, *, now: datetime) -> None:
    """One task is done; its card shows by whom."""
    task.done_at, task.done_by = now, by
    await uow.hub_tasks.save(task)
    await uow.dues.drop(Subject(SubjectKind.HUB_TASK, task.id))
    await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task.id))
    if task.ticket_id:
        await uow.events.append(task.ticket_id, EventKind.HUB_TASK_DONE, at=now, actor=by, detail={"task": task.id})

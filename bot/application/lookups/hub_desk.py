"""The hub's desk: the next task for this dispatcher, what is open at the end of a shift, the level of a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.calls.redispatch import graded, graded_by_hand
from bot.application.district import District
from bot.application.hub_tasks import finish_task
from bot.application.loading import Case, load_open_case
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.application.telling import offer_undo, raise_cards
from bot.domain.desk import claim, is_claimed, urgency
from bot.domain.errors import ButtonStale, NothingWaits
from bot.domain.hub_task import WITHOUT_TICKET, HubTask, HubTaskKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require
from bot.domain.ticket import Level, Ticket

READ_AND_DONE = frozenset({HubTaskKind.ALARM, HubTaskKind.SUPERVISION}) | WITHOUT_TICKET
"""Tasks that a dispatcher ends by saying that he has seen to it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task with its ticket, if it has one, and how many joined that."""

    task: HubTask
    ticket: Ticket | None
    joined: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What one shift leaves to the next: everything open, the most urgent first, and what it did today."""

    waiting: Sequence[Waiting]
    by_kind: dict[str, int]
    late: int
    done_today: int


async def queue(uow: UnitOfWork, *, now: datetime) -> list[Waiting]:
    """Everything the hub owes, the most urgent first."""
    tasks = await uow.hub_tasks.open()
    joined = await uow.tickets.joined_counts([task.ticket_id for task in tasks if task.ticket_id])
    found = [
        Waiting(task, await uow.tickets.get(task.ticket_id), joined.get(task.ticket_id, 0))
        if task.ticket_id
        else Waiting(task, None, 0)
        for task in tasks
    ]
    return sorted(
        found,
        key=lambda w: urgency(w.task, emergency=w.ticket is not None and w.ticket.emergency, joined=w.joined, now=now),
    )


async def take_next(uow: UnitOfWork, actor: Actor, *, now: datetime) -> HubTask:
    """`下一件`: the most urgent task that nobody has in hand, claimed for ten minutes; raises `NothingWaits`."""
    require(actor, Action.TAKE_TASK, Target())
    for waiting in await queue(uow, now=now):
        if is_claimed(waiting.task, now=now):
            continue
        await _claim(uow, waiting.task, actor.id, now=now)
        return waiting.task
    raise NothingWaits()


async def open_task(uow: UnitOfWork, actor: Actor, task_id: int, *, now: datetime) -> HubTask:
    """That task, claimed unless another dispatcher has it in hand; raises `ButtonStale` where it is done."""
    require(actor, Action.TAKE_TASK, Target())
    task = await uow.hub_tasks.get(task_id, for_update=True)
    if task is None or not task.is_open:
        raise ButtonStale()
    if not is_claimed(task, now=now):
        await _claim(uow, task, actor.id, now=now)
    return task


async def _claim(uow: UnitOfWork, task: HubTask, by: int, *, now: datetime) -> None:
    claim(task, by, now=now)
    await uow.hub_tasks.save(task)
    await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task.id))


async def hand_over_shift(uow: UnitOfWork, district: District, actor: Actor, *, now: datetime) -> Shift:
    """`交班`: what this dispatcher had in hand is free again, and the whole queue is said in short."""
    require(actor, Action.TAKE_TASK, Target())
    waiting = await queue(uow, now=now)
    for each in waiting:
        if each.task.claimed_by == actor.id and is_claimed(each.task, now=now):
            each.task.claimed_until = now
            await uow.hub_tasks.save(each.task)
            await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, each.task.id))
    kinds = Counter(str(each.task.kind) for each in waiting)
    done = await uow.hub_tasks.done_by(actor.id, since=district.local(now).replace(hour=0, minute=0, second=0))
    return Shift(waiting, dict(kinds), sum(each.task.due_at < now for each in waiting), done)


async def close_task(uow: UnitOfWork, actor: Actor, task_id: int, *, now: datetime) -> HubTask:
    """`已处理`: seen to, for tasks that ask for nothing that the mechanism could see by itself."""
    require(actor, Action.CLOSE, Target())
    task = await uow.hub_tasks.get(task_id, for_update=True)
    if task is None or not task.is_open or task.kind not in READ_AND_DONE:
        raise ButtonStale()
    await finish_task(uow, task, actor.id, now=now)
    return task


async def grade_ticket(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, level: Level, *, now: datetime
) -> Case:
    """`定级`: how grave the case is, whatever its item says; on record."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.GRADE, ticket_target(case.ticket, district.catalogue))
    if case.ticket.level is level and await graded_by_hand(uow, case, level):
        return case
    await graded(uow, case, level, actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case

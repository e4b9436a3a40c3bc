"""Assignments, what the hub owes, and answers to report-backs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.ticket import Sensitivity
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.matters import assignment, evaluation, hub_task, ticket

_ASSIGNMENTS = select(*columns_of(assignment, Assignment))
_GET = _ASSIGNMENTS.where(assignment.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_OF_TICKET = _ASSIGNMENTS.where(assignment.c.ticket_id == bindparam("ticket_id")).order_by(assignment.c.id)
_SAVE = versioned.saving(assignment)
_OPEN = _ASSIGNMENTS.where(assignment.c.ended_at.is_(None)).order_by(
    assignment.c.due_at.is_(None), assignment.c.due_at, assignment.c.id
)

_AFTER = (
    _ASSIGNMENTS.where(assignment.c.ended_at.is_(None), assignment.c.id > bindparam("after"))
    .order_by(assignment.c.id)
    .limit(bindparam("at_most"))
)

_TASKS = select(*columns_of(hub_task, HubTask))
_GET_TASK = _TASKS.where(hub_task.c.id == bindparam("id"))
_LOCK_TASK = _GET_TASK.with_for_update()
_TASKS_OF_TICKET = _TASKS.where(hub_task.c.ticket_id == bindparam("ticket_id")).order_by(hub_task.c.id)
_OPEN_TASKS = _TASKS.where(hub_task.c.done_at.is_(None)).order_by(hub_task.c.due_at, hub_task.c.id)
_SAVE_TASK = versioned.saving(hub_task)

_EVALUATIONS = (
    select(*columns_of(evaluation, Evaluation))
    .where(evaluation.c.ticket_id == bindparam("ticket_id"))
    .order_by(evaluation.c.id)
)
_SAVE_EVALUATION = evaluation.update().where(evaluation.c.id == bindparam("b_id"))


class SqlAssignments:
    """`Assignments` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Assignment) -> Assignment:
        added.id = await self._db.insert(assignment, values_of(added, "id"))
        return added

    async def get(self, assignment_id: int, *, for_update: bool = False) -> Assignment | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": assignment_id})
        return None if row is None else mapping.assignment(row)

    async def of_ticket(self, ticket_id: int) -> Sequence[Assignment]:
        return [mapping.assignment(row) for row in await self._db.rows(_OF_TICKET, {"ticket_id": ticket_id})]

    async def of_tickets(self, ticket_ids: Collection[int]) -> Mapping[int, Sequence[Assignment]]:
        found = _ASSIGNMENTS.where(assignment.c.ticket_id.in_(ticket_ids)).order_by(assignment.c.id)
        parts: dict[int, list[Assignment]] = defaultdict(list)
        for row in await self._db.rows(found):
            parts[row.ticket_id].append(mapping.assignment(row))
        return {number: parts[number] for number in ticket_ids}

    async def of_ids(self, assignment_ids: Collection[int]) -> Mapping[int, Assignment]:
        found = await self._db.rows(_ASSIGNMENTS.where(assignment.c.id.in_(assignment_ids)))
        return {row.id: mapping.assignment(row) for row in found}

    async def open_of(self, codes: Collection[str]) -> Sequence[Assignment]:
        mine = _OPEN.where(assignment.c.assignee_code.in_(codes), assignment.c.state.in_(OPEN_STATES))
        return [mapping.assignment(row) for row in await self._db.rows(mine)]

    async def open_after(self, assignment_id: int, *, limit: int) -> Sequence[Assignment]:
        rows = await self._db.rows(_AFTER, {"after": assignment_id, "at_most": limit})
        return [mapping.assignment(row) for row in rows]

    async def answers_to_release(self, codes: Collection[str]) -> Sequence[Assignment]:
        drafted = assignment.c.state == AssignmentState.ANSWER_DRAFTED
        found = _OPEN.where(assignment.c.assignee_code.in_(codes), drafted)
        return [mapping.assignment(row) for row in await self._db.rows(found)]

    async def save(self, saved: Assignment) -> None:
        await versioned.save(self._db, _SAVE, saved)


class SqlHubTasks:
    """`HubTasks` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, task: HubTask) -> HubTask:
        task.id = await self._db.insert(hub_task, values_of(task, "id"))
        return task

    async def get(self, task_id: int, *, for_update: bool = False) -> HubTask | None:
        row = await self._db.first(_LOCK_TASK if for_update else _GET_TASK, {"id": task_id})
        return None if row is None else mapping.hub_task(row)

    async def of_ticket(self, ticket_id: int) -> Sequence[HubTask]:
        return [mapping.hub_task(row) for row in await self._db.rows(_TASKS_OF_TICKET, {"ticket_id": ticket_id})]

    async def of_tickets(self, ticket_ids: Collection[int]) -> Mapping[int, Sequence[HubTask]]:
        found = _TASKS.where(hub_task.c.ticket_id.in_(ticket_ids)).order_by(hub_task.c.id)
        parts: dict[int, list[HubTask]] = defaultdict(list)
        for row in await self._db.rows(found):
            parts[row.ticket_id].append(mapping.hub_task(row))
        return {number: parts[number] for number in ticket_ids}

    async def open(self, kind: HubTaskKind | None = None) -> Sequence[HubTask]:
        found = _OPEN_TASKS if kind is None else _OPEN_TASKS.where(hub_task.c.kind == kind)
        return [mapping.hub_task(row) for row in await self._db.rows(found)]

    async def done_by(self, person_id: int, *, since: datetime) -> int:
        mine = hub_task.c.done_by == person_id, hub_task.c.done_at >= since
        return int(await self._db.value(select(func.count()).select_from(hub_task).where(*mine)) or 0)

    async def save(self, task: HubTask) -> None:
        await versioned.save(self._db, _SAVE_TASK, task)


class SqlEvaluations:
    """`Evaluations` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Evaluation) -> Evaluation:
        added.id = await self._db.insert(evaluation, values_of(added, "id"))
        return added

    async def of_ticket(self, ticket_id: int) -> Sequence[Evaluation]:
        return [mapping.evaluation(row) for row in await self._db.rows(_EVALUATIONS, {"ticket_id": ticket_id})]

    async def closing(
        self, codes: Collection[str], *, since: datetime, until: datetime
    ) -> Mapping[Verdict | None, int]:
        given = (
            select(evaluation.c.verdict, func.count())
            .join(assignment, assignment.c.id == evaluation.c.assignment_id)
            .join(ticket, ticket.c.id == evaluation.c.ticket_id)
            .where(assignment.c.assignee_code.in_(codes), assignment.c.state == AssignmentState.ACCEPTED)
            .where(evaluation.c.at >= since, evaluation.c.at < until, evaluation.c.round == assignment.c.round)
            .where(ticket.c.sensitivity != Sensitivity.SENSITIVE)
            .group_by(evaluation.c.verdict)
        )
        return {verdict: count for verdict, count in await self._db.rows(given)}

    async def save(self, saved: Evaluation) -> None:
        await self._db.execute(_SAVE_EVALUATION, {**values_of(saved, "id"), "b_id": saved.id})

    async def remove(self, evaluation_id: int) -> None:
        await self._db.execute(evaluation.delete().where(evaluation.c.id == evaluation_id))

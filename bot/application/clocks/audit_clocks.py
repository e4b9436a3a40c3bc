"""The auditor: what waits without a next check, and checks that did not happen, are put right and told to the hub."""

from __future__ import annotations

from datetime import datetime

from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Priority, Subject, SubjectKind
from bot.application.telling import assignment_subject, tell_hub
from bot.domain.assignment import AssignmentState
from bot.domain.hub_task import WITHOUT_TICKET

AT_MOST = 200
NAMED = 10


async def audit_clocks(uow: UnitOfWork, district: District, *, now: datetime, overslept: datetime) -> int:
    """Schedules what was forgotten, and tells the hub of it and of rows due before `overslept`; how many."""
    codes: list[str] = []
    for assignment_id in await uow.dues.forgotten_assignments(limit=AT_MOST):
        part = await uow.assignments.get(assignment_id, for_update=True)
        ticket = await uow.tickets.get(part.ticket_id) if part else None
        if part is None or ticket is None or ticket.ending is not None:
            continue
        codes.append(ticket.code)
        if part.state is AssignmentState.REPORTED:
            await uow.dues.put(assignment_subject(part.id), DueKind.VERIFICATION, now)
        elif part.state is AssignmentState.ANSWER_DRAFTED:
            await uow.dues.put(assignment_subject(part.id), DueKind.RELEASE, now)
        else:
            await schedule(uow, district, part, now=now)
    for task_id in await uow.dues.forgotten_hub_tasks(limit=AT_MOST):
        task = await uow.hub_tasks.get(task_id)
        ticket = await uow.tickets.get(task.ticket_id) if task and task.ticket_id else None
        owed = task is not None and task.kind in WITHOUT_TICKET
        if owed or (ticket is not None and ticket.ending is None):
            codes.append(ticket.code if ticket else task.words if task else "")
            await uow.dues.put(Subject(SubjectKind.HUB_TASK, task_id), DueKind.HUB_TASK, now)
    late = await uow.dues.ripe(overslept, limit=AT_MOST)
    for due_id in late:
        row = await uow.dues.get(due_id)
        code = await _code_of(uow, row.subject) if row else ""
        codes += [code] if code else []
    count = len(set(codes)) + (len(late) if not codes else 0)
    if count:
        shown = sorted(set(codes))[:NAMED]
        await tell_hub(
            uow,
            district,
            "clock-alarm",
            {"count": count, "codes": shown},
            now=now,
            priority=Priority.EMERGENCY,
            dedupe_key=f"clock-alarm:{now:%Y-%m-%dT%H}:{','.join(shown)}",
        )
    return count


async def _code_of(uow: UnitOfWork, subject: Subject) -> str:
    ticket_id = subject.id if subject.kind is SubjectKind.TICKET else None
    if subject.kind is SubjectKind.ASSIGNMENT:
        part = await uow.assignments.get(subject.id)
        ticket_id = part.ticket_id if part else None
    elif subject.kind is SubjectKind.HUB_TASK:
        task = await uow.hub_tasks.get(subject.id)
        ticket_id = task.ticket_id if task else None
    ticket = await uow.tickets.get(ticket_id) if ticket_id else None
    return ticket.code if ticket else ""

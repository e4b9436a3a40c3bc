"""The auditor: what waits without a next check, and checks that did not happen, are put right and told to the hub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from bot.application.district import District
from bot.application.meetings.call_meeting import schedule_meeting
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Priority, Subject, SubjectKind
from bot.application.reporting.draft_clock import is_asked_again, pass_on_later
from bot.application.telling import tell_hub
from bot.domain.assignment import Assignment
from bot.domain.hub_task import HubTask
from bot.domain.meeting import Meeting
from bot.domain.referral import Referral
from bot.domain.request import Request, RequestKind, RequestState
from bot.domain.street_question import StreetQuestion

AT_MOST = 200
NAMED = 10
_OfTicket: TypeAlias = Assignment | HubTask | Request | StreetQuestion | Referral | Meeting


async def is_any_clock_missed(uow: UnitOfWork, *, overslept: datetime) -> bool:
    """Whether there is anything for `audit_clocks`. It looks at everything, so it is asked where nobody has to wait."""
    return bool(await uow.dues.forgotten(limit=1) or await uow.dues.ripe(overslept, limit=1))


async def audit_clocks(uow: UnitOfWork, district: District, *, now: datetime, overslept: datetime) -> int:
    """Schedules what was forgotten, and tells the hub of it and of rows due before `overslept`; how many."""
    found: set[Subject] = set()
    for subject, kind in await uow.dues.forgotten(limit=AT_MOST):
        found.add(subject)
        await _put_right(uow, district, subject, kind, now=now)
    for due_id in await uow.dues.ripe(overslept, limit=AT_MOST):
        row = await uow.dues.get(due_id)
        if row is not None:
            found.add(row.subject)
    if not found:
        return 0
    names = [(subject.kind, await _name_of(uow, subject)) for subject in found]
    codes = sorted({name for _, name in names if name})
    others = Counter(str(kind) for kind, name in names if not name)
    shown = codes[:NAMED]
    count = len(codes) + others.total()
    await tell_hub(
        uow,
        district,
        "clock-alarm",
        {"count": count, "codes": shown, "others": [{"what": what, "count": n} for what, n in sorted(others.items())]},
        now=now,
        priority=Priority.EMERGENCY,
        dedupe_key=f"clock-alarm:{now:%Y-%m-%dT%H}:{','.join(shown)}:{sorted(others.items())}",
    )
    return count


async def _put_right(uow: UnitOfWork, district: District, subject: Subject, kind: DueKind, *, now: datetime) -> None:
    """A look at it now finds the step it is at; what would act at once has its own moment again."""
    if kind is DueKind.MEETING:
        meeting = await uow.meetings.get(subject.id)
        if meeting is not None:
            await schedule_meeting(uow, district, meeting, after=now)
        return
    if kind is DueKind.RESIDENT_REPORT:
        draft = await uow.drafts.get(subject.id)
        if draft is not None:
            await pass_on_later(uow, district, draft, now=now)
        return
    at, arg = now, ""
    if kind is DueKind.DELIVERY:
        part = await uow.assignments.get(subject.id)
        at = max(now, part.dispatched_at + district.rules.undelivered_after) if part else now
    elif kind is DueKind.RESUME:
        ends = [
            request.until
            for request in await uow.requests.of_assignment(subject.id)
            if request.kind is RequestKind.SUSPENSION and request.state is RequestState.GRANTED and request.until
        ]
        at = max([now, *ends[-1:]])
    elif kind is DueKind.DRAFT:
        draft = await uow.drafts.get(subject.id)
        arg = draft.created_at.isoformat() if draft is not None and is_asked_again(draft) else ""
    await uow.dues.put(subject, kind, at, arg=arg)


async def _name_of(uow: UnitOfWork, subject: Subject) -> str:
    """The code of the case, or the words of a task that has none; empty where there is neither."""
    ticket_id = await _ticket_of(uow, subject)
    ticket = await uow.tickets.get(ticket_id) if ticket_id else None
    if ticket is not None:
        return ticket.code
    task = await uow.hub_tasks.get(subject.id) if subject.kind is SubjectKind.HUB_TASK else None
    return task.words if task else ""


async def _ticket_of(uow: UnitOfWork, subject: Subject) -> int | None:
    if subject.kind is SubjectKind.TICKET:
        return subject.id
    finders: Mapping[SubjectKind, Callable[[int], Awaitable[_OfTicket | None]]] = {
        SubjectKind.ASSIGNMENT: uow.assignments.get,
        SubjectKind.HUB_TASK: uow.hub_tasks.get,
        SubjectKind.REQUEST: uow.requests.get,
        SubjectKind.QUESTION: uow.street_questions.get,
        SubjectKind.REFERRAL: uow.referrals.get,
        SubjectKind.MEETING: uow.meetings.get,
    }
    find = finders.get(subject.kind)
    matter = await find(subject.id) if find else None
    return matter.ticket_id if matter else None

"""The scan: due rows by index; each is locked, read again and judged again in its own unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.application.ask_street import question_due
from bot.application.call_street import street_call_waited
from bot.application.change_draft import is_discarded
from bot.application.decide_request import resume_at_end, silence_decides
from bot.application.digests import give_digest
from bot.application.dispatching import mark_undelivered, open_hub_task, show_starts
from bot.application.district import District
from bot.application.hand_over import turn_of_leave
from bot.application.loading import load_assignment, load_case
from bot.application.long_breaks import before_break
from bot.application.meeting_clock import judge_meeting
from bot.application.open_draft import expires_at
from bot.application.ports import Store, UnitOfWork
from bot.application.records import DueKind, DueRow, Outgoing, Priority, SubjectKind
from bot.application.refer_up import judge_referral, referral_subject
from bot.application.report_back import release_answer
from bot.application.resident_report import pass_on
from bot.application.telling import raise_cards, tell, tell_hub
from bot.application.unconfirmed import expire, remind
from bot.application.verify import close_unevaluated
from bot.application.waking import wake_who_waits
from bot.domain.assignment import AssignmentState
from bot.domain.errors import Refusal
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Role

TO_HUB = "hub"
"""The deputies of the officer have had their time as well."""

Judge = Callable[[UnitOfWork, District, DueRow, datetime], Awaitable[None]]


async def scan_due(store: Store, district: District, *, now: datetime, limit: int = 500) -> int:
    """Judges what is due by then; the number of rows judged."""
    async with store.read() as uow:
        ids = await uow.dues.ripe(now, limit=limit)
    for due_id in ids:
        async with store.begin() as uow:
            row = await uow.dues.get(due_id, for_update=True)
            if row is not None and row.next_check_at <= now:
                await uow.dues.drop(row.subject, row.kind)
                await judge(uow, district, row, now)
            await uow.commit()
    return len(ids)


async def judge(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """What follows from this row now; a subject that has gone on by itself needs nothing."""
    try:
        async with uow.savepoint():
            await JUDGES[row.kind](uow, district, row, now)
    except Refusal:
        return


async def _delivery(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    case, assignment = await load_assignment(uow, row.subject.id)
    if assignment.state is AssignmentState.UNSIGNED and assignment.delivered_at is None:
        await mark_undelivered(uow, district, case, assignment, now=now)
        await raise_cards(uow, case)


async def _start(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    case = await load_case(uow, row.subject.id, for_update=True)
    if not case.ticket.start_awaited:
        return
    officers = await show_starts(uow, district, case.ticket.street, now=now, deputies=True)
    if officers > 1 and row.arg != TO_HUB:
        due = district.due_moment(now, district.rules.start_limit)
        await uow.dues.put(row.subject, DueKind.START, due, arg=TO_HUB)
    elif not any(task.is_open and task.kind is HubTaskKind.START for task in case.hub_tasks):
        await open_hub_task(uow, district, case, HubTaskKind.START, now=now)


async def _overdue(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    case, assignment = await load_assignment(uow, row.subject.id)
    waits_for_signature = row.kind is DueKind.SIGN
    owed = {AssignmentState.UNSIGNED} if waits_for_signature else {AssignmentState.UNSIGNED, AssignmentState.HANDLING}
    if assignment.state not in owed:
        return
    params = {
        "code": case.ticket.code,
        "what": str(row.kind),
        "due_at": assignment.sign_due_at if waits_for_signature else assignment.due_at,
        "unit": district.catalogue.party_name(assignment.assignee.code),
    }
    key = f"assignment:{assignment.id}:{assignment.round}:{row.kind}:due"
    for person in await uow.people.holding(Role.LIAISON, {assignment.assignee.code, assignment.assignee.code[:3]}):
        if person.reachable and person.private_chat_id:
            message = Outgoing(
                kind="overdue",
                chat_id=person.private_chat_id,
                params=params,
                subject=row.subject,
                priority=Priority.REMINDER,
                dedupe_key=f"{key}:p{person.id}",
                locale=person.locale,
            )
            await tell(uow, district, message, now=now)
    await tell_hub(
        uow, district, "overdue", params, now=now, subject=row.subject, priority=Priority.REMINDER, dedupe_key=key
    )
    await raise_cards(uow, case)


async def _release(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    await release_answer(uow, district, None, row.subject.id, now=now)


async def _verification(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    await close_unevaluated(uow, district, row.subject.id, now=now)


async def _hub_task(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    task = await uow.hub_tasks.get(row.subject.id)
    ticket = await uow.tickets.get(task.ticket_id) if task and task.ticket_id else None
    if task is None or ticket is None or not task.is_open:
        return
    params = {"code": ticket.code, "kind": str(task.kind)}
    key = f"hub_task:{task.id}:overdue"
    for person in await uow.people.holding(Role.DISPATCHER, {"hub"}):
        if person.reachable and person.private_chat_id:
            message = Outgoing(
                kind="hub-task-overdue",
                chat_id=person.private_chat_id,
                params=params,
                subject=row.subject,
                priority=Priority.REMINDER,
                dedupe_key=f"{key}:p{person.id}",
                locale=person.locale,
            )
            await tell(uow, district, message, now=now)
    await uow.cards.want_all(row.subject)
    await uow.dues.put(row.subject, DueKind.HUB_TASK, expires_at(district, now))


async def _refresh(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    if row.subject.kind is SubjectKind.TICKET:
        await raise_cards(uow, await load_case(uow, row.subject.id))
        for referral in await uow.referrals.of_ticket(row.subject.id):
            await uow.cards.want_all(referral_subject(referral.id))
    elif row.subject.kind is SubjectKind.DRAFT and await is_discarded(uow, row.subject.id):
        await uow.cards.retire(row.subject)
    else:
        await uow.cards.want_all(row.subject)


JUDGES: Mapping[DueKind, Judge] = {
    DueKind.DRAFT_REMINDER: remind,
    DueKind.DRAFT_EXPIRY: expire,
    DueKind.DELIVERY: _delivery,
    DueKind.START: _start,
    DueKind.SIGN: _overdue,
    DueKind.HANDLE: _overdue,
    DueKind.RELEASE: _release,
    DueKind.VERIFICATION: _verification,
    DueKind.HUB_TASK: _hub_task,
    DueKind.CARD_REFRESH: _refresh,
    DueKind.RESIDENT_REPORT: pass_on,
    DueKind.REQUEST: silence_decides,
    DueKind.RESUME: resume_at_end,
    DueKind.STREET_CALL: street_call_waited,
    DueKind.MEETING: judge_meeting,
    DueKind.STREET_QUESTION: question_due,
    DueKind.DIGEST: give_digest,
    DueKind.REFERRAL: judge_referral,
    DueKind.WAKE: wake_who_waits,
    DueKind.BREAK: before_break,
    DueKind.HANDOVER: turn_of_leave,
}

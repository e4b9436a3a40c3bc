"""The calendar is another one: open deadlines are counted anew, both sides hear of it once a chat, events record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.clocks.assignment_clocks import due_given, schedule
from bot.application.clocks.digests import plan_all
from bot.application.clocks.recount_waits import note_moved, recount_waits
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.meetings.call_meeting import minutes_by
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Outgoing, Priority, Subject, SubjectKind
from bot.application.requests.granting import request_subject
from bot.application.telling import (
    assignment_subject,
    liaisons,
    raise_cards,
    street_chats,
    tell,
    tell_hub,
    ticket_subject,
    unit_chats,
)
from bot.application.views.view import ticket_params
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask
from bot.domain.request import Request
from bot.domain.ticket import Mode, Sensitivity

COUNTED_WITH = "calendar:counted_with"
"""The mark of the calendar that every open deadline was counted with."""

JUDGED_AGAIN = {
    AssignmentState.REPORTED: DueKind.VERIFICATION,
    AssignmentState.ANSWER_DRAFTED: DueKind.RELEASE,
}
"""Clocks that are counted each time they are looked at: a look now finds their next step by the new calendar."""

AT_ONCE = 500
LISTED = 6
CALLERS = frozenset({ChatKind.STREET, ChatKind.COMMUNITY, ChatKind.ENFORCEMENT})


@dataclass(slots=True)
class _News:
    """What each chat has to be told, so that it is told in one message."""

    chats: dict[int, list[dict[str, object]]] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    def note(self, chat_ids: Sequence[int], line: dict[str, object]) -> None:
        """That line for each of these chats."""
        self.codes.add(str(line["code"]))
        for chat_id in chat_ids:
            self.chats.setdefault(chat_id, []).append(line)


async def is_recount_due(uow: UnitOfWork, district: District) -> bool:
    """Whether open deadlines were counted with another calendar than the one in force."""
    return await uow.settings.get(COUNTED_WITH) != district.calendar.mark


async def outdated(uow: UnitOfWork, district: District) -> list[int]:
    """The assignments whose deadlines this calendar counts differently; reads only, however many are open."""
    found, after = [], 0
    while parts := await uow.assignments.open_after(after, limit=AT_ONCE):
        asked = await uow.requests.of_assignments([part.id for part in parts])
        found += [part.id for part in parts if _differs(district, part, asked[part.id])]
        after = parts[-1].id
    return found


async def recount_deadlines(
    uow: UnitOfWork, district: District, assignment_ids: Sequence[int], *, now: datetime
) -> int:
    """Counts these and the hub's tasks anew, tells everybody once, and notes the calendar; how many moved."""
    news, moved = _News(), 0
    for assignment_id in assignment_ids:
        part = await uow.assignments.get(assignment_id, for_update=True)
        asked = await uow.requests.of_assignment(assignment_id)
        if part is not None and part.ended_at is None and _differs(district, part, asked):
            moved += await _recount(uow, district, part, asked, news, now=now)
    for task in await uow.hub_tasks.open():
        await _recount_task(uow, district, task, now=now)
    for street in district.catalogue.streets:
        moved += await _recount_starts(uow, district, street, news, now=now)
    await recount_waits(uow, district, now=now)
    for chat_id, lines in sorted(news.chats.items()):
        await _tell_chat(uow, district, chat_id, lines, now=now)
    if news.codes:
        key = f"recounted:{district.calendar.mark}"
        params = {"count": len(news.codes)}
        await tell_hub(
            uow, district, "recounted-hub", params, now=now, priority=Priority.REMINDER, dedupe_key=f"{key}:hub"
        )
    await plan_all(uow, district, now=now)
    await uow.settings.put(COUNTED_WITH, district.calendar.mark)
    return moved


def _counted(
    district: District, part: Assignment, asked: Sequence[Request]
) -> tuple[datetime | None, datetime | None, bool]:
    """When it is due for signing and for handling, and whether that is provisional, by the calendar in force."""
    sign = part.sign_due_at
    if part.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED} and sign is not None:
        sign = district.due_moment(part.clock_start, part.sign_limit)
    if part.due_at is None:
        return sign, None, part.provisional
    due = due_given(district, part, asked)
    return sign, due.due_at, due.provisional


def _differs(district: District, part: Assignment, asked: Sequence[Request]) -> bool:
    if part.state in JUDGED_AGAIN or any(request.is_open for request in asked):
        return True
    return _counted(district, part, asked) != (part.sign_due_at, part.due_at, part.provisional)


async def _recount(
    uow: UnitOfWork, district: District, part: Assignment, asked: Sequence[Request], news: _News, *, now: datetime
) -> bool:
    if part.state in JUDGED_AGAIN:
        await uow.dues.put(assignment_subject(part.id), JUDGED_AGAIN[part.state], now)
        await uow.cards.want_all(assignment_subject(part.id))
        return False
    await _recount_requests(uow, district, asked, now=now)
    if _counted(district, part, asked) == (part.sign_due_at, part.due_at, part.provisional):
        return False
    case = await load_case(uow, part.ticket_id, for_update=True)
    was_sign, was_due, was_provisional = part.sign_due_at, part.due_at, part.provisional
    part.sign_due_at, part.due_at, part.provisional = _counted(district, part, asked)
    await uow.assignments.save(part)
    if part.state is not AssignmentState.UNDELIVERED:
        await schedule(uow, district, part, now=now)
    detail = {
        "assignment": part.id,
        "was": was_due,
        "due": part.due_at,
        "sign_was": was_sign,
        "sign_due": part.sign_due_at,
        "provisional": part.provisional,
    }
    await uow.events.append(case.ticket.id, EventKind.DUE_RECOMPUTED, at=now, actor=None, detail=detail)
    await raise_cards(uow, case)
    moved = (was_sign, was_due) != (part.sign_due_at, part.due_at)
    if moved:
        handling = was_due != part.due_at
        line = ticket_params(district, case.ticket) | {
            "what": "handle" if handling else "sign",
            "due_at": part.due_at if handling else part.sign_due_at,
            "was_at": was_due if handling else was_sign,
            "was_provisional": was_provisional,
        }
        shown = {name: line[name] for name in ("code", "item_name", "what", "due_at", "was_at", "was_provisional")}
        news.note(await _both_sides(uow, district, case, part), shown)
    return moved


async def _recount_requests(uow: UnitOfWork, district: District, asked: Sequence[Request], *, now: datetime) -> None:
    """Whoever grants time has his hours by the new calendar too."""
    for request in asked:
        decide_by = district.due_moment(request.asked_at, district.rules.request_limit)
        if request.is_open and decide_by != request.decide_by:
            await note_moved(uow, request.ticket_id, str(request.kind), request.decide_by, decide_by, now=now)
            request.decide_by = decide_by
            await uow.requests.save(request)
            await uow.dues.put(request_subject(request.id), DueKind.REQUEST, now)
            await uow.cards.want_all(request_subject(request.id))


async def _recount_task(uow: UnitOfWork, district: District, task: HubTask, *, now: datetime) -> None:
    """What waits for a meeting has no limit of its own and is due after the meeting."""
    due_at = district.due_moment(task.created_at, task.time_limit) if task.time_limit else None
    for meeting in await uow.meetings.of_ticket(task.ticket_id) if task.ticket_id and not task.time_limit else ():
        due_at = minutes_by(district, meeting) if meeting.ended_at is None else due_at
    due_at = due_at or task.due_at
    if due_at != task.due_at:
        await note_moved(uow, task.ticket_id, str(task.kind), task.due_at, due_at, now=now)
        task.due_at = due_at
        await uow.hub_tasks.save(task)
        subject = Subject(SubjectKind.HUB_TASK, task.id)
        await uow.dues.put(subject, DueKind.HUB_TASK, now)
        await uow.cards.want_all(subject)


async def _recount_starts(uow: UnitOfWork, district: District, street: str, news: _News, *, now: datetime) -> int:
    """What waits for that street's officer; he is told in private, the street in its group."""
    moved = 0
    for ticket in await uow.tickets.awaiting_start(street):
        if ticket.start_since is None or ticket.start_due_at is None:
            continue
        was, ticket.start_due_at = (
            ticket.start_due_at,
            district.due_moment(ticket.start_since, district.rules.start_limit),
        )
        if was == ticket.start_due_at:
            continue
        moved += 1
        await uow.tickets.save(ticket)
        await uow.dues.put(ticket_subject(ticket.id), DueKind.START, now)
        await note_moved(uow, ticket.id, "start", was, ticket.start_due_at, now=now)
        await uow.cards.want_all(ticket_subject(ticket.id))
        line = {
            "code": ticket.code,
            "what": "start",
            "due_at": ticket.start_due_at,
            "was_at": was,
            "was_provisional": False,
        }
        line["item_name"] = "" if ticket.sensitivity is Sensitivity.SENSITIVE else ticket.item_name
        officers = await liaisons(uow, district, street)
        chats = [person.private_chat_id for person in officers if person.private_chat_id is not None]
        if ticket.sensitivity is not Sensitivity.SENSITIVE:
            chats += [chat.id for chat in await street_chats(uow, street)]
        news.note(chats, line)
    return moved


async def _both_sides(uow: UnitOfWork, district: District, case: Case, part: Assignment) -> list[int]:
    """The unit's chats, and the group where it was reported, else the street's; of sensitive matters persons only.

    A resident reads his card, which is edited.
    """
    ticket, own = case.ticket, case.ticket.mode is Mode.SELF
    if ticket.sensitivity is Sensitivity.SENSITIVE:
        reporter = await uow.people.get(ticket.reporter_id)
        people = [reporter, *(() if own else await liaisons(uow, district, part.assignee.code))]
        private = [person.private_chat_id for person in people if person is not None and person.reachable]
        return list(dict.fromkeys(chat_id for chat_id in private if chat_id is not None))
    origin = await uow.chats.get(ticket.origin_chat_id) if ticket.origin_chat_id else None
    callers = [origin] if origin is not None and origin.kind in CALLERS else await street_chats(uow, ticket.street)
    called = [] if own else await unit_chats(uow, district, part.assignee.code)
    return list(dict.fromkeys(chat.id for chat in (*callers, *called) if chat.unreachable_since is None))


async def _tell_chat(
    uow: UnitOfWork, district: District, chat_id: int, lines: list[dict[str, object]], *, now: datetime
) -> None:
    message = Outgoing(
        kind="recounted",
        chat_id=chat_id,
        params={"count": len(lines), "recounts": lines[:LISTED], "more": max(0, len(lines) - LISTED)},
        priority=Priority.REMINDER,
        dedupe_key=f"recounted:{district.calendar.mark}:c{chat_id}",
    )
    await tell(uow, district, message, now=now)

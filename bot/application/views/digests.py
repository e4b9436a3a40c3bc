"""The digests of chats (text 5a): what is open, the first ones with their buttons; sensitive matters never."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.clocks.step_messages import of_case, open_task_button
from bot.application.clocks.waiting import no_case
from bot.application.district import District
from bot.application.lookups.find_ticket import open_here
from bot.application.people.on_duty import roster
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Subject, SubjectKind
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.view import View, rows, shown_place
from bot.domain import digest
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import codes_of
from bot.domain.evaluation import Verdict
from bot.domain.hub_task import HubTaskKind
from bot.domain.limits import parse_limit
from bot.domain.party import PartyKind
from bot.domain.permissions import Action
from bot.domain.ticket import Mode, Sensitivity, Ticket
from bot.domain.work_calendar import ONE_DAY

S = AssignmentState
LISTED = 5
PRESSED = 3
NUMBERS = "①②③④⑤"
WORKED_ON = frozenset({S.HANDLING, S.RETURN_REQUESTED})

Part = tuple[Assignment, Ticket]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a digest is written, whether it is the first of its day, and how many days off follow the last."""

    now: datetime
    is_first: bool = True
    days_off: int = 0


async def digest_of(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> View | None:
    """The digest of that chat now; None where nothing is open."""
    if chat.kind in {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT}:
        return await _unit(uow, district, chat, at)
    if chat.kind is ChatKind.STREET:
        return await _street(uow, district, chat, at)
    return await _hub(uow, district, chat, at) if chat.kind is ChatKind.HUB else None


async def _unit(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> View | None:
    here = codes_of(district.catalogue, district.rules.enforcement, chat)
    parts = await _shown(uow, await open_here(uow, district, here))
    if not parts:
        return None
    codes = {u.code for u in district.catalogue.units.values() if chat.of in {u.code, u.department}} | here
    today = district.day(at.now)
    given = await _yesterday(uow, district, codes, at) if at.is_first else {}
    params = await _heading(uow, district, chat, at) | {
        "unsigned": sum(part.state in {S.UNSIGNED, S.UNDELIVERED} for part, _ in parts),
        "today": sum(bool(p.due_at and district.day(p.due_at) == today and p.due_at >= at.now) for p, _ in parts),
        "overdue": sum(_is_late(part, at.now) for part, _ in parts),
        **await _suspended(uow, [part for part, _ in parts if part.state is S.SUSPENDED]),
        "closed": sum(given.values()),
        "satisfied": given.get(Verdict.SATISFIED, 0) + given.get(Verdict.MOSTLY, 0),
    }
    ahead = _ahead(district, parts, at)
    first = (ahead or parts)[:LISTED]
    params |= {"cases": _lines(district, first, at.now), "more": len(ahead or parts) - len(first), "eve": len(ahead)}
    return View("digest-unit", params, rows([_next_button(part, ticket) for part, ticket in first[:PRESSED]]))


async def _street(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> View | None:
    tickets = [t for t in await uow.tickets.open_in(streets={chat.of}) if t.sensitivity is not Sensitivity.SENSITIVE]
    by_ticket = await uow.assignments.of_tickets([ticket.id for ticket in tickets])
    parts = [(part, ticket) for ticket in tickets for part in by_ticket[ticket.id] if part.ended_at is None]
    starts = [ticket for ticket in tickets if ticket.start_awaited]
    here = {PartyKind.STREET, PartyKind.COMMUNITY}
    own = [(part, ticket) for part, ticket in parts if part.is_open and part.assignee.kind in here]
    late = [pair for pair in parts if pair[0].is_open and _is_late(pair[0], at.now) and pair not in own]
    asked = [(part, ticket) for part, ticket in parts if part.state is S.REPORTED]
    ahead = _ahead(district, [part for part in parts if part[0].is_open], at)
    if not (starts or late or asked or own or ahead):
        return None
    first = (ahead or _once([*late, *own, *asked]))[:LISTED]
    params = await _heading(uow, district, chat, at) | {
        "starts": len(starts),
        "overdue": len(late),
        "verifying": len(asked),
        "own": len(own),
        "cases": _lines(district, first, at.now),
        "more": 0,
        "eve": len(ahead),
    }
    urged = [Button("button-urge-one", Action.URGE, ticket_subject(t.id), params={"code": t.code}) for _, t in late]
    answered = [_own_button(part, ticket) for part, ticket in own]
    return View("digest-street", params, rows(urged[:PRESSED], answered[:PRESSED]))


async def _hub(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> View | None:
    tasks = [
        (task, await uow.tickets.get(task.ticket_id) if task.ticket_id else no_case(task))
        for task in await uow.hub_tasks.open()
    ]
    shown = [(task, t) for task, t in tasks if t is not None and t.sensitivity is not Sensitivity.SENSITIVE]
    streets = set(district.catalogue.streets)
    figures = await uow.tickets.figures(streets=streets, since=at.now, now=at.now)
    if not shown and not figures.overdue:
        return None
    lines = [
        {
            "number": NUMBERS[number],
            "kind": str(task.kind),
            "code": ticket.code,
            "item_name": ticket.item_name,
            "place": shown_place(district, ticket) if task.ticket_id else "",
            "due_at": task.due_at.isoformat(),
        }
        for number, (task, ticket) in enumerate(shown[:LISTED])
    ]
    kinds = [task.kind for task, _ in shown]
    params = {
        "at": at.now.isoformat(),
        "is_first": at.is_first,
        "dispatches": kinds.count(HubTaskKind.DISPATCH),
        "rulings": kinds.count(HubTaskKind.RULING),
        "undelivered": kinds.count(HubTaskKind.UNDELIVERED),
        "others": sum(k not in {HubTaskKind.DISPATCH, HubTaskKind.RULING, HubTaskKind.UNDELIVERED} for k in kinds),
        "overdue": figures.overdue,
        "tasks": lines,
        "more": max(0, len(shown) - LISTED),
    }
    one_by_one = [of_case(open_task_button(task.id), ticket.code) for task, ticket in shown[:LISTED]]
    onwards = Button("button-next-task", Action.TAKE_TASK, Subject(SubjectKind.CHAT, chat.id)) if shown else None
    return View("digest-hub", params, rows(one_by_one[:PRESSED], one_by_one[PRESSED:], [onwards]))


async def _heading(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> dict[str, object]:
    noon = digest.first_working_noon(district.calendar, district.day(at.now)) if at.days_off else None
    return {
        "name": district.catalogue.party_name(chat.of),
        "at": at.now.isoformat(),
        "is_first": at.is_first,
        "noon_at": noon.isoformat() if noon else None,
        "duty": await _duty(uow, district, chat, at) if at.days_off else [],
    }


async def _duty(uow: UnitOfWork, district: District, chat: Chat, at: Moment) -> list[str]:
    """Who is on duty on the first day off."""
    first = district.day(at.now) + ONE_DAY
    found = [each for each in await roster(uow, district, chat.of, at.now) if each.first <= first <= each.last]
    return found[0].names if found else []


async def _shown(uow: UnitOfWork, assignments: Sequence[Assignment]) -> list[Part]:
    found = [(part, await uow.tickets.get(part.ticket_id)) for part in assignments]
    return [(p, t) for p, t in found if t is not None and t.sensitivity is not Sensitivity.SENSITIVE]


async def _suspended(uow: UnitOfWork, parts: Sequence[Assignment]) -> dict[str, object]:
    """How many stand still, and when the first of them goes on."""
    asked = await uow.requests.of_assignments([part.id for part in parts]) if parts else {}
    ends = [r.until for each in asked.values() for r in each if r.until and not r.ended_at and r.decided_at]
    return {"suspended": len(parts), "resumes_at": min(ends).isoformat() if ends else None}


async def _yesterday(
    uow: UnitOfWork, district: District, codes: Collection[str], at: Moment
) -> dict[Verdict | None, int]:
    calendar, today = district.calendar, district.day(at.now)
    since = calendar.whole_day(digest.previous_working_day(calendar, today)).start
    return dict(await uow.evaluations.closing(codes, since=since, until=calendar.whole_day(today).start))


def _ahead(district: District, parts: Sequence[Part], at: Moment) -> list[Part]:
    """Before days off: what runs on through them, or falls due before the first noon at work."""
    if not at.days_off:
        return []
    noon = digest.first_working_noon(district.calendar, district.day(at.now))
    return [
        (part, ticket)
        for part, ticket in parts
        if part.due_at and (part.due_at <= noon or not parse_limit(part.handle_limit).unit.counts_office_time)
    ]


def _lines(district: District, parts: Sequence[Part], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "number": NUMBERS[number],
            "code": ticket.code,
            "item_name": ticket.item_name,
            "place": shown_place(district, ticket),
            "state": str(part.state),
            "unit": district.catalogue.party_name(part.assignee.code),
            "due_at": _next_due(part, now),
            "provisional": part.provisional,
        }
        for number, (part, ticket) in enumerate(parts)
    ]


def _next_due(part: Assignment, now: datetime) -> str | None:
    """The signature's while that is still ahead, else when it has to be handled."""
    ahead = part.state is S.UNSIGNED and part.sign_due_at is not None and part.sign_due_at > now
    moment = part.sign_due_at if ahead else part.due_at
    return moment.isoformat() if moment else None


def _next_button(part: Assignment, ticket: Ticket) -> Button | None:
    params = {"code": ticket.code}
    if part.state in {S.UNSIGNED, S.UNDELIVERED}:
        return Button("button-sign-one", Action.SIGN, assignment_subject(part.id), params=params)
    if part.state in WORKED_ON:
        return Button("button-report-one", Action.REPORT_BACK, assignment_subject(part.id), params=params)
    return None


def _own_button(part: Assignment, ticket: Ticket) -> Button | None:
    """What the street keeps it says is done; what others called it to do it signs and reports back."""
    if ticket.mode is not Mode.SELF:
        return _next_button(part, ticket)
    params = {"code": ticket.code}
    return Button("button-finish-one", Action.FINISH_OWN, assignment_subject(part.id), params=params)


def _once(parts: Sequence[Part]) -> list[Part]:
    return list({part.id: (part, ticket) for part, ticket in parts}.values())


def _is_late(part: Assignment, now: datetime) -> bool:
    return part.due_at is not None and part.due_at < now

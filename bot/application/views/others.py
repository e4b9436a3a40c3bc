"""Cards of those who decide: verification (text 8), the officer's batch, the leader's batch, the hub's tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.lookups.follow_ticket import feedback_on
from bot.application.lookups.hub_desk import READ_AND_DONE
from bot.application.people.entrusting import starts_for
from bot.application.people.resting import resting_for
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, Subject, SubjectKind
from bot.application.requests.rulings import precedent_params, precedents_of
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.undoing.last_press import batch_of
from bot.application.views.merging import merge_view
from bot.application.views.rulings import ruling_view
from bot.application.views.undoing import BY_HUB, BY_VERIFIER, undo_button
from bot.application.views.view import (
    View,
    assignment_params,
    is_recent,
    rows,
    shown_place,
    shown_quote,
    ticket_params,
)
from bot.domain import routing
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.desk import is_claimed
from bot.domain.evaluation import NEEDS_REASON, Evaluation, Verdict
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.meeting import MeetingKind, MeetingState
from bot.domain.party import PartyKind
from bot.domain.people import Role
from bot.domain.permissions import Action
from bot.domain.ticket import Mode, Ticket

LISTED = 8
REASONS = ("nobody_came", "not_thorough", "too_slow", "perfunctory")


async def verify_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """`您看办得怎么样？`; after the press the result, and the reasons to choose from where one is owed."""
    assignment = await uow.assignments.get(card.subject.id)
    if assignment is None:
        return None
    case = await load_case(uow, assignment.ticket_id)
    chat = await uow.chats.get(card.chat_id)
    whole = chat is not None and chat.kind is ChatKind.PRIVATE
    params = ticket_params(district, case.ticket, whole=whole) | assignment_params(district, assignment)
    subject = assignment_subject(assignment.id)
    params["until"] = district.due_moment(assignment.reported_at or now, district.rules.verification_limit)
    params["kept"] = case.ticket.mode is Mode.SELF
    params["by_street"] = assignment.assignee.kind in {PartyKind.STREET, PartyKind.COMMUNITY}
    params["feedback"] = await feedback_on(uow, assignment)
    if assignment.state is AssignmentState.REPORTED:
        verdicts = [Button(f"button-{v}", Action.EVALUATE, subject, arg=str(v)) for v in Verdict]
        uses = await uow.attachments.of(subject)
        photos = tuple(u.hash for u in uses if u.role == "report_back") if whole else ()
        return View("verify-card", params | {"photos": len(photos)}, rows(verdicts), photos=photos)
    given = [e for e in await uow.evaluations.of_ticket(case.ticket.id) if e.assignment_id == assignment.id]
    if not given:
        return View("verify-withdrawn", params)
    last = given[-1]
    params |= {"verdict": str(last.verdict) if last.verdict else "", "reason": last.reason}
    undo = await undo_button(uow, district, case.ticket.id, BY_VERIFIER, now, seen_in=card.chat_id, part=assignment.id)
    if last.verdict in NEEDS_REASON and not last.reason and await _may_be_asked(uow, chat, last):
        buttons = [Button(f"button-reason-{r}", Action.GIVE_REASON, subject, arg=r) for r in REASONS]
        own_words = Button("button-reason-words", Action.GIVE_REASON, subject)
        return View("verify-reason", params, rows(buttons[:2], buttons[2:], [own_words], [undo]))
    return View("verify-done", params, rows([undo]))


async def _may_be_asked(uow: UnitOfWork, chat: Chat | None, given: Evaluation) -> bool:
    """The person of record is not asked why somebody else judged so, an officer in his group for instance."""
    if chat is None or chat.is_group:
        return True
    reader = await uow.people.in_private_chat(chat.id)
    return reader is not None and reader.id == given.by


def _line(district: District, ticket: Ticket) -> dict[str, object]:
    return {"code": ticket.code, "item_name": ticket.item_name, "place": shown_place(district, ticket)}


async def to_start(uow: UnitOfWork, district: District, person_id: int) -> list[Ticket]:
    """What waits to be started by that officer, or by whom he lets do it, oldest first in each of his streets."""
    person = await uow.people.get(person_id)
    grants = await uow.people.grants(person_id)
    waiting: list[Ticket] = []
    for grant in sorted(grants, key=lambda g: g.of):
        given = person is not None and await starts_for(uow, district, person, grant)
        if grant.role is Role.STREET_OFFICER or given:
            waiting += await uow.tickets.awaiting_start(grant.of)
    return waiting


def _start_button(ticket: Ticket) -> Button:
    return Button("button-start-one", Action.START, ticket_subject(ticket.id), params={"code": ticket.code})


async def start_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View:
    """`待启动 5 件 [全部启动] [逐件看]`; a single one has its own button."""
    waiting = await to_start(uow, district, card.subject.id)
    undo = await _undo_batch(uow, district, card, now)
    if not waiting:
        return View("start-none", {}, rows([undo]))
    every = Button("button-start-all", Action.START_ALL, card.subject)
    each = Button("button-each", Action.START, card.subject, arg="each")
    params = {"count": len(waiting), "cases": [_line(district, t) for t in waiting[:LISTED]]}
    return View("start-batch", params, rows([every, each] if len(waiting) > 1 else [_start_button(waiting[0])], [undo]))


async def _undo_batch(uow: UnitOfWork, district: District, card: Card, now: datetime) -> Button | None:
    moved = await batch_of(uow, district, card.subject.id, now=now)
    return Button("button-undo", Action.UNDO, card.subject) if moved else None


async def each_to_start(uow: UnitOfWork, district: District, person_id: int) -> list[View]:
    """What waits to be started, one by one, as a group may read it."""
    return [
        View("start-each", _line(district, t) | {"quote": shown_quote(t)}, rows([_start_button(t)]))
        for t in (await to_start(uow, district, person_id))[:LISTED]
    ]


async def release_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View:
    """`待您签发 3 件`: the answers that wait for the leader's signature."""
    waiting = await to_release(uow, district, card.subject.id)
    undo = await _undo_batch(uow, district, card, now)
    if not waiting:
        return View("release-none", {}, rows([undo]))
    cases = [_line(district, ticket) | {"report": part.report_text} for part, ticket in waiting[:LISTED]]
    every = Button("button-release-all", Action.RELEASE, card.subject, arg="all")
    each = Button("button-each", Action.RELEASE, card.subject, arg="each")
    single = _release_button(*waiting[0])
    return View(
        "release-batch",
        {"count": len(waiting), "cases": cases},
        rows([every, each] if len(waiting) > 1 else [single], [undo]),
    )


async def to_release(uow: UnitOfWork, district: District, person_id: int) -> list[tuple[Assignment, Ticket]]:
    """The answers that wait for that leader's signature."""
    codes: frozenset[str] = frozenset()
    for grant in await uow.people.grants(person_id):
        if grant.role in {Role.DEPARTMENT_LEADER, Role.DELEGATE}:
            units = {u.code for u in district.catalogue.units.values() if grant.of in {u.code, u.department}}
            codes |= units | {grant.of}
    found = [(part, await uow.tickets.get(part.ticket_id)) for part in await uow.assignments.answers_to_release(codes)]
    return [(part, ticket) for part, ticket in found if ticket is not None]


def _release_button(part: Assignment, ticket: Ticket) -> Button:
    return Button("button-release-one", Action.RELEASE, assignment_subject(part.id), params={"code": ticket.code})


async def each_to_release(uow: UnitOfWork, district: District, person_id: int) -> list[View]:
    """The answers that wait for this leader, one by one."""
    return [
        View(
            "release-each", _line(district, ticket) | {"text": part.report_text}, rows([_release_button(part, ticket)])
        )
        for part, ticket in (await to_release(uow, district, person_id))[:LISTED]
    ]


async def hub_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """One task of the hub with proposals instead of blank choices."""
    task = await uow.hub_tasks.get(card.subject.id)
    if task is None:
        return None
    done_by = await uow.people.get(task.done_by) if task.done_by else None
    if task.ticket_id is None:
        return await _without_ticket(uow, district, task, done_by.name if done_by else "")
    case = await load_case(uow, task.ticket_id)
    undo = None
    later = [each for each in case.hub_tasks if each.kind is task.kind and each.id > task.id]
    if is_recent(district, task.done_at, now) and task.done_by and not later:
        undo = await undo_button(uow, district, case.ticket.id, BY_HUB, now, seen_in=card.chat_id, by=task.done_by)
    if task.kind in {HubTaskKind.RULING, HubTaskKind.DISPUTE}:
        view = await ruling_view(uow, district, case, task, done_by.name if done_by else "", now)
        if task.is_open:
            undo = await undo_button(uow, district, case.ticket.id, {EventKind.STREET_ASKED}, now, seen_in=card.chat_id)
        return replace(view, rows=(*view.rows, *rows([undo]))) if view and undo else view
    if task.kind is HubTaskKind.MERGE:
        shown_merge = await merge_view(uow, district, case, task, done_by.name if done_by else "")
        return replace(shown_merge, rows=rows([undo])) if shown_merge and undo else shown_merge
    params = ticket_params(district, case.ticket)
    if case.lead is not None:
        params |= assignment_params(district, case.lead)
    params |= {
        "kind": str(task.kind),
        "due_at": task.due_at,
        "note": "" if params["sensitive"] else task.note,
        "done": not task.is_open,
        "done_by": done_by.name if done_by else "",
        "stage": str(case.stage),
        "level": str(case.ticket.level),
        "in_hand": await _in_hand(uow, task, now),
        "settled": _settled(case, task),
        "joined": (await uow.tickets.joined_counts([case.ticket.id])).get(case.ticket.id, 0),
        **await _meeting(uow, task),
    }
    if task.is_open:
        undo = await undo_button(uow, district, case.ticket.id, {EventKind.GRADED}, now, seen_in=card.chat_id)
    shown = await _hub_buttons(uow, district, task, case.ticket) if task.is_open else ()
    buttons = (*shown, *rows([undo]))
    params |= precedent_params(district, await precedents_of(uow, case.ticket, now=now))
    return View("hub-task", params, buttons)


def _settled(case: Case, task: HubTask) -> str:
    """Why nobody of the hub had to end it: the unit reported back, or it was over otherwise."""
    if task.done_at is None or task.done_by is not None or task.kind is not HubTaskKind.SUPERVISION:
        return ""
    reported = [part.reported_at for part in case.assignments if part.id == task.assignment_id and part.reported_at]
    return "reported" if any(at >= task.done_at for at in reported) else "over"


async def _without_ticket(uow: UnitOfWork, district: District, task: HubTask, done_by: str) -> View:
    """A lost group, a unit without a liaison, a resident whom nobody answered: nothing but to see to it."""
    params: dict[str, object] = {
        "note": task.words,
        "about": task.about,
        "due_at": task.due_at,
        "done": not task.is_open,
        "done_by": done_by,
    }
    seen = Button("button-seen-to", Action.CLOSE, Subject(SubjectKind.HUB_TASK, task.id))
    buttons = rows([seen]) if task.is_open else ()
    if task.kind is HubTaskKind.UNIT_ALONE:
        left = {person.id: person for person, _ in await resting_for(uow, district, task.about)} if task.is_open else {}
        names = {number: person.known_as for number, person in left.items()}
        taken = [
            Button("button-take-role", Action.REVOKE, seen.subject, arg=str(number), params={"name": name})
            for number, name in names.items()
        ]
        return View("hub-unit-alone", params | {"left": list(names.values())}, (*buttons, *rows(taken)))
    return View("hub-resident" if task.kind is HubTaskKind.RESIDENT else "hub-chat-lost", params, buttons)


async def _meeting(uow: UnitOfWork, task: HubTask) -> dict[str, object]:
    """When those meet, or that they are called to the spot, whose minutes will do what the hub owes."""
    waits = task.kind is HubTaskKind.DISPATCH and task.is_open and task.ticket_id is not None
    found = await uow.meetings.of_ticket(task.ticket_id or 0) if waits else ()
    called = [meeting for meeting in found if meeting.state is MeetingState.CALLED]
    to_spot = bool(called) and called[-1].kind is MeetingKind.CALL_OUT
    return {"meeting_at": called[-1].begins_at if called and not to_spot else None, "to_spot": to_spot}


async def _in_hand(uow: UnitOfWork, task: HubTask, now: datetime) -> str:
    """Who is reading it just now."""
    person = await uow.people.get(task.claimed_by) if task.claimed_by and task.is_open else None
    return person.name if person and is_claimed(task, now=now) else ""


async def _hub_buttons(
    uow: UnitOfWork, district: District, task: HubTask, ticket: Ticket
) -> tuple[tuple[Button, ...], ...]:
    subject = ticket_subject(ticket.id)
    if task.kind is HubTaskKind.UNDELIVERED and task.assignment_id:
        told = Button("button-told", Action.NOTE_TOLD, assignment_subject(task.assignment_id))
        return rows([told], [_other(subject)])
    if task.kind is HubTaskKind.START:
        return rows([Button("button-start", Action.START, subject)])
    seen = None
    if task.kind in READ_AND_DONE:
        seen = Button("button-seen-to", Action.CLOSE, Subject(SubjectKind.HUB_TASK, task.id))
    if task.kind is HubTaskKind.ALARM:
        return rows([seen, _other(subject)])
    proposals = [
        [Button("button-dispatch-to", Action.DISPATCH, subject, arg=code, params={"name": name})]
        for code, name in await _proposals(uow, district, ticket)
    ]
    decline = Button("button-decline", Action.DECLINE, subject)
    called = await _meeting(uow, task)
    meets = task.kind is HubTaskKind.DISPATCH and not (called["meeting_at"] or called["to_spot"])
    joint = Button("button-joint", Action.CALL_MEETING, subject) if meets else None
    grade = Button("button-grade", Action.GRADE, subject)
    return rows([seen], *proposals, [_other(subject), joint], [decline, grade])


def _other(subject: Subject) -> Button:
    return Button("button-dispatch-other", Action.DISPATCH, subject)


async def _proposals(uow: UnitOfWork, district: District, ticket: Ticket) -> list[tuple[str, str]]:
    """The lead of the item and its supporting departments; without an item nobody is guessed."""
    item = district.catalogue.items.get(ticket.item)
    if item is None:
        return []
    current = {
        a.assignee.code
        for a in await uow.assignments.of_ticket(ticket.id)
        if a.is_open and a.assignee.kind is not PartyKind.STREET
    }
    found: dict[str, str] = {}
    for name in (item.lead, *item.support):
        department = district.catalogue.department_by_name.get(name)
        unit = routing.unit_for(district.catalogue, department.code, ticket.street) if department else None
        if unit is not None and unit.code not in current:
            found[unit.code] = district.catalogue.party_name(unit.code)
    return list(found.items())[:4]

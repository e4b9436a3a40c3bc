"""The unit's cards: the call (texts 2 and 3), the whole for a liaison, the answer form (text 7)."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, SubjectKind
from bot.application.requests.ask_for_time import askable
from bot.application.requests.rulings import precedent_params, precedents_of
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.requests import time_asked
from bot.application.views.undoing import BY_STREET, BY_UNIT, undo_button
from bot.application.views.view import View, assignment_params, rows, ticket_params
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.party import PartyKind
from bot.domain.permissions import Action
from bot.domain.request import RequestKind
from bot.domain.returning import is_returnable, return_until
from bot.domain.ticket import Sensitivity

S = AssignmentState
SHOWN_ELSEWHERE = frozenset({SubjectKind.TICKET, SubjectKind.ASSIGNMENT})
"""Where a picture must have been used to be called used before."""


async def _load(uow: UnitOfWork, card: Card) -> tuple[Case, Assignment] | None:
    assignment = await uow.assignments.get(card.subject.id)
    return (await load_case(uow, assignment.ticket_id), assignment) if assignment else None


async def unit_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """The call in the unit's group, fit for a newspaper."""
    return await _call(uow, district, card, now, whole=False)


async def detail_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """The same for a liaison in private: the whole."""
    return await _call(uow, district, card, now, whole=True)


async def _call(uow: UnitOfWork, district: District, card: Card, now: datetime, *, whole: bool) -> View | None:
    loaded = await _load(uow, card)
    if loaded is None:
        return None
    case, assignment = loaded
    params = ticket_params(district, case.ticket, whole=whole) | assignment_params(district, assignment)
    signer = await uow.people.get(assignment.signed_by) if assignment.signed_by else None
    uses = await uow.attachments.of(ticket_subject(case.ticket.id))
    photos = tuple(dict.fromkeys(use.hash for use in uses if use.role == "report"))
    hidden = case.ticket.sensitivity is not Sensitivity.PUBLIC and not whole
    item = district.catalogue.items.get(case.ticket.item)
    returnable = is_returnable(assignment.clock_start, assignment.handle_limit, district.calendar, now)
    params |= {
        "signer": signer.known_as if signer else "",
        "photos": 0 if hidden else len(photos),
        "street_action": item.street_duty if item and not hidden else "",
        "whole": whole,
        "until": return_until(assignment.clock_start, assignment.handle_limit, district.calendar)
        if returnable
        else None,
        "clause": case.ticket.item if not hidden or case.ticket.sensitivity is Sensitivity.LIMITED else "",
        "successor": _successor(district, case, assignment),
        "ending": str(case.ticket.ending) if case.ticket.ending else "",
        "merged_into": await _target(uow, case),
        "anew": any(p.is_open and p.assignee == assignment.assignee and p.id > assignment.id for p in case.assignments),
    }
    pressed = BY_STREET if assignment.assignee.kind is PartyKind.STREET else BY_UNIT
    undo = await undo_button(uow, district, case.ticket.id, pressed, now, seen_in=card.chat_id, part=assignment.id)
    asked, _ = await time_asked(uow, assignment, case.ticket, whole=whole)
    params |= asked
    time = await _time(uow, district, assignment, now) if assignment.state is S.HANDLING else []
    buttons = _buttons(case, assignment, undo, time=time, returnable=returnable)
    params |= precedent_params(district, await precedents_of(uow, case.ticket, now=now))
    if case.ticket.sensitivity is Sensitivity.SENSITIVE and not whole:
        params |= {"progress": "", "report": "", "task": "", "domain": item.domain if item else ""}
        return View("unit-card-sensitive", params, buttons)
    shown = () if hidden else photos
    return View("unit-card", params, buttons, photos=shown)


async def _target(uow: UnitOfWork, case: Case) -> str:
    """The code of the ticket with which this one was merged."""
    into = await uow.tickets.get(case.ticket.merged_into) if case.ticket.merged_into else None
    return into.code if into else ""


def _successor(district: District, case: Case, assignment: Assignment) -> str:
    """The unit for which this one still stands in, until it has signed."""
    found = next((part for part in case.assignments if part.id == assignment.yields_to), None)
    return district.catalogue.party_name(found.assignee.code) if found else ""


def _buttons(
    case: Case, assignment: Assignment, undo: Button | None, *, time: list[Button | None], returnable: bool
) -> tuple[tuple[Button, ...], ...]:
    subject = assignment_subject(assignment.id)
    sign = Button("button-sign", Action.SIGN, subject)
    back = Button("button-return", Action.RETURN, subject) if returnable else None
    hand = Button("button-hand-on", Action.HAND_ON, subject)
    in_street = assignment.assignee.kind is PartyKind.STREET  # which is called by a community or a department
    by_street = case.ticket.caller.kind in {PartyKind.STREET, PartyKind.COMMUNITY} and not in_street
    contact = Button("button-contact" if by_street else "button-contact-caller", Action.CONTACT, subject)
    street = contact if case.ticket.caller != assignment.assignee else None
    over = None
    if in_street and case.ticket.caller.kind is PartyKind.COMMUNITY:
        over = Button("button-take-over", Action.TAKE_OVER, ticket_subject(case.ticket.id))
    if assignment.assignee.kind is PartyKind.TEAM and assignment.state in {S.UNSIGNED, S.UNDELIVERED, S.HANDLING}:
        return rows(*_team(assignment, back), [undo])
    if assignment.state in {S.UNSIGNED, S.UNDELIVERED}:
        return rows([sign, back], [hand, street], [over], [undo])
    if assignment.state in {S.HANDLING, S.RETURN_REQUESTED}:
        report = Button("button-report-back", Action.REPORT_BACK, subject)
        progress = Button("button-progress", Action.PROGRESS, subject)
        whole = Button("button-see-whole", Action.SEE_WHOLE, subject)
        undecided = assignment.yields_to is None
        take_back = Button("button-take-back", Action.TAKE_BACK, subject) if undecided else None
        if assignment.state is not S.HANDLING:
            return rows([report, progress, hand], [take_back], [street, whole], [over], [undo])
        return rows([report, progress, hand], [*time, back], [street, whole], [over], [undo])
    if assignment.state is S.SUSPENDED:
        resume = Button("button-resume", Action.RESUME, subject)
        return rows([Button("button-report-back", Action.REPORT_BACK, subject), resume], [street], [undo])
    return rows([undo]) if assignment.state in {S.REPORTED, S.ANSWER_DRAFTED} else ()


def _team(assignment: Assignment, back: Button | None) -> list[list[Button | None]]:
    """A team is commanded: received, on the way, there, done; what it cannot do is the hub's to rule on."""
    subject = assignment_subject(assignment.id)
    received = assignment.state is not S.HANDLING
    sign = Button("button-received", Action.SIGN, subject) if received else None
    out = Button("button-set-out", Action.MOVE, subject, arg="out")
    there = Button("button-there", Action.MOVE, subject, arg="arrived")
    report = Button("button-report-back", Action.REPORT_BACK, subject)
    moves = [
        sign,
        out if assignment.on_the_way_at is None and assignment.there_at is None else None,
        there if assignment.there_at is None else None,
    ]
    progress = None if received else Button("button-progress", Action.PROGRESS, subject)
    return [moves, [None if received else report, progress, back]]


async def _time(uow: UnitOfWork, district: District, assignment: Assignment, now: datetime) -> list[Button | None]:
    """More time can be asked for as often as the rules allow, and what was asked taken back while nobody has answered."""
    subject, asked = assignment_subject(assignment.id), await uow.requests.of_assignment(assignment.id)
    if any(request.is_open and request.round == assignment.round for request in asked):
        return [Button("button-take-back", Action.TAKE_BACK, subject)]
    extend, suspend = (askable(district, asked, assignment, kind, now=now) for kind in RequestKind)
    return [
        Button("button-extend", Action.EXTEND, subject) if extend else None,
        Button("button-suspend", Action.SUSPEND, subject) if suspend else None,
    ]


async def answer_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """The report-back form; after it was sent, one line."""
    loaded = await _load(uow, card)
    if loaded is None:
        return None
    case, assignment = loaded
    params = ticket_params(district, case.ticket) | assignment_params(district, assignment)
    if assignment.state not in {S.UNSIGNED, S.UNDELIVERED, S.HANDLING, S.RETURN_REQUESTED, S.SUSPENDED}:
        undo = await undo_button(uow, district, case.ticket.id, BY_UNIT, now, seen_in=card.chat_id, part=assignment.id)
        return View("answer-sent", params, rows([undo]))
    if assignment.round > 1 and not assignment.report_outcome:
        return View("answer-sent", params)  # of the round before; this one has no draft yet
    uses = await uow.attachments.of(assignment_subject(assignment.id))
    photos = [use.hash for use in uses if use.role == "report_back"]
    reused = None
    for digest in photos:
        earlier = [use for use in await uow.attachments.used(digest) if use.subject != card.subject]
        reused = next((use.at for use in earlier if use.subject.kind in SHOWN_ELSEWHERE), reused)
    params |= {"photos": len(photos), "reused_at": reused, "no_time": not _names_time(assignment.report_text)}
    chat = await uow.chats.get(card.chat_id)
    if case.ticket.sensitivity is Sensitivity.SENSITIVE and (chat is None or chat.is_group):
        params |= {"report": "", "public": ""}
    subject = assignment_subject(assignment.id)
    outcomes = [
        Button(f"button-outcome-{o}", Action.EDIT_ANSWER, subject, arg=f"outcome:{o}")
        for o in ("solved", "partly", "explained")
        if o != assignment.report_outcome
    ]
    send = Button("button-send-answer", Action.SEND_ANSWER, subject)
    text = Button("button-edit-text", Action.EDIT_ANSWER, subject, arg="text")
    public = Button("button-edit-public", Action.EDIT_ANSWER, subject, arg="public")
    later = Button("button-not-yet", Action.EDIT_ANSWER, subject, arg="later")
    return View("answer-form", params, rows([send], outcomes, [text, public], [later]))


def _names_time(text: str) -> bool:
    return any(word in text for word in ("点", ":", "：", "上午", "下午", "今天", "昨天", "刚", "晚", "日"))

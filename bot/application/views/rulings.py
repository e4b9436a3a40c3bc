"""The hub's card of a request to return (text 6), and of a dispute that goes on after somebody acts first."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Subject, SubjectKind
from bot.application.requests.rulings import precedent_params, precedents_of
from bot.application.telling import ticket_subject
from bot.application.views.view import View, assignment_params, rows, ticket_params
from bot.domain import routing
from bot.domain.assignment import LIVE_STATES, Assignment
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.masking import mask
from bot.domain.permissions import Action
from bot.domain.returning import Ground, Ruling
from bot.domain.ticket import Sensitivity, Ticket

PROPOSED = 3
NOBODYS = frozenset({Ground.OUTSIDE, Ground.OWNER})
"""Grounds that, where they are right, leave no unit of the district to give it to."""
SECOND = 2
"""From the ticket's second request on the hub only says who acts first."""


async def ruling_view(
    uow: UnitOfWork, district: District, case: Case, task: HubTask, done_by: str, now: datetime
) -> View | None:
    """Clause, precedents of the item, what the words were thought to be, the unit's view, and proposals."""
    asked = next((part for part in case.assignments if part.id == task.assignment_id), None)
    requests = [r for r in await uow.rulings.of_ticket(case.ticket.id) if r.assignment_id == task.assignment_id]
    dispute = task.kind is HubTaskKind.DISPUTE
    mine = [r for r in requests if r.is_dispute is dispute and r.asked_at <= task.created_at]
    if asked is None or not mine:
        return None
    request = mine[-1]
    item = district.catalogue.items.get(case.ticket.item)
    hidden = case.ticket.sensitivity is Sensitivity.SENSITIVE
    params = ticket_params(district, case.ticket) | assignment_params(district, asked)
    params |= precedent_params(district, await precedents_of(uow, case.ticket, now=now))
    params |= {
        "number": request.number,
        "ground": str(request.ground),
        "named": district.catalogue.party_name(request.named) if request.named else "",
        "note": "" if hidden else mask(await _words(uow, case, request.asked_seq)),
        "lead": item.lead if item and not hidden else "",
        "support": list(item.support) if item and not hidden else [],
        "thought_of": [] if hidden else await _thought_of(uow, district, case),
        "ending": str(case.ticket.ending) if case.ticket.ending else "",
        "task": "" if hidden else mask(asked.task),
        **await _asked_of_street(uow, case, task, hidden=hidden),
        "acting": _acting(district, case, asked),
        "due_at": task.due_at,
        "done": not task.is_open,
        "done_by": done_by,
        "outcome": str(request.outcome) if request.outcome else "",
        "to_unit": district.catalogue.party_name(request.to_unit) if request.to_unit else "",
    }
    key = "dispute-card" if dispute else "ruling-card"
    return View(key, params, await _buttons(uow, district, case, task, request) if task.is_open else ())


async def _words(uow: UnitOfWork, case: Case, seq: int) -> str:
    texts = await uow.events.texts_of(case.ticket.id)
    return texts.get((seq, "reason"), "")[:300]


async def _asked_of_street(uow: UnitOfWork, case: Case, task: HubTask, *, hidden: bool) -> dict[str, object]:
    """What the hub has asked the street, and its answer or until when it is waited for."""
    asked = [q for q in await uow.street_questions.of_ticket(case.ticket.id) if q.task_id == task.id]
    last = asked[-1] if asked else None
    texts = await uow.events.texts_of(case.ticket.id) if last and not hidden else {}
    return {
        "question": mask(texts.get((last.asked_seq, "text"), "")) if last else "",
        "answer": mask(texts.get((last.answered_seq, "text"), "")) if last and last.answered_seq is not None else "",
        "asked_until": last.due_at if last and last.is_open else None,
    }


async def _thought_of(uow: UnitOfWork, district: District, case: Case) -> list[str]:
    """What else the report's words were understood as, without anything a group should not read."""
    ticket = case.ticket
    if ticket.origin_chat_id is None or ticket.origin_message_id is None:
        return []
    draft = await uow.drafts.by_message(ticket.origin_chat_id, ticket.origin_message_id)
    codes = [code for code in draft.candidates if code != ticket.item] if draft else []
    items = [district.catalogue.items[code] for code in codes if code in district.catalogue.items]
    return [f"{i.name}（{i.code}）" for i in items if i.sensitivity is not Sensitivity.SENSITIVE]


def _acting(district: District, case: Case, asked: Assignment) -> str:
    part = case.lead or asked
    return district.catalogue.party_name(part.assignee.code)


async def _buttons(
    uow: UnitOfWork, district: District, case: Case, task: HubTask, request: Ruling
) -> tuple[tuple[Button, ...], ...]:
    subject = Subject(SubjectKind.HUB_TASK, task.id)
    found = await candidates(uow, district, case, request)
    if task.kind is HubTaskKind.DISPUTE:
        settle = [
            [Button("button-settle-to", Action.RULE, subject, arg=f"settle:{code}", params={"name": name})]
            for code, name in _with_asker(district, request, found)
        ]
        return rows(*settle, [Button("button-settle-other", Action.RULE, subject, arg="settle")])
    asked = await uow.street_questions.of_ticket(case.ticket.id)
    waits = any(q.is_open and q.task_id == task.id for q in asked)
    ask = None if waits else Button("button-ask-street", Action.RULE, subject, arg="ask")
    if request.number >= SECOND:
        return rows(*who_first_rows(district, request, task.id, found), [ask])
    agree = [
        [Button("button-agree-to", Action.RULE, subject, arg=f"agree:{code}", params={"name": name})]
        for code, name in found
    ]
    other = Button("button-agree-other", Action.RULE, subject, arg="agree")
    refuse = Button("button-refuse", Action.RULE, subject, arg="refuse")
    first = Button("button-act-first", Action.RULE, subject, arg="who-first")
    alone = len([part for part in case.assignments if part.state in LIVE_STATES]) == 1
    nobody = Button("button-decline", Action.DECLINE, ticket_subject(case.ticket.id))
    return rows(*agree, [other, refuse], [first, ask], [nobody if alone and request.ground in NOBODYS else None])


def who_first_rows(
    district: District, request: Ruling, task_id: int, found: list[tuple[str, str]]
) -> tuple[tuple[Button, ...], ...]:
    """Who may act first: the unit that has it, or one of those proposed."""
    subject = Subject(SubjectKind.HUB_TASK, task_id)
    first = [
        [Button("button-first-to", Action.RULE, subject, arg=f"first:{code}", params={"name": name})]
        for code, name in _with_asker(district, request, found)
    ]
    return rows(*first, [Button("button-first-other", Action.RULE, subject, arg="first")])


def _with_asker(district: District, request: Ruling, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict([(request.unit, district.catalogue.party_name(request.unit)), *found]).items())


def of_the_clause(district: District, ticket: Ticket, without: str) -> list[tuple[str, str]]:
    """The lead and supporting units of the ticket's item, but for that one."""
    item = district.catalogue.items.get(ticket.item)
    found: dict[str, str] = {}
    for name in (item.lead, *item.support) if item else ():
        department = district.catalogue.department_by_name.get(name)
        unit = routing.unit_for(district.catalogue, department.code, ticket.street) if department else None
        if unit is not None and unit.code != without:
            found[unit.code] = district.catalogue.party_name(unit.code)
    return list(found.items())[:PROPOSED]


async def candidates(uow: UnitOfWork, district: District, case: Case, request: Ruling) -> list[tuple[str, str]]:
    """Whom the request could go to: who was named, those of the clause, those of the items also thought of."""
    catalogue, street = district.catalogue, case.ticket.street
    names: list[str] = []
    codes = [request.named] if request.named in catalogue.units else []
    codes += [code for code, _ in of_the_clause(district, case.ticket, request.unit)]
    if case.ticket.origin_chat_id is not None and case.ticket.origin_message_id is not None:
        draft = await uow.drafts.by_message(case.ticket.origin_chat_id, case.ticket.origin_message_id)
        others = [catalogue.items[code] for code in (draft.candidates if draft else []) if code in catalogue.items]
        names += [other.lead for other in others if other.sensitivity is not Sensitivity.SENSITIVE]
    for name in names:
        department = catalogue.department_by_name.get(name)
        unit = routing.unit_for(catalogue, department.code, street) if department else None
        if unit is not None:
            codes.append(unit.code)
    unique = [code for code in dict.fromkeys(codes) if code != request.unit]
    return [(code, catalogue.party_name(code)) for code in unique[:PROPOSED]]

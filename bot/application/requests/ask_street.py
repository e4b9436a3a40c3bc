"""问街道: one question to the street, by the hub before it rules or by a unit that was told too little."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.clocks.assignment_clocks import first_check
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, Outgoing, Subject, SubjectKind
from bot.application.requests.request_return import may_return
from bot.application.requests.rule_return import load_request
from bot.application.telling import hub_chats, offer_undo, raise_cards, street_chats, tell, unit_chats
from bot.domain import ladders
from bot.domain.assignment import Assignment
from bot.domain.errors import AlreadyAsked, ButtonStale, TextMissing
from bot.domain.events import EventKind
from bot.domain.masking import mask
from bot.domain.people import Actor, Role
from bot.domain.permissions import Action, require
from bot.domain.street_question import StreetQuestion
from bot.domain.ticket import Sensitivity

LONGEST = 300


async def ask_by_hub(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, text: str, *, now: datetime
) -> StreetQuestion:
    """Before it rules the hub may ask the street; its own clock for the ruling runs on."""
    task, case, part = await load_request(uow, district, actor, task_id)
    return await _ask(uow, district, case, part, actor, text, task.id, now=now)


async def ask_by_unit(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, text: str, *, now: datetime
) -> StreetQuestion:
    """`信息太少` is one question and no return: the unit keeps the call and its clock."""
    case, part = await may_return(uow, district, actor, assignment_id, now=now)
    await not_asked_yet(uow, case, part)
    return await _ask(uow, district, case, part, actor, text, None, now=now)


async def not_asked_yet(uow: UnitOfWork, case: Case, part: Assignment) -> None:
    """Raises `AlreadyAsked` where the unit has put its one question."""
    asked = await uow.street_questions.of_ticket(case.ticket.id)
    if any(q.assignment_id == part.id and q.task_id is None and not q.is_taken_back for q in asked):
        raise AlreadyAsked(ticket=case.ticket.code)


async def _ask(
    uow: UnitOfWork,
    district: District,
    case: Case,
    part: Assignment,
    actor: Actor,
    text: str,
    task_id: int | None,
    *,
    now: datetime,
) -> StreetQuestion:
    words = text.strip()[:LONGEST]
    if not words:
        raise TextMissing()
    event = await uow.events.append(
        case.ticket.id,
        EventKind.STREET_ASKED,
        at=now,
        actor=actor.id,
        detail={"assignment": part.id},
        texts={"text": words},
    )
    due = district.due_moment(now, district.rules.street_answer_limit)
    question = await uow.street_questions.add(
        StreetQuestion(0, case.ticket.id, part.id, task_id, actor.id, now, due, event.seq)
    )
    subject = Subject(SubjectKind.QUESTION, question.id)
    first = first_check(district, ladders.STREET_QUESTION, now, district.rules.street_answer_limit)
    await uow.dues.put(subject, DueKind.STREET_QUESTION, first)
    params = {
        "code": case.ticket.code,
        "asker": district.catalogue.party_name(part.assignee.code),
        "due_at": due,
        "hub": bool(task_id),
    }
    answer = ((Button("button-answer", Action.ANSWER_STREET, subject),),)
    for chat_id, whole in await _street(uow, case):
        message = Outgoing(
            kind="street-question",
            chat_id=chat_id,
            params=params | {"text": words if whole else mask(words)},
            buttons=answer,
            subject=subject,
            dedupe_key=_key(question, chat_id),
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return question


def _key(question: StreetQuestion, chat_id: int) -> str:
    return f"question:{question.id}:c{chat_id}"


async def _asked_no_more(uow: UnitOfWork, case: Case, question: StreetQuestion) -> None:
    """Where it was asked it says so, and has no button that would be refused."""
    for chat_id, _ in await _street(uow, case):
        await uow.outbox.fade(_key(question, chat_id), {"over": True})


async def take_back_question(uow: UnitOfWork, case: Case, asked_seq: int, *, now: datetime) -> Sequence[int]:
    """The street owes no answer to it; the chats where it was put."""
    for question in await uow.street_questions.of_ticket(case.ticket.id):
        if question.is_open and question.asked_seq == asked_seq:
            question.answered_at, question.answered_by = now, question.asked_by
            await uow.street_questions.save(question)
            await uow.dues.drop(Subject(SubjectKind.QUESTION, question.id))
            await _asked_no_more(uow, case, question)
    return [chat_id for chat_id, _ in await _street(uow, case)]


async def _street(uow: UnitOfWork, case: Case) -> list[tuple[int, bool]]:
    """Where the street is asked: its groups; a sensitive matter in private only, where words may stand whole."""
    if case.ticket.sensitivity is not Sensitivity.SENSITIVE:
        return [(chat.id, False) for chat in await street_chats(uow, case.ticket.street)]
    reporter = await uow.people.get(case.ticket.reporter_id)
    people = [reporter] if reporter else []
    people += list(await uow.people.holding(Role.STREET_OFFICER, {case.ticket.street}))
    return list(dict.fromkeys((p.private_chat_id, True) for p in people if p.reachable and p.private_chat_id))


async def load_question(
    uow: UnitOfWork, district: District, actor: Actor, question_id: int
) -> tuple[StreetQuestion, Case]:
    """The open question, for who may answer for the street; raises `ButtonStale`, `NotPermitted`."""
    question = await uow.street_questions.get(question_id)
    if question is None or not question.is_open:
        raise ButtonStale()
    case = await load_case(uow, question.ticket_id, for_update=True)
    require(actor, Action.ANSWER_STREET, ticket_target(case.ticket, district.catalogue))
    return question, case


async def answer_street(
    uow: UnitOfWork, district: District, actor: Actor, question_id: int, text: str, *, now: datetime
) -> Case:
    """The street's answer goes to who asked: onto the hub's card, or to the unit in words."""
    question, case = await load_question(uow, district, actor, question_id)
    words = text.strip()[:LONGEST]
    if not words:
        raise TextMissing()
    event = await uow.events.append(
        case.ticket.id, EventKind.STREET_ANSWERED, at=now, actor=actor.id, texts={"text": words}
    )
    question.answered_seq, question.answered_at, question.answered_by = event.seq, now, actor.id
    await uow.street_questions.save(question)
    subject = Subject(SubjectKind.QUESTION, question.id)
    await uow.dues.drop(subject)
    await _asked_no_more(uow, case, question)
    chats, about = await hub_chats(uow), Subject(SubjectKind.HUB_TASK, question.task_id or 0)
    if question.task_id is None:
        part = next(p for p in case.assignments if p.id == question.assignment_id)
        chats, about = await unit_chats(uow, district, part.assignee.code), Subject(SubjectKind.ASSIGNMENT, part.id)
    hidden = case.ticket.sensitivity is Sensitivity.SENSITIVE
    for chat in chats:
        message = Outgoing(
            kind="street-answer",
            chat_id=chat.id,
            params={"code": case.ticket.code, "text": "" if hidden else mask(words)},
            subject=about,
            dedupe_key=f"question:{question.id}:answer:c{chat.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    return case

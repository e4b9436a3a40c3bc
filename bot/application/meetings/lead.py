"""What a leader does about a case that was put before him, and how the street has him told (text 9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.district import District
from bot.application.loading import Case, load_case, load_open_case
from bot.application.people.acting import acted_as
from bot.application.people.identify import ticket_target
from bot.application.people.leaders import leaders_of
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Face, Outgoing, Subject, SubjectKind
from bot.application.repeated import just_said
from bot.application.telling import (
    answer_reporter,
    assignment_subject,
    hub_chats,
    offer_undo,
    raise_cards,
    tell,
    ticket_subject,
)
from bot.application.views.view import rows, shown_place
from bot.domain.assignment import Assignment
from bot.domain.errors import ButtonStale, NobodyToTell, TextMissing
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import mask
from bot.domain.people import Actor, Person
from bot.domain.permissions import Action, require
from bot.domain.ticket import Sensitivity

SAID_LENGTH = 300


async def _load(uow: UnitOfWork, subject: Subject, *, still_open: bool) -> tuple[Case, Assignment | None]:
    part = await uow.assignments.get(subject.id) if subject.kind is SubjectKind.ASSIGNMENT else None
    if subject.kind is SubjectKind.ASSIGNMENT and part is None:
        raise ButtonStale()
    ticket_id = part.ticket_id if part else subject.id
    case = await (load_open_case(uow, ticket_id) if still_open else load_case(uow, ticket_id, for_update=True))
    found = next((each for each in case.assignments if part and each.id == part.id), case.lead)
    return case, found


async def _recorded(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    subject: Subject,
    action: Action,
    kind: EventKind,
    text: str = "",
    *,
    now: datetime,
) -> tuple[Case, Assignment | None]:
    case, part = await _load(uow, subject, still_open=action is not Action.ACKNOWLEDGE)
    require(actor, action, ticket_target(case.ticket, district.catalogue, [part] if part else ()))
    detail: dict[str, object] = {"assignment": part.id if part else None} | acted_as(actor, action)
    texts = {"text": text} if text else None
    if texts or not await just_said(uow, case.ticket.id, kind, actor.id, detail):
        await uow.events.append(case.ticket.id, kind, at=now, actor=actor.id, detail=detail, texts=texts)
    return case, part


async def acknowledge(uow: UnitOfWork, district: District, actor: Actor, subject: Subject, *, now: datetime) -> Case:
    """`知道了`: nothing but that he knows, in the history."""
    case, _ = await _recorded(uow, district, actor, subject, Action.ACKNOWLEDGE, EventKind.ACKNOWLEDGED, now=now)
    return case


async def ask_hub(uow: UnitOfWork, district: District, actor: Actor, subject: Subject, *, now: datetime) -> Case:
    """`请中枢协调`: a task of the hub, with its own clock; asked twice it is still one."""
    case, part = await _recorded(uow, district, actor, subject, Action.ASK_HUB, EventKind.COORDINATION_ASKED, now=now)
    known = [t for t in case.hub_tasks if t.is_open and t.kind is HubTaskKind.SUPERVISION]
    for task in known:
        for chat in await hub_chats(uow):
            await uow.cards.want(Subject(SubjectKind.HUB_TASK, task.id), chat.id, Face.HUB, at=now)
    if not known:
        task_of = part.id if part else None
        await open_hub_task(uow, district, case, HubTaskKind.SUPERVISION, now=now, assignment_id=task_of)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


async def leaders_called(uow: UnitOfWork, district: District, case: Case) -> Sequence[Person]:
    """Those who are told in private where the street has its leader told."""
    leaders = await leaders_of(uow, district, case.ticket.street)
    return [leader for leader in leaders if leader.reachable and leader.private_chat_id]


async def tell_street(
    uow: UnitOfWork, district: District, actor: Actor, subject: Subject, text: str, *, now: datetime
) -> Case:
    """`回街道一句`: his words reach whoever reported, under his post and not as an order."""
    words = text.strip()[:SAID_LENGTH]
    if not words:
        raise TextMissing()
    case, _ = await _recorded(uow, district, actor, subject, Action.TELL_STREET, EventKind.LEADER_SAID, words, now=now)
    params = {"name": actor.person.name, "text": mask(words), "round": f"said:{now.isoformat()}"}
    await answer_reporter(uow, district, case.ticket, "leader-said", params, now=now)
    return case


async def call_leader(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """`报联系区领导`: without a word on the way for three working days the street has its leader told."""
    subject = ticket_subject(ticket_id)
    case, part = await _recorded(uow, district, actor, subject, Action.CALL_LEADER, EventKind.LEADER_CALLED, now=now)
    leaders = await leaders_called(uow, district, case)
    if not leaders:
        raise NobodyToTell(code=case.ticket.code)
    hidden = case.ticket.sensitivity is Sensitivity.SENSITIVE
    about = assignment_subject(part.id) if part else subject
    history = await uow.events.of_ticket(ticket_id)
    seq = next(event.seq for event in reversed(history) if event.kind is EventKind.LEADER_CALLED)
    for leader in leaders:
        assert leader.private_chat_id is not None
        message = Outgoing(
            kind="leader-called",
            chat_id=leader.private_chat_id,
            params={
                "code": case.ticket.code,
                "item_name": "" if hidden else case.ticket.item_name,
                "place": shown_place(district, case.ticket),
                "street": district.catalogue.party_name(case.ticket.street),
                "unit": district.catalogue.party_name(part.assignee.code) if part else "",
                "due_at": part.due_at if part else None,
                "progress": part.last_progress if part and not hidden else "",
            },
            buttons=rows(
                [
                    Button("button-acknowledge", Action.ACKNOWLEDGE, about),
                    Button("button-ask-hub", Action.ASK_HUB, about),
                ],
                [Button("button-tell-street", Action.TELL_STREET, about)],
            ),
            subject=about,
            locale=leader.locale,
            dedupe_key=f"ticket:{ticket_id}:leader_called:{seq}:p{leader.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case

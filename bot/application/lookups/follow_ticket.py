"""What reporters and residents do with a ticket: follow by a link, urge, add words, ask to be called."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.loading import Case, heed_words, load_assignment, load_case, load_open_case
from bot.application.lookups.find_ticket import may_see
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Button, CodeKind, Face, OneTimeCode, Outgoing, Priority
from bot.application.telling import (
    assignment_subject,
    offer_undo,
    raise_cards,
    street_chats,
    tell,
    ticket_subject,
    unit_chats,
)
from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState
from bot.domain.errors import (
    ButtonStale,
    CallBackAsked,
    CodeInvalid,
    NotPermitted,
    TextMissing,
    TransitionNotAllowed,
    UrgeTooSoon,
)
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require, who_may
from bot.domain.ticket import Sensitivity

LINK_LIFE = timedelta(days=90)


async def link_for(uow: UnitOfWork, ticket_code: str, *, now: datetime) -> str:
    """The random token of the ticket's link, made once; never the ticket's number."""
    known = await uow.codes.follow_code(ticket_code)
    if known is not None and known.expires_at > now:
        return known.code
    token = secrets.token_urlsafe(12)
    await uow.codes.add(OneTimeCode(token, CodeKind.FOLLOW, ticket_code, "", now + LINK_LIFE))
    return token


async def follow_by_link(uow: UnitOfWork, actor: Actor, token: str, *, now: datetime) -> Case:
    """Whoever opens the link in private follows the ticket and sees its public progress."""
    code = await uow.codes.get(token)
    if code is None or code.kind is not CodeKind.FOLLOW or code.expires_at < now:
        raise CodeInvalid()
    ticket = await uow.tickets.by_code(code.value)
    if ticket is None:
        raise CodeInvalid()
    if await uow.tickets.follow(ticket.id, actor.id, at=now):
        await uow.events.append(ticket.id, EventKind.FOLLOWED, at=now, actor=actor.id)
    if actor.person.private_chat_id:
        await uow.cards.want(ticket_subject(ticket.id), actor.person.private_chat_id, Face.RESIDENT, at=now)
    return await load_case(uow, ticket.id)


async def urge(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """`催办`: the units that owe something are woken once more; limited in number and distance.

    A resident's goes to the street first, which passes it on with a press.
    """
    case = await load_open_case(uow, ticket_id)
    if not actor.grants and actor.base is None and await may_see(uow, district, actor, case.ticket):
        await _ask_street_to_urge(uow, district, actor, case, now=now)
        return case
    require(actor, Action.URGE, ticket_target(case.ticket, district.catalogue))
    open_parts = [part for part in case.assignments if part.state in OPEN_STATES]
    if not open_parts:
        raise TransitionNotAllowed(state=case.stage, to="urged")
    urged = await _urged(uow, district, ticket_id, to_street=False, now=now)
    if urged.counted >= district.rules.urges_per_assignment * max(1, max(p.round for p in open_parts)):
        raise UrgeTooSoon(at=None)
    await uow.events.append(ticket_id, EventKind.URGED, at=now, actor=actor.id)
    params = {"code": case.ticket.code, "due_at": open_parts[-1].due_at, "provisional": open_parts[-1].provisional}
    for part in open_parts:
        for chat in await unit_chats(uow, district, part.assignee.code):
            message = Outgoing(
                kind="urged",
                chat_id=chat.id,
                params=params,
                subject=assignment_subject(part.id),
                priority=Priority.REMINDER,
                dedupe_key=f"ticket:{ticket_id}:urge:{urged.total + 1}:c{chat.id}",
            )
            await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


@dataclass(frozen=True, slots=True)
class _Urged:
    """How often the unit, or the street, was urged, and how often that counts: taken back it does not."""

    total: int
    counted: int


async def _urged(uow: UnitOfWork, district: District, ticket_id: int, *, to_street: bool, now: datetime) -> _Urged:
    """Raises `UrgeTooSoon` if that was a short while ago, taken back or not: they were woken."""
    moments: list[datetime] = []
    taken_back, newest_is_meant = 0, False
    for event in await uow.events.of_ticket(ticket_id):
        detail = json.loads(event.body)["detail"]
        if event.kind is EventKind.URGED:
            newest_is_meant = bool(detail.get("to_street")) is to_street
            moments += [event.at] if newest_is_meant else []
        elif event.kind is EventKind.UNDONE and detail["of"] == EventKind.URGED and newest_is_meant:
            taken_back += 1
    if moments and now - moments[-1] < district.rules.urge_distance:
        raise UrgeTooSoon(at=moments[-1] + district.rules.urge_distance)
    return _Urged(len(moments), len(moments) - taken_back)


async def _ask_street_to_urge(uow: UnitOfWork, district: District, actor: Actor, case: Case, *, now: datetime) -> None:
    ticket = case.ticket
    urged = await _urged(uow, district, ticket.id, to_street=True, now=now)
    if urged.counted >= district.rules.urges_per_assignment:
        raise UrgeTooSoon(at=None)
    await uow.events.append(ticket.id, EventKind.URGED, at=now, actor=actor.id, detail={"to_street": True})
    for chat in await street_chats(uow, ticket.street):
        message = Outgoing(
            kind="resident-urged",
            chat_id=chat.id,
            params={"code": ticket.code},
            subject=ticket_subject(ticket.id),
            buttons=((Button("button-urge", Action.URGE, ticket_subject(ticket.id)),),),
            priority=Priority.REMINDER,
            dedupe_key=f"ticket:{ticket.id}:resident-urge:{urged.total + 1}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket.id, now=now)


async def add_words(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    ticket_id: int,
    text: str,
    *,
    now: datetime,
    photos: tuple[str, ...] = (),
    sensitive: bool = False,
) -> Case:
    """`补充`: an addendum; the ticket's words stay, its cards show the addition.

    A public matter to which sensitive or accusing words come is from then on quoted in no group.
    """
    case = await load_open_case(uow, ticket_id)
    target = ticket_target(case.ticket, district.catalogue)
    if not await may_see(uow, district, actor, case.ticket):
        require(actor, Action.ADD_WORDS, target)
    if not text.strip() and not photos:
        raise TextMissing()
    await uow.events.append(
        ticket_id, EventKind.WORDS_ADDED, at=now, actor=actor.id, texts={"text": text.strip()} if text.strip() else None
    )
    if sensitive and case.ticket.sensitivity is Sensitivity.PUBLIC:
        case.ticket.sensitivity = Sensitivity.LIMITED
    if text.strip():
        case.ticket.text = f"{case.ticket.text}\n{text.strip()}"
    await uow.tickets.save(case.ticket)
    await heed_words(uow, case.ticket, text)
    for digest in photos:
        await uow.attachments.use(AttachmentUse(digest, ticket_subject(ticket_id), "report", now))
    await raise_cards(uow, case)
    return case


async def give_feedback(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, verdict: Verdict, *, now: datetime
) -> Case:
    """A resident's verdict never moves the ticket: it is put before the person of record, who verifies."""
    case, assignment = await load_assignment(uow, assignment_id)
    if not await may_see(uow, district, actor, case.ticket):
        raise NotPermitted(action=Action.EVALUATE, who=who_may(Action.EVALUATE))
    if assignment.state is not AssignmentState.REPORTED:
        raise TransitionNotAllowed(state=assignment.state, to="feedback", by=None, at=None)
    detail = {"feedback": str(verdict), "assignment": assignment.id, "round": assignment.round}
    await uow.events.append(case.ticket.id, EventKind.WORDS_ADDED, at=now, actor=actor.id, detail=detail)
    await raise_cards(uow, case)
    return case


async def feedback_on(uow: UnitOfWork, assignment: Assignment, by: int | None = None) -> str:
    """The newest feedback of residents (of that person) on this answer: a verdict's code, or empty."""
    for event in reversed(await uow.events.of_ticket(assignment.ticket_id)):
        if event.kind is EventKind.WORDS_ADDED and (by is None or event.actor_id == by):
            detail = json.loads(event.body)["detail"]
            if detail.get("assignment") == assignment.id and detail.get("round") == assignment.round:
                return str(detail["feedback"])
    return ""


async def share_link(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> str:
    """The token of the link that a reporter passes on; never for sensitive matters."""
    case = await load_case(uow, ticket_id)
    require(actor, Action.FOLLOW, ticket_target(case.ticket, district.catalogue))
    if case.ticket.sensitivity is Sensitivity.SENSITIVE:
        raise NotPermitted(action=Action.FOLLOW, who=())
    return await link_for(uow, case.ticket.code, now=now)


async def ask_call_back(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """`请回电`: the street's chat is asked to call; the number is theirs to know, it is not written here.

    Asked again within the distance of urging nobody is woken: who asks hears when it was passed on. So does who takes
    it back again and again.
    """
    case = await load_open_case(uow, ticket_id)
    if not await may_see(uow, district, actor, case.ticket):
        raise NotPermitted(action=Action.CALL_BACK, who=who_may(Action.CALL_BACK))
    asked, meant = await _callbacks(uow, ticket_id, actor.id)
    woken = asked if len(asked) - len(meant) >= district.rules.urges_per_assignment else meant
    if woken and now < woken[-1] + district.rules.urge_distance:
        asked_at = meant[-1] if woken[-1] in meant else None
        raise CallBackAsked(asked_at=asked_at, again_at=woken[-1] + district.rules.urge_distance)
    await uow.events.append(ticket_id, EventKind.CALLBACK_ASKED, at=now, actor=actor.id)
    for chat in await street_chats(uow, case.ticket.street):
        message = Outgoing(
            kind="call-back",
            chat_id=chat.id,
            params={"code": case.ticket.code},
            subject=ticket_subject(ticket_id),
            dedupe_key=f"ticket:{ticket_id}:callback:{actor.id}:{len(asked)}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


async def _callbacks(uow: UnitOfWork, ticket_id: int, person_id: int) -> tuple[list[datetime], list[datetime]]:
    """When this person asked to be called, and which of these he did not take back."""
    asked: list[datetime] = []
    meant: list[datetime] = []
    for event in await uow.events.of_ticket(ticket_id):
        if event.actor_id != person_id:
            continue
        if event.kind is EventKind.CALLBACK_ASKED:
            asked.append(event.at)
            meant.append(event.at)
        elif event.kind is EventKind.UNDONE and json.loads(event.body)["detail"]["of"] == EventKind.CALLBACK_ASKED:
            meant.pop()
    return asked, meant


async def see_whole(uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime) -> Case:
    """The unmasked words, in private, for the signed unit's liaison; each look is logged."""
    assignment = await uow.assignments.get(assignment_id)
    if assignment is None:
        raise ButtonStale()
    case = await load_case(uow, assignment.ticket_id)
    require(actor, Action.SEE_WHOLE, ticket_target(case.ticket, district.catalogue, [assignment]))
    if assignment.state in {AssignmentState.RETURNED, AssignmentState.CANCELLED}:
        raise TransitionNotAllowed(
            state=assignment.state, to="see_whole", by=assignment.last_mover, at=assignment.last_moved_at
        )
    await uow.events.append(
        case.ticket.id, EventKind.LOOKED_AT, at=now, actor=actor.id, detail={"assignment": assignment_id}
    )
    return case

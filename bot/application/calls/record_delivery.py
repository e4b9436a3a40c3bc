"""What delivery learned: a first card arrived, a chat cannot be reached, a group has a new id."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.calls.redispatch import start_clock_anew
from bot.application.district import District
from bot.application.hub_tasks import finish_undelivered, owe, settle_owed
from bot.application.loading import load_case
from bot.application.ports import UnitOfWork
from bot.application.records import Card, DueKind, Face, Priority, SubjectKind
from bot.application.telling import assignment_subject, raise_cards, show_unit, unit_chats
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import stationed_team
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.ticket import Ending


async def record_delivery(uow: UnitOfWork, district: District, card: Card, *, now: datetime) -> None:
    """The first showing of a call: more than ten minutes after dispatch its clocks start anew here."""
    if card.face not in {Face.UNIT, Face.DETAIL} or card.subject.kind is not SubjectKind.ASSIGNMENT:
        return
    assignment = await uow.assignments.get(card.subject.id, for_update=True)
    if assignment is None or assignment.delivered_at is not None or not assignment.is_open:
        return
    case = await load_case(uow, assignment.ticket_id, for_update=True)
    assignment = next(part for part in case.assignments if part.id == assignment.id)
    late = now - assignment.dispatched_at > district.rules.undelivered_after
    if late or assignment.state is AssignmentState.UNDELIVERED:
        await start_clock_anew(uow, district, case, assignment, now=now, by=None)
        await finish_undelivered(uow, case, [assignment.id], None, now=now)
        await raise_cards(uow, case)
    else:
        assignment.delivered_at = now
        await uow.assignments.save(assignment)
    await uow.dues.drop(assignment_subject(assignment.id), DueKind.DELIVERY)
    await uow.events.append(
        case.ticket.id, EventKind.DELIVERED, at=now, actor=None, detail={"assignment": assignment.id}
    )


async def chat_lost(uow: UnitOfWork, district: District, chat_id: int, *, now: datetime) -> None:
    """403, or the bot was removed: nothing more is tried there, and the hub is told the same minute."""
    chat = await uow.chats.get(chat_id)
    if chat is None or chat.unreachable_since is not None:
        return
    chat.unreachable_since = now
    await uow.chats.save(chat)
    if chat.kind is ChatKind.PRIVATE:
        person = await uow.people.in_private_chat(chat_id)
        if person is not None:
            person.reachable = False
            await uow.people.save(person)
    elif chat.kind is not ChatKind.UNBOUND:
        name = district.catalogue.party_name(chat.of)
        words = f"{name}（{chat.title}）"
        await owe(uow, district, HubTaskKind.CHAT_LOST, str(chat.id), words, now=now, priority=Priority.EMERGENCY)
    await _undelivered_there(uow, district, chat, now=now)


async def _undelivered_there(uow: UnitOfWork, district: District, chat: Chat, *, now: datetime) -> None:
    for assignment in await uow.assignments.open_of({chat.of} - {"", "hub"}):
        if assignment.delivered_at is None and assignment.state is AssignmentState.UNSIGNED:
            case = await load_case(uow, assignment.ticket_id)
            if chat.is_group and await show_unit(uow, district, case, assignment, now=now):
                continue  # its liaisons have it in private, or another group of theirs
            await uow.dues.put(assignment_subject(assignment.id), DueKind.DELIVERY, now)


async def chat_found(uow: UnitOfWork, district: District, chat: Chat, *, now: datetime) -> None:
    """The bot was heard from there again; what could not be delivered goes there now."""
    if chat.unreachable_since is not None:
        chat.unreachable_since = None
        await uow.chats.save(chat)
        await settle_owed(uow, HubTaskKind.CHAT_LOST, str(chat.id), now=now)
        await deliver_waiting(uow, district, chat.of, now=now)


async def deliver_waiting(uow: UnitOfWork, district: District, code: str, *, now: datetime) -> int:
    """Calls of that unit or department that no group of it has are shown to whoever can be reached now; how many."""
    units = {u.code for u in district.catalogue.units.values() if code in {u.code, u.department}}
    if code in district.catalogue.streets:
        team = stationed_team(district.catalogue, district.rules.enforcement, code)
        units |= {code} | ({team.code} if team else set())
    shown = 0
    for assignment in await uow.assignments.open_of(units) if units else ():
        if assignment.delivered_at is None or not await _is_in_a_group(uow, district, assignment):
            case = await load_case(uow, assignment.ticket_id)
            shown += bool(await show_unit(uow, district, case, assignment, now=now))
    return shown


async def _is_in_a_group(uow: UnitOfWork, district: District, assignment: Assignment) -> bool:
    groups = {chat.id for chat in await unit_chats(uow, district, assignment.assignee.code)}
    return any(card.chat_id in groups for card in await uow.cards.of_subject(assignment_subject(assignment.id)))


async def chat_migrated(uow: UnitOfWork, old_telegram_id: int, new_telegram_id: int) -> Chat:
    """The group has a new Telegram id; both mean the same chat, and what was bound stays bound."""
    return await uow.chats.migrate(old_telegram_id, new_telegram_id)


async def dead_card(uow: UnitOfWork, district: District, card: Card, *, now: datetime) -> None:
    """A call that cannot be shown for good is a task of the hub, never silence."""
    if card.subject.kind is not SubjectKind.ASSIGNMENT or card.face not in {Face.UNIT, Face.DETAIL}:
        return
    assignment = await uow.assignments.get(card.subject.id)
    if assignment is None or assignment.delivered_at is not None or not assignment.is_open:
        return
    case = await load_case(uow, assignment.ticket_id)
    has_task = any(t.is_open and t.assignment_id == assignment.id for t in case.hub_tasks)
    if case.ticket.ending is not Ending.CLOSED and not has_task:
        await open_hub_task(uow, district, case, HubTaskKind.UNDELIVERED, now=now, assignment_id=assignment.id)

"""Who learns of a change: cards that are raised and messages that are queued, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, Face, Outgoing, Priority, Subject, SubjectKind
from bot.domain import routing
from bot.domain.assignment import Assignment
from bot.domain.chat import Chat, ChatKind
from bot.domain.people import Person, Role
from bot.domain.ticket import Sensitivity, Ticket

SECOND = timedelta(seconds=1)
MIXED_LINES = frozenset({"signed-reply", "filed-reply"})
"""The two lines of a ticket that a group of residents and officials sees."""
ENDS = frozenset({"filed-reply", "withdrawn", "merged-told"})
"""What somebody who reported the same hears in a group, too, where he cannot be written to in private."""


def ticket_subject(ticket_id: int) -> Subject:
    """The ticket as a subject."""
    return Subject(SubjectKind.TICKET, ticket_id)


def assignment_subject(assignment_id: int) -> Subject:
    """The assignment as a subject."""
    return Subject(SubjectKind.ASSIGNMENT, assignment_id)


async def unit_chats(uow: UnitOfWork, district: District, code: str) -> Sequence[Chat]:
    """The chats of that unit, its own before its department's, those that can be reached."""
    kinds = {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT, ChatKind.STREET, ChatKind.COMMUNITY, ChatKind.MIXED}
    codes = routing.covering_codes(district.catalogue, code)
    chats = [chat for chat in await uow.chats.bound(kinds, codes) if chat.unreachable_since is None]
    unit = district.catalogue.units.get(code)
    if unit is not None and unit.street and unit.department == district.rules.enforcement.department:
        centre = await uow.chats.bound({ChatKind.ENFORCEMENT}, {unit.street})
        reached = [chat for chat in centre if chat.unreachable_since is None]
        if reached:
            return reached  # a stationed team sits in its street's enforcement centre
    if code in district.catalogue.streets:
        chats = [chat for chat in chats if chat.kind is ChatKind.STREET]
    own = [chat for chat in chats if chat.of == code]
    return own or chats


async def street_chats(uow: UnitOfWork, street: str) -> Sequence[Chat]:
    """The street's own groups that can be reached, without those where residents read along."""
    return [c for c in await uow.chats.bound({ChatKind.STREET}, {street}) if c.unreachable_since is None]


async def hub_chats(uow: UnitOfWork) -> Sequence[Chat]:
    """The hub's chats that can be reached."""
    return [c for c in await uow.chats.bound({ChatKind.HUB}, {"hub"}) if c.unreachable_since is None]


async def liaisons(uow: UnitOfWork, district: District, code: str) -> Sequence[Person]:
    """The unit's liaisons (a street's officers) whom the bot can write to in private."""
    codes = routing.covering_codes(district.catalogue, code)
    role = Role.STREET_OFFICER if code in district.catalogue.streets else Role.LIAISON
    people = await uow.people.holding(role, codes)
    return [person for person in people if person.reachable and person.private_chat_id]


async def raise_cards(uow: UnitOfWork, case: Case) -> None:
    """Everybody who sees the ticket on a card sees its present state."""
    await uow.cards.want_all(ticket_subject(case.ticket.id))
    for assignment in case.assignments:
        await uow.cards.want_all(assignment_subject(assignment.id))
    for task in case.hub_tasks:
        await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task.id))


async def show_anew(
    uow: UnitOfWork,
    subject: Subject,
    chat_id: int,
    face: Face,
    *,
    at: datetime,
    silent: bool = True,
    reply_to: int | None = None,
) -> None:
    """The card as the newest message of that chat; where it stood before it goes."""
    old = await uow.cards.of(subject, chat_id, face)
    if old is not None:
        aside = Subject(subject.kind, -old.id)
        await uow.cards.rename(old, aside, face)
        await uow.cards.retire(aside)
    await uow.cards.want(subject, chat_id, face, reply_to=reply_to, silent=silent, priority=Priority.REPLY, at=at)


async def offer_undo(uow: UnitOfWork, district: District, ticket_id: int, *, now: datetime) -> None:
    """The cards are edited once more when the thirty seconds are over, so that no button stays that cannot work."""
    await uow.dues.put(ticket_subject(ticket_id), DueKind.CARD_REFRESH, now + district.rules.undo_window + SECOND)


def undo_key(ticket_id: int) -> str:
    """The one message whose button takes the last press on that ticket back, where no card carries it."""
    return f"undo:{ticket_id}"


async def tell(
    uow: UnitOfWork,
    district: District,
    message: Outgoing,
    *,
    now: datetime,
) -> None:
    """Queues it; outside the delivery window what follows from a person's act goes out without a sound."""
    if message.priority is not Priority.EMERGENCY and not district.rings(now):
        message.silent = True
    await uow.outbox.add(message, at=now)


async def tell_by_clock(
    uow: UnitOfWork, district: District, message: Outgoing, *, now: datetime, told_at: datetime
) -> None:
    """What a clock makes is held until people may be woken."""
    message.not_before = told_at if told_at > now else None
    message.silent = message.silent or not district.rings(told_at)
    await uow.outbox.add(message, at=now)


async def answer_reporter(
    uow: UnitOfWork,
    district: District,
    ticket: Ticket,
    kind: str,
    params: Mapping[str, object],
    *,
    now: datetime,
    silent: bool = True,
    asked: Person | None = None,
    told_at: datetime | None = None,
) -> int | None:
    """A reply to the reporter's own sentence, silent unless he must be woken; sensitive matters in private only.

    Not to one who is `asked` about the same in that very chat. What a clock makes is held until `told_at`. Returns the
    chat that has it, None where he is not told.
    """
    reporter = await uow.people.get(ticket.reporter_id)
    private = ticket.sensitivity is Sensitivity.SENSITIVE or ticket.origin_chat_id is None
    chat_id = reporter.private_chat_id if private and reporter and reporter.reachable else ticket.origin_chat_id
    chat = await uow.chats.get(chat_id) if chat_id is not None else None
    if chat_id is None or chat is None or (private and chat_id == ticket.origin_chat_id and chat.is_group):
        return None
    if not chat.is_group and (reporter is None or chat_id != reporter.private_chat_id):
        return None  # a resident's own words: he reads the card of his matter, where no person is named
    if chat.kind is ChatKind.MIXED and kind not in MIXED_LINES:
        return None
    if asked is not None and asked.reachable and chat_id == asked.private_chat_id:
        return None
    message = Outgoing(
        kind=kind,
        chat_id=chat_id,
        params={"code": ticket.code, **params},
        subject=ticket_subject(ticket.id),
        reply_to=ticket.origin_message_id if chat_id == ticket.origin_chat_id else None,
        silent=silent,
        dedupe_key=f"ticket:{ticket.id}:{kind}:{1 if chat.kind is ChatKind.MIXED else _which(params)}",
    )
    await tell_by_clock(uow, district, message, now=now, told_at=told_at or now)
    return chat_id


def _which(params: Mapping[str, object]) -> str:
    """Each round is told once; where several units answer, each of them."""
    part = params.get("part")
    return f"{params.get('round', 1)}:{part}" if part else str(params.get("round", 1))


async def tell_followers(
    uow: UnitOfWork,
    district: District,
    ticket: Ticket,
    kind: str,
    params: Mapping[str, object],
    *,
    now: datetime,
    but: Person | None = None,
) -> None:
    """Those who follow the ticket without being its reporter hear of it in private, `but` one who hears otherwise.

    Who reported the same and never wrote to the bot hears its end below his own words.
    """
    for person in await uow.tickets.followers(ticket.id):
        if person.id == ticket.reporter_id or (but is not None and person.id == but.id):
            continue
        chat_id, reply_to = person.private_chat_id if person.reachable else None, None
        if chat_id is None and kind in ENDS:
            chat_id, reply_to = await own_words(uow, ticket, person, kind)
        if chat_id is not None:
            message = Outgoing(
                kind=kind,
                chat_id=chat_id,
                params={"code": ticket.code, **params},
                subject=ticket_subject(ticket.id),
                reply_to=reply_to,
                silent=True,
                locale=person.locale if reply_to is None else "",
                dedupe_key=f"ticket:{ticket.id}:{kind}:{_which(params)}:p{person.id}",
            )
            await tell(uow, district, message, now=now)


async def own_words(uow: UnitOfWork, ticket: Ticket, person: Person, kind: str = "") -> tuple[int | None, int | None]:
    """Chat and message in which that person himself reported it in a group that may read such an answer."""
    if ticket.sensitivity is Sensitivity.SENSITIVE:
        return None, None
    draft = await uow.drafts.words_about(ticket.id, person.id)
    chat = await uow.chats.get(draft.chat_id) if draft else None
    if draft is None or chat is None or not chat.is_group or chat.unreachable_since is not None:
        return None, None
    if chat.kind is ChatKind.MIXED and kind not in MIXED_LINES:
        return None, None
    return chat.id, draft.message_id


async def tell_hub(
    uow: UnitOfWork,
    district: District,
    kind: str,
    params: Mapping[str, object],
    *,
    now: datetime,
    subject: Subject | None = None,
    buttons: tuple[tuple[Button, ...], ...] = (),
    priority: Priority = Priority.DISPATCH,
    dedupe_key: str | None = None,
) -> None:
    """The same message to every chat of the hub."""
    for chat in await hub_chats(uow):
        key = f"{dedupe_key}:c{chat.id}" if dedupe_key else None
        message = Outgoing(
            kind=kind,
            chat_id=chat.id,
            params=params,
            subject=subject,
            buttons=buttons,
            priority=priority,
            dedupe_key=key,
        )
        await tell(uow, district, message, now=now)


async def show_unit(uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime) -> int:
    """The unit's group gets its card (sensitive: liaisons also get the whole in private); how many were wanted."""
    wanted = 0
    emergency = case.ticket.emergency
    priority = Priority.EMERGENCY if emergency else Priority.DISPATCH
    silent = not emergency and not district.rings(now, case.ticket.street)
    subject = assignment_subject(assignment.id)
    for chat in await unit_chats(uow, district, assignment.assignee.code):
        await uow.cards.want(subject, chat.id, Face.UNIT, silent=silent, priority=priority, at=now)
        wanted += 1
    if case.ticket.sensitivity is Sensitivity.SENSITIVE or not wanted:
        for person in await liaisons(uow, district, assignment.assignee.code):
            assert person.private_chat_id is not None
            await uow.cards.want(subject, person.private_chat_id, Face.DETAIL, silent=silent, priority=priority, at=now)
            wanted += 1
    return wanted

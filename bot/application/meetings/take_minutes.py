"""纪要: what a meeting agreed, shown before it counts; then each line is an assignment with its own clocks."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.application.calls.dispatching import Terms, dispatch_to
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks
from bot.application.loading import Case, heed_words
from bot.application.meetings.call_meeting import load_meeting, on_a_working_day, schedule_meeting
from bot.application.meetings.meeting_messages import meeting_subject, raise_meeting, show_meeting
from bot.application.people.succession import take_away
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face
from bot.application.requests.rulings import close_requests
from bot.application.telling import offer_undo, raise_cards, show_anew
from bot.domain.assignment import OPEN_STATES, AssignmentState
from bot.domain.chat import Chat
from bot.domain.errors import ButtonStale, TicketEnded
from bot.domain.events import EventKind
from bot.domain.meeting import Invitation, Meeting, MeetingKind, MeetingState, next_beginning
from bot.domain.minutes import Minutes, read_minutes
from bot.domain.party import HUB
from bot.domain.people import Actor
from bot.domain.permissions import Action
from bot.domain.returning import Outcome
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket


def mark_of(text: str) -> str:
    """What a confirmation is bound to, so that an old one never sends out newer words."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


async def draft_minutes(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, text: str, chat: Chat, *, now: datetime
) -> tuple[Minutes, Case | None]:
    """What was read, kept and shown in that chat for confirmation if every line could be; nothing goes out."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.WRITE_MINUTES)
    minutes = read_minutes(text, district.catalogue, case.ticket.street if case else "")
    if not minutes.faults:
        meeting.minutes = text
        await uow.meetings.save(meeting)
        await show_anew(uow, meeting_subject(meeting.id), chat.id, Face.MINUTES, silent=chat.is_group, at=now)
    return minutes, case


async def confirm_minutes(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, mark: str, *, now: datetime
) -> Case:
    """`确认派单`: every line goes out; what units had open of this ticket before the meeting is replaced by it."""
    meeting, found = await load_meeting(uow, district, actor, meeting_id, Action.WRITE_MINUTES)
    minutes = read_minutes(meeting.minutes, district.catalogue, found.ticket.street if found else "")
    if mark != mark_of(meeting.minutes) or minutes.faults:
        raise ButtonStale()
    if found is not None and found.ticket.ending is not None:
        raise TicketEnded(ticket=found.ticket.code, stage=found.stage)
    case = found or await _born(uow, district, meeting, actor, now=now)
    await heed_words(uow, case.ticket, meeting.minutes)
    await uow.events.append(
        case.ticket.id,
        EventKind.MINUTES_TAKEN,
        at=now,
        actor=actor.id,
        detail={"meeting": meeting.id, "lines": len(minutes.decided)},
        texts={"minutes": meeting.minutes},
    )
    round_ = max([1, *(part.round for part in case.assignments)])
    for part in case.assignments:
        if part.state in OPEN_STATES or part.state is AssignmentState.REPORTED:
            await take_away(uow, case, part, actor.id, now=now)
    await finish_tasks(uow, case, actor.id, now=now)
    await close_requests(uow, case, Outcome.LAPSED, "", actor.id, now=now)
    for line in minutes.decided:
        terms = Terms(line.task, line.limit, line.leads)
        await dispatch_to(uow, district, case, line.party, now=now, by=actor.id, round_=round_, terms=terms)
    meeting.ticket_id = case.ticket.id
    await _close(uow, district, meeting, actor, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


async def _born(uow: UnitOfWork, district: District, meeting: Meeting, actor: Actor, *, now: datetime) -> Case:
    """What a standing meeting agreed is a ticket of the hub's own."""
    ticket = Ticket(
        id=0,
        code="",
        mode=Mode.JOINT,
        level=Level.ORDINARY,
        item="",
        item_name=meeting.title,
        catalogue_version=district.catalogue.version,
        sensitivity=Sensitivity.PUBLIC,
        emergency=False,
        text="",
        place="",
        street="",
        community="",
        caller=HUB,
        reporter_id=actor.id,
        created_at=now,
    )
    born = await uow.tickets.add(ticket, day=district.day(now), prefix=district.rules.ticket_prefix)
    await uow.events.append(born.id, EventKind.REPORTED, at=now, actor=actor.id, detail={"meeting": meeting.id})
    return Case(born, [], [])


async def _close(uow: UnitOfWork, district: District, meeting: Meeting, actor: Actor, *, now: datetime) -> None:
    meeting.state, meeting.ended_at = MeetingState.CLOSED, now
    await uow.meetings.save(meeting)
    await uow.dues.drop(meeting_subject(meeting.id), DueKind.MEETING)
    await raise_meeting(uow, meeting)
    came_at = meeting.comes_at or meeting.begins_at
    begins = next_beginning(district.local(came_at), meeting.every) if came_at else None
    if meeting.kind is not MeetingKind.STANDING or begins is None:
        return
    while begins.date() <= district.day(now):
        begins = next_beginning(begins, meeting.every) or begins
    again = Meeting(
        id=0,
        kind=meeting.kind,
        state=MeetingState.PREPARED,
        ticket_id=None,
        title=meeting.title,
        called_by=actor.id,
        created_at=now,
        begins_at=on_a_working_day(district, begins).astimezone(now.tzinfo),
        where=meeting.where,
        every=meeting.every,
        comes_at=begins.astimezone(now.tzinfo),
    )
    await uow.meetings.add(again)
    for each in await uow.invitations.of_meeting(meeting.id):
        await uow.invitations.add(Invitation(0, again.id, each.party))
    await show_meeting(uow, district, again, now=now)
    await schedule_meeting(uow, district, again, after=now)


async def reopen_meeting(uow: UnitOfWork, district: District, meeting_id: int, *, now: datetime) -> None:
    """The minutes are taken back and owed again."""
    meeting = await uow.meetings.get(meeting_id, for_update=True)
    if meeting is not None and meeting.state is MeetingState.CLOSED:
        await _forget_the_next(uow, meeting)
        meeting.state, meeting.ended_at = MeetingState.CALLED, None
        if meeting.kind is MeetingKind.STANDING:
            meeting.ticket_id = None
        await uow.meetings.save(meeting)
        await schedule_meeting(uow, district, meeting, after=now)
        await raise_meeting(uow, meeting)


async def _forget_the_next(uow: UnitOfWork, meeting: Meeting) -> None:
    """The one after it was prepared by the same press, and is prepared anew when these minutes are confirmed."""
    for other in await uow.meetings.open() if meeting.kind is MeetingKind.STANDING else ():
        if other.kind is MeetingKind.STANDING and other.created_at == meeting.ended_at and other.title == meeting.title:
            other.state, other.ended_at = MeetingState.CANCELLED, meeting.ended_at
            await uow.meetings.save(other)
            await uow.dues.drop(meeting_subject(other.id))
            await raise_meeting(uow, other)

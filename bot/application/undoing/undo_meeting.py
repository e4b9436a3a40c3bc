"""A meeting that was called, called off or ordered by mistake is as it was; who had it on a card hears so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.application.meetings.call_meeting import await_minutes, schedule_meeting
from bot.application.meetings.meeting_messages import invitation_subject, raise_meeting, reached
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.undoing.last_press import Undoing
from bot.application.undoing.taken_back import say_taken_back
from bot.application.undoing.undo_moves import call_off, wait_for_start
from bot.domain.errors import UndoTooLate
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.ticket import Mode


async def uninvite_all(it: Undoing) -> None:
    """Nobody has been invited yet; the hub goes on preparing it."""
    detail = it.details(EventKind.MEETING_CALLED)[0]
    meeting = await _meeting(it, detail, MeetingState.CALLED)
    await say_taken_back(it, "meeting_called", await _readers(it, meeting), silent=False)
    for each in await it.uow.invitations.of_meeting(meeting.id):
        await it.uow.cards.retire(invitation_subject(each.id))
    before = detail["before"]
    meeting.kind, meeting.state = MeetingKind.TALK, MeetingState.PREPARED
    meeting.begins_at = datetime.fromisoformat(before["begins_at"]) if before["begins_at"] else None
    meeting.invited_at = meeting.asked_at = meeting.answers_by = None
    await it.uow.meetings.save(meeting)
    await schedule_meeting(it.uow, it.district, meeting, after=it.now)
    it.case.ticket.mode = Mode(before["mode"])
    await it.uow.tickets.save(it.case.ticket)
    await _hub_dispatches_as_before(it)
    if before["awaits_start"]:
        await wait_for_start(it.uow, it.district, it.case, now=it.now)
    await it.uow.cards.want_all(Subject(SubjectKind.MEETING, meeting.id))


async def _hub_dispatches_as_before(it: Undoing) -> None:
    """What the call opened for the hub goes; what it put off until after the meeting is due in its ordinary time."""
    await call_off(it.uow, it.case, [], it.actor, since=it.press[0].at, now=it.now)
    for task in it.case.hub_tasks:
        if task.is_open and task.kind is HubTaskKind.DISPATCH:
            task.due_at = it.district.due_moment(task.created_at, it.district.rules.hub_limit)
            await it.uow.hub_tasks.save(task)
            await it.uow.dues.put(Subject(SubjectKind.HUB_TASK, task.id), DueKind.HUB_TASK, task.due_at)


async def meet_after_all(it: Undoing) -> None:
    """It takes place as it was arranged."""
    meeting = await _meeting(it, it.details(EventKind.MEETING_CANCELLED)[0], MeetingState.CANCELLED)
    await revive_meeting(it, meeting)
    await say_it_takes_place(it, meeting)


async def say_it_takes_place(it: Undoing, meeting: Meeting) -> None:
    """Who was told that it is called off hears that it is not."""
    if meeting.state is MeetingState.CALLED:
        await say_taken_back(it, "meeting_cancelled", await _readers(it, meeting), silent=False)


async def revive_meeting(it: Undoing, meeting: Meeting) -> None:
    """Open again, with its clock and the hub's duty after it."""
    meeting.state = MeetingState.CALLED if meeting.invited_at else MeetingState.PREPARED
    meeting.ended_at = None
    await it.uow.meetings.save(meeting)
    if meeting.state is MeetingState.CALLED:
        await await_minutes(it.uow, it.district, it.case, meeting, now=it.now)
    await schedule_meeting(it.uow, it.district, meeting, after=it.now)
    await raise_meeting(it.uow, meeting)


async def drop_ordered_meeting(it: Undoing) -> None:
    """The meeting that the leader's press made is none; one that was called before he pressed cannot be unsaid."""
    meetings = await it.uow.meetings.of_ticket(it.case.ticket.id)
    made = [meeting.id for meeting in meetings if meeting.created_at == it.press[0].at]
    if not made and any(meeting.state is MeetingState.CALLED for meeting in meetings):
        raise UndoTooLate()
    if it.details(EventKind.MEETING_CALLED):
        await uninvite_all(it)
    for number in made:
        meeting = await it.uow.meetings.get(number, for_update=True)
        assert meeting is not None
        meeting.state, meeting.ended_at = MeetingState.CANCELLED, it.now
        await it.uow.meetings.save(meeting)
        await raise_meeting(it.uow, meeting)


async def _meeting(it: Undoing, detail: Mapping[str, Any], state: MeetingState) -> Meeting:
    meeting = await it.uow.meetings.get(detail["meeting"], for_update=True)
    if meeting is None or meeting.state is not state:
        raise UndoTooLate()
    return meeting


async def _readers(it: Undoing, meeting: Meeting) -> list[int]:
    """The chats where an invitation to it stands."""
    invited = await it.uow.invitations.of_meeting(meeting.id)
    return [card.chat_id for each in invited for card in await reached(it.uow, each)]

"""With another calendar: what waits outside of assignments and hub tasks has its hours by that one, too."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.meetings.call_meeting import minutes_by
from bot.application.meetings.meeting_messages import raise_meeting
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow
from bot.domain.events import EventKind
from bot.domain.meeting import MeetingKind, MeetingState, Step, steps_of

KINDS = (DueKind.STREET_QUESTION, DueKind.REFERRAL, DueKind.STREET_CALL, DueKind.MEETING, DueKind.WAKE)


async def note_moved(
    uow: UnitOfWork, ticket_id: int | None, clock: str, was: datetime, due: datetime, *, now: datetime
) -> None:
    """The history of the case says that one of its clocks was counted anew."""
    if ticket_id:
        detail = {"clock": clock, "was": was, "due": due}
        await uow.events.append(ticket_id, EventKind.DUE_RECOMPUTED, at=now, actor=None, detail=detail)


async def recount_waits(uow: UnitOfWork, district: District, *, now: datetime) -> None:
    """Questions to streets, referrals, what departments ask of streets, answers to invitations, who is woken when."""
    for row in await uow.dues.of_kinds(KINDS):
        if row.kind is DueKind.MEETING:
            await _recount_meeting(uow, district, row, now=now)
        elif await _is_another(uow, district, row, now=now):
            await uow.dues.put(row.subject, row.kind, now, arg=row.arg)  # a look finds when it is to be looked at
            await uow.cards.want_all(row.subject)


async def _is_another(uow: UnitOfWork, district: District, row: DueRow, *, now: datetime) -> bool:
    """Whether it has another deadline, which is written down where it is stored."""
    if row.kind is DueKind.STREET_QUESTION:
        question = await uow.street_questions.get(row.subject.id)
        if question is None or not question.is_open:
            return False
        was = question.due_at
        question.due_at = district.due_moment(question.asked_at, district.rules.street_answer_limit)
        await uow.street_questions.save(question)
        return await _moved(uow, row, question.ticket_id, was, question.due_at, now=now)
    if row.kind is DueKind.REFERRAL:
        referral = await uow.referrals.get(row.subject.id, for_update=True)
        if referral is None or not referral.is_open or referral.due_at <= now:
            return False
        was = referral.due_at
        referral.due_at = district.due_moment(referral.prepared_at, district.rules.referrals.leader_limit)
        await uow.referrals.save(referral)
        return await _moved(uow, row, referral.ticket_id, was, referral.due_at, now=now)
    if row.kind is DueKind.STREET_CALL:
        return await uow.street_calls.get(row.subject.id) is not None
    return True


async def _moved(uow: UnitOfWork, row: DueRow, ticket_id: int, was: datetime, due: datetime, *, now: datetime) -> bool:
    if was != due:
        await note_moved(uow, ticket_id, str(row.kind), was, due, now=now)
    return was != due


async def _recount_meeting(uow: UnitOfWork, district: District, row: DueRow, *, now: datetime) -> None:
    """Until when answers and minutes are waited for; what was done already is not done again."""
    meeting = await uow.meetings.get(row.subject.id, for_update=True)
    if meeting is None or meeting.state is not MeetingState.CALLED or row.next_check_at <= now:
        return
    done = {step for at, step in steps_of(meeting, None) if at < row.next_check_at}
    if meeting.kind is not MeetingKind.CALL_OUT and meeting.asked_at is not None:
        meeting.answers_by = district.due_moment(meeting.asked_at, district.rules.meetings.answer_limit)
        await uow.meetings.save(meeting)
    left = [each for each in steps_of(meeting, minutes_by(district, meeting)) if each[1] not in done]
    if row.arg == Step.MINUTES:  # asked for once already, they are asked for again as it was
        left = [each for each in left if each[0] > now]
    if left:
        await uow.dues.put(row.subject, row.kind, max(left[0][0], now), arg=str(left[0][1]))
    await raise_meeting(uow, meeting)

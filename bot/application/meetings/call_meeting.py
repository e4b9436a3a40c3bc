"""联动处置: the hub prepares a meeting, says when and where, and invites departments and streets; or calls them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.application.calls.dispatching import open_hub_task
from bot.application.district import District
from bot.application.loading import Case, load_case, load_open_case
from bot.application.meetings.meeting_messages import (
    meeting_subject,
    raise_meeting,
    show_invitation,
    show_meeting,
    wake_invited,
)
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.telling import SECOND, offer_undo, raise_cards
from bot.domain import routing
from bot.domain.errors import ButtonStale
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.meeting import (
    Every,
    Invitation,
    Meeting,
    MeetingIncomplete,
    MeetingKind,
    MeetingOver,
    MeetingState,
    Step,
    step_after,
)
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require
from bot.domain.ticket import Mode, Ticket

MOST_INVITED = 20


async def load_meeting(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, action: Action
) -> tuple[Meeting, Case | None]:
    """The open meeting, locked after its ticket, for somebody who may do that; raises `MeetingOver`."""
    known = await uow.meetings.get(meeting_id)
    if known is None:
        raise ButtonStale()
    case = await load_case(uow, known.ticket_id, for_update=True) if known.ticket_id else None
    require(actor, action, ticket_target(case.ticket, district.catalogue) if case else Target())
    meeting = await uow.meetings.get(meeting_id, for_update=True)
    if meeting is None or not meeting.is_open:
        raise MeetingOver()
    return meeting, case


def proposed(district: District, ticket: Ticket) -> list[Party]:
    """Who should be there: the item's lead, its supporting departments, and the street."""
    item = district.catalogue.items.get(ticket.item)
    found: list[Party] = []
    for name in (item.lead, *item.support) if item else ():
        department = district.catalogue.department_by_name.get(name)
        unit = routing.unit_for(district.catalogue, department.code, ticket.street) if department else None
        if unit is not None:
            found.append(unit.party)
    street = [Party(PartyKind.STREET, ticket.street)] if ticket.street in district.catalogue.streets else []
    return list(dict.fromkeys(found + street))


async def prepare_meeting(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime
) -> Meeting:
    """`联动处置`: the meeting with the invitations that are proposed; the one that is open already, if there is one."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.CALL_MEETING, ticket_target(case.ticket, district.catalogue))
    open_ones = [m for m in await uow.meetings.of_ticket(ticket_id) if m.is_open]
    if open_ones:
        await show_meeting(uow, district, open_ones[-1], now=now)
        return open_ones[-1]
    kind, state = MeetingKind.TALK, MeetingState.PREPARED
    meeting = await uow.meetings.add(Meeting(0, kind, state, ticket_id, "", actor.id, now))
    for party in proposed(district, case.ticket):
        await uow.invitations.add(Invitation(0, meeting.id, party))
    await show_meeting(uow, district, meeting, now=now)
    return meeting


async def prepare_standing(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    title: str,
    begins_at: datetime | None,
    where: str,
    every: Every,
    *,
    now: datetime,
) -> Meeting:
    """`联席会议`: a meeting about no single ticket, which comes again as `every` says."""
    require(actor, Action.CALL_MEETING, Target())
    kind, state = MeetingKind.STANDING, MeetingState.PREPARED
    meeting = Meeting(0, kind, state, None, title[:60], actor.id, now, begins_at, where[:120], every)
    if begins_at is not None and every is not Every.NEVER:
        meeting.comes_at = begins_at
        meeting.begins_at = on_a_working_day(district, district.local(begins_at)).astimezone(now.tzinfo)
    await uow.meetings.add(meeting)
    for code in district.rules.meetings.standing_invites:
        await uow.invitations.add(Invitation(0, meeting.id, _party(district, code)))
    await show_meeting(uow, district, meeting, now=now)
    return meeting


def on_a_working_day(district: District, begins: datetime) -> datetime:
    """The same hour of that day, or of the next working day where offices are closed."""
    day = district.calendar.nth_working_day_after(begins.date() - timedelta(days=1), 1)
    return begins.replace(year=day.year, month=day.month, day=day.day)


def _party(district: District, code: str) -> Party:
    if code in district.catalogue.streets:
        return Party(PartyKind.STREET, code)
    return district.catalogue.unit(code).party


async def say_when(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    meeting_id: int,
    begins_at: datetime | None,
    where: str,
    *,
    now: datetime,
) -> Meeting:
    """Time and place or call link; who is invited already is told that it has moved and asked again."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    if begins_at is not None and begins_at <= now:
        raise MeetingIncomplete(what="past")
    meeting.begins_at = begins_at or meeting.begins_at
    meeting.comes_at = begins_at or meeting.comes_at
    meeting.where = where[:120] or meeting.where
    await uow.meetings.save(meeting)
    if meeting.state is MeetingState.CALLED:
        await _ask_again(uow, district, meeting, case, now=now)
    await raise_meeting(uow, meeting)
    return meeting


async def _ask_again(
    uow: UnitOfWork, district: District, meeting: Meeting, case: Case | None, *, now: datetime
) -> None:
    meeting.asked_at, meeting.answers_by = now, district.due_moment(now, district.rules.meetings.answer_limit)
    await uow.meetings.save(meeting)
    for each in await uow.invitations.of_meeting(meeting.id):
        each.reply = each.replied_by = each.replied_at = None
        await uow.invitations.save(each)
        await wake_invited(uow, district, meeting, case, each, "meeting-moved", f"moved:{meeting.version}", now=now)
    if case is not None:
        await await_minutes(uow, district, case, meeting, now=now)
    await schedule_meeting(uow, district, meeting, after=now)


async def invite(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, parties: Sequence[Party], *, now: datetime
) -> list[Party]:
    """`加请`: these too; at once where the others have their invitations already. Who is new."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    there = await uow.invitations.of_meeting(meeting.id)
    known = {each.party for each in there}
    new = [party for party in dict.fromkeys(parties) if party not in known][: MOST_INVITED - len(there)]
    for party in new:
        added = await uow.invitations.add(Invitation(0, meeting.id, party))
        if meeting.state is MeetingState.CALLED:
            await show_invitation(uow, district, meeting, case, added, now=now)
    await raise_meeting(uow, meeting)
    return new


async def uninvite(uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, invitation_id: int) -> None:
    """`不请`: as long as no invitation has gone out."""
    meeting, _ = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    if meeting.state is not MeetingState.PREPARED:
        raise MeetingOver()
    await uow.invitations.remove(invitation_id)
    await raise_meeting(uow, meeting)


async def send_invitations(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, *, now: datetime
) -> Meeting:
    """`发出邀请`: each party gets its card, the hub's own duty to dispatch is due after the meeting."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    if meeting.state is not MeetingState.PREPARED:
        raise MeetingOver()
    if meeting.begins_at is None or meeting.begins_at <= now:
        raise MeetingIncomplete(what="when" if meeting.begins_at is None else "past")
    await _call(uow, district, meeting, case, actor, limit=district.rules.meetings.answer_limit, now=now)
    return meeting


async def call_out(uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, *, now: datetime) -> Meeting:
    """`吹哨报到`: everybody is called to the spot now, and says when he is there."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    if meeting.state is not MeetingState.PREPARED or case is None:
        raise MeetingOver()
    limit = district.rules.meetings.arrival_limit
    await _call(uow, district, meeting, case, actor, limit=limit, now=now, on_the_spot=True)
    return meeting


async def _call(
    uow: UnitOfWork,
    district: District,
    meeting: Meeting,
    case: Case | None,
    actor: Actor,
    *,
    limit: str,
    now: datetime,
    on_the_spot: bool = False,
) -> None:
    invited = await uow.invitations.of_meeting(meeting.id)
    if not invited:
        raise MeetingIncomplete(what="nobody")
    before: dict[str, object] = {"begins_at": meeting.begins_at.isoformat() if meeting.begins_at else None}
    if on_the_spot:
        meeting.kind, meeting.begins_at = MeetingKind.CALL_OUT, now
    meeting.state, meeting.invited_at = MeetingState.CALLED, now
    meeting.asked_at, meeting.answers_by = now, district.due_moment(now, limit)
    await uow.meetings.save(meeting)
    if case is not None:
        before |= {"mode": str(case.ticket.mode), "awaits_start": case.ticket.start_awaited}
        case.ticket.mode, case.ticket.start_awaited = Mode.JOINT, False
        await uow.tickets.save(case.ticket)
        await uow.dues.drop(Subject(SubjectKind.TICKET, case.ticket.id), DueKind.START)
        codes = [each.party.code for each in invited]
        detail = {"meeting": meeting.id, "kind": str(meeting.kind), "invited": codes, "before": before}
        await uow.events.append(case.ticket.id, EventKind.MEETING_CALLED, at=now, actor=actor.id, detail=detail)
        await await_minutes(uow, district, case, meeting, now=now)
    for each in invited:
        await show_invitation(uow, district, meeting, case, each, now=now)
    await schedule_meeting(uow, district, meeting, after=now)
    await raise_meeting(uow, meeting)
    if case is not None:
        await raise_cards(uow, case)
        await _offer_undo(uow, district, meeting, case, now=now)


async def _offer_undo(uow: UnitOfWork, district: District, meeting: Meeting, case: Case, *, now: datetime) -> None:
    await offer_undo(uow, district, case.ticket.id, now=now)
    over = now + district.rules.undo_window + SECOND
    await uow.dues.put(meeting_subject(meeting.id), DueKind.CARD_REFRESH, over)


def minutes_by(district: District, meeting: Meeting) -> datetime | None:
    """Until when the hub owes the minutes."""
    if meeting.begins_at is None:
        return None
    return district.due_moment(meeting.begins_at, district.rules.meetings.minutes_limit)


async def schedule_meeting(uow: UnitOfWork, district: District, meeting: Meeting, *, after: datetime) -> None:
    """The one due row of a meeting: its next step later than `after`."""
    following = step_after(meeting, minutes_by(district, meeting), after)
    if following is None and meeting.state is MeetingState.CALLED:
        following = district.due_moment(after, district.rules.meetings.minutes_limit), Step.MINUTES
    if following is None:
        await uow.dues.drop(meeting_subject(meeting.id), DueKind.MEETING)
    else:
        await uow.dues.put(meeting_subject(meeting.id), DueKind.MEETING, following[0], arg=str(following[1]))


async def await_minutes(uow: UnitOfWork, district: District, case: Case, meeting: Meeting, *, now: datetime) -> HubTask:
    """The hub's duty to dispatch this ticket waits for the meeting, and is due some hours after it."""
    task = next((t for t in case.hub_tasks if t.is_open and t.kind is HubTaskKind.DISPATCH), None)
    if task is None:
        task = await open_hub_task(uow, district, case, HubTaskKind.DISPATCH, now=now)
    task.due_at, task.time_limit = minutes_by(district, meeting) or task.due_at, ""
    await uow.hub_tasks.save(task)
    subject = Subject(SubjectKind.HUB_TASK, task.id)
    await uow.dues.put(subject, DueKind.HUB_TASK, task.due_at)
    await uow.cards.want_all(subject)
    return task


async def cancel_meeting(
    uow: UnitOfWork, district: District, actor: Actor, meeting_id: int, *, now: datetime
) -> Meeting:
    """`不开了`: who was invited is told; the hub has to dispatch in the ordinary way again."""
    meeting, case = await load_meeting(uow, district, actor, meeting_id, Action.CALL_MEETING)
    was_called = meeting.state is MeetingState.CALLED
    meeting.state, meeting.ended_at = MeetingState.CANCELLED, now
    await uow.meetings.save(meeting)
    await uow.dues.drop(meeting_subject(meeting.id), DueKind.MEETING)
    for each in await uow.invitations.of_meeting(meeting.id) if was_called else ():
        await wake_invited(
            uow, district, meeting, case, each, "meeting-cancelled", f"cancelled:{meeting.version}", now=now
        )
    if case is not None:
        detail = {"meeting": meeting.id}
        await uow.events.append(case.ticket.id, EventKind.MEETING_CANCELLED, at=now, actor=actor.id, detail=detail)
        for task in case.hub_tasks:
            if task.is_open and task.kind is HubTaskKind.DISPATCH:
                task.due_at = district.due_moment(now, district.rules.hub_limit)
                await uow.hub_tasks.save(task)
                await uow.dues.put(Subject(SubjectKind.HUB_TASK, task.id), DueKind.HUB_TASK, now)
        await raise_cards(uow, case)
        await _offer_undo(uow, district, meeting, case, now=now)
    await raise_meeting(uow, meeting)
    return meeting

"""What an invited party says: 参加, 请假, 派代表, and on the spot 到场; seen by the hub on its one card."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.meetings.meeting_messages import raise_meeting
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Subject, SubjectKind
from bot.domain import routing
from bot.domain.errors import ButtonStale, TextMissing
from bot.domain.events import EventKind
from bot.domain.meeting import Invitation, Meeting, MeetingKind, MeetingOver, MeetingState, Reply
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require


async def load_invitation(
    uow: UnitOfWork, district: District, actor: Actor, invitation_id: int
) -> tuple[Invitation, Meeting, Case | None]:
    """The invitation of a meeting that is called, locked, for somebody of the invited party."""
    known = await uow.invitations.get(invitation_id)
    meeting = await uow.meetings.get(known.meeting_id) if known else None
    if known is None or meeting is None:
        raise ButtonStale()
    require(actor, Action.ATTEND, Target(units=routing.covering_codes(district.catalogue, known.party.code)))
    case = await load_case(uow, meeting.ticket_id, for_update=True) if meeting.ticket_id else None
    invitation = await uow.invitations.get(invitation_id, for_update=True)
    if invitation is None or meeting.state is not MeetingState.CALLED:
        raise MeetingOver()
    return invitation, meeting, case


async def answer_invitation(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    invitation_id: int,
    reply: Reply,
    *,
    now: datetime,
    delegate: str = "",
) -> tuple[Invitation, Case | None]:
    """The answer, which may be changed until the meeting is over; who is there is there for good."""
    invitation, meeting, case = await load_invitation(uow, district, actor, invitation_id)
    if reply is Reply.DELEGATE and not delegate.strip():
        raise TextMissing()
    if invitation.arrived_at is not None:
        raise MeetingOver()
    if reply is Reply.ARRIVED and meeting.kind is not MeetingKind.CALL_OUT:
        raise ButtonStale()
    if (invitation.reply, invitation.delegate) == (reply, delegate.strip()[:40]):
        return invitation, case
    invitation.reply, invitation.replied_by, invitation.replied_at = reply, actor.id, now
    invitation.delegate = delegate.strip()[:40] if reply is Reply.DELEGATE else ""
    invitation.arrived_at = now if reply is Reply.ARRIVED else None
    await uow.invitations.save(invitation)
    if case is not None:
        kind = EventKind.ARRIVED if reply is Reply.ARRIVED else EventKind.MEETING_ANSWERED
        detail = {"meeting": meeting.id, "party": invitation.party.code, "reply": str(reply)}
        texts = {"delegate": invitation.delegate} if invitation.delegate else None
        await uow.events.append(case.ticket.id, kind, at=now, actor=actor.id, detail=detail, texts=texts)
    await raise_meeting(uow, meeting)
    return invitation, case


async def show_spot(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    invitation_id: int,
    place: str,
    photos: tuple[str, ...],
    *,
    now: datetime,
) -> Case:
    """Where somebody stands, or what he sees there: kept in an emergency and nowhere else."""
    invitation, _, case = await load_invitation(uow, district, actor, invitation_id)
    if case is None or not case.ticket.emergency:
        raise MeetingOver()
    subject = Subject(SubjectKind.INVITATION, invitation.id)
    for digest in photos:
        await uow.attachments.use(AttachmentUse(digest, subject, "arrival", now))
    detail = {"party": invitation.party.code, "photos": list(photos)}
    texts = {"place": place} if place else None
    await uow.events.append(case.ticket.id, EventKind.ARRIVED, at=now, actor=actor.id, detail=detail, texts=texts)
    return case

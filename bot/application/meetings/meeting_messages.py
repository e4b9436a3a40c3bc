"""Who learns what of a meeting: the hub's card, the invited parties' cards, and what wakes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Card, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import hub_chats, liaisons, tell, unit_chats
from bot.domain.meeting import Invitation, Meeting, MeetingKind, MeetingState
from bot.domain.ticket import Sensitivity

MINUTE = timedelta(minutes=1)


def meeting_subject(meeting_id: int) -> Subject:
    """The meeting as a subject."""
    return Subject(SubjectKind.MEETING, meeting_id)


def invitation_subject(invitation_id: int) -> Subject:
    """One party's invitation as a subject."""
    return Subject(SubjectKind.INVITATION, invitation_id)


async def show_meeting(uow: UnitOfWork, district: District, meeting: Meeting, *, now: datetime) -> None:
    """The hub has one card of it in each of its chats."""
    for chat in await hub_chats(uow):
        await uow.cards.want(meeting_subject(meeting.id), chat.id, Face.MEETING, silent=not district.rings(now), at=now)


async def raise_meeting(uow: UnitOfWork, meeting: Meeting) -> None:
    """Everybody who sees the meeting on a card sees its present state."""
    await uow.cards.want_all(meeting_subject(meeting.id))
    for each in await uow.invitations.of_meeting(meeting.id):
        await uow.cards.want_all(invitation_subject(each.id))


async def end_meetings(uow: UnitOfWork, district: District, case: Case, *, now: datetime) -> None:
    """The ticket has ended, so nobody meets about it any more: the cards say so, and who was invited is woken."""
    for meeting in await uow.meetings.of_ticket(case.ticket.id):
        if meeting.is_open:
            for each in await uow.invitations.of_meeting(meeting.id) if meeting.state is MeetingState.CALLED else ():
                key = f"cancelled:{meeting.version}"
                await wake_invited(uow, district, meeting, case, each, "meeting-cancelled", key, now=now)
            meeting.state, meeting.ended_at = MeetingState.CANCELLED, now
            await uow.meetings.save(meeting)
            await uow.dues.drop(meeting_subject(meeting.id))
            await raise_meeting(uow, meeting)


async def show_invitation(
    uow: UnitOfWork, district: District, meeting: Meeting, case: Case | None, invitation: Invitation, *, now: datetime
) -> int:
    """The party's chat gets its card; its liaison in private where it has none, or where a group may not read it."""
    urgent = meeting.kind is MeetingKind.CALL_OUT
    priority = Priority.EMERGENCY if urgent else Priority.DISPATCH
    silent = not urgent and not district.rings(now)
    chats = [chat.id for chat in await unit_chats(uow, district, invitation.party.code)]
    if not chats or _is_hidden(case):
        people = await liaisons(uow, district, invitation.party.code)
        chats += [person.private_chat_id for person in people if person.private_chat_id]
    for chat_id in chats:
        await uow.cards.want(
            invitation_subject(invitation.id), chat_id, Face.INVITATION, silent=silent, priority=priority, at=now
        )
    return len(chats)


async def reached(uow: UnitOfWork, invitation: Invitation) -> Sequence[Card]:
    """The cards of an invitation that can be read."""
    return [card for card in await uow.cards.of_subject(invitation_subject(invitation.id)) if not card.dead]


async def wake_invited(
    uow: UnitOfWork,
    district: District,
    meeting: Meeting,
    case: Case | None,
    invitation: Invitation,
    kind: str,
    key: str,
    *,
    now: datetime,
) -> None:
    """A message to the party where its card stands, held until the delivery window opens if the meeting is later."""
    opens = district.rings_next(now)
    held = opens if opens > now and (meeting.begins_at is None or opens < meeting.begins_at) else None
    for card in await reached(uow, invitation):
        message = Outgoing(
            kind=kind,
            chat_id=card.chat_id,
            params=meeting_params(district, meeting, case),
            subject=invitation_subject(invitation.id),
            priority=Priority.REMINDER,
            dedupe_key=f"invitation:{invitation.id}:{key}:c{card.chat_id}",
            not_before=held,
        )
        await tell(uow, district, message, now=held or now)


def _is_hidden(case: Case | None) -> bool:
    return case is not None and case.ticket.sensitivity is Sensitivity.SENSITIVE


def meeting_params(district: District, meeting: Meeting, case: Case | None) -> dict[str, object]:
    """What every text about a meeting may use; of a sensitive matter only its code and whereabouts."""
    ticket = case.ticket if case else None
    hidden = _is_hidden(case)
    return {
        "kind": str(meeting.kind),
        "code": ticket.code if ticket else "",
        "item_name": "" if hidden or ticket is None else ticket.item_name,
        "community": district.catalogue.party_name(ticket.community or ticket.street) if ticket else "",
        "sensitive": hidden,
        "title": meeting.title,
        "begins_at": meeting.begins_at.isoformat() if meeting.begins_at else None,
        "where": "" if hidden else meeting.where,
    }

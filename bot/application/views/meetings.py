"""Cards of a meeting: the hub's one card with every answer, and each invited party's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.meetings.meeting_messages import invitation_subject, meeting_params, meeting_subject, reached
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.views.undoing import BY_CONVENER, undo_button
from bot.application.views.view import View, rows, shown_place
from bot.domain.masking import mask
from bot.domain.meeting import Invitation, Meeting, MeetingKind, MeetingState, Reply, unanswered
from bot.domain.permissions import Action

NAMED = 8
"""How many invitations have a button of their own before they are sent."""


async def _params(
    uow: UnitOfWork, district: District, meeting: Meeting, case: Case | None, card: Card
) -> dict[str, object]:
    """What both cards show; free words about a sensitive matter are for private chats only (`whole`)."""
    params = meeting_params(district, meeting, case)
    chat = await uow.chats.get(card.chat_id)
    whole = not params["sensitive"] or chat is None or not chat.is_group
    return params | {
        "state": str(meeting.state),
        "begins_at": meeting.begins_at,
        "answers_by_at": meeting.answers_by,
        "where": mask(meeting.where) if whole else "",
        "whole": whole,
        "place": shown_place(district, case.ticket) if case and case.ticket.place else params["community"],
    }


async def meeting_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """Who comes, who does not, who has said nothing; and what the hub can do next."""
    meeting = await uow.meetings.get(card.subject.id)
    if meeting is None:
        return None
    case = await load_case(uow, meeting.ticket_id) if meeting.ticket_id else None
    invited = await uow.invitations.of_meeting(meeting.id)
    names = {each.id: district.catalogue.party_name(each.party.code) for each in invited}
    lost = [e for e in invited if meeting.invited_at and not await reached(uow, e)]
    params = await _params(uow, district, meeting, case, card)
    params |= {
        "invited": list(names.values()),
        "attends": [names[e.id] for e in invited if e.reply is Reply.ATTENDS],
        "delegates": [
            {"name": names[e.id], "sends": e.delegate if params["whole"] else ""}
            for e in invited
            if e.reply is Reply.DELEGATE
        ],
        "excused": [names[e.id] for e in invited if e.reply is Reply.EXCUSED],
        "arrived": [{"name": names[e.id], "at": e.arrived_at} for e in invited if e.reply is Reply.ARRIVED],
        "waiting": [names[e.id] for e in unanswered(invited) if e not in lost],
        "lost": [names[e.id] for e in lost if e.reply is None],
        "every": str(meeting.every),
    }
    buttons = _hub_buttons(meeting, invited, names, now) if meeting.is_open else ()
    undo = (
        await undo_button(uow, district, meeting.ticket_id, BY_CONVENER, now, seen_in=card.chat_id)
        if meeting.ticket_id
        else None
    )
    return View("meeting-card", params, rows(*buttons, [undo]))


def _hub_buttons(
    meeting: Meeting, invited: Sequence[Invitation], names: dict[int, str], now: datetime
) -> tuple[tuple[Button, ...], ...]:
    subject = meeting_subject(meeting.id)
    when = Button("button-meeting-when", Action.CALL_MEETING, subject, arg="when")
    more = Button("button-invite-more", Action.CALL_MEETING, subject, arg="more")
    cancel = Button("button-cancel-meeting", Action.CALL_MEETING, subject, arg="cancel")
    minutes = Button("button-write-minutes", Action.WRITE_MINUTES, subject)
    if meeting.state is MeetingState.CALLED:
        moved = when if meeting.kind is not MeetingKind.CALL_OUT else None
        return rows([minutes, more], [moved, cancel])
    send = Button("button-send-invitations", Action.CALL_MEETING, subject, arg="send")
    whistle = Button("button-call-out", Action.CALL_MEETING, subject, arg="call_out")
    without = [
        Button("button-uninvite", Action.CALL_MEETING, subject, arg=f"without:{e.id}", params={"name": names[e.id]})
        for e in invited[:NAMED]
    ]
    pairs = [without[n : n + 2] for n in range(0, len(without), 2)]
    ready = bool(invited) and meeting.begins_at is not None and meeting.begins_at > now
    call = whistle if invited and meeting.kind is not MeetingKind.STANDING else None
    return rows([send if ready else None, when], [more, call, cancel], *pairs)


async def invitation_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """What one party is invited to, and what it has answered; nothing that a reporter wrote."""
    invitation = await uow.invitations.get(card.subject.id)
    meeting = await uow.meetings.get(invitation.meeting_id) if invitation else None
    if invitation is None or meeting is None:
        return None
    case = await load_case(uow, meeting.ticket_id) if meeting.ticket_id else None
    replier = await uow.people.get(invitation.replied_by) if invitation.replied_by else None
    params = await _params(uow, district, meeting, case, card)
    params |= {
        "reply": str(invitation.reply) if invitation.reply else "",
        "replier": replier.name if replier else "",
        "replied_at": invitation.replied_at,
        "delegate": invitation.delegate if params["whole"] else "",
    }
    answerable = meeting.state is MeetingState.CALLED and invitation.arrived_at is None
    return View("invitation-card", params, _answer_buttons(meeting, invitation) if answerable else ())


def _answer_buttons(meeting: Meeting, invitation: Invitation) -> tuple[tuple[Button, ...], ...]:
    subject = invitation_subject(invitation.id)
    urgent = meeting.kind is MeetingKind.CALL_OUT
    offered = [Reply.ARRIVED if urgent else Reply.ATTENDS, Reply.EXCUSED, Reply.DELEGATE]
    buttons = [
        Button(f"button-reply-{reply}", Action.ATTEND, subject, arg=str(reply))
        for reply in offered
        if reply is not invitation.reply or reply is Reply.DELEGATE
    ]
    return rows(buttons)

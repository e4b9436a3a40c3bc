"""What the buttons of meetings do: at the hub, and in the groups of those who are invited."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.meetings.answer_invitation import answer_invitation, load_invitation
from bot.application.meetings.call_meeting import (
    call_out,
    cancel_meeting,
    load_meeting,
    prepare_meeting,
    send_invitations,
    uninvite,
)
from bot.application.meetings.meeting_messages import meeting_subject
from bot.application.meetings.take_minutes import confirm_minutes
from bot.application.records import SubjectKind, Token
from bot.domain.meeting import Reply
from bot.domain.permissions import Action
from handlers.asking import Press
from handlers.meeting_words import ask_when, ask_words
from handlers.turn import Turn


async def _call(turn: Turn, token: Token) -> None:
    if token.subject.kind is SubjectKind.TICKET:
        meeting = await prepare_meeting(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        ticket = await turn.uow.tickets.get(token.subject.id)
        await ask_when(turn, meeting, ticket.code if ticket else "")
        turn.toast("answer-meeting-prepared")
        return
    await _change(turn, token)


async def _change(turn: Turn, token: Token) -> None:
    arg, _, number = token.arg.partition(":")
    if arg == "without":
        await uninvite(turn.uow, turn.district, turn.actor, token.subject.id, int(number))
        turn.toast("answer-noted")
    elif arg == "send":
        await send_invitations(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-invited")
    elif arg == "call_out":
        await call_out(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-invited")
    elif arg == "cancel":
        await cancel_meeting(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-meeting-cancelled")
    else:
        await _ask(turn, token, arg)


async def _ask(turn: Turn, token: Token, arg: str) -> None:
    _, case = await load_meeting(turn.uow, turn.district, turn.actor, token.subject.id, Action.CALL_MEETING)
    code = case.ticket.code if case else ""
    if arg == "more":
        await ask_words(turn, token.subject, "meeting_more", "meeting-ask-more", code=code)
    else:
        await ask_words(turn, token.subject, "meeting_when", "meeting-ask-when", code=code)
    turn.toast("answer-reply-below")


async def _attend(turn: Turn, token: Token) -> None:
    reply = Reply(token.arg)
    invitation, _, case = await load_invitation(turn.uow, turn.district, turn.actor, token.subject.id)
    code = case.ticket.code if case else ""
    if reply is Reply.DELEGATE:
        await ask_words(turn, token.subject, "delegate", "meeting-ask-delegate", code=code)
        turn.toast("answer-reply-below")
        return
    await answer_invitation(turn.uow, turn.district, turn.actor, invitation.id, reply, now=turn.now)
    if reply is Reply.ARRIVED and case is not None and case.ticket.emergency:
        await ask_words(turn, token.subject, "spot", "meeting-ask-spot", code=code)
    turn.toast(f"answer-reply-{reply}")


async def _minutes(turn: Turn, token: Token) -> None:
    arg, _, mark = token.arg.partition(":")
    if arg == "confirm":
        case = await confirm_minutes(turn.uow, turn.district, turn.actor, token.subject.id, mark, now=turn.now)
        turn.toast("answer-minutes-sent", code=case.ticket.code)
        return
    await _ask_minutes(turn, token)


async def _ask_minutes(turn: Turn, token: Token) -> None:
    meeting, case = await load_meeting(turn.uow, turn.district, turn.actor, token.subject.id, Action.WRITE_MINUTES)
    invited = await turn.uow.invitations.of_meeting(meeting.id)
    names = [turn.district.catalogue.party_name(each.party.code) for each in invited if each.comes or not each.reply]
    code = case.ticket.code if case else meeting.title
    await ask_words(turn, meeting_subject(meeting.id), "minutes", "minutes-ask", code=code, units=names[:8])
    turn.toast("answer-reply-below")


PRESSES: Mapping[Action, Press] = {
    Action.CALL_MEETING: _call,
    Action.ATTEND: _attend,
    Action.WRITE_MINUTES: _minutes,
}

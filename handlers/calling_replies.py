"""Replies in words to the cards of meetings and leaders, which mean the same as their buttons."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.application.meetings.answer_invitation import answer_invitation, load_invitation
from bot.application.records import OpenQuestion, QuestionKind, Subject, SubjectKind
from bot.domain.meeting import MeetingKind, Reply
from handlers.meeting_words import MEETING_WORDS, time_zone, when_and_where
from handlers.referral_presses import REFERRAL_WORDS
from handlers.turn import Turn

_SAID = (
    (Reply.ARRIVED, re.compile("到场|到了|已到|在现场")),
    (Reply.EXCUSED, re.compile("请假|来不了|去不了|参加不了|不参加|没空")),
    (Reply.DELEGATE, re.compile("(?:派|由|请)(?P<who>.{1,12}?)(?:参加|来|去|代)")),
    (Reply.ATTENDS, re.compile("参加|能来|会来|准时|收到|好的?$")),
)


def reply_said(text: str, *, on_the_spot: bool) -> tuple[Reply, str] | None:
    """What the words answer to an invitation, and who comes instead; None where they answer nothing."""
    for reply, pattern in _SAID:
        found = pattern.search(text)
        if found and (reply is not Reply.ARRIVED or on_the_spot):
            return reply, found["who"].strip() if reply is Reply.DELEGATE else ""
    return None


async def _to_invitation(turn: Turn, subject: Subject) -> None:
    invitation, meeting, _ = await load_invitation(turn.uow, turn.district, turn.actor, subject.id)
    said = reply_said(turn.prepared.text, on_the_spot=meeting.kind is MeetingKind.CALL_OUT)
    if said is None:
        await turn.reply("invitation-words", subject=subject)
        return
    reply, who = said
    await answer_invitation(turn.uow, turn.district, turn.actor, invitation.id, reply, now=turn.now, delegate=who)


def _asked(turn: Turn, subject: Subject) -> OpenQuestion:
    return OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.TEXT, subject, turn.now, turn.now)


async def _to_meeting(turn: Turn, subject: Subject) -> None:
    """Lines with a colon are minutes, a time is when it is; other words are talk."""
    text = turn.prepared.text
    begins, _ = when_and_where(text, turn.now, time_zone(turn))
    if re.search("[:：].*\\S", re.sub(r"\d[:：]\d|https?:", "", text)):
        await MEETING_WORDS["minutes"](turn, _asked(turn, subject))
    elif begins is not None:
        await MEETING_WORDS["meeting_when"](turn, _asked(turn, subject))


async def _to_referral(turn: Turn, subject: Subject) -> None:
    if turn.prepared.text:
        await REFERRAL_WORDS["order"](turn, _asked(turn, subject))


CARD_REPLIES: Mapping[SubjectKind, Callable[[Turn, Subject], Awaitable[None]]] = {
    SubjectKind.INVITATION: _to_invitation,
    SubjectKind.MEETING: _to_meeting,
    SubjectKind.REFERRAL: _to_referral,
}
"""What a reply to a card does, by what the card is about."""

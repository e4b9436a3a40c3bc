"""What is said about meetings in words: when and where, who else, who comes instead, the minutes; and their commands."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.application.meetings.answer_invitation import answer_invitation, show_spot
from bot.application.meetings.call_meeting import call_out, invite, prepare_meeting, prepare_standing, say_when
from bot.application.meetings.meeting_messages import meeting_subject
from bot.application.meetings.take_minutes import draft_minutes
from bot.application.records import OpenQuestion, QuestionKind, Subject
from bot.domain.errors import TextMissing
from bot.domain.masking import mask
from bot.domain.meeting import Every, Meeting, MeetingState, Reply
from bot.domain.minutes import Fault
from bot.domain.naming import parties_in
from bot.domain.permissions import Action, Target, require
from handlers.asking import ANSWER_TIME, ticket_and_rest
from handlers.incoming import place_of
from handlers.turn import Turn
from nlu.entities.times import find_times

_EVERY = {Every.MONTH: re.compile("每个?月"), Every.WEEK: re.compile("每个?(?=周|星期|礼拜)")}
_TRIMMED = " \t，,。；;、：:"
SHOWN_FAULTS = 5


async def ask_words(turn: Turn, subject: Subject, arg: str, key: str, **params: object) -> None:
    """The next words of this person here are the answer."""
    until = turn.now + ANSWER_TIME
    await turn.uow.questions.ask(
        OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.TEXT, subject, turn.now, until, arg)
    )
    await turn.reply(key, params, subject=subject)


def when_and_where(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The first time that is still to come, and what else stands in the line: the place or the call link."""
    for found in find_times(text, now, zone):
        moment = datetime.fromisoformat(found.value) if found.value else None
        if moment is not None and not found.text.endswith(("内", "前")):
            rest = (text[: found.start] + " " + text[found.end :]).strip(_TRIMMED)
            return _still_to_come(moment, found.text, now), " ".join(rest.split())
    return None, " ".join(text.split())


def time_zone(turn: Turn) -> ZoneInfo:
    """Where people live."""
    return ZoneInfo(turn.district.rules.zone)


def _still_to_come(moment: datetime, said: str, now: datetime) -> datetime:
    """`3点` of a meeting is in the afternoon; a weekday or a date that has passed means the next one."""
    if moment.hour in range(1, 7) and not re.search("凌晨|清晨|早|上午", said):
        moment += timedelta(hours=12)
    if moment <= now and re.search("周|星期|礼拜", said):
        moment += timedelta(days=7)
    if moment <= now and re.search("[日号]", said) and not re.search("月|今|当", said):
        month = moment.month % 12 + 1
        moment = moment.replace(month=month, year=moment.year + (month == 1))
    return moment


async def _to_when(turn: Turn, question: OpenQuestion) -> None:
    begins, where = when_and_where(turn.prepared.text, turn.now, time_zone(turn))
    meeting = await say_when(turn.uow, turn.district, turn.actor, question.subject.id, begins, where, now=turn.now)
    if meeting.begins_at is None:
        await ask_words(turn, question.subject, "meeting_when", "meeting-ask-time")


async def _to_more(turn: Turn, question: OpenQuestion) -> None:
    meeting = await turn.uow.meetings.get(question.subject.id)
    ticket = await turn.uow.tickets.get(meeting.ticket_id) if meeting and meeting.ticket_id else None
    found = parties_in(turn.district.catalogue, turn.prepared.text, ticket.street if ticket else "")
    if not found:
        await turn.reply("meeting-nobody-named", subject=question.subject)
        return
    new = await invite(turn.uow, turn.district, turn.actor, question.subject.id, found, now=turn.now)
    names = [turn.district.catalogue.party_name(party.code) for party in new]
    await turn.reply("meeting-invited", subject=question.subject, names=names)


async def _to_delegate(turn: Turn, question: OpenQuestion) -> None:
    await answer_invitation(
        turn.uow,
        turn.district,
        turn.actor,
        question.subject.id,
        Reply.DELEGATE,
        now=turn.now,
        delegate=turn.prepared.text,
    )


async def _to_spot(turn: Turn, question: OpenQuestion) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    place = place_of(turn.message) or turn.prepared.text
    photos = (photo.hash,) if photo else ()
    case = await show_spot(turn.uow, turn.district, turn.actor, question.subject.id, place, photos, now=turn.now)
    await turn.reply("spot-noted", subject=question.subject, code=case.ticket.code)


async def _to_minutes(turn: Turn, question: OpenQuestion) -> None:
    """Shown as it was read, or what cannot be read line by line; nothing goes out before the press."""
    minutes, case = await draft_minutes(
        turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, turn.chat, now=turn.now
    )
    if minutes.faults:
        hidden = case is not None and case.ticket.sensitivity == "sensitive" and turn.chat.is_group
        faults = [_fault_words(turn, fault, hidden=hidden) for fault in minutes.faults[:SHOWN_FAULTS]]
        code = case.ticket.code if case else ""
        await ask_words(turn, question.subject, "minutes", "minutes-unreadable", faults=faults, code=code)


def _fault_words(turn: Turn, fault: Fault, *, hidden: bool) -> str:
    words = "…" if hidden else mask(fault.words)
    return turn.word(f"minutes-{fault.wrong}", number=fault.number, words=words)


async def joint_command(turn: Turn, rest: str) -> None:
    """`联动处置 0007`, by the hub."""
    ticket, _ = await ticket_and_rest(turn, rest)
    meeting = await prepare_meeting(turn.uow, turn.district, turn.actor, ticket.id, now=turn.now)
    await ask_when(turn, meeting, ticket.code)


async def ask_when(turn: Turn, meeting: Meeting, code: str) -> None:
    """When and where, as long as that is not said."""
    if meeting.state is MeetingState.PREPARED and meeting.begins_at is None:
        await ask_words(turn, meeting_subject(meeting.id), "meeting_when", "meeting-ask-when", code=code)


async def call_out_command(turn: Turn, rest: str) -> None:
    """`吹哨 0007`: everybody whom the list names is called to the spot at once."""
    ticket, _ = await ticket_and_rest(turn, rest)
    meeting = await prepare_meeting(turn.uow, turn.district, turn.actor, ticket.id, now=turn.now)
    await call_out(turn.uow, turn.district, turn.actor, meeting.id, now=turn.now)


async def standing_command(turn: Turn, rest: str) -> None:
    """`联席会议 每月28日上午9点 区政府302`: a meeting that comes again."""
    require(turn.actor, Action.CALL_MEETING, Target())
    if not rest:
        raise TextMissing()
    every = next((each for each, pattern in _EVERY.items() if pattern.search(rest)), Every.NEVER)
    words = re.sub("每个?月|每个?(?=周|星期|礼拜)", "", rest)
    begins, where = when_and_where(words, turn.now, time_zone(turn))
    title = turn.word("meeting-title-month" if every is Every.MONTH else "meeting-title")
    meeting = await prepare_standing(turn.uow, turn.district, turn.actor, title, begins, where, every, now=turn.now)
    await ask_when(turn, meeting, "")


async def meetings_command(turn: Turn, rest: str) -> None:
    """`会议清单`: what is to come, at the hub."""
    require(turn.actor, Action.CALL_MEETING, Target())
    found = []
    for meeting in (await turn.uow.meetings.open())[:10]:
        ticket = await turn.uow.tickets.get(meeting.ticket_id) if meeting.ticket_id else None
        begins = meeting.begins_at.isoformat() if meeting.begins_at else None
        found.append(
            {"code": ticket.code if ticket else meeting.title, "begins_at": begins, "where": mask(meeting.where)}
        )
    await turn.reply("meetings", meetings=found)


MEETING_WORDS: Mapping[str, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    "meeting_when": _to_when,
    "meeting_more": _to_more,
    "delegate": _to_delegate,
    "spot": _to_spot,
    "minutes": _to_minutes,
}
"""What free words answer, by the question's `arg`."""

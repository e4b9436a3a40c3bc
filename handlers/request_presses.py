"""Requests for time in the chats: asked for by button or in words, decided by button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from bot.application.loading import load_assignment
from bot.application.records import OpenQuestion, QuestionKind, Subject, SubjectKind, Token
from bot.application.requests.ask_for_time import ask_extension, ask_suspension, require_asking
from bot.application.requests.decide_request import decide_request, resume, take_back_request
from bot.domain.errors import AmountMissing
from bot.domain.limits import Limit, LimitUnit, parse_limit
from bot.domain.permissions import Action
from bot.domain.request import RequestKind, amount_in
from bot.domain.work_calendar import ONE_DAY
from handlers.asking import Press, ask, code_of
from handlers.turn import Turn
from nlu.types import EntityKind

_CODE = re.compile(r"[A-Za-z]{2,4}-\d{8}-\d{4,}|(?<!\d)\d{4}(?=[\s，,])")
_HOW_LONG = re.compile(
    r"^[到至]?[\d一二两三四五六七八九十半个年月日天号周末底前后工作时小钟头上下午点:：./\s-]{1,16}[，,。；;]\s*(?=\S)"
)
"""What the request itself says before its reason: `2个工作日，`, `到12月1日，`."""

_LEADING = re.compile(r"^(?:我们?|单位)?(?:想|要|请求?|申请)*(?:延期|延长|挂账|暂停|缓办)[\s:：，,]*")


async def _extend(turn: Turn, token: Token) -> None:
    await require_asking(turn.uow, turn.district, turn.actor, token.subject.id, RequestKind.EXTENSION, now=turn.now)
    code = await code_of(turn, token.subject)
    await ask(turn, token, QuestionKind.TEXT, "ask-extend", arg="extend", code=code)


async def _suspend(turn: Turn, token: Token) -> None:
    await require_asking(turn.uow, turn.district, turn.actor, token.subject.id, RequestKind.SUSPENSION, now=turn.now)
    code = await code_of(turn, token.subject)
    await ask(turn, token, QuestionKind.TEXT, "ask-suspend", arg="suspend", code=code)


async def _decide(turn: Turn, token: Token) -> None:
    granted = token.arg == "yes"
    request = await decide_request(turn.uow, turn.district, turn.actor, token.subject.id, granted=granted, now=turn.now)
    ticket = await turn.uow.tickets.get(request.ticket_id)
    code = ticket.code if ticket else ""
    if granted:
        turn.toast("answer-granted", code=code)
    else:
        turn.toast("answer-refused")


async def _take_back(turn: Turn, token: Token) -> None:
    await take_back_request(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-taken-back")


async def _resume(turn: Turn, token: Token) -> None:
    case = await resume(turn.uow, turn.district, token.subject.id, turn.actor, now=turn.now)
    turn.toast("answer-resumed", code=case.ticket.code)


async def extension_said(turn: Turn, assignment_id: int, text: str) -> None:
    """`延期两天，等配件`: the amount in the unit of the limit, and the words as the reason."""
    case, assignment = await load_assignment(turn.uow, assignment_id)
    limit = parse_limit(assignment.handle_limit)
    amount = amount_in(text, limit)
    await ask_extension(turn.uow, turn.district, turn.actor, assignment_id, amount, _reason(text), now=turn.now)
    await _noted(turn, assignment_id, RequestKind.EXTENSION, case.ticket.code)


async def suspension_said(turn: Turn, assignment_id: int, text: str) -> None:
    """`挂账到12月1日，等产权单位`: until that day's opening, or for so many working days."""
    case, _ = await load_assignment(turn.uow, assignment_id)
    end = _end_said(turn, text)
    await ask_suspension(turn.uow, turn.district, turn.actor, assignment_id, end, _reason(text), now=turn.now)
    await _noted(turn, assignment_id, RequestKind.SUSPENSION, case.ticket.code)


async def _noted(turn: Turn, assignment_id: int, kind: RequestKind, code: str) -> None:
    subject = Subject(SubjectKind.ASSIGNMENT, assignment_id)
    await turn.reply("request-noted", subject=subject, code=code, asks=str(kind))


def _reason(text: str) -> str:
    words = _CODE.sub("", text).strip()
    return _HOW_LONG.sub("", _LEADING.sub("", words)).strip() or words


def _end_said(turn: Turn, text: str) -> datetime | None:
    entity = turn.prepared.understood.first(EntityKind.TIME) if turn.prepared.understood else None
    if entity is not None and entity.value:
        return _opening(turn, datetime.fromisoformat(entity.value))
    try:
        days = amount_in(text, Limit(parse_limit("1工作日").value, LimitUnit.WORKING_DAYS))
    except AmountMissing:
        return None
    return turn.district.due_moment(turn.now, str(days))


def _opening(turn: Turn, moment: datetime) -> datetime:
    """A day without an hour means its morning; a day of the year that is over means the next one."""
    local = turn.district.local(moment)
    if local < turn.district.local(turn.now) - timedelta(days=60):
        local = local.replace(year=local.year + 1)
    if local.time() != time(0):
        return local
    date = local.date()
    while not turn.district.calendar.office_spans(date):
        date += ONE_DAY
    return turn.district.calendar.office_spans(date)[0].start


async def extend_answer(turn: Turn, question: OpenQuestion) -> None:
    """The words after `延期`."""
    await extension_said(turn, question.subject.id, turn.prepared.text)


async def suspend_answer(turn: Turn, question: OpenQuestion) -> None:
    """The words after `挂账`."""
    await suspension_said(turn, question.subject.id, turn.prepared.text)


PRESSES: Mapping[Action, Press] = {
    Action.EXTEND: _extend,
    Action.SUSPEND: _suspend,
    Action.GRANT_EXTENSION: _decide,
    Action.GRANT_SUSPENSION: _decide,
    Action.TAKE_BACK: _take_back,
    Action.RESUME: _resume,
}

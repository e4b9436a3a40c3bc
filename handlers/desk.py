"""The hub's desk in chats: `下一件`, `交班`, `定级`, and saying that something was seen to."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.clocks.step_messages import OPEN_TASK
from bot.application.lookups.hub_desk import (
    Waiting,
    close_task,
    grade_ticket,
    hand_over_shift,
    open_task,
    take_next,
)
from bot.application.records import Button, Card, Face, Subject, SubjectKind, Token
from bot.application.views.others import hub_view
from bot.domain.hub_task import HubTask
from bot.domain.permissions import Action, require
from bot.domain.ticket import Level, Sensitivity
from handlers.asking import Press, code_of, target_of
from handlers.turn import Turn

LISTED = 8
LEVELS = {"ordinary": Level.ORDINARY, "complex": Level.COMPLEX, "grave": Level.GRAVE}


async def next_command(turn: Turn, rest: str) -> None:
    """`下一件`: the most urgent task of the queue, claimed for ten minutes."""
    await _show(turn, await take_next(turn.uow, turn.actor, now=turn.now))


async def _show(turn: Turn, task: HubTask) -> None:
    subject = Subject(SubjectKind.HUB_TASK, task.id)
    view = await hub_view(turn.uow, turn.district, Card(0, subject, turn.chat.id, Face.HUB), turn.now)
    if view is None:
        return
    more = (Button("button-next-task", Action.TAKE_TASK, subject),)
    await turn.reply(view.key, view.params, subject=subject, buttons=(*view.rows, more))


async def _next(turn: Turn, token: Token) -> None:
    if token.arg == OPEN_TASK:
        await _show(turn, await open_task(turn.uow, turn.actor, token.subject.id, now=turn.now))
    else:
        await next_command(turn, "")
    turn.toast("answer-next-task")


async def shift_command(turn: Turn, rest: str) -> None:
    """`交班`: what is open, the most urgent first, and what is free again."""
    shift = await hand_over_shift(turn.uow, turn.district, turn.actor, now=turn.now)
    kinds = [f"{turn.word(f'task-{kind}')} {count}" for kind, count in sorted(shift.by_kind.items())]
    own = Subject(SubjectKind.PERSON, turn.person.id)
    await turn.reply(
        "shift-summary",
        count=len(shift.waiting),
        late=shift.late,
        done=shift.done_today,
        kinds=kinds,
        cases=[_line(turn, each) for each in shift.waiting[:LISTED]],
        buttons=((Button("button-next-task", Action.TAKE_TASK, own),),) if shift.waiting else (),
    )


def _line(turn: Turn, waiting: Waiting) -> dict[str, object]:
    ticket, task = waiting.ticket, waiting.task
    hidden = ticket is not None and ticket.sensitivity is Sensitivity.SENSITIVE
    return {
        "code": ticket.code if ticket else "",
        "what": turn.word(f"task-{task.kind}"),
        "item_name": ticket.item_name if ticket and not hidden else "",
        "hidden": hidden,
        "note": task.words,
        "emergency": ticket is not None and ticket.emergency,
        "late": task.due_at < turn.now,
        "due_at": task.due_at.isoformat(),
        "joined": waiting.joined,
    }


async def _close(turn: Turn, token: Token) -> None:
    await close_task(turn.uow, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-noted")


async def _grade(turn: Turn, token: Token) -> None:
    if token.arg:
        case = await grade_ticket(
            turn.uow, turn.district, turn.actor, token.subject.id, LEVELS[token.arg], now=turn.now
        )
        turn.toast("answer-graded", code=case.ticket.code, level=str(case.ticket.level))
        return
    require(turn.actor, Action.GRADE, await target_of(turn, token.subject))
    buttons = (tuple(Button(f"button-level-{name}", Action.GRADE, token.subject, arg=name) for name in LEVELS),)
    await turn.reply("ask-level", subject=token.subject, buttons=buttons, code=await code_of(turn, token.subject))
    turn.toast("answer-reply-below")


PRESSES: Mapping[Action, Press] = {Action.TAKE_TASK: _next, Action.CLOSE: _close, Action.GRADE: _grade}

"""A board: what is open here, a page at a time, each case with the one button that helps here."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.application.district import District
from bot.application.lookups.board import Line, lines_of
from bot.application.ports import UnitOfWork
from bot.application.records import Board, Button, Card, Subject
from bot.application.telling import assignment_subject, ticket_subject
from bot.application.views.view import View, rows, shown_place
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat, ChatKind
from bot.domain.desk import is_claimed
from bot.domain.permissions import Action

A_PAGE = 6
A_ROW = 3
SHORT = 4
UNIT_KINDS = frozenset({ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT})


async def board_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """The page that was asked for, or the last there is by now."""
    board = await uow.boards.get(card.subject.id)
    chat = await uow.chats.get(card.chat_id)
    if board is None or chat is None:
        return None
    lines = await lines_of(uow, district, board, now=now)
    pages = max(1, -(-len(lines) // A_PAGE))
    page = min(board.page, pages - 1)
    shown = lines[page * A_PAGE : (page + 1) * A_PAGE]
    params = {
        "count": len(lines),
        "overdue": board.overdue,
        "page": page + 1,
        "pages": pages,
        "cases": [_line(district, line, now) for line in shown],
    }
    ends = Counter(line.case.ticket.code[-SHORT:] for line in shown)
    buttons = [_button(chat, line, twice=ends[line.case.ticket.code[-SHORT:]] > 1) for line in shown]
    lots = [buttons[start : start + A_ROW] for start in range(0, len(buttons), A_ROW)]
    following = await _next(uow, chat, card.subject, now)
    leafing = _leafing(card.subject, board, page, pages, len(lines))
    return View("board-card", params, rows(*lots, leafing, [following]))


def _line(district: District, line: Line, now: datetime) -> dict[str, object]:
    ticket, due = line.case.ticket, line.due_at
    return {
        "code": ticket.code,
        "item_name": "" if line.hidden else ticket.item_name,
        "hidden": line.hidden,
        "place": shown_place(district, ticket),
        "stage": str(line.case.stage),
        "due_at": due,
        "late": due is not None and due < now,
        "ordered": ticket.is_ordered,
        "joined": line.joined,
    }


def _button(chat: Chat, line: Line, *, twice: bool) -> Button:
    """Its caption ends with the number of the day; where two days have that number, with the day before it."""
    _, day, number = line.case.ticket.code.rsplit("-", 2)
    code = {"code": f"{day[-4:]}·{number}" if twice else line.case.ticket.code}
    if chat.kind in UNIT_KINDS and line.part is not None:
        subject = assignment_subject(line.part.id)
        if line.part.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
            return Button("button-sign-of", Action.SIGN, subject, params=code)
        if line.part.state is AssignmentState.HANDLING:
            return Button("button-report-of", Action.REPORT_BACK, subject, params=code)
    return Button("button-status-of", Action.STATUS, ticket_subject(line.case.ticket.id), params=code)


def _leafing(subject: Subject, board: Board, page: int, pages: int, count: int) -> list[Button | None]:
    kind = "overdue" if board.overdue else "all"
    other = "all" if board.overdue else "overdue"
    before = Button("button-page-before", Action.TURN_PAGE, subject, arg=f"{kind}:{page - 1}") if page else None
    after = None
    if page + 1 < pages:
        after = Button("button-page-after", Action.TURN_PAGE, subject, arg=f"{kind}:{page + 1}")
    switch = Button(f"button-board-{other}", Action.TURN_PAGE, subject, arg=f"{other}:0")
    return [before, switch if count or board.overdue else None, after]


async def _next(uow: UnitOfWork, chat: Chat, subject: Subject, now: datetime) -> Button | None:
    if chat.kind is not ChatKind.HUB or all(is_claimed(task, now=now) for task in await uow.hub_tasks.open()):
        return None
    return Button("button-next-task", Action.TAKE_TASK, subject)

"""A unit's request to merge: both cases side by side, for who decides whether they are one."""

from __future__ import annotations

from bot.application.calls.merge_tickets import merge_buttons
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.views.view import View, rows, shown_place, shown_quote, ticket_params
from bot.domain.hub_task import HubTask


async def merge_view(uow: UnitOfWork, district: District, case: Case, task: HubTask, done_by: str) -> View | None:
    """The case, the one it is said to repeat, and the two buttons."""
    target = await uow.tickets.by_code(task.note)
    if target is None:
        return None
    params = ticket_params(district, case.ticket) | {
        "target": target.code,
        "target_place": shown_place(district, target),
        "target_quote": shown_quote(target),
        "due_at": task.due_at,
        "done": not task.is_open,
        "done_by": done_by,
        "merged": case.ticket.merged_into is not None or target.merged_into == case.ticket.id,
    }
    return View("merge-card", params, rows(merge_buttons(task.id)) if task.is_open else ())

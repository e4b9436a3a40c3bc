"""A button that is pressed twice, by one person or by two at once: what was just said is not said again."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.application.ports import UnitOfWork
from bot.domain.events import EventKind


async def just_said(
    uow: UnitOfWork, ticket_id: int, kind: EventKind, actor: int, detail: Mapping[str, object] | None = None
) -> bool:
    """Whether the newest thing that happened to the ticket is this very press of this very person."""
    history = await uow.events.of_ticket(ticket_id)
    if not history or (history[-1].kind, history[-1].actor_id) != (kind, actor):
        return False
    return bool(json.loads(history[-1].body)["detail"] == dict(detail or {}))

"""`撤销（30秒内）` on a card: shown where the last press can be taken back and was made on that side."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Button
from bot.application.telling import ticket_subject
from bot.application.undoing.last_press import who_can_undo
from bot.domain.events import EventKind
from bot.domain.permissions import Action

E = EventKind
BY_CALLER = frozenset(
    {
        *(E.REPORTED, E.WITHDRAWN, E.CONVERTED, E.TAKEN_OVER, E.REOPENED, E.COMMANDED),
        *(E.URGED, E.MERGED, E.MERGE_REFUSED),
    }
)
BY_RESIDENT = frozenset({E.WITHDRAWN, E.URGED, E.CALLBACK_ASKED})
BY_UNIT = frozenset(
    {
        *(E.SIGNED, E.TAKEN_OVER, E.HANDED_ON, E.RETURN_REQUESTED, E.REPORTED_BACK, E.REPORT_BACK_DRAFTED),
        *(E.EXTENSION_REQUESTED, E.SUSPENSION_REQUESTED, E.PROGRESSED, E.MERGE_REQUESTED),
    }
)
BY_HUB = frozenset(
    {
        *(E.DISPATCHED, E.TOLD_BY_PHONE, E.STARTED, E.RETURN_REFUSED, E.RULED, E.DECLINED, E.GRADED),
        *(E.MERGED, E.MERGE_REFUSED),
    }
)
BY_CONVENER = frozenset({E.MEETING_CALLED, E.MEETING_CANCELLED, E.MINUTES_TAKEN})
BY_VERIFIER = frozenset({E.EVALUATED, E.REASON_GIVEN})


async def undo_button(
    uow: UnitOfWork,
    district: District,
    ticket_id: int,
    kinds: Collection[EventKind],
    now: datetime,
    *,
    by: int | None = None,
) -> Button | None:
    """The button, if the last press was one of these and can be undone (by that person, where one is named)."""
    presser = await who_can_undo(uow, district, ticket_id, kinds, now=now)
    if presser is None or by not in {None, presser}:
        return None
    return Button("button-undo", Action.UNDO, ticket_subject(ticket_id))

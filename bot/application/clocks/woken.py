"""When somebody was last woken for what waits on a batch card of his, and who is to be woken next."""

from __future__ import annotations

from datetime import datetime

from bot.application.ports import UnitOfWork
from bot.application.records import Card, DueKind, Face


async def ring(uow: UnitOfWork, card: Card | None, *, now: datetime) -> None:
    """Something new waits on that card: a card that is new itself rings, one that stands there is judged for waking."""
    if card is None:
        return
    if card.message_id is None:
        await note_woken(uow, card.face, card.subject.id, now=now)
    else:
        await uow.dues.put(card.subject, DueKind.WAKE, now)


async def last_woken(uow: UnitOfWork, face: Face, person_id: int) -> datetime | None:
    """When that person was last woken for what waits on that card."""
    stored = await uow.settings.get(_key(face, person_id))
    return datetime.fromisoformat(stored) if isinstance(stored, str) else None


async def note_woken(uow: UnitOfWork, face: Face, person_id: int, *, now: datetime) -> None:
    """He has been told, by that card or by another message."""
    await uow.settings.put(_key(face, person_id), now.isoformat())


def _key(face: Face, person_id: int) -> str:
    return f"woken:{face}:{person_id}"

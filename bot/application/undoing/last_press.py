"""The press that can still be taken back: the newest act of a person, if it is young and nobody has gone on from there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.telling import SECOND
from bot.domain.assignment import Assignment
from bot.domain.events import Event, EventKind
from bot.domain.people import Actor

OF_ITSELF = frozenset(
    {
        *(EventKind.DELIVERED, EventKind.UNDELIVERED, EventKind.HUB_TASK_OPENED),
        *(EventKind.ESCALATED, EventKind.SUPERVISED),
        *(EventKind.EMERGENCY_BEGAN, EventKind.EMERGENCY_ENDED),
    }
)
"""What the mechanism adds by itself later, and what therefore does not stand in the way of taking a press back."""


@dataclass(frozen=True, slots=True)
class Press:
    """One act of one person: everything that it wrote into a ticket's history."""

    by: int
    at: datetime
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Undoing:
    """One press being taken back: all events that it wrote, which bear the same moment."""

    uow: UnitOfWork
    district: District
    case: Case
    actor: Actor
    press: tuple[Event, ...]
    now: datetime

    def named(self, kind: EventKind) -> list[Assignment]:
        """The assignments that events of that kind in this press name."""
        ids = {detail.get("assignment") for detail in self.details(kind)}
        return [part for part in self.case.assignments if part.id in ids]

    def details(self, kind: EventKind) -> list[Mapping[str, Any]]:
        """What the events of that kind in this press say."""
        return [json.loads(event.body)["detail"] for event in self.press if event.kind is kind]


def last_press(history: Sequence[Event], window: timedelta, *, now: datetime) -> Press | None:
    """The newest press; None if it is too old or if others went on from there."""
    acts = [e for e in history if not (e.kind in OF_ITSELF and e.actor_id is None)]
    last = next((e for e in reversed(acts) if e.actor_id is not None), None)
    if last is None or last.actor_id is None or now - last.at > window or any(e.at > last.at for e in acts):
        return None
    events = tuple(e for e in history if e.at == last.at)
    if any(event.kind is EventKind.UNDONE for event in events):
        return None  # what was taken back stays so: done again it is a press of its own
    return Press(last.actor_id, last.at, events)


async def who_can_undo(
    uow: UnitOfWork,
    district: District,
    ticket_id: int,
    kinds: Collection[EventKind],
    *,
    now: datetime,
    part: int | None = None,
) -> int | None:
    """Who may take back the ticket's last press, if it is one of these (and of no other assignment); buttons ask this."""
    press = last_press(await uow.events.of_ticket(ticket_id), district.rules.undo_window, now=now)
    if press is None:
        return None
    pressed = [event for event in press.events if event.kind in kinds]
    return press.by if any(part is None or _is_of(event, part) for event in pressed) else None


def _is_of(event: Event, part: int) -> bool:
    return bool(json.loads(event.body)["detail"].get("assignment", part) == part)


async def note_batch(uow: UnitOfWork, district: District, person_id: int, ticket_id: int, *, now: datetime) -> None:
    """One press of this person, out of his list of what waits for him, moved that ticket too."""
    known = await batch_of(uow, district, person_id, now=now)
    stored = await uow.settings.get(_key(person_id)) if known else None
    same = isinstance(stored, list) and stored[0] == now.isoformat()
    await uow.settings.put(_key(person_id), [now.isoformat(), [*(known if same else []), ticket_id]])
    await uow.dues.put(
        Subject(SubjectKind.PERSON, person_id), DueKind.CARD_REFRESH, now + district.rules.undo_window + SECOND
    )


async def batch_of(uow: UnitOfWork, district: District, person_id: int, *, now: datetime) -> list[int]:
    """The tickets that this person's last press in his list moved, as long as it can be taken back."""
    stored = await uow.settings.get(_key(person_id))
    if not isinstance(stored, list) or now - datetime.fromisoformat(stored[0]) > district.rules.undo_window:
        return []
    return [int(number) for number in stored[1]]


async def forget_batch(uow: UnitOfWork, person_id: int) -> None:
    """It was taken back."""
    await uow.settings.put(_key(person_id), None)


def _key(person_id: int) -> str:
    return f"batch:{person_id}"

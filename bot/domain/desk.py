"""The hub's one queue: which task comes first, and whether somebody is reading it already."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.hub_task import WITHOUT_TICKET, HubTask, HubTaskKind

CLAIM = timedelta(minutes=10)
FIRST = (HubTaskKind.ALARM, HubTaskKind.UNDELIVERED, *WITHOUT_TICKET)


def urgency(task: HubTask, *, emergency: bool, joined: int, now: datetime) -> tuple[object, ...]:
    """The smaller the sooner: emergencies, what reached nobody, what is past its limit, what many reported, then due."""
    reaches_nobody = task.kind in FIRST
    return not emergency, not reaches_nobody, task.due_at >= now, -joined, task.due_at, task.id


def is_claimed(task: HubTask, *, now: datetime) -> bool:
    """Whether a dispatcher took it within the last ten minutes."""
    return task.claimed_by is not None and task.claimed_until is not None and task.claimed_until > now


def claim(task: HubTask, by: int, *, now: datetime) -> None:
    """From now on it is that dispatcher's for ten minutes."""
    task.claimed_by, task.claimed_until = by, now + CLAIM

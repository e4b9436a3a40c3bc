"""待确认: how long a draft waits to be confirmed, and when its ladder is looked at first."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.domain import ladders
from bot.domain.draft import Draft
from bot.domain.escalation import RunningClock, next_step
from bot.domain.limits import DECIMALS, Limit, LimitUnit

HOUR = timedelta(hours=1)


def expires_at(district: District, opened: datetime) -> datetime:
    """The noon after the day the draft was opened."""
    day = district.day(opened) + timedelta(days=1)
    local = datetime.combine(day, district.rules.draft_expires_at, tzinfo=district.local(opened).tzinfo)
    return local.astimezone(opened.tzinfo)


def draft_clock(district: District, opened: datetime) -> RunningClock:
    """It runs at all hours."""
    due = expires_at(district, opened)
    hours = round(Decimal((due - opened) / HOUR), DECIMALS)
    return RunningClock(opened, Limit(hours, LimitUnit.RUNNING_HOURS), due)


async def schedule_draft(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """It waits from now on; what its author cannot confirm himself is not asked again and only expires."""
    asked_again = is_asked_again(draft)
    clock = draft_clock(district, now)
    assert clock.due_at is not None
    step = next_step(district.ladders.get(ladders.DRAFT, ()), clock, (), district.calendar, now=now)
    at = min(step.at, clock.due_at) if step is not None and asked_again else clock.due_at
    subject = Subject(SubjectKind.DRAFT, draft.id)
    await uow.dues.put(subject, DueKind.DRAFT, at, arg=now.isoformat() if asked_again else "")


def is_asked_again(draft: Draft) -> bool:
    """Whether its author can confirm it: no resident can, nor anybody what nobody has listened to."""
    return draft.turn is None and not draft.is_wordless


async def pass_on_later(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """Whoever a resident's report was put before has his time for it; at night nobody has missed his turn."""
    read_at = now if draft.danger else district.rings_next(now)
    at = read_at + district.rules.resident_passes_on_after
    await uow.dues.put(Subject(SubjectKind.DRAFT, draft.id), DueKind.RESIDENT_REPORT, at)

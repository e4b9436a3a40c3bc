"""The steps of ladders, taken: many rows in one transaction, each decided by the pure rule on what is true now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.application.clocks.loaders import LOADERS
from bot.application.clocks.posting import Post
from bot.application.clocks.take_step import take_step
from bot.application.clocks.waiting import Waiting, under_emergency_ladders
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Subject
from bot.domain.escalation import Taken, next_step

DAILY = "1工作日"
"""When a ladder has ended and still nothing has happened, it is looked at again after so long."""

Deed = frozenset({DueKind.VERIFICATION, DueKind.RELEASE, DueKind.REQUEST, DueKind.DRAFT, DueKind.STREET_CALL})
"""Kinds whose deadline is not only told: silence then decides, which another judge does."""


async def climb(
    uow: UnitOfWork, district: District, kind: DueKind, rows: Sequence[DueRow], post: Post, *, now: datetime
) -> list[DueRow]:
    """Judges locked rows of one kind; those whose deadline is an act of its own are handed back."""
    waits = await LOADERS[kind](uow, district, rows)
    await under_emergency_ladders(uow, district, kind, waits.values())
    taken = await _taken(uow, kind, list(waits.values()))
    gone = [row.id for row in rows if row.id not in waits]
    await uow.dues.remove(gone)
    moments: dict[int, datetime] = {}
    steps: list[tuple[Subject, int, Taken]] = []
    acts: list[DueRow] = []
    for waiting in waits.values():
        known = list(taken.get(waiting.row.subject.id, ()))
        fresh, at = await _climb_one(uow, district, waiting, known, post, now=now)
        steps += [(waiting.row.subject, waiting.round, each) for each in fresh]
        due_at = waiting.clock.due_at
        if kind in Deed and due_at is not None and now >= due_at:
            acts.append(waiting.row)
            continue
        if kind in Deed and due_at is not None:
            at = min(at, due_at) if at else due_at
        moments[waiting.row.id] = at or _later(district, waiting, now)
    await uow.steps.take(kind, steps, at=now)
    await uow.dues.move(moments)
    return acts


async def _taken(uow: UnitOfWork, kind: DueKind, waits: Sequence[Waiting]) -> Mapping[int, Sequence[Taken]]:
    if not waits:
        return {}
    rounds = {waiting.row.subject.id: waiting.round for waiting in waits}
    return await uow.steps.taken(kind, waits[0].row.subject.kind, rounds)


async def _climb_one(
    uow: UnitOfWork, district: District, waiting: Waiting, known: list[Taken], post: Post, *, now: datetime
) -> tuple[list[Taken], datetime | None]:
    """Takes what is due now; the steps that were taken, and when the next one is."""
    fresh: list[Taken] = []
    while True:
        step = next_step(
            waiting.ladder,
            waiting.clock,
            [*known, *fresh],
            district.calendar,
            now=now,
            last_progress_at=waiting.last_progress_at,
            urgent=waiting.urgent,
        )
        if step is None or step.at > now:
            return fresh, step.at if step else None
        told_at = readable_at(district, now, wakes=waiting.wakes)
        if waiting.says is None:
            await take_step(uow, district, waiting, step, post, now=now, told_at=told_at)
        else:
            for tells in step.rung.tells:
                await waiting.says(uow, district, waiting.row.subject, tells, now, told_at)
        assert waiting.clock.due_at is not None
        fresh.append(Taken(step.step, waiting.clock.due_at, told_at))


def readable_at(district: District, now: datetime, *, wakes: bool) -> datetime:
    """What a clock makes is held until the window opens; at once if it runs on, or in an emergency."""
    return now if wakes else district.rings_next(now)


def _later(district: District, waiting: Waiting, now: datetime) -> datetime:
    """The clock stands still, or the ladder has ended: it is looked at again, so that nothing is forgotten."""
    return max(district.due_moment(now, DAILY), now + timedelta(hours=1))

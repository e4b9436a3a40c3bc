"""Whatever people do in whatever order: every ticket has an end or somebody with a clock, and its stage is computed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.catalogue_files import read_catalogue
from bot.config import load_config, work_calendar
from bot.domain.assignment import OPEN_STATES, AssignmentState
from bot.domain.hub_task import OUTLIVES_THE_TICKET, HubTaskKind
from bot.domain.ticket import Mode, Stage
from storage import migrate
from storage.store import SqlStore, SqlUnitOfWork
from storage.tables.matters import due
from tests.application.walking import ACTS, Walk
from tests.support.world import ROOT

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
STEPS = 100
IDLE = frozenset({"card_refresh"})
SEEN: Counter[str] = Counter()


async def clocks(uow: SqlUnitOfWork) -> set[tuple[str, int]]:
    """What has a moment at which it is judged again."""
    rows = await uow.db.rows(select(due.c.subject_kind, due.c.subject_id, due.c.kind))
    return {(str(row[0]), row[1]) for row in rows if str(row[2]) not in IDLE}


async def has_ended(walk: Walk) -> bool:
    """Whether the ticket that is walked with is over."""
    async with walk.store.read() as uow:
        return (await load_case(uow, walk.ticket_id)).ticket.ending is not None


def expected_stage(case: Case) -> Stage:
    """Written from the design, not from the code."""
    states = {part.state for part in case.assignments}
    if case.ticket.ending is not None:
        return Stage(str(case.ticket.ending))
    if case.ticket.start_awaited:
        return Stage.CALLING
    if states & OPEN_STATES:
        return Stage.HANDLING
    if AssignmentState.REPORTED in states:
        return Stage.VERIFYING
    waits = any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in case.hub_tasks)
    return Stage.CLOSED if AssignmentState.ACCEPTED in states and not waits else Stage.DISPATCHING


async def wrong_with(walk: Walk) -> list[str]:
    """What may never be; empty if all is well."""
    async with walk.store.read() as uow:
        case, running = await load_case(uow, walk.ticket_id), await clocks(uow)
        meetings = await uow.meetings.of_ticket(walk.ticket_id)
        referrals = await uow.referrals.of_ticket(walk.ticket_id)
    found = []
    if case.stage is not expected_stage(case):
        found.append(f"the stage is {case.stage}")
    tasks = [task for task in case.hub_tasks if task.is_open]
    held = {("ticket", walk.ticket_id)} | {("hub_task", task.id) for task in tasks}
    held |= {("meeting", meeting.id) for meeting in meetings if meeting.is_open}
    held |= {("referral", referral.id) for referral in referrals if referral.is_open}
    for part in case.assignments:
        late = part.due_at is not None and part.due_at <= walk.now
        watched = ("assignment", part.id) in running or any(task.assignment_id == part.id for task in tasks)
        if part.is_open and not (late or watched):
            found.append(f"nobody has a clock for part {part.id}, {part.state}")
        held |= {("assignment", part.id)} if part.is_open or part.state is AssignmentState.REPORTED else set()
    if case.ticket.ending is not None:
        if any(part.is_open for part in case.assignments) or any(each.is_open for each in (*meetings, *referrals)):
            found.append("it has ended and something goes on")
        if [task for task in tasks if task.kind not in OUTLIVES_THE_TICKET]:
            found.append(f"it has ended and the hub owes {[str(task.kind) for task in tasks]}")
    elif not held & running and not any(p.due_at and p.due_at <= walk.now for p in case.assignments if p.is_open):
        found.append(f"nobody has a clock, {case.stage}")
    at_work = OPEN_STATES | {AssignmentState.REPORTED}
    live = [part for part in case.assignments if part.state in at_work and part.yields_to is None]
    if case.ticket.mode in {Mode.JOINT, Mode.REVERSE, Mode.ENFORCEMENT} and live:
        leads = sum(part.is_lead for part in live)
        if leads > 1:
            found.append(f"{leads} lead")
    return found


@pytest.mark.parametrize("seed", (2, 3, 5, 26))
async def test_every_state_that_is_reached_has_an_end_or_a_clock(seed: int, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/walk.db"
    await migrate.upgrade(url)
    config = load_config(ROOT / "config.yml")
    district = District(read_catalogue(config.catalogue_paths(), name=""), work_calendar(config), config.rules())
    store = SqlStore.open(url)
    walk = Walk(store, district, random.Random(seed), START)
    try:
        await walk.begin()
        for _ in range(STEPS):
            if await has_ended(walk) and walk.rng.random() < 0.3:
                await walk.report()
            await walk.step()
            wrong = await wrong_with(walk)
            assert not wrong, f"seed {seed}: {wrong} after {walk.done[-8:]} at {walk.now}"
    finally:
        await store.close()
    SEEN.update(walk.done)
    if seed == 26:
        missing = set(ACTS) - set(SEEN)
        assert len(missing) <= 3, f"walks that never do {missing} prove little"

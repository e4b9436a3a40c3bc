"""Random walks over what people may do and how time passes: in every state an end, or somebody with a clock."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from bot.application.loading import load_case
from bot.domain.errors import Refusal
from bot.domain.events import first_bad
from bot.domain.people import Actor
from bot.domain.rules import AnswerSignature
from storage.store import SqlStore, SqlUnitOfWork
from storage.tables.matters import due
from tests.application.ticket_walking import STEPS, TRIES, Walker, demo_district, prepare
from tests.support.world import MONDAY_TEN

NAMES = tuple(TRIES)
FEW = 12
WALKS = int(os.environ.get("WALKS", FEW))
"""The same few in each run; `WALKS=300` takes that many new ones."""
OPEN = {"undelivered", "unsigned", "handling", "answer_drafted", "return_requested", "suspended"}
TIME = "time passes"
NOTHING_OF_CLOCKS = {"card_refresh"}
"""Due rows that only repaint: nobody is waited for by them."""

Walk = list[tuple[int, int, int]]
DID: Counter[str] = Counter()


@pytest.fixture(scope="module")
def template() -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "district.db"
        asyncio.run(prepare(path))
        yield path


@settings(
    max_examples=WALKS,
    deadline=None,
    derandomize=WALKS == FEW,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(
    walk=st.lists(
        st.tuples(st.integers(0, len(NAMES) + 7), st.integers(0, 97), st.integers(0, 97)), min_size=20, max_size=60
    ),
    signature=st.sampled_from(list(AnswerSignature)),
    standing=st.booleans(),
)
def test_every_state_has_an_end_or_somebody_with_a_clock(
    template: Path, walk: Walk, signature: AnswerSignature, standing: bool
) -> None:
    district = demo_district(answer_signature=signature, standing_items=None if standing else frozenset())
    with TemporaryDirectory() as folder:
        path = shutil.copy(template, folder)
        asyncio.run(_walk(Path(path), district, walk))


def test_walks_are_no_standing_still(template: Path) -> None:
    """Guards the walk itself: in some long ones nearly everything that can be tried is done at least once."""
    chance = Random(7)
    for number in range(8):
        walk = [(chance.randrange(len(NAMES) + 8), chance.randrange(98), chance.randrange(98)) for _ in range(150)]
        with TemporaryDirectory() as folder:
            asyncio.run(
                _walk(
                    Path(shutil.copy(template, folder)),
                    demo_district(standing_items=None if number % 2 else frozenset()),
                    walk,
                )
            )
    never = {name for name in NAMES if not DID[name]}
    assert len(never) <= 15, f"never done: {sorted(never)}; done: {DID}"


async def _walk(path: Path, district: District, walk: Walk) -> None:
    store = SqlStore.open(f"sqlite+aiosqlite:///{path}")
    try:
        async with store.read() as uow:
            people = [await uow.people.by_telegram_id(100 + number) for number in range(7)]
            actors = [Actor(p, await uow.people.grants(p.id)) for p in people if p is not None]
        now, path_so_far = MONDAY_TEN, ["report"]
        await _try(store, district, now, "report", actors[0], actors, 0)
        for which, who, choice in walk:
            now += timedelta(seconds=1)
            if which >= len(NAMES):
                now += STEPS[choice % len(STEPS)]
                await scan_due(store, district, now=now)
                path_so_far.append(f"{TIME} to {now}")
            else:
                done = await _try(store, district, now, NAMES[which], actors[who % len(actors)], actors, choice)
                path_so_far += [f"{NAMES[which]} by {actors[who % len(actors)].person.name}"] if done else []
            wrong = await _faults(store, now)
            assert not wrong, f"{wrong}\nafter {path_so_far}"
    finally:
        await store.close()


async def _try(
    store: SqlStore, district: District, now: datetime, name: str, by: Actor, actors: list[Actor], choice: int
) -> bool:
    def pick(options: Any) -> Any:
        found = list(options)
        if not found:
            raise Refusal()
        return found[choice % len(found)]

    first = actors.index(by)
    async with store.begin() as uow:
        for actor in [*actors[first:], *actors[:first]]:
            try:
                async with uow.savepoint():
                    await TRIES[name](Walker(uow, district, now, pick, actors), actor)
            except Refusal:
                continue
            await uow.commit()
            DID[name] += 1
            return True
    return False


async def _faults(store: SqlStore, now: datetime) -> list[str]:
    async with store.read() as uow:
        rows = await uow.db.rows(select(due.c.subject_kind, due.c.subject_id, due.c.kind, due.c.next_check_at))
        clocks = {(str(row[0]), row[1]) for row in rows if str(row[2]) not in NOTHING_OF_CLOCKS}
        wrong = []
        for ticket in await uow.tickets.listed(limit=50):
            wrong += await _faults_of(uow, ticket, clocks)
        return wrong


async def _faults_of(uow: SqlUnitOfWork, ticket: Any, clocks: set[tuple[str, int]]) -> list[str]:
    case = await load_case(uow, ticket.id)
    history = await uow.events.of_ticket(ticket.id)
    wrong = [] if first_bad(history) is None else [f"{ticket.code}: the chain is broken"]
    stage = _stage(ticket, case.assignments, case.hub_tasks)
    if case.stage != stage:
        wrong.append(f"{ticket.code}: stage {case.stage}, by its parts {stage}")
    waited = [("ticket", ticket.id)]
    waited += [("assignment", part.id) for part in case.assignments]
    waited += [("hub_task", task.id) for task in case.hub_tasks if task.is_open]
    waited += [("request", r.id) for p in case.assignments for r in await uow.requests.of_assignment(p.id) if r.is_open]
    waited += [("question", q.id) for q in await uow.street_questions.of_ticket(ticket.id) if q.is_open]
    if ticket.ending is None and not clocks & set(waited):
        wrong.append(f"{ticket.code}: {stage}, and nobody has a clock")
    for task in case.hub_tasks:
        if task.is_open and ("hub_task", task.id) not in clocks:
            wrong.append(f"{ticket.code}: the hub's {task.kind} has no clock")
        if task.is_open and ticket.ending is not None and task.kind != "dispute":
            wrong.append(f"{ticket.code}: ended, and the hub still owes {task.kind}")
    for part in case.assignments:
        if ticket.ending is not None and part.state in OPEN | {"reported"}:
            wrong.append(f"{ticket.code}: ended, and {part.assignee} is {part.state}")
        if ticket.ending is not None and ("assignment", part.id) in clocks:
            wrong.append(f"{ticket.code}: ended, and {part.assignee} still has a clock")
        successor = next((p for p in case.assignments if p.id == part.yields_to), None)
        if part.state in OPEN and part.yields_to and (successor is None or successor.ended_at is not None):
            wrong.append(f"{ticket.code}: {part.assignee} waits for a successor that is gone")
    return wrong


def _stage(ticket: Any, parts: Any, tasks: Any) -> str:
    """The stage as section 4 of the design says it, written a second time."""
    if ticket.ending is not None:
        return str(ticket.ending)
    if ticket.start_awaited:
        return "calling"
    states = [str(part.state) for part in parts]
    if any(state in OPEN for state in states):
        return "handling"
    if "reported" in states:
        return "verifying"
    if "accepted" not in states or any(task.is_open and task.kind == "dispatch" for task in tasks):
        return "dispatching"
    return "closed"

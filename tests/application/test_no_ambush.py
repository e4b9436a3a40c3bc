"""Random histories of real calls: nobody's superior hears of one before he himself was told that it would happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from bot.domain.errors import Refusal
from bot.domain.people import Actor, Grant, Role
from storage.store import SqlStore
from storage.tables.history import event
from storage.tables.messages import outbox
from tests.application.real_calls import TRIES, Walker, demo_district, prepare
from tests.support.world import MONDAY_TEN

ACTS = (
    *("deliver", "deliver", "sign", "sign", "sign", "progress", "return", "return", "refuse", "refuse", "grant"),
    *("extend", "extend", "suspend", "suspend", "decide", "decide", "decide", "decide", "told", "dispatch", "urge"),
)
SHORTEST = timedelta(minutes=15)
SCANNED, OUTAGE, NEXT = "scanned", "outage", "next due"
DID: Counter[str] = Counter()
"""What happened in all histories together: acts, and kinds of events."""


class Said(NamedTuple):
    """A message as people could read it."""

    chat: int
    kind: str
    at: datetime
    params: dict[str, Any]

    @property
    def clock(self) -> tuple[object, ...]:
        """Which clock of which call it is about."""
        due_at = self.params.get("due_at")
        return self.params.get("code"), self.params.get("what"), due_at and datetime.fromisoformat(str(due_at))

    def lists(self, code: object) -> bool:
        """Whether it is a digest that gathers that call with others."""
        return bool(self.params.get("notice") and self.kind.startswith("steps-")) and (
            self.params["count"] > len(self.params["lines"])
            or any(line["code"] == code for line in self.params["lines"])
        )


async def a_history(store: SqlStore, district: District, chance: Random) -> None:
    """Some calls; people do what they may, the bot scans at every due moment or is away for a while."""
    async with store.read() as uow:
        people = [await uow.people.by_telegram_id(100 + number) for number in range(8)]
        actors = [Actor(p, await uow.people.grants(p.id)) for p in people if p is not None]
    now = MONDAY_TEN + timedelta(minutes=chance.randrange(7 * 24 * 60))
    for act in ("report", "report", "report", *chance.choices([*ACTS, *[SCANNED, NEXT] * 6, OUTAGE], k=90)):
        if act in {SCANNED, NEXT}:
            until = now + timedelta(minutes=chance.choice((20, 90, 400)))
            now = await scan_until(store, district, now, until, once=act == NEXT)
        elif act == OUTAGE:
            now += timedelta(hours=chance.choice((1, 9, 50)))
            await scan_due(store, district, now=now)
            DID[act] += 1
        else:
            await attempt(store, district, now, act, chance.sample(actors, len(actors)), chance)
        now += timedelta(seconds=20)
    await scan_until(store, district, now, now + timedelta(days=6))


async def scan_until(
    store: SqlStore, district: District, now: datetime, until: datetime, *, once: bool = False
) -> datetime:
    """Scans at each due moment until then, or at the next one."""
    while True:
        async with store.read() as uow:
            moment = await uow.dues.next_moment()
        if moment is None or moment > until:
            return until
        now = max(now, moment)
        await scan_due(store, district, now=now)
        if once:
            return now


async def attempt(
    store: SqlStore, district: District, now: datetime, act: str, actors: Sequence[Actor], chance: Random
) -> None:
    """The first of these who may does it; nobody, if it makes no sense now."""

    def pick(options: Any) -> Any:
        found = list(options)
        if not found:
            raise Refusal()
        return chance.choice(found)

    async with store.begin() as uow:
        for actor in actors:
            try:
                async with uow.savepoint():
                    await TRIES[act](Walker(uow, district, now, pick, sorted(actors, key=lambda a: a.id)), actor)
            except Refusal:
                continue
            await uow.commit()
            DID[act] += 1
            return


async def all_said(store: SqlStore) -> list[Said]:
    """Everything that was queued, with the moment at which it could be read."""
    async with store.read() as uow:
        rows = await uow.db.rows(select(outbox).order_by(outbox.c.id))
    return [Said(r.chat_id, r.kind, max(r.created_at, r.not_before or r.created_at), dict(r.params)) for r in rows]


def ambushes(said: Sequence[Said]) -> tuple[int, list[str]]:
    """How often a superior was told of a call, and each time that came without a word to who owes it before.

    Only who owes it is given notice; that may be the leader himself, where he is the one on duty.
    """
    told, wrong = 0, []
    for each in said:
        if each.kind != "step-superior" or each.params.get("what") not in {"sign", "handle"}:
            continue
        told += 1
        before = [
            other
            for other in said
            if other.at <= each.at - SHORTEST
            and ((other.clock == each.clock and other.params.get("notice")) or other.lists(each.params["code"]))
        ]
        if not before:
            wrong.append(f"{each.params.get('role')} at {each.at} of {each.clock}")
    return told, wrong


async def one_history(folder: Path, seed: int) -> tuple[int, list[str]]:
    """How often a superior was told of a call in that history, and each time that came without a word before."""
    await prepare(folder / "walk.db")
    store = SqlStore.open(f"sqlite+aiosqlite:///{folder}/walk.db")
    try:
        async with store.begin() as uow:
            leader = await uow.people.ensure(107, name="吴区长")
            chat = await uow.chats.ensure(107, title="", private=True)
            leader.reachable, leader.private_chat_id = True, chat.id
            await uow.people.save(leader)
            await uow.people.grant(leader.id, Grant(Role.DISTRICT_LEADER, "hub"), at=MONDAY_TEN, by=None)
            await uow.commit()
        await a_history(store, demo_district(standing_items=None), Random(seed))
        found = ambushes(await all_said(store))
        async with store.read() as uow:
            DID.update(str(row.kind) for row in await uow.db.rows(select(event.c.kind)))
    finally:
        await store.close()
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_no_superior_hears_of_it_before_the_liaison_does(tmp_path: Path) -> None:
    told, wrong = 0, []
    for seed in range(9):
        folder = tmp_path / str(seed)
        folder.mkdir()
        count, ambushed = await one_history(folder, seed)
        told += count
        wrong += [f"history {seed}: {each}" for each in ambushed]
    assert not wrong, wrong
    assert told >= 20
    wanted = ("signed", "progressed", "return_requested", "return_refused", "extended", "suspended", "resumed")
    missing = [act for act in (*wanted, "undelivered", "told_by_phone", OUTAGE) if not DID[act]]
    assert not missing, DID

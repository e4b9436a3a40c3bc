"""A small district on a real database, and what moves the clocks of a call there, tried by anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.application.calls.record_delivery import record_delivery
from bot.application.calls.redispatch import dispatch_by_hub, note_told
from bot.application.calls.work_on import note_progress, sign_assignment
from bot.application.district import District
from bot.application.lookups.follow_ticket import urge
from bot.application.records import Card, Face, Subject, SubjectKind
from bot.application.reporting.confirm_draft import Way, confirm_draft
from bot.application.requests.ask_for_time import ask_extension, ask_suspension
from bot.application.requests.decide_request import decide_request
from bot.application.requests.request_return import request_return
from bot.application.requests.rule_return import act_first, grant_return, refuse_return
from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.calendar import work_calendar
from bot.domain.chat import ChatKind
from bot.domain.draft import Draft, DraftState
from bot.domain.limits import parse_limit
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor, Grant, Role
from bot.domain.returning import Ground
from storage import migrate
from storage.store import SqlStore, SqlUnitOfWork
from tests.support.world import MONDAY_TEN, ROOT

ROLES = (
    ("李网格", (Grant(Role.GRID_WORKER, "JL0101"),)),
    ("赵网格", (Grant(Role.GRID_WORKER, "JL0101"),)),
    ("郑副书记", (Grant(Role.STREET_OFFICER, "JL01"),)),
    ("王联络", (Grant(Role.LIAISON, "D26"),)),
    ("钱警官", (Grant(Role.LIAISON, "D11"),)),
    ("陈调度", (Grant(Role.DISPATCHER, "hub"),)),
    ("何主任", (Grant(Role.DEPARTMENT_LEADER, "D26"),)),
)
CHATS = ((ChatKind.STREET, "JL01"), (ChatKind.DEPARTMENT, "D26"), (ChatKind.HUB, "hub"))
"""The police have no group: what goes to them is undelivered until somebody rings."""

ITEMS = ("SZ-04", "SR-01", "SR-04")
"""Two whose clocks sleep at night, one whose clock runs on; emergencies wait for no announcement."""

UNITS = ("D26", "D11", "D01")


@cache
def _as_configured() -> District:
    config = load_config(ROOT / "config.yml", {})
    catalogue = read_catalogue(config.catalogue_paths())
    return District(catalogue, work_calendar(config), config.rules(), ladders=config.escalation.ladders())


def demo_district(**rules: object) -> District:
    """The demonstration district's list, calendar and rules."""
    return _as_configured().with_rules(**rules)


async def prepare(path: Path) -> None:
    """A database with people and groups."""
    url = f"sqlite+aiosqlite:///{path}"
    await migrate.upgrade(url)
    store = SqlStore.open(url)
    async with store.begin() as uow:
        for number, (name, grants) in enumerate(ROLES):
            person = await uow.people.ensure(100 + number, name=name)
            chat = await uow.chats.ensure(100 + number, title="", private=True)
            person.reachable, person.private_chat_id = True, chat.id
            await uow.people.save(person)
            for grant in grants:
                await uow.people.grant(person.id, grant, at=MONDAY_TEN, by=None)
        for number, (kind, of) in enumerate(CHATS):
            chat = await uow.chats.ensure(-1000 - number, title=of, private=False)
            chat.kind, chat.of = kind, of
            await uow.chats.save(chat)
        await uow.commit()
    await store.close()


@dataclass
class Walker:
    """Somebody tries something; `pick` chooses among what there is."""

    uow: SqlUnitOfWork
    district: District
    now: datetime
    pick: Callable[[Sequence[Any]], Any]
    actors: Sequence[Actor]
    made: list[int] = field(default_factory=list)

    async def tickets(self) -> Sequence[Any]:
        """All there are."""
        return await self.uow.tickets.listed(limit=20)

    async def ticket(self) -> Any:
        """One of them."""
        return self.pick(await self.tickets())

    async def part(self) -> Any:
        """One part of one of them."""
        parts = [p for t in await self.tickets() for p in await self.uow.assignments.of_ticket(t.id)]
        return self.pick([p for p in parts if p.ended_at is None] or parts)

    async def task(self) -> Any:
        """One open task of the hub."""
        return self.pick(await self.uow.hub_tasks.open())

    async def draft(self) -> Draft:
        """A new report in the street's group."""
        author = self.pick(self.actors[:2])
        chat = next(c for c in await self.uow.chats.all_bound() if c.kind is ChatKind.STREET)
        draft = Draft(
            id=0,
            state=DraftState.OPEN,
            author_id=author.id,
            chat_id=chat.id,
            message_id=None,
            text="柳荫路12号坏了",
            place="柳荫路12号",
            street="JL01",
            community="JL0101",
            caller=Party(PartyKind.STREET, "JL01"),
            created_at=self.now,
            updated_at=self.now,
            item=self.pick(ITEMS),
            candidates=[],
            sure=True,
        )
        return await self.uow.drafts.add(draft)


Try = Callable[[Walker, Actor], Awaitable[object]]


async def _report(w: Walker, by: Actor) -> object:
    draft = await w.draft()
    owner = next(actor for actor in w.actors if actor.id == draft.author_id)
    return await confirm_draft(w.uow, w.district, owner, draft.id, w.pick(list(Way)), now=w.now)


async def _deliver(w: Walker, by: Actor) -> object:
    card = Card(0, Subject(SubjectKind.ASSIGNMENT, (await w.part()).id), 1, Face.UNIT)
    await record_delivery(w.uow, w.district, card, now=w.now)
    return card


async def _return(w: Walker, by: Actor) -> object:
    ground = w.pick([g for g in Ground if g is not Ground.TOO_LITTLE])
    part = await w.part()
    return await request_return(w.uow, w.district, by, part.id, "应由公安分局办", now=w.now, ground=ground)


async def _decide(w: Walker, by: Actor) -> object:
    parts = [p for t in await w.tickets() for p in await w.uow.assignments.of_ticket(t.id)]
    requests = [r for p in parts for r in await w.uow.requests.of_assignment(p.id)]
    granted = w.pick([True, False])
    return await decide_request(w.uow, w.district, by, w.pick(requests).id, granted=granted, now=w.now)


async def _suspend(w: Walker, by: Actor) -> object:
    until = w.now + timedelta(days=3)
    return await ask_suspension(w.uow, w.district, by, (await w.part()).id, until, "等停水", now=w.now)


def _of_part(act: Callable[..., Awaitable[object]], *more: object) -> Try:
    async def attempt(w: Walker, by: Actor) -> object:
        return await act(w.uow, w.district, by, (await w.part()).id, *more, now=w.now)

    return attempt


def _of_ticket(act: Callable[..., Awaitable[object]], *more: object) -> Try:
    async def attempt(w: Walker, by: Actor) -> object:
        return await act(w.uow, w.district, by, (await w.ticket()).id, *more, now=w.now)

    return attempt


def _of_task(act: Callable[..., Awaitable[object]], *more: object, **named: object) -> Try:
    async def attempt(w: Walker, by: Actor) -> object:
        return await act(w.uow, w.district, by, (await w.task()).id, *more, **named, now=w.now)

    return attempt


def _with_unit(of: Callable[..., Try], act: Callable[..., Awaitable[object]]) -> Try:
    async def attempt(w: Walker, by: Actor) -> object:
        return await of(act, w.pick(UNITS))(w, by)

    return attempt


TRIES: dict[str, Try] = {
    "report": _report,
    "deliver": _deliver,
    "sign": _of_part(sign_assignment),
    "progress": _of_part(note_progress, "正在办"),
    "return": _return,
    "refuse": _of_task(refuse_return),
    "grant": _with_unit(_of_task, grant_return),
    "act first": _with_unit(_of_task, act_first),
    "extend": _of_part(ask_extension, parse_limit("1工作日"), "等配件"),
    "suspend": _suspend,
    "decide": _decide,
    "urge": _of_ticket(urge),
    "dispatch": _with_unit(_of_ticket, dispatch_by_hub),
    "told": _of_part(note_told),
}

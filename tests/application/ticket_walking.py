"""A small district on a real database, and everything that somebody may try to do to a ticket, by anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.application.calls.keep_ticket import convert_ticket, finish_own
from bot.application.calls.merge_tickets import decide_merge, merge_tickets, request_merge
from bot.application.calls.record_delivery import record_delivery
from bot.application.calls.redispatch import dispatch_by_hub, note_told, reopen_ticket
from bot.application.calls.report_back import send_answer
from bot.application.calls.start_calls import start_call
from bot.application.calls.verify import evaluate
from bot.application.calls.withdraw_ticket import decline_ticket, withdraw_ticket
from bot.application.calls.work_on import note_progress, sign_assignment
from bot.application.district import District
from bot.application.lookups.follow_ticket import urge
from bot.application.lookups.hub_desk import close_task, grade_ticket, take_next
from bot.application.records import Card, Face, Subject, SubjectKind
from bot.application.reporting.confirm_draft import Way, confirm_draft, join_ticket
from bot.application.requests.ask_for_time import ask_extension, ask_suspension
from bot.application.requests.ask_street import answer_street, ask_by_hub, ask_by_unit
from bot.application.requests.decide_request import decide_request
from bot.application.requests.request_return import request_return
from bot.application.requests.rule_return import act_first, grant_return, refuse_return, settle_dispute
from bot.application.undoing.undo import undo
from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.calendar import work_calendar
from bot.domain.chat import ChatKind
from bot.domain.draft import Draft, DraftState
from bot.domain.evaluation import Verdict
from bot.domain.limits import parse_limit
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor, Grant, Role
from bot.domain.returning import Ground
from bot.domain.ticket import Level
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

ITEMS = ("SZ-04", "SZ-03", "YJ-04", "SZ-02")
UNITS = ("D26", "D11", "D01")
STEPS = tuple(timedelta(**step) for step in ({"seconds": 20}, {"minutes": 11}, {"hours": 3}, {"days": 1}, {"days": 5}))


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


async def _join(w: Walker, by: Actor) -> object:
    draft = await w.draft()
    owner = next(actor for actor in w.actors if actor.id == draft.author_id)
    return await join_ticket(w.uow, w.district, owner, draft.id, (await w.ticket()).id, now=w.now)


async def _deliver(w: Walker, by: Actor) -> object:
    card = Card(0, Subject(SubjectKind.ASSIGNMENT, (await w.part()).id), 1, Face.UNIT)
    return await record_delivery(w.uow, w.district, card, now=w.now)


async def _return(w: Walker, by: Actor) -> object:
    ground = w.pick([g for g in Ground if g is not Ground.TOO_LITTLE])
    part = await w.part()
    return await request_return(w.uow, w.district, by, part.id, "应由公安分局办", now=w.now, ground=ground)


async def _decide(w: Walker, by: Actor) -> object:
    parts = [p for t in await w.tickets() for p in await w.uow.assignments.of_ticket(t.id)]
    requests = [r for p in parts for r in await w.uow.requests.of_assignment(p.id)]
    granted = w.pick([True, False])
    return await decide_request(w.uow, w.district, by, w.pick(requests).id, granted=granted, now=w.now)


async def _answer(w: Walker, by: Actor) -> object:
    asked = [q for t in await w.tickets() for q in await w.uow.street_questions.of_ticket(t.id)]
    return await answer_street(w.uow, w.district, by, w.pick(asked).id, "有", now=w.now)


async def _suspend(w: Walker, by: Actor) -> object:
    until = w.now + timedelta(days=3)
    return await ask_suspension(w.uow, w.district, by, (await w.part()).id, until, "等停水", now=w.now)


async def _request_merge(w: Walker, by: Actor) -> object:
    return await request_merge(w.uow, w.district, by, (await w.part()).id, await w.ticket(), now=w.now)


async def _merge(w: Walker, by: Actor) -> object:
    return await merge_tickets(w.uow, w.district, by, (await w.ticket()).id, (await w.ticket()).id, now=w.now)


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


async def _evaluate(w: Walker, by: Actor) -> object:
    return await evaluate(w.uow, w.district, by, (await w.part()).id, w.pick(list(Verdict)), now=w.now)


async def _take(w: Walker, by: Actor) -> object:
    return await take_next(w.uow, by, now=w.now)


async def _close(w: Walker, by: Actor) -> object:
    return await close_task(w.uow, by, (await w.task()).id, now=w.now)


TRIES: dict[str, Try] = {
    "report": _report,
    "report again": _report,
    "join": _join,
    "deliver": _deliver,
    "deliver again": _deliver,
    "sign": _of_part(sign_assignment),
    "sign again": _of_part(sign_assignment),
    "progress": _of_part(note_progress, "正在办"),
    "send answer": _of_part(send_answer),
    "send answer again": _of_part(send_answer),
    "return": _return,
    "return again": _return,
    "refuse": _of_task(refuse_return),
    "grant": _with_unit(_of_task, grant_return),
    "grant again": _with_unit(_of_task, grant_return),
    "act first": _with_unit(_of_task, act_first),
    "settle": _with_unit(_of_task, settle_dispute),
    "ask by hub": _of_task(ask_by_hub, "哪一盏？"),
    "ask by unit": _of_part(ask_by_unit, "哪一盏？"),
    "answer street": _answer,
    "extend": _of_part(ask_extension, parse_limit("1工作日"), "等配件"),
    "suspend": _suspend,
    "decide": _decide,
    "evaluate": _evaluate,
    "evaluate again": _evaluate,
    "withdraw": _of_ticket(withdraw_ticket, "修好了"),
    "urge": _of_ticket(urge),
    "dispatch": _with_unit(_of_ticket, dispatch_by_hub),
    "told": _of_part(note_told),
    "decline": _of_ticket(decline_ticket, "不在本渠道"),
    "reopen": _of_ticket(reopen_ticket),
    "convert": _of_ticket(convert_ticket),
    "finish own": _of_part(finish_own),
    "start": _of_ticket(start_call),
    "undo": _of_ticket(undo),
    "grade": _of_ticket(grade_ticket, Level.GRAVE),
    "merge": _merge,
    "request merge": _request_merge,
    "decide merge": _of_task(decide_merge, agreed=True),
    "refuse merge": _of_task(decide_merge, agreed=False),
    "take": _take,
    "close task": _close,
}

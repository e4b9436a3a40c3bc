"""All items of the list called at one moment, through the real dispatch, scan and delivery; what was heard when."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from bot.application.calls.dispatching import call_out
from bot.application.calls.redispatch import dispatch_by_hub
from bot.application.calls.start_calls import start_call
from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.telling import unit_chats
from bot.delivery.dispatcher import Dispatcher, Means
from bot.delivery.sender import AlbumSent, Keys, Manner, NotModified, Outcome, Picture, Place, Removed, Sent, Words
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.domain import routing
from bot.domain.assignment import Assignment
from bot.domain.catalogue import Item
from bot.domain.chat import ChatKind
from bot.domain.people import Actor, Grant, Person, Role
from bot.text.catalogue import Texts
from storage import migrate
from storage.delivery import SqlDelivery
from storage.store import SqlStore
from tests.delivery.desk import MovableClock, MovableTicker
from tests.storage.databases import sqlite_url
from tests.support.grown import district
from tests.text.district import a_ticket

STREET = "JL01"
PATIENCE = 120.0
MANY = 10**6
UNHURRIED = DeliverySettings(
    in_flight=200,
    budget=BudgetSettings(group_messages=MANY, private_per_second=MANY, private_burst=MANY, all_per_second=MANY),
)
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it arrived, on the district's clock."""

    chat: int
    at: datetime
    silent: bool
    text: str


@dataclass
class Ears:
    """A messenger that takes everything at once and notes it."""

    clock: MovableClock
    heard: list[Heard] = field(default_factory=list)

    async def send(self, place: Place, words: Words, keys: Keys, manner: Manner) -> Outcome:
        """A new message."""
        self.heard.append(Heard(place.chat_id, self.clock.now(), manner.silent, words.text))
        return Sent(next(_NUMBERS))

    async def edit(self, place: Place, message_id: int, words: Words, keys: Keys) -> Outcome:
        """Edits ring nowhere."""
        return NotModified()

    async def delete(self, place: Place, message_id: int) -> Outcome:
        """Nor does what goes."""
        return Removed()

    async def send_pictures(
        self, place: Place, pictures: Sequence[Picture], manner: Manner, *, as_bytes: bool = False
    ) -> Outcome:
        """There are none."""
        return AlbumSent(())


@dataclass
class Calling:
    """A district with a chat and people for each party; `parts` are the calls, by item."""

    where: District
    store: SqlStore
    clock: MovableClock
    ears: Ears
    dispatcher: Dispatcher
    people: dict[str, Person] = field(default_factory=dict)
    parts: dict[str, Assignment] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    async def call(self, items: Sequence[Item]) -> None:
        """The street calls for each item; officer and hub do at once what they are asked."""
        now = self.clock.now()
        async with self.store.begin() as uow:
            for item in items:
                ticket = a_ticket(
                    id=0,
                    code="",
                    item=item.code,
                    item_name=item.name,
                    level=item.level,
                    sensitivity=item.sensitivity,
                    emergency=item.emergency,
                    created_at=now,
                    reporter_id=self.people["reporter"].id,
                )
                ticket = await uow.tickets.add(ticket, day=self.where.day(now), prefix="JL")
                case = Case(ticket, [], [])
                await call_out(uow, self.where, case, now=now, by=ticket.reporter_id)
                if ticket.start_awaited:
                    case = await start_call(
                        uow, self.where, self._actor(Role.STREET_OFFICER, STREET), ticket.id, now=now
                    )
                if not case.assignments:
                    unit = routing.lead_unit(self.where.catalogue, item, STREET)
                    assert unit is not None, item.code
                    hub = self._actor(Role.DISPATCHER, "hub")
                    case = await dispatch_by_hub(uow, self.where, hub, ticket.id, unit.code, now=now)
                [self.parts[item.code]] = case.assignments
                self.codes[item.code] = case.ticket.code
            await uow.commit()
        await self.dispatcher.drain(PATIENCE)
        async with self.store.read() as uow:
            found = await uow.assignments.of_ids({part.id for part in self.parts.values()})
        self.parts = {code: found[part.id] for code, part in self.parts.items()}

    def _actor(self, role: Role, of: str) -> Actor:
        return Actor(self.people[f"{role} {of}"], frozenset({Grant(role, of)}))

    async def chats_of(self, part: Assignment) -> tuple[int, int]:
        """The unit's group, and its liaison's private chat."""
        async with self.store.read() as uow:
            [group] = await unit_chats(uow, self.where, part.assignee.code)
        return group.id, await self.private_chat(Role.LIAISON, part.assignee.code)

    async def private_chat(self, role: Role, of: str) -> int:
        """Where the one who holds that role is told in private."""
        async with self.store.read() as uow:
            [person] = await uow.people.holding(role, {of})
        assert person.private_chat_id is not None
        return person.private_chat_id

    async def everywhere(self, kind: ChatKind) -> int:
        """The one chat of that kind."""
        async with self.store.read() as uow:
            [chat] = await uow.chats.bound({kind}, {"hub"})
        return chat.id

    async def forward(self, until: datetime) -> None:
        """Every moment at which something is due or held comes, in order; the bot scans and delivers at each."""
        while True:
            async with self.store.read() as uow:
                moments = await uow.dues.next_moment(), await uow.outbox.next_release(self.clock.moment)
            moment = min((each for each in moments if each is not None), default=None)
            if moment is None or moment > until:
                break
            self.clock.moment = max(moment, self.clock.moment)
            await scan_due(self.store, self.where, now=self.clock.moment)
            await self.dispatcher.drain(PATIENCE)
        self.clock.moment = until
        await self.dispatcher.drain(PATIENCE)


async def _settle_in(uow: UnitOfWork, where: District, people: dict[str, Person]) -> None:
    numbers = count(1)
    for unit in where.catalogue.units.values():
        chat = await uow.chats.ensure(-next(numbers), title=unit.name, private=False)
        chat.kind, chat.of = ChatKind.DEPARTMENT, unit.code
        await uow.chats.save(chat)
        for role in (Role.LIAISON, Role.DEPARTMENT_LEADER):
            await _person(uow, next(numbers), role, unit.code, people)
    for kind, of in ((ChatKind.HUB, "hub"), (ChatKind.LEADERS, "hub"), (ChatKind.STREET, STREET)):
        chat = await uow.chats.ensure(-next(numbers), title=str(kind), private=False)
        chat.kind, chat.of = kind, of
        await uow.chats.save(chat)
    for role, of in ((Role.DISPATCHER, "hub"), (Role.STREET_OFFICER, STREET), (Role.DISTRICT_LEADER, "hub")):
        await _person(uow, next(numbers), role, of, people)
    people["reporter"] = await uow.people.ensure(next(numbers), name="网格员")


async def _person(uow: UnitOfWork, number: int, role: Role, of: str, people: dict[str, Person]) -> None:
    person = await uow.people.ensure(number, name=f"{of} {role}")
    chat = await uow.chats.ensure(number, title="", private=True)
    person.reachable, person.private_chat_id = True, chat.id
    await uow.people.save(person)
    await uow.people.grant(person.id, Grant(role, of), at=MovableClock().now(), by=None)
    people[f"{role} {of}"] = person


@asynccontextmanager
async def calling(folder: Path, start: datetime) -> AsyncIterator[Calling]:
    """A fresh district at that moment; the first of a folder is kept, the others are copies of it."""
    template, file = folder / "settled.db", folder / "now.db"
    where, people = district(), dict[str, Person]()
    if not template.exists():
        await migrate.upgrade(sqlite_url(template))
        store = SqlStore.open(sqlite_url(template))
        async with store.begin() as uow:
            await _settle_in(uow, where, people)
            await uow.commit()
        await store.close()
    for left in folder.glob("now.db*"):
        left.unlink()
    shutil.copy(template, file)
    store, clock = SqlStore.open(sqlite_url(file)), MovableClock()
    clock.moment = start
    ears = Ears(clock)
    means = Means(store, SqlDelivery(store), ears, Texts(), lambda: where, clock, MovableTicker())
    try:
        async with store.read() as uow:
            for role, of in ((Role.DISPATCHER, "hub"), (Role.STREET_OFFICER, STREET)):
                [people[f"{role} {of}"]] = await uow.people.holding(role, {of})
            [liaison] = await uow.people.holding(Role.LIAISON, {next(iter(where.catalogue.units))})
            people.setdefault("reporter", liaison)
        yield Calling(where, store, clock, ears, Dispatcher(means, UNHURRIED), people)
    finally:
        await store.close()

"""A dispatcher over a real database and the playground on a real port, with both clocks in the test's hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import uvicorn
from sqlalchemy import select
from telegram import Bot

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Card, Face, Outgoing, Subject, SubjectKind
from bot.application.reporting.confirm_draft import Way, confirm_draft
from bot.catalogue_files import CataloguePaths, read_catalogue
from bot.delivery.budget import Budget
from bot.delivery.dispatcher import Dispatcher, Means
from bot.delivery.sender import Sender
from bot.delivery.settings import DeliverySettings
from bot.delivery.telegram import TelegramSender
from bot.domain.assignment import Assignment
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import Draft, DraftState
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.rules import Rules
from bot.domain.work_calendar import WorkCalendar
from bot.playground.model import Message
from bot.playground.server import Playground, create_app
from bot.text.catalogue import Texts
from storage import mapping
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.mapping import columns_of
from storage.redis_wakeup import MemoryWakeup
from storage.store import SqlStore
from storage.tables.messages import outbox

LISTS = Path(__file__).resolve().parents[2] / "examples" / "jinlan"
STREET, UNIT, HUB, PARK = -1001, -1002, -1003, -1004
LI, WANG, CHEN = 11, 21, 31
TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in the district."""
MINIMAL = ("getMe", "getUpdates", "sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery")
MINIMAL_METHODS = (*MINIMAL, "deleteMessage")


class MovableClock:
    """The moment people live in, moved by the test."""

    def __init__(self) -> None:
        self.moment = TEN

    def now(self) -> datetime:
        return self.moment


class MovableTicker:
    """Real time that a test may push on."""

    def __init__(self) -> None:
        self.pushed = 0.0

    def time(self) -> float:
        return time.time() + self.pushed


@cache
def a_district() -> District:
    names = ("items", "departments", "units", "streets")
    paths = CataloguePaths(**{name: LISTS / f"{name}.csv" for name in names})
    return District(read_catalogue(paths), WorkCalendar(), Rules(standing_items=None))


def a_playground(clock: MovableClock) -> Playground:
    play = Playground(now=clock.now)
    for user, name in ((LI, "李网格"), (WANG, "王联络"), (CHEN, "陈调度")):
        play.add_user(user, name)
    play.add_chat(STREET, "望澜街道工作群", [LI])
    play.add_chat(UNIT, "市政中心", [WANG])
    play.add_chat(HUB, "区中枢", [CHEN])
    play.add_chat(PARK, "园区群", [LI], forum=True)
    return play


@asynccontextmanager
async def served(play: Playground) -> AsyncIterator[str]:
    """The playground on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(play), port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        play.close()
        server.should_exit = True
        server.force_exit = True
        await task


@dataclass
class Desk:
    """What a test holds. `dispatcher` is not running; `drain` sends."""

    play: Playground
    store: SqlStore
    delivery: SqlDelivery
    district: District
    clock: MovableClock
    ticker: MovableTicker
    files: FileStore
    sender: Sender
    wakeup: MemoryWakeup
    chats: dict[int, Chat] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)

    def dispatcher(
        self,
        *,
        worker: str = "delivery",
        sender: Sender | None = None,
        budget: Budget | None = None,
        settings: DeliverySettings = DeliverySettings(),
    ) -> Dispatcher:
        """Another life of the dispatcher, or another one."""
        means = Means(
            store=self.store,
            delivery=self.delivery,
            sender=sender or self.sender,
            texts=_TEXTS,
            district=lambda: self.district,
            clock=self.clock,
            ticker=self.ticker,
            wakeup=self.wakeup,
            worker=worker,
        )
        return Dispatcher(means, settings, budget)

    async def drain(self, timeout: float = 5.0) -> None:
        """A fresh dispatcher sends what is ripe."""
        await self.dispatcher().drain(timeout)

    def chat(self, telegram_id: int) -> int:
        """Our own number of the chat."""
        return self.chats[telegram_id].id

    async def queue(self, kind: str, chat: int, **more: object) -> int:
        """Queues a message; its id."""
        message = Outgoing(kind=kind, chat_id=self.chat(chat), **more)  # type: ignore[arg-type]
        async with self.store.begin() as uow:
            assert await uow.outbox.add(message, at=self.clock.now())
            await uow.commit()
        return (await self.outbox())[-1].id

    async def say(self, chat: int, text: str, **more: object) -> int:
        """Queues a message with just these words in it."""
        return await self.queue("call-back", chat, params={"code": text}, **more)

    async def outbox(self) -> list[Outgoing]:
        """Every outgoing message, oldest first."""
        async with self.store.read() as uow:
            rows = await uow.db.rows(select(*columns_of(outbox, Outgoing)).order_by(outbox.c.id))
            return [mapping.outgoing(row) for row in rows]

    async def a_draft(self, chat: int, place: str = "柳荫路45号", **changes: object) -> Draft:
        """A draft of Li's about a missing manhole cover, with its card wanted in that chat."""
        async with self.store.begin() as uow:
            draft = await uow.drafts.add(replace(self._draft(chat, place), **changes))  # type: ignore[arg-type]
            _ = await uow.cards.want(subject_of(draft), self.chat(chat), Face.DRAFT, at=self.clock.now())
            await uow.commit()
            return draft

    def _draft(self, chat: int, place: str) -> Draft:
        now = self.clock.now()
        return Draft(
            id=0,
            state=DraftState.OPEN,
            author_id=self.people[LI].id,
            chat_id=self.chat(chat),
            message_id=None,
            text="井盖没了",
            place=place,
            street="JL01",
            community="JL0101",
            caller=Party(PartyKind.STREET, "JL01"),
            created_at=now,
            updated_at=now,
            item="SZ-03",
            candidates=["SZ-03"],
            sure=True,
        )

    async def change(self, draft: Draft, **changes: object) -> None:
        """The draft is different now, and its cards are wanted anew."""
        async with self.store.begin() as uow:
            found = await uow.drafts.get(draft.id)
            assert found is not None
            for name, value in changes.items():
                setattr(found, name, value)
            await uow.drafts.save(found)
            await uow.cards.want_all(subject_of(draft))
            await uow.commit()

    async def card(self, subject: Subject, chat: int, face: Face) -> Card:
        """The card as it is stored now."""
        async with self.store.read() as uow:
            found = await uow.cards.of(subject, self.chat(chat), face)
            assert found is not None
            return found

    async def card_of(self, draft: Draft, chat: int) -> Card:
        """The draft's card as it is stored now."""
        return await self.card(subject_of(draft), chat, Face.DRAFT)

    async def call(self, place: str = "柳荫路45号", **changes: object) -> Assignment:
        """A call of the street to the municipal centre, whose card is wanted in its group."""
        draft = await self.a_draft(STREET, place, **changes)
        async with self.store.begin() as uow:
            grants = frozenset({Grant(Role.GRID_WORKER, "JL0101")})
            actor = Actor(self.people[LI], grants, Grant(Role.GRID_WORKER, "JL01"))
            case = await confirm_draft(uow, self.district, actor, draft.id, Way.CALL, now=self.clock.now())
            await uow.commit()
        [assignment] = case.assignments
        return assignment

    def said(self, chat: int) -> list[Message]:
        """What the bot's messages are there now."""
        return self.play.said_by_bot(chat)

    def texts(self, chat: int) -> list[str]:
        """Their words."""
        return [message.text for message in self.said(chat)]


_TEXTS = Texts()


def subject_of(draft: Draft) -> Subject:
    return Subject(SubjectKind.DRAFT, draft.id)


@asynccontextmanager
async def open_desk(url: str, folder: Path) -> AsyncIterator[Desk]:
    """Four groups bound, Li known and reachable in private."""
    clock = MovableClock()
    play = a_playground(clock)
    store = SqlStore.open(url)
    files = FileStore(folder / "files")
    async with served(play) as address, Bot(play.token, f"{address}/bot") as bot:
        sender = TelegramSender(bot, files)
        desk = Desk(
            play,
            store,
            SqlDelivery(store),
            a_district(),
            clock,
            MovableTicker(),
            files,
            sender,
            MemoryWakeup(),
        )
        async with store.begin() as uow:
            await _settle_in(uow, desk)
            await uow.commit()
        yield desk
    await store.close()


async def _settle_in(uow: UnitOfWork, desk: Desk) -> None:
    bound = {
        STREET: (ChatKind.STREET, "JL01"),
        UNIT: (ChatKind.DEPARTMENT, "D26"),
        HUB: (ChatKind.HUB, "hub"),
        PARK: (ChatKind.COMMUNITY, "JL0101"),
    }
    for telegram_id, (kind, of) in bound.items():
        chat = await uow.chats.ensure(telegram_id, title=desk.play.chat(telegram_id).title, private=False)
        chat.kind, chat.of = kind, of
        await uow.chats.save(chat)
        desk.chats[telegram_id] = chat
    for user, name in ((LI, "李网格"), (WANG, "王联络")):
        person = await uow.people.ensure(user, name=name)
        chat = await uow.chats.ensure(user, title=name, private=True)
        person.reachable, person.private_chat_id = True, chat.id
        await uow.people.save(person)
        desk.people[user], desk.chats[user] = person, chat
        _ = await desk.play.say(user, user, "/start")

"""A whole district on a table: the real bot, the real database, the playground over HTTP, a clock that is moved.

Scenarios speak through it: `await world.says(LI, STREET, "…")`, `await world.press(WANG, UNIT, "签收")`.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from bot.app import CLOCK_OFFSET, App, open_app
from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from bot.config import load_config
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.playground.model import Message
from bot.playground.server import Playground, create_app
from nlu.types import Interpreter

_TEMPLATE = Path(tempfile.mkdtemp(prefix="jiehu-world-")) / "bound.db"
"""The database of a district that has just been bound: made by the first world, copied by the others."""

ROOT = Path(__file__).resolve().parents[2]
DEMO_CONFIG = ROOT / "config.yml"
MONDAY_TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in the district."""

LI, ZHAO, WANG, SUN, CHEN, HE, QIAN, RESIDENT, LEADER, OFFICER = range(101, 111)
STREET, UNIT, HUB, COMMUNITY, MIXED, LEADERS, POLICE = -1001, -1002, -1003, -1004, -1005, -1006, -1007
NAMES = {
    LI: "李网格",
    ZHAO: "赵网格",
    WANG: "王联络",
    SUN: "孙师傅",
    CHEN: "陈调度",
    HE: "何主任",
    QIAN: "钱警官",
    RESIDENT: "周居民",
    LEADER: "吴区长",
    OFFICER: "郑副书记",
}
GROUPS = {
    STREET: ("望澜街道工作群", "street", "JL01", (LI, ZHAO, RESIDENT, OFFICER)),
    UNIT: ("市政中心", "department", "D26", (WANG, SUN)),
    HUB: ("区中枢", "hub", "hub", (CHEN,)),
    COMMUNITY: ("柳荫社区群", "community", "JL0101", (LI, ZHAO)),
    MIXED: ("柳荫共治群", "mixed", "JL01", (LI, RESIDENT, WANG)),
    LEADERS: ("区领导群", "leaders", "hub", (LEADER,)),
    POLICE: ("公安分局", "department", "D11", (QIAN,)),
}
ROLES = (
    (LI, "grid_worker", "JL0101"),
    (ZHAO, "grid_worker", "JL0101"),
    (OFFICER, "street_officer", "JL01"),
    (WANG, "liaison", "D26"),
    (QIAN, "liaison", "D11"),
    (CHEN, "dispatcher", "hub"),
    (HE, "department_leader", "D26"),
    (LEADER, "district_leader", "hub"),
)
UNHURRIED = DeliverySettings(
    budget=BudgetSettings(group_messages=10_000, private_per_second=1_000, private_burst=1_000, all_per_second=10_000)
)
"""Budgets are tested where they are kept; a scenario should not wait for them."""


@dataclass
class World:
    """The app and its playground, already bound unless asked otherwise."""

    app: App
    play: Playground
    base_url: str

    @property
    def now(self) -> datetime:
        """The moment people live in."""
        return self.app.clock.now()

    async def settle(self) -> None:
        """Everything said is worked off and everything that follows has been sent."""
        await self.play.drained(60)
        await self.app.settle()

    async def says(self, user: int, chat: int, text: str, reply_to: Message | None = None) -> Message:
        """A person writes, and the bot comes to rest."""
        how = {"reply_to": reply_to.message_id} if reply_to else {}
        message = await self.play.say(user, chat, text, **how)  # type: ignore[arg-type]
        await self.settle()
        return message

    async def press(self, user: int, chat: int, button: str, message: Message | None = None) -> str:
        """A person presses the newest button that contains these words; the answer's text."""
        target = message or self.card(chat, button)
        answer = await self.play.press(user, chat, target.message_id, button, timeout=20.0)
        await self.settle()
        return answer.text or ""

    def card(self, chat: int, button: str) -> Message:
        """The newest message of the bot there with a button that contains these words."""
        for message in reversed(self.play.said_by_bot(chat)):
            if any(button in caption for caption in captions(message)):
                return message
        raise AssertionError(f"no button {button!r} in {chat}; it reads:\n{self.transcript(chat)}")

    def last(self, chat: int) -> Message:
        """The bot's newest message there."""
        said = self.play.said_by_bot(chat)
        assert said, f"the bot has said nothing in {chat}"
        return said[-1]

    def said(self, chat: int) -> list[str]:
        """The texts of the bot that stand there now."""
        return [message.text for message in self.play.said_by_bot(chat)]

    def transcript(self, chat: int) -> str:
        """Everything that stands in a chat, with its buttons."""
        lines = []
        for message in self.play.messages(chat):
            if not message.deleted:
                buttons = "".join(f" [{caption}]" for caption in captions(message))
                lines.append(f"{message.sender.first_name}: {message.text}{buttons}")
        return "\n".join(lines)

    def everything_in_groups(self) -> str:
        """All the bot's words, ever, in every group."""
        words = []
        for chat in GROUPS:
            for message in self.play.messages(chat):
                if message.sender is self.play.bot:
                    words.append(message.text)
                    words += [content.text for content, _ in message.earlier]
        return "\n".join(words)

    async def forward(self, step: timedelta) -> None:
        """The clock moves on and everything that falls due on the way happens in order."""
        await self.app.advance(self.app.clock.now() + step)


def captions(message: Message) -> list[str]:
    """The captions of a message's buttons."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    assert isinstance(rows, list)
    return [str(button["text"]) for row in rows for button in row]


@asynccontextmanager
async def serve_playground(play: Playground) -> AsyncIterator[str]:
    """The playground on a free port of this machine."""
    config = uvicorn.Config(create_app(play), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        play.close()
        server.should_exit = True
        await task


@asynccontextmanager
async def open_world(
    folder: Path,
    interpreter: Interpreter | None,
    *,
    config_file: Path = DEMO_CONFIG,
    database_url: str = "",
    bound: bool = True,
    now: datetime = MONDAY_TEN,
    **rules: object,
) -> AsyncIterator[World]:
    """A world of its own in that folder; without an interpreter the bot opens config's own.

    Who binds it the first time in a session spares the others the binding.
    """
    template = bound and not database_url and config_file == DEMO_CONFIG
    copied = template and now == MONDAY_TEN and _TEMPLATE.exists()
    if copied:
        shutil.copy(_TEMPLATE, folder / "jiehu.db")
    clock_of: list[App] = []
    play = Playground(now=lambda: clock_of[0].clock.now() if clock_of else now)
    for user, name in NAMES.items():
        play.add_user(user, name)
    for chat, (title, _, _, members) in GROUPS.items():
        play.add_chat(chat, title, members)
    async with serve_playground(play) as url:
        config = load_config(config_file)
        config = with_places(config, url, play.token, database_url or f"sqlite+aiosqlite:///{folder}/jiehu.db", folder)
        async with open_app(config, interpreter=interpreter, delivery=UNHURRIED) as app:
            clock_of.append(app)
            app.clock.real = slow_time(now)
            app.district.choose(**rules)
            await app.set_clock(now)
            await app.start()
            world = World(app, play, url)
            if copied:
                recall_bindings(play)
            elif bound:
                await bind_all(world)
            if template and now == MONDAY_TEN and not copied:
                keep_template(folder / "jiehu.db")
            yield world


def slow_time(start: datetime) -> Callable[[], datetime]:
    """A microsecond whenever it is asked: no two acts at one moment, and a slow machine makes no story longer."""
    ticks = itertools.count()
    return lambda: start + timedelta(microseconds=next(ticks))


def recall_bindings(play: Playground) -> None:
    """The copied database knows these people and chats: they have written to the bot, message ids go on."""
    play.start_message_ids_at(1000)
    play.world.updates.skip_ids(1000)  # the binding was quicker than the numbers made of the real time
    for user, _, _ in ROLES:
        play.world.person(user).started = True


def keep_template(path: Path) -> None:
    """A consistent copy of the open database."""
    with sqlite3.connect(path) as source, sqlite3.connect(_TEMPLATE) as target:
        source.backup(target)


def with_places(config, url, token, database_url, folder):  # type: ignore[no-untyped-def]
    """The demonstration district's config, in a folder of its own and against that server."""
    from pydantic import SecretStr

    telegram = config.telegram.model_copy(update={"base_url": url, "token": SecretStr(token)})
    storage = config.storage.model_copy(update={"database_url": database_url, "files": folder / "files"})
    return config.model_copy(update={"telegram": telegram, "storage": storage})


async def bind_all(world: World) -> None:
    """Groups and people are bound with one-time codes, as people do it."""
    async with world.app.store.begin() as uow:
        district, now = world.app.district(), world.now
        groups = {
            chat: (await issue_code(uow, district, CodeKind.GROUP, kind, of, now=now)).code
            for chat, (_, kind, of, _) in GROUPS.items()
        }
        people = [
            (user, (await issue_code(uow, district, CodeKind.PERSON, role, of, now=now)).code)
            for user, role, of in ROLES
        ]
        await uow.commit()
    for chat, code in groups.items():
        await world.play.say(GROUPS[chat][3][0], chat, f"/bind {code}")
    for user, code in people:
        await world.play.say(user, user, f"/join {code}")
    await world.settle()


__all__ = ["CLOCK_OFFSET", "World", "open_world", "serve_playground"]

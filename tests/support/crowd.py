"""Many people in many groups who write, press and reply by themselves, as fast as the bot shows them something."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field

from bot.app import catalogue_of
from bot.application.district import District
from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from bot.clock import OffsetClock
from bot.config import load_config, work_calendar
from bot.playground.model import Message
from bot.playground.server import Playground
from storage import migrate
from storage.store import SqlStore
from tests.support.bot_process import ROOT
from tests.support.plain_words import REPORTS

UNITS = ("D26", "D25", "D06", "D20")
"""Who answers for the items of `PlainWords`."""
CODE = re.compile(r"JL-\d{8}-\d{4}")
NUMBER = re.compile(r"梧桐路(\d+)号")
CHATTER = ("收到", "今天中午吃啥子", "明天下午三点开会，大家准时", "辛苦大家了", "好的，马上转到群里", "早上好")
PER_GROUP = 3


@dataclass(frozen=True, slots=True)
class Group:
    """A group with who it is bound to and its people."""

    chat: int
    kind: str
    of: str
    people: tuple[int, ...]


@dataclass
class Crowd:
    """Feeds updates one by one and reacts to the bot's cards; counts what it did, by kind."""

    play: Playground
    reporting: list[Group]
    units: list[Group]
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)
    reports: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    _presses: set[asyncio.Task[object]] = field(default_factory=set)

    @property
    def updates(self) -> int:
        """How many updates there have been."""
        return self.done.total()

    async def report(self) -> None:
        """Somebody writes a report that no other equals."""
        number = self.done["report"] + 1
        group = self.rng.choice(self.reporting)
        author = self.rng.choice(group.people)
        words = list(REPORTS)[number % len(REPORTS)]
        said = await self.play.say(author, group.chat, f"{words}，梧桐路{number}号门口")
        self.reports[group.chat, said.message_id] = (author, number)
        self.done["report"] += 1

    async def chat(self) -> None:
        """Somebody says something that is nobody's business; the busiest group is twice as likely as all others."""
        group = self.units[0] if self.rng.random() < 0.3 else self.rng.choice(self.reporting)
        await self.play.say(self.rng.choice(group.people), group.chat, self.rng.choice(CHATTER))
        self.done["chatter"] += 1

    async def react(self) -> None:
        """Until cancelled: confirms every draft, signs every call, says a word to every third."""
        with self.play.world.events.watch() as queue:
            while (event := await queue.get()) is not None:
                if event["type"] in {"message", "edit"}:
                    await self._see(self.play.world.message(int(str(event["chat"])), int(str(event["message_id"]))))

    async def _see(self, message: Message) -> None:
        if message.sender is not self.play.bot:
            return
        asked = self.reports.get((message.chat_id, message.reply_to or 0))
        if asked and asked[1] not in self.confirmed and _has(message, "确认上报"):
            self.confirmed.add(asked[1])
            self._press(asked[0], message, "确认上报")
        found = CODE.search(message.text)
        unit = next((group for group in self.units if group.chat == message.chat_id), None)
        if unit is None or found is None:
            return
        code = found.group()
        if _has(message, "签收") and code not in self.signed:
            self.signed.add(code)
            self._press(unit.people[0], message, "签收")
        elif _has(message, "回告") and code not in self.followed and _number(message) % 3 == 0:
            self.followed.add(code)
            await self.play.say(unit.people[1], message.chat_id, "已到现场，正在抢修", reply_to=message.message_id)
            self.done["progress"] += 1

    def _press(self, user: int, message: Message, button: str) -> None:
        task = asyncio.ensure_future(self.play.press(user, message.chat_id, message.message_id, button, timeout=0.01))
        self._presses.add(task)
        task.add_done_callback(self._presses.discard)
        self.done[button] += 1

    @property
    def is_content(self) -> bool:
        """Whether everybody has got what he waits for."""
        reports = self.done["report"]
        return len(self.confirmed) == len(self.signed) == reports and len(self.followed) == reports // 3


def _has(message: Message, button: str) -> bool:
    return any(button in caption for row in message.buttons for caption in row)


def _number(message: Message) -> int:
    found = NUMBER.search(message.text)
    assert found is not None, message.text
    return int(found.group(1))


async def gather_crowd(play: Playground, database_url: str, *, seed: int = 0) -> Crowd:
    """Every street and community has a group, four units have theirs; /bind and /join wait in the queue."""
    await migrate.upgrade(database_url)
    store = SqlStore.open(database_url)
    config = load_config(ROOT / "config.yml")
    clock = OffsetClock()
    catalogue = await catalogue_of(config, store, clock)
    district = District(catalogue, work_calendar(config), config.rules())
    parties = [("street", code) for code in catalogue.streets] + [("community", code) for code in catalogue.communities]
    groups = [_group(play, n, kind, of) for n, (kind, of) in enumerate([*parties, *(("department", u) for u in UNITS)])]
    crowd = Crowd(play, groups[: len(parties)], groups[len(parties) :], random.Random(seed))
    async with store.begin() as uow:
        binds = [(g, await issue_code(uow, district, CodeKind.GROUP, g.kind, g.of, now=clock.now())) for g in groups]
        joins = [
            (person, await issue_code(uow, district, CodeKind.PERSON, "liaison", unit.of, now=clock.now()))
            for unit in crowd.units
            for person in unit.people[:2]
        ]
        await uow.commit()
    await store.close()
    for group, code in binds:
        await play.say(group.people[0], group.chat, f"/bind {code.code}")
    for person, code in joins:
        await play.say(person, person, f"/join {code.code}")
    crowd.done["bind or join"] += len(binds) + len(joins)
    return crowd


def _group(play: Playground, number: int, kind: str, of: str) -> Group:
    people = tuple(10_000 + number * PER_GROUP + n for n in range(PER_GROUP))
    for person in people:
        play.add_user(person, f"人{person}")
    chat = -10_001 - number
    play.add_chat(chat, f"{of}群", people)
    return Group(chat, kind, of, people)

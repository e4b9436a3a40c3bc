"""A working day of the demonstration district: one street makes 31 calls, everybody presses as people would.

Nobody looks at his phone unless it rang: whoever is asked something acts some minutes after a message that made a
sound. What each role received, was woken by, pressed and typed is counted.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.app import open_app
from bot.config import load_config
from bot.demo import DemoClock, bind_demo, demo_of, new_playground
from bot.domain.people import Role
from bot.domain.rules import AnswerSignature
from bot.playground.model import Message
from tests.support.plain_words import REPORTS, PlainWords
from tests.support.world import ROOT, UNHURRIED, World, captions, serve_playground, with_places

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 08:00 in the district."""

CALLS = 31
STREET = "JL01"
MINUTE = timedelta(minutes=1)
EVERYTHING_ASKED = {"standing_items": frozenset[str](), "answer_signature": AnswerSignature.ALL}
"""The most that a district can ask of its officers and leaders: each call is started, each answer is signed."""


@dataclass
class Tally:
    """What one person had of the day."""

    private: int = 0
    in_groups: int = 0
    woken: int = 0
    pressed: int = 0
    typed: int = 0


@dataclass
class Day:
    """The day while it goes on; `people` are counted by Telegram id."""

    world: World
    roles: dict[int, tuple[Role, str]]
    groups: dict[int, tuple[str, str, tuple[int, ...]]]
    people: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    presses_of_case: Counter[str] = field(default_factory=Counter)
    told: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    reported: int = 0
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _asked: set[tuple[int, int, str]] = field(default_factory=set)
    _plans: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    _number: Iterable[int] = field(default_factory=count)

    def later(self, minutes: float, act: Callable[[], Awaitable[None]]) -> None:
        """Somebody does that in so many minutes."""
        when = self.world.now + minutes * MINUTE
        heapq.heappush(self._plans, (when, next(iter(self._number)), act))

    async def run(self, until: datetime) -> None:
        """People act in order, the bot's clocks run in between."""
        while self._plans and self._plans[0][0] <= until:
            when, _, act = heapq.heappop(self._plans)
            await self.world.app.advance(when)
            await self._look()
            await act()
            await self._look()
        await self.world.app.advance(until)
        await self._look()

    async def press(self, user: int, message: Message, button: str, case: str = "") -> None:
        """A press, counted."""
        self.people[user].pressed += 1
        self.presses_of_case[case] += 1
        await self.world.press(user, message.chat_id, button, message)

    async def says(self, user: int, chat: int, words: str, reply_to: Message | None = None) -> None:
        """Words, counted."""
        self.people[user].typed += len(words)
        await self.world.says(user, chat, words, reply_to)

    async def _look(self) -> None:
        """Everybody sees what is new; who was woken by something that he can do plans to do it."""
        for chat in (*self.groups, *self.roles):
            for message in self.world.play.said_by_bot(chat):
                self._count(chat, message)
                self._react(chat, message)

    def _count(self, chat: int, message: Message) -> None:
        if (chat, message.message_id) in self._seen:
            return
        self._seen.add((chat, message.message_id))
        for user in self.groups[chat][2] if chat in self.groups else (chat,):
            tally = self.people[user]
            tally.woken += not message.silent
            if chat in self.groups:
                tally.in_groups += 1
            else:
                tally.private += 1
                self.told[user].append(message.text)

    def _react(self, chat: int, message: Message) -> None:
        for wanted, minutes, act in (
            ("签收", 10, self._sign),
            ("满意", 20, self._evaluate),
            ("全部启动", 5, self._decide),
            ("启动 ", 5, self._decide),
            ("全部签发", 5, self._decide),
            ("签发 ", 5, self._decide),
        ):
            button = next((each for each in captions(message) if wanted in each), "")
            # he acts once on what woke him; an edit of the same message does not ring
            key = (chat, message.message_id, act.__name__)
            if wanted == "签收" and "JL-" not in message.text:
                continue  # a digest: what it lists has been pressed on its card
            if button and key not in self._asked and (not message.silent or wanted == "满意"):
                self._asked.add(key)
                self.later(minutes, lambda act=act, button=button: act(chat, message.message_id, button))

    def _now(self, chat: int, message_id: int, button: str) -> Message | None:
        message = self.world.play.world.message(chat, message_id)
        return message if not message.deleted and any(button in each for each in captions(message)) else None

    async def _sign(self, chat: int, message_id: int, button: str) -> None:
        message = self._now(chat, message_id, button)
        if message is None or chat not in self.groups:
            return
        case = message.text.split("JL-")[1][:13] if "JL-" in message.text else ""
        liaison = next(user for user in self.groups[chat][2] if self.roles[user][0] is Role.LIAISON)
        await self.press(liaison, message, button, case)
        self.later(60, lambda: self._answer(liaison, chat, message_id, case))

    async def _answer(self, liaison: int, chat: int, message_id: int, case: str) -> None:
        message = self.world.play.world.message(chat, message_id)
        await self.says(liaison, chat, "已处理完毕，现场已恢复", message)
        await self.press(liaison, self.world.card(chat, "发送回告"), "发送回告", case)

    async def _evaluate(self, chat: int, message_id: int, button: str) -> None:
        message = self._now(chat, message_id, "满意")
        if message is not None and chat in self.roles:
            await self.press(chat, message, "满意")

    async def _decide(self, chat: int, message_id: int, button: str) -> None:
        """The newest of what waits is pressed, if anything does."""
        message = self._now(chat, message_id, button)
        if message is not None and chat in self.roles:
            await self.press(chat, message, button)

    async def report(self, worker: int, chat: int, number: int) -> None:
        """One sentence and one press."""
        opening = list(REPORTS)[number % len(REPORTS)]
        await self.says(worker, chat, f"{opening}，梧桐路{number + 1}号门口")
        await self.press(worker, self.world.card(chat, "确认上报"), "确认上报")
        self.reported += 1

    def of_role(self, role: Role, *, of: str = "") -> dict[int, Tally]:
        """Everybody of that role (of that party) who had anything of the day."""
        return {
            user: self.people[user]
            for user, (held, party) in self.roles.items()
            if held is role and (not of or party.startswith(of))
        }


@asynccontextmanager
async def a_district_day(folder: Path, **rules: object) -> AsyncIterator[Day]:
    """The demonstration district on Tuesday at eight, with its 31 calls planned; they come when the day is run."""
    config = load_config(ROOT / "config.yml")
    demo, _ = demo_of(config)
    clock = DemoClock()
    play = new_playground(demo, clock)
    async with serve_playground(play) as url:
        config = with_places(config, url, play.token, f"sqlite+aiosqlite:///{folder}/day.db", folder)
        async with open_app(config, interpreter=PlainWords(), delivery=UNHURRIED) as app:
            clock.app = app
            app.district.choose(**rules)
            await app.set_clock(MORNING)
            await bind_demo(app, demo)
            await app.start()
            roles = {person.id: (person.role, person.of) for person in demo.people}
            groups = {group.id: (str(group.kind), group.of, tuple(group.members)) for group in demo.groups}
            day = Day(World(app, play, url), roles, groups)
            chat = next(number for number, (kind, of, _) in groups.items() if (kind, of) == ("street", STREET))
            workers = [user for user in groups[chat][2] if roles[user][0] is Role.GRID_WORKER]
            for number in range(CALLS):
                worker = workers[number % len(workers)]
                day.later(65 + number * 15, lambda w=worker, n=number: day.report(w, chat, n))
            yield day


def table(day: Day) -> str:
    """Per role: how many had anything, and the most and the mean that one of them had."""
    lines = [
        f"{'role':18} {'people':>6} {'private':>9} {'groups':>9} {'woken':>9} {'presses':>9} {'typed':>9}   (most/mean)"
    ]
    for role in Role:
        tallies = [t for t in day.of_role(role).values() if t.private + t.in_groups + t.pressed]
        if not tallies:
            continue
        cells = []
        for name in ("private", "in_groups", "woken", "pressed", "typed"):
            numbers = [getattr(tally, name) for tally in tallies]
            cells.append(f"{max(numbers)}/{sum(numbers) / len(numbers):.1f}")
        lines.append(f"{role:18} {len(tallies):6} " + " ".join(f"{cell:>9}" for cell in cells))
    return "\n".join(lines)

"""The whole bot without a network: real handlers, real database, real delivery, a messenger that only remembers.

What people do is one update in the real runner; what the bot says is rendered, claimed, "sent" and marked at once.
Ten times quicker than a world over HTTP, so that everything can be pressed by everybody, and walks may be long.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from structlog.testing import capture_logs
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from bot.application.inbox import InboxRow, LaneClaim
from bot.application.records import Subject, SubjectKind, Token
from bot.catalogue_files import read_catalogue
from bot.clock import WallTicker
from bot.config import load_config, work_calendar
from bot.delivery.budget import MemoryBudget
from bot.delivery.claiming import Claimer, Finder
from bot.delivery.marking import Marker, in_lock_order
from bot.delivery.render import Renderer
from bot.delivery.sending import carry_out
from bot.domain.permissions import Action
from bot.gateway.application import JiehuApplication, build_application
from bot.gateway.metrics import Metrics
from bot.gateway.presses import Presses
from bot.gateway.unit import UnitRunner
from bot.gateway.work import Hooks, Resources
from bot.text.catalogue import Texts
from handlers.errors import ErrorTexts
from handlers.routes import register
from handlers.services import Manners, Services
from nlu.types import Interpreter
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.redis_wakeup import MemoryWakeup
from storage.store import SqlStore
from storage.tables.base import metadata
from tests.support.messenger import Messenger, Said
from tests.support.world import MONDAY_TEN, ROOT, UNHURRIED

BOT_ID = 1
LAST_TRY = 2
"""What fails once is told at once."""

EVERYTHING = 100


class MovedClock:
    """The moment people live in."""

    def __init__(self, moment: datetime = MONDAY_TEN) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class NoNetwork(BaseRequest):
    """A Bot API that knows the bot's name and hears the answers to presses."""

    def __init__(self) -> None:
        self.answers: dict[str, list[dict[str, Any]]] = {}

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is closed."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **more: object
    ) -> tuple[int, bytes]:
        """getMe and answerCallbackQuery; anything else inside a unit of work would be a fault."""
        name = url.rpartition("/")[2]
        result: object = True
        if name == "getMe":
            result = {"id": BOT_ID, "is_bot": True, "first_name": "街呼", "username": "jiehu_bot"}
        else:
            assert name == "answerCallbackQuery", f"{name} was called inside a unit of work"
            assert request_data is not None
            asked = request_data.parameters
            self.answers.setdefault(str(asked["callback_query_id"]), []).append(asked)
        return 200, json.dumps({"ok": True, "result": result}).encode()


class NoInbox:
    """The runner's inbox: what failed is remembered, everything else is done with."""

    def __init__(self) -> None:
        self.crashes: list[str] = []

    async def done(self, uow: object, claim: LaneClaim, row: InboxRow, *, forget: bool) -> None:
        """Nothing to write."""

    async def failed(self, claim: LaneClaim, row: InboxRow, error: str, *, retry_at: float, dead: bool) -> None:
        """A handler crashed."""
        self.crashes.append(error)


@dataclass
class Quiet:
    """One district; `now` is the people's moment, `faults` what only a programmer would see."""

    store: SqlStore
    application: JiehuApplication
    services: Services
    clock: MovedClock
    district: District
    network: NoNetwork
    inbox: NoInbox
    runner: UnitRunner
    finder: Finder
    claimer: Claimer
    marker: Marker
    presses: Presses
    messenger: Messenger = field(default_factory=Messenger)
    names: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    updates: int = 0

    @property
    def now(self) -> datetime:
        """The moment people live in."""
        return self.clock.moment

    def update_of_press(self, user: int, chat: int, token: str, message: int = 1) -> dict[str, Any]:
        """What Telegram sends when a button is pressed."""
        self.updates += 1
        shown = {"message_id": message, "date": int(self.now.timestamp()), "chat": self._chat(chat), "text": "·"}
        query = {"id": f"q{self.updates}", "from": self._user(user), "message": shown, "chat_instance": "1"}
        return {"update_id": self.updates, "callback_query": {**query, "data": token}}

    def update_of_words(self, user: int, chat: int, text: str, reply_to: Said | None = None) -> dict[str, Any]:
        """What Telegram sends when somebody writes."""
        self.updates += 1
        self.messenger.last_id += 1
        message: dict[str, Any] = {
            "message_id": self.messenger.last_id,
            "date": int(self.now.timestamp()),
            "chat": self._chat(chat),
            "from": self._user(user),
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if reply_to is not None:
            bot = {"id": BOT_ID, "is_bot": True, "first_name": "街呼"}
            there = {"message_id": reply_to.id, "date": message["date"], "chat": message["chat"], "from": bot}
            message["reply_to_message"] = {**there, "text": reply_to.text[:4000] or "·"}
        return {"update_id": self.updates, "message": message}

    def _user(self, user: int) -> dict[str, Any]:
        return {"id": user, "is_bot": False, "first_name": self.names.get(user, f"路人{user}")}

    def _chat(self, chat: int) -> dict[str, Any]:
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": self.names.get(chat, "")}
        return {"id": chat, "type": "supergroup", "title": f"群{-chat}"}

    async def happen(self, update: dict[str, Any]) -> list[dict[str, Any]]:
        """One update through the real runner; the answers to the press, if it was one."""
        number = update["update_id"]
        row = InboxRow(number, number, json.dumps(update), LAST_TRY, WallTicker().time())
        claim = LaneClaim(1, 1, (row,))
        with capture_logs() as logs:
            await self.runner.run(claim, row)
            await self.presses.settled()
        self._note(logs)
        query = update.get("callback_query")
        return self.network.answers.pop(str(query["id"]), []) if query else []

    def _note(self, logs: Sequence[Any]) -> None:
        self.faults += [str(entry) for entry in logs if entry["log_level"] in {"error", "critical"}]

    async def press(self, user: int, chat: int, token: str) -> str:
        """A person presses; the one answer."""
        answers = await self.happen(self.update_of_press(user, chat, token))
        if len(answers) != 1 or not answers[0].get("text"):
            self.faults.append(f"{len(answers)} answers to {user} in {chat}: {answers}")
            return ""
        await self.deliver()
        return str(answers[0]["text"])

    async def says(self, user: int, chat: int, text: str, reply_to: Said | None = None) -> list[Said]:
        """A person writes; what the bot says new after it, anywhere."""
        self.messenger.fresh.clear()
        await self.happen(self.update_of_words(user, chat, text, reply_to))
        await self.deliver()
        return list(self.messenger.fresh)

    async def deliver(self) -> None:
        """Everything that is ripe is shown at once, one after the other in each chat."""
        with capture_logs() as logs:
            while await self._deliver_some():
                pass
        self._note(logs)

    async def _deliver_some(self) -> bool:
        async with self.store.begin() as uow:
            found = await self.finder.find(uow, busy=(), limit=EVERYTHING)
            if not found:
                return False
            jobs = await self.claimer.claim(uow, found)
            for job in jobs:
                job.outcome = await carry_out(self.messenger, job)
            await self.marker.lock(uow, jobs)
            for job in sorted(jobs, key=in_lock_order):
                await self.marker.mark(uow, job)
            await uow.commit()
        return True

    async def scan(self) -> None:
        """What is due by now is judged, and shown."""
        with capture_logs() as logs:
            await scan_due(self.store, self.district, now=self.now)
        self._note(logs)
        await self.deliver()

    async def forward(self, step: timedelta) -> None:
        """Time passes, and what falls due on the way happens at its moment."""
        target = self.now + step
        while True:
            async with self.store.read() as uow:
                moment = await uow.dues.next_moment()
            if moment is None or moment > target:
                break
            self.clock.moment = max(moment, self.now)
            await self.scan()
        self.clock.moment = target
        await self.scan()

    async def token(self, token: str) -> Token | None:
        """What a button means."""
        async with self.store.read() as uow:
            return await uow.tokens.get(token)

    async def tokens(self, *, of_cards: bool = False) -> dict[str, Token]:
        """Every button that was ever made, or those of cards, by its token."""
        table = metadata.tables["token"]
        columns = (table.c.action, table.c.subject_kind, table.c.subject_id, table.c.arg, table.c.chat_id)
        wanted = select(table.c.token, *columns, table.c.expires_at, table.c.round).order_by(table.c.owner, *columns)
        async with self.store.read() as uow:
            rows = await uow.db.rows(wanted.where(table.c.owner.like("card:%")) if of_cards else wanted)
        return {
            token: Token(token, Action(action), Subject(SubjectKind(kind), number), arg, chat, until, round_)
            for token, action, kind, number, arg, chat, until, round_ in rows
        }

    async def shown(self, chat: int | None = None) -> list[tuple[Said, Token]]:
        """Every button that stands in a chat (everywhere) now, the newest message last."""
        tokens = await self.tokens()
        return [
            (said, tokens[key.token])
            for said in sorted(self.messenger.said.values(), key=lambda said: said.id)
            if chat in {None, said.chat}
            for row in said.keys
            for key in row
            if key.token in tokens
        ]

    async def button(self, chat: int, action: Action, arg: str | None = None) -> Token:
        """The newest button there that asks for this; without `arg` the plain one, if there is one."""
        there = [token for _, token in reversed(await self.shown(chat)) if token.action is action]
        for token in there if arg is not None else [t for t in there if not t.arg] or there:
            if arg is None or token.arg.startswith(arg):
                return token
        others = sorted({f"{token.action}:{token.arg}" for _, token in await self.shown(chat)})
        raise AssertionError(f"no button {action} {arg} in {chat}, there are {others}; it reads {self.last(chat)}")

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> str:
        """A person presses the newest button there that asks for this."""
        return await self.press(user, chat, (await self.button(chat, action, arg)).token)

    def last(self, chat: int) -> Said | None:
        """The bot's newest message there."""
        return next((s for s in sorted(self.messenger.said.values(), key=lambda s: -s.id) if s.chat == chat), None)


@cache
def demo_district() -> District:
    """The demonstration district's list, calendar and rules."""
    config = load_config(ROOT / "config.yml", {})
    catalogue = read_catalogue(config.catalogue_paths())
    return District(catalogue, work_calendar(config), config.rules(), ladders=config.escalation.ladders())


@asynccontextmanager
async def open_quiet(
    url: str, interpreter: Interpreter, folder: Path, *, now: datetime = MONDAY_TEN, **rules: object
) -> AsyncIterator[Quiet]:
    """A district on that (migrated) database."""
    store, clock, network, texts = SqlStore.open(url), MovedClock(now), NoNetwork(), Texts()
    application = build_application("1:token", request=network)
    holder: list[Quiet] = []
    first = demo_district().with_rules(**rules)

    def district() -> District:
        return holder[0].district if holder else first

    files = FileStore(folder / "files")
    services = Services(store, texts, interpreter, clock, files, district, Manners())
    application.bot_data["services"] = services
    register(application)
    await application.initialize()
    bot: ExtBot[None] = application.bot
    hooks = ErrorTexts(bot, services)
    ticker, metrics, inbox, delivery = WallTicker(), Metrics(), NoInbox(), SqlDelivery(store)
    presses = Presses(bot, ticker, metrics)
    resources = Resources(store, inbox, MemoryWakeup(), clock, ticker, BOT_ID)  # type: ignore[arg-type]
    runner = UnitRunner(
        application,
        resources,
        Hooks(hooks.prepare, hooks.refuse, hooks.late_answer, hooks.crashed),
        presses,
        metrics,
    )
    marker = Marker(delivery, district, clock, ticker)
    claimer = Claimer(delivery, Renderer(texts, district, token_days=60), marker, clock, worker="quiet")
    finder = Finder(delivery, MemoryBudget(UNHURRIED.budget, ticker), clock, ticker)
    quiet = Quiet(store, application, services, clock, first, network, inbox, runner, finder, claimer, marker, presses)
    holder.append(quiet)
    try:
        yield quiet
    finally:
        await application.shutdown()
        await store.close()

"""Replaying a file of messages through the whole bot: every message gets a fate, and none may be lost."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config import Config
from bot.config.demo import DemoGroup, DemoPerson
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.demo import RunningDemo, open_demo
from bot.domain.people import Role
from bot.domain.ticket import Mode
from bot.playground.model import Message

UNHURRIED = DeliverySettings(
    budget=BudgetSettings(
        group_messages=100_000, private_per_second=10_000, private_burst=10_000, all_per_second=100_000
    )
)
BETWEEN = timedelta(minutes=3)
"""Between two messages, so that none joins the one before."""

YES, CONFIRMS = "是，要上报", ("街道自办", "确认上报")


@dataclass
class Tally:
    """What became of the messages."""

    messages: int = 0
    kept: int = 0
    dispatched: Counter[str] = field(default_factory=Counter)
    hub: int = 0
    started: int = 0
    asked: int = 0
    private: int = 0
    silent: int = 0
    lost: int = 0

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "messages": self.messages,
            "kept_in_street": self.kept,
            "dispatched": dict(self.dispatched.most_common()),
            "dispatched_total": self.dispatched.total(),
            "at_hub": self.hub,
            "awaiting_start": self.started,
            "asked_back": self.asked,
            "answered_in_private": self.private,
            "silent": self.silent,
            "lost": self.lost,
        }

    def as_text(self) -> str:
        """For people."""
        units = ", ".join(f"{name} {count}" for name, count in self.dispatched.most_common())
        return "\n".join(
            [
                f"messages            {self.messages}",
                f"kept in the street  {self.kept}",
                f"dispatched          {self.dispatched.total()}  ({units})",
                f"at the hub          {self.hub}",
                f"awaiting start      {self.started}",
                f"asked back          {self.asked}  (of the above; the first of the items offered was pressed)",
                f"answered in private {self.private}  (no ticket)",
                f"silent              {self.silent}",
                f"lost                {self.lost}",
            ]
        )


async def replay_file(config: Config, file: Path, data: Path, *, limit: int = 0) -> Tally:
    """Sends each row's `text` as the next community's grid worker and presses what a worker would."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream) if row.get("text", "").strip()]
    texts = texts[:limit] if limit else texts
    async with open_demo(config, data, delivery=UNHURRIED) as running:
        tally = Tally()
        workers = [p for p in running.demo.people if p.role is Role.GRID_WORKER and len(p.of) == 6]
        streets = {g.of: g for g in running.demo.groups if g.kind == "street"}
        for number, text in enumerate(texts):
            worker = workers[number % len(workers)]
            await _one(running, worker, streets[worker.of[:4]], text, tally)
        tally.lost = await _lost(running)
    return tally


async def _one(running: RunningDemo, worker: DemoPerson, group: DemoGroup, text: str, tally: Tally) -> None:
    app, play = running.app, running.play
    await app.set_clock(app.clock.now() + BETWEEN)
    before = {chat: len(play.said_by_bot(chat)) for chat in (group.id, worker.id)}
    tickets = await _ticket_count(running)
    await play.say(worker.id, group.id, text)
    await _settle(running)
    tally.messages += 1
    answered = _answers(running, before)
    if not answered:
        tally.silent += 1
        return
    if not any(_buttons(message) for _, message in answered):
        tally.private += 1
        return
    tally.asked += await _confirm(running, worker, before)
    await _count(running, tickets, tally)


def _answers(running: RunningDemo, before: dict[int, int]) -> list[tuple[int, Message]]:
    return [(chat, message) for chat, count in before.items() for message in running.play.said_by_bot(chat)[count:]]


def _buttons(message: Message) -> list[str]:
    return [caption for row in message.buttons for caption in row]


async def _confirm(running: RunningDemo, worker: DemoPerson, before: dict[int, int]) -> int:
    """Presses until the draft is confirmed; 1 if the bot had to ask back."""
    asked = 0
    for _ in range(3):
        chat, message = next((c, m) for c, m in reversed(_answers(running, before)) if _buttons(m))
        captions = _buttons(message)
        confirm = next((i for i, c in enumerate(captions) if any(word in c for word in CONFIRMS)), None)
        asked |= int(confirm is None or any("都不是" in c for c in captions))
        chosen = confirm
        if chosen is None:
            chosen = next((i for i, c in enumerate(captions) if YES in c), 0)
        await running.play.press(worker.id, chat, message.message_id, captions[chosen], timeout=20.0)
        await _settle(running)
        if confirm is not None or "都不是" in captions[chosen]:
            break
    return asked


async def _ticket_count(running: RunningDemo) -> int:
    async with running.app.store.read() as uow:
        return len(await uow.tickets.listed(limit=100_000))


async def _count(running: RunningDemo, before: int, tally: Tally) -> None:
    async with running.app.store.read() as uow:
        tickets = await uow.tickets.listed(limit=100_000)
        if len(tickets) == before:
            tally.private += 1
            return
        ticket = max(tickets, key=lambda each: each.id)
        parts = await uow.assignments.of_ticket(ticket.id)
    if ticket.mode is Mode.SELF:
        tally.kept += 1
    elif ticket.start_awaited:
        tally.started += 1
    elif parts:
        tally.dispatched[running.app.district().catalogue.party_name(parts[-1].assignee.code)] += 1
    else:
        tally.hub += 1


async def _settle(running: RunningDemo) -> None:
    await running.play.drained(30)
    await running.app.settle()


async def _lost(running: RunningDemo) -> int:
    """Updates that are neither worked off nor waiting: dead letters, and what Telegram still holds."""
    open_rows, _ = await running.app.inbox.backlog()
    return len(await running.app.inbox.dead_letters(1000)) + open_rows + running.play.pending

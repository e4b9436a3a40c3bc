"""SIGKILL at random moments while updates come in, and an audit of everything afterwards.

The Bot API server is the playground in this process, so it survives the kills and knows what really arrived.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Select, select, union

from bot.application.records import OutboxStatus
from bot.playground.server import Playground
from storage.store import SqlStore
from storage.tables.history import event
from storage.tables.matters import assignment, draft, ticket
from storage.tables.messages import DONE, OPEN, bot_message, card, inbox, outbox
from storage.tables.people import chat
from tests.support.bot_process import READY, ROOT, BotProcess, bot_on
from tests.support.crowd import CODE, Crowd, gather_crowd

PATIENCE_SECONDS = 60.0
"""How long nothing may happen while something is left to do."""
Standing = tuple[int, int]
"""A message: Telegram's chat id and message id."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much and how often; a life ends at most `longest` real seconds after the bot is ready."""

    kills: int = 10
    updates: int = 2000
    reports: int = 100
    longest: float = 3.0
    seed: int = 20261122


@dataclass(frozen=True, slots=True)
class Claimed:
    """A card or message that a process had taken; a card that stands already is an edit."""

    kind: str
    id: int
    is_send: bool


@dataclass(frozen=True, slots=True)
class Kill:
    """What one kill hit: sends and edits that were claimed and not marked, and how many of those sends had arrived."""

    number: int
    lived: float
    is_starting: bool
    open_rows: int
    sends: int
    edits: int
    arrived: int


@dataclass
class Audit:
    """What was found afterwards; `mistakes` is empty if all is well."""

    kills: list[Kill] = field(default_factory=list)
    updates: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    tickets: int = 0
    events: int = 0
    messages: int = 0
    doubled: int = 0
    seconds: float = 0.0
    stopped_in: float = 0.0
    mistakes: list[str] = field(default_factory=list)

    def check(self, holds: bool, mistake: str) -> None:
        """Notes the mistake unless it holds."""
        if not holds:
            self.mistakes.append(mistake)

    def table(self) -> str:
        """The audit as a table for people."""
        lines = ["kill  lived s  phase     open rows  sends in flight  edits in flight  sends that had arrived"]
        for k in self.kills:
            phase = "starting" if k.is_starting else "working "
            lines.append(
                f"{k.number:4}  {k.lived:7.2f}  {phase}  {k.open_rows:9}  {k.sends:15}  {k.edits:15}  {k.arrived:22}"
            )
        sends, busy = sum(k.sends for k in self.kills), sum(1 for k in self.kills if k.open_rows or k.sends or k.edits)
        done = ", ".join(f"{kind} {n}" for kind, n in sorted(self.updates.items()))
        return "\n".join(
            [
                *lines,
                f"updates {self.updates.total()} ({done}); stored and done {self.stored}",
                f"tickets {self.tickets}, events {self.events}, messages of the bot {self.messages}",
                f"kills with work open {busy} of {len(self.kills)}",
                f"doubled messages {self.doubled}, sends in flight at the kills {sends}",
                f"{self.seconds:.0f} s, stopped at the end in {self.stopped_in:.1f} s",
                f"mistakes: {'; '.join(self.mistakes) or 'none'}",
            ]
        )


async def kill_and_audit(play: Playground, base_url: str, database_url: str, folder: Path, plan: Plan) -> Audit:
    """The whole: crowd, lives and kills, a last life that is left in peace, the audit."""
    begun = time.monotonic()
    audit, rng = Audit(), random.Random(plan.seed)
    crowd = await gather_crowd(play, database_url, seed=plan.seed)
    bot = bot_on(folder, base_url, play.token, database_url)
    store = SqlStore.open(database_url)
    reacting = asyncio.ensure_future(crowd.react())
    try:
        for number in range(1, plan.kills + 1):
            feeding = asyncio.ensure_future(_feed(crowd, plan, number))
            audit.kills.append(await _live_and_die(bot, store, play, plan, number, rng, audit))
            await feeding
        bot.start()
        await wait_until_done(crowd, store, plan.updates, bot)
        audit.stopped_in = await bot.stop()
        audit.seconds = time.monotonic() - begun
        await examine(audit, store, play, crowd, plan)
        _verify_chains(audit, bot)
    finally:
        reacting.cancel()
        bot.end()
        await store.close()
    return audit


async def _feed(crowd: Crowd, plan: Plan, life: int) -> None:
    """This life's share of what people say; what they press and reply comes by itself."""
    reports = plan.reports * life // plan.kills - crowd.done["report"]
    answers = 2 * plan.reports + plan.reports // 3 + plan.reports + crowd.done["bind or join"]
    chatter = (plan.updates - answers) * life // plan.kills - crowd.done["chatter"]
    shares = [True] * reports + [False] * chatter
    crowd.rng.shuffle(shares)
    for is_report in shares:
        await (crowd.report() if is_report else crowd.chat())
        await asyncio.sleep(0)


async def _live_and_die(
    bot: BotProcess, store: SqlStore, play: Playground, plan: Plan, number: int, rng: random.Random, audit: Audit
) -> Kill:
    before, is_starting = await claimed(store), number % 5 == 0
    bot.start()
    begun = time.monotonic()
    if is_starting:
        await asyncio.sleep(rng.uniform(0.2, 2.0))
    else:
        await bot.became_ready()
        begun = time.monotonic()
        await asyncio.sleep(rng.uniform(0.0, plan.longest))
    lived = time.monotonic() - begun
    bot.kill()
    # What the dead process had put on the wire, or had asked the database to commit, still comes through.
    await asyncio.sleep(0.3)
    after = await claimed(store)
    if READY not in bot.said():
        # It had not come to its predecessor's claims yet: they are not its own.
        after -= before
    sends = sum(1 for each in after if each.is_send)
    unmarked = len(await unknown(store, play)) - sum(k.arrived for k in audit.kills)
    return Kill(number, lived, is_starting, await open_rows(store), sends, len(after) - sends, unmarked)


async def claimed(store: SqlStore) -> set[Claimed]:
    """What is claimed and not marked."""
    async with store.read() as uow:
        cards = await uow.db.rows(select(card.c.id, card.c.message_id).where(card.c.claimed_by.is_not(None)))
        waking = await uow.db.rows(select(outbox.c.id).where(outbox.c.status == OutboxStatus.SENDING))
    return {Claimed("card", row.id, row.message_id is None) for row in cards} | {
        Claimed("message", row.id, True) for row in waking
    }


async def open_rows(store: SqlStore) -> int:
    async with store.read() as uow:
        return len(await uow.db.rows(select(inbox.c.id).where(inbox.c.status == OPEN)))


async def unknown(store: SqlStore, play: Playground) -> set[Standing]:
    """Messages of the bot that stand in a chat and that its database does not know: sent, and not marked."""
    return _standing(play) - await _known(store)


def _standing(play: Playground) -> set[Standing]:
    chats = play.world.chats.values()
    return {(c.id, m.message_id) for c in chats for m in c.messages.values() if m.sender is play.bot}


async def _known(store: SqlStore) -> set[Standing]:
    tables = (bot_message, card, outbox)
    parts: list[Select[tuple[int, int]]] = [
        select(chat.c.telegram_id, table.c.message_id)
        .join(chat, chat.c.id == table.c.chat_id)
        .where(table.c.message_id.is_not(None))
        for table in tables
    ]
    async with store.read() as uow:
        return {(row[0], row[1]) for row in await uow.db.rows(union(*parts))}


async def wait_until_done(crowd: Crowd, store: SqlStore, updates: int, bot: BotProcess) -> None:
    """Until everybody has got what he waits for and nothing is left to do."""
    moved_at, seen = time.monotonic(), (0, 0)
    while True:
        at_rest = crowd.is_content and not crowd.play.pending and await _is_idle(store)
        if at_rest and crowd.updates >= updates:
            return
        while at_rest and crowd.updates < updates:
            await crowd.chat()
        rows = await open_rows(store)
        if seen != (crowd.updates, rows):
            moved_at, seen = time.monotonic(), (crowd.updates, rows)
        if time.monotonic() > moved_at + PATIENCE_SECONDS or not bot.is_running:
            left = f"{rows} open rows, claimed {await claimed(store)}, {crowd.play.pending} updates not fetched"
            left += f", unsigned {await _unsigned(store, crowd)}"
            raise AssertionError(f"not done: {dict(crowd.done)}, {left}\n{bot.said()[-4000:]}")
        await asyncio.sleep(0.1)


async def _unsigned(store: SqlStore, crowd: Crowd) -> list[str]:
    """Calls without a signature, and whose fault that may be: what their unit sees of them, and whether it pressed."""
    signed = select(event.c.ticket_id).where(event.c.kind == "signed")
    async with store.read() as uow:
        codes = [row.code for row in await uow.db.rows(select(ticket.c.code).where(ticket.c.id.not_in(signed)))]
    shown = {
        found.group(): sorted(caption for row in message.buttons for caption in row)
        for group in crowd.units
        for message in crowd.play.said_by_bot(group.chat)
        if (found := CODE.search(message.text))
    }
    return [f"{code}: shown {shown.get(code)}, pressed {code in crowd.signed}" for code in codes]


async def _is_idle(store: SqlStore) -> bool:
    waiting = (
        select(inbox.c.id).where(inbox.c.status == OPEN),
        select(outbox.c.id).where(outbox.c.status.in_((OutboxStatus.QUEUED, OutboxStatus.SENDING))),
        select(card.c.id).where(card.c.wanted_rev > card.c.shown_rev, ~card.c.dead),
    )
    async with store.read() as uow:
        return not any([await uow.db.rows(each.limit(1)) for each in waiting])


async def examine(audit: Audit, store: SqlStore, play: Playground, crowd: Crowd, plan: Plan) -> None:
    audit.updates = crowd.done
    await _examine_updates(audit, store, plan)
    await _examine_tickets(audit, store, crowd)
    await _examine_messages(audit, store, play, crowd)


async def _examine_updates(audit: Audit, store: SqlStore, plan: Plan) -> None:
    async with store.read() as uow:
        rows = await uow.db.rows(select(inbox.c.update_id, inbox.c.status, inbox.c.error).order_by(inbox.c.update_id))
    ids = [row.update_id for row in rows]
    not_done = [(row.update_id, row.error) for row in rows if row.status != DONE]
    audit.stored = len(rows) - len(not_done)
    audit.check(audit.updates.total() == plan.updates, f"there were {audit.updates.total()} updates")
    audit.check(len(ids) == audit.updates.total(), f"{audit.updates.total()} updates, {len(ids)} in the inbox")
    audit.check(ids == list(range(ids[0], ids[0] + len(ids))), "the update numbers have gaps")
    audit.check(not not_done, f"not done: {not_done[:5]}")


async def _examine_tickets(audit: Audit, store: SqlStore, crowd: Crowd) -> None:
    async with store.read() as uow:
        tickets = await uow.db.rows(select(ticket.c.id, ticket.c.code, ticket.c.text))
        drafts = await uow.db.rows(select(draft.c.ticket_id, draft.c.text))
        undelivered = await uow.db.rows(select(assignment.c.id).where(assignment.c.delivered_at.is_(None)))
        events = await uow.db.rows(select(event.c.ticket_id, event.c.kind).order_by(event.c.ticket_id, event.c.seq))
    reports, audit.tickets, audit.events = crowd.done["report"], len(tickets), len(events)
    audit.check(len({row.text for row in tickets}) == len(tickets) == reports, f"{len(tickets)} tickets of {reports}")
    audit.check(len({row.text for row in drafts}) == len(drafts) == reports, f"{len(drafts)} drafts of {reports}")
    audit.check(not undelivered, f"{len(undelivered)} calls count as not delivered")
    history: dict[int, Counter[str]] = {row.id: Counter() for row in tickets}
    for row in events:
        history[row.ticket_id][str(row.kind)] += 1
    # A press that overtakes the mark of its card proves the delivery, and "signed" is then all that is written.
    once = {"reported", "dispatched", "signed"}
    for row in tickets:
        said = 1 if row.code in crowd.followed else 0
        wanted = Counter({**dict.fromkeys(once, 1), "progressed": said})
        found = Counter({kind: history[row.id][kind] for kind in wanted})
        audit.check(found == wanted, f"{row.code} has {dict(history[row.id])}")
        audit.check(all(n == 1 for n in history[row.id].values()), f"{row.code} has {dict(history[row.id])}")


async def _examine_messages(audit: Audit, store: SqlStore, play: Playground, crowd: Crowd) -> None:
    doubled = await unknown(store, play)
    audit.messages, audit.doubled = len(_standing(play)), len(doubled)
    sends = sum(each.sends for each in audit.kills)
    audit.check(audit.doubled <= sends, f"{audit.doubled} doubled messages, {sends} sends in flight")
    audit.check(all(each.arrived <= each.sends for each in audit.kills), "more sends arrived than were in flight")
    audit.check(all(each.sends + each.edits <= 4 for each in audit.kills), "more than four sends at once")
    async with store.read() as uow:
        codes = {row.code for row in await uow.db.rows(select(ticket.c.code))}
        dead = await uow.db.rows(select(card.c.id).where(card.c.dead))
        failed = await uow.db.rows(select(outbox.c.id, outbox.c.last_error).where(outbox.c.status == "failed"))
    told = Counter(_codes_shown(play, {group.chat for group in crowd.units}, doubled))
    audit.check(set(told) == codes, f"units were not told of {sorted(codes - set(told))[:5]}")
    audit.check(all(n == 1 for n in told.values()), f"doubled cards {[c for c, n in told.items() if n > 1][:5]}")
    audit.check(not dead and not failed, f"given up: {len(dead)} cards, {len(failed)} messages")
    repeated = sum(_repeated_edits(play, chat_id) for chat_id in play.world.chats)
    audit.check(not repeated, f"{repeated} edits were made twice")


def _codes_shown(play: Playground, chats: set[int], unknown: set[Standing]) -> list[str]:
    """The code of every card that stands in those chats and is known to the bot."""
    cards = [m for c in chats for m in play.said_by_bot(c) if (c, m.message_id) not in unknown and m.buttons]
    return [found.group() for m in cards if (found := CODE.search(m.text))]


def _repeated_edits(play: Playground, chat_id: int) -> int:
    """Edits after which a message said what it had said before."""
    repeated = 0
    for message in play.said_by_bot(chat_id):
        versions = [*message.earlier, (message.content, message.markup)]
        texts = [(content.text, json.dumps(markup)) for content, markup in versions]
        repeated += len(texts) - len(set(texts))
    return repeated


def _verify_chains(audit: Audit, bot: BotProcess) -> None:
    command: Sequence[str] = (
        sys.executable,
        "-m",
        "bot",
        "ledger",
        "verify",
        "--json",
        "--config",
        str(ROOT / "config.yml"),
    )
    done = subprocess.run(command, cwd=bot.log.parent, env=bot.environment, capture_output=True, text=True, check=False)
    audit.check(done.returncode == 0, f"the chains: {done.stdout}{done.stderr}")

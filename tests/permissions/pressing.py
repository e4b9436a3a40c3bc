"""Pressing every button that was ever shown, as anybody, without consequences: each press is looked at and undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from telegram import Update

from bot.domain.errors import Refusal
from bot.domain.permissions import Action
from bot.gateway.application import JiehuApplication
from bot.gateway.work import CURRENT, Work
from handlers.errors import ErrorTexts
from handlers.prepare import Prepared
from handlers.services import services_of
from storage.store import SqlStore, SqlUnitOfWork
from storage.tables.base import metadata
from tests.support.quiet import Quiet
from tests.support.world import World

MATTERS = {
    "draft": ("id", "state", "item", "place", "asked", "choosing", "ticket_id"),
    "ticket": ("id", "mode", "item", "text", "ending", "start_awaited", "sensitivity"),
    "assignment": ("id", "state", "round", "report_text", "report_public", "report_outcome", "handler_name"),
    "hub_task": ("id", "done_at"),
    "evaluation": ("id", "verdict", "reason"),
    "question": ("person_id", "chat_id", "kind", "subject_kind", "subject_id"),
    "ruling": ("id", "outcome", "to_unit"),
    "street_question": ("id", "answered_seq"),
    "event": ("ticket_id", "seq"),
    "role_grant": ("person_id", "role", "of"),
    "follower": ("ticket_id", "person_id"),
}
"""The columns by which one sees that something has happened."""

State = dict[str, frozenset[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where presses are tried out: the database, the handlers over it, and the moment."""

    store: SqlStore
    application: JiehuApplication
    now: datetime

    @classmethod
    def of(cls, place: World | Quiet) -> Bench:
        """That district as it stands now."""
        if isinstance(place, Quiet):
            return cls(place.store, place.application, place.now)
        return cls(place.app.store, place.app.application, place.now)


@dataclass(frozen=True, slots=True)
class Shown:
    """A button as it was once shown: where, what it asks for, and about what."""

    token: str
    action: Action
    subject: tuple[str, int]
    arg: str
    chat: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one press would have done; `changed` names the tables that differ."""

    sentence: str
    refused: bool
    changed: frozenset[str]
    after: State


async def every_button(bench: Bench) -> list[Shown]:
    """All tokens that were ever made, with Telegram's id of their chat."""
    token, chat = metadata.tables["token"], metadata.tables["chat"]
    columns = [token.c.token, token.c.action, token.c.subject_kind, token.c.subject_id, token.c.arg, chat.c.telegram_id]
    async with bench.store.read() as uow:
        rows = await uow.db.rows(select(*columns).join(chat, chat.c.id == token.c.chat_id).order_by(token.c.token))
    return [Shown(row[0], Action(row[1]), (str(row[2]), row[3]), row[4], row[5]) for row in rows]


async def state_of(uow: SqlUnitOfWork) -> State:
    """What is true now of everything that a press can change."""
    found = {}
    for name, columns in MATTERS.items():
        table = metadata.tables[name]
        rows = await uow.db.rows(select(*(table.c[column] for column in columns)))
        found[name] = frozenset(tuple(row) for row in rows)
    return found


def press_of(bench: Bench, user: int, shown: Shown, chat: int) -> Update:
    """The update that Telegram would send."""
    kind = "private" if chat > 0 else "supergroup"
    message = {"message_id": 1, "date": int(bench.now.timestamp()), "chat": {"id": chat, "type": kind, "title": "群"}}
    sender = {"id": user, "is_bot": False, "first_name": f"某人{user}"}
    query = {"id": "1", "from": sender, "message": message, "chat_instance": "1", "data": shown.token}
    update = Update.de_json({"update_id": 1, "callback_query": query}, bench.application.bot)
    assert update is not None
    return update


async def present_state(bench: Bench) -> State:
    """What is true now."""
    async with bench.store.read() as uow:
        return await state_of(uow)


def grown(before: State, after: State) -> dict[str, int]:
    """How many more rows there are, by table."""
    more = {name: len(after[name]) - len(before[name]) for name in MATTERS}
    return {name: count for name, count in more.items() if count}


async def attempt(
    bench: Bench, user: int, shown: Shown, before: State, *, chat: int | None = None, revoked: bool = False
) -> Outcome:
    """Presses through the real handlers in a transaction that is never committed; `before` is the present state.

    `revoked`: as it would be if the person had just lost all roles.
    """
    update = press_of(bench, user, shown, chat or shown.chat)
    refusal = None
    async with bench.store.begin() as uow:
        if revoked:
            person = await uow.people.by_telegram_id(user)
            assert person is not None
            await uow.people.revoke(person.id, None, at=bench.now)
            before = await state_of(uow)
        work = Work(uow, Prepared(), timedelta(0))
        current = CURRENT.set(work)
        try:
            await bench.application.process_update(update)
        except Refusal as error:
            refusal = error
        finally:
            CURRENT.reset(current)
        after = before if refusal else await state_of(uow)
    if refusal is None:
        changed = frozenset(name for name in MATTERS if before[name] != after[name])
        return Outcome(work.answer.text, False, changed, after)
    return Outcome(await _words(bench, update, refusal), True, frozenset(), before)


def is_one_sentence(text: str) -> bool:
    """Short, on one line, without anything only a programmer reads."""
    return bool(text) and len(text) <= 200 and "\n" not in text and not re.search(r"[{}_<>]|Error|None|Traceback", text)


async def _words(bench: Bench, update: Update, refusal: Refusal) -> str:
    application = bench.application
    hooks = ErrorTexts(application.bot, services_of(application.bot_data))
    async with bench.store.begin() as uow:
        return await hooks.refuse(uow, update, refusal, Prepared()) or ""

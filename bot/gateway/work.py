"""One update while it is worked on, and what the gateway asks of those who understand updates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from telegram import Update

from bot.application.inbox import InboxStore, Wakeup
from bot.application.ports import Store, UnitOfWork
from bot.clock import Clock, Ticker
from bot.domain.errors import Refusal

INBOX_CHANNEL = "inbox"
DELIVERY_CHANNEL = "delivery"


@dataclass(frozen=True, slots=True)
class Resources:
    """What the gateway stands on; who made it closes it."""

    store: Store
    inbox: InboxStore
    wakeup: Wakeup
    clock: Clock
    ticker: Ticker
    bot_id: int


@dataclass(frozen=True, slots=True)
class Hooks:
    """What must be known about an update; `refuse` gives the words for a pressed button, or queues a message."""

    prepare: Callable[[Update], Awaitable[object]]
    refuse: Callable[[UnitOfWork, Update, Refusal, object], Awaitable[str | None]]
    late_answer: Callable[[UnitOfWork, Update, str], Awaitable[None]]
    crashed: Callable[[UnitOfWork, Update, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person who pressed a button sees: a toast, or a window to close."""

    text: str = ""
    alert: bool = False


@dataclass(slots=True)
class Work:
    """The unit of work of one update with what is to happen after its commit; `waited` is how old the update is."""

    uow: UnitOfWork
    prepared: object
    waited: timedelta
    answer: Answer = Answer()
    after_commit: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    forgets: bool = False


CURRENT: ContextVar[Work | None] = ContextVar("current_work", default=None)
"""The work of the update that is processed in this task."""

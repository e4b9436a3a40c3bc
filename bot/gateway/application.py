"""PTB's `Application` as we run it: failures come out of `process_update`, the context carries the unit of work."""

from __future__ import annotations

import logging
import zlib
from asyncio import Future
from collections.abc import Awaitable, Callable, Generator
from datetime import timedelta
from typing import Any, cast

from telegram.ext import Application, ApplicationBuilder, BaseHandler, CallbackContext, ContextTypes, ExtBot, Job
from telegram.request import BaseRequest, HTTPXRequest
from typing_extensions import override

from bot.application.ports import UnitOfWork
from bot.gateway.work import CURRENT, Answer, Work

Data = dict[Any, Any]
TELEGRAM = "https://api.telegram.org"
_CONNECTIONS = 64


class Context(CallbackContext[ExtBot[None], Data, Data, Data]):
    """What a handler is given; it writes through `uow`, never commits and never calls Telegram."""

    _work: Work | None = None

    @override
    @classmethod
    def from_update(cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]) -> Context:
        """PTB swallows whatever is raised here, and the update would count as done: so nothing may be."""
        try:
            context = super().from_update(update, application)
        except Exception:
            context = cls(application)
        context._work = CURRENT.get()
        return context

    @property
    def work(self) -> Work:
        """The work in progress; RuntimeError outside the gateway."""
        if self._work is None:
            raise RuntimeError("no update is being worked on here")
        return self._work

    @property
    def uow(self) -> UnitOfWork:
        """The one transaction of this update."""
        return self.work.uow

    @property
    def prepared(self) -> object:
        """What `Hooks.prepare` returned for this update."""
        return self.work.prepared

    @property
    def waited(self) -> timedelta:
        """How long ago the message was sent, or the button's press received; never negative."""
        return self.work.waited

    def answer(self, text: str, alert: bool = False) -> None:
        """What the pressed button answers after the commit; plain text, cut at 200 characters."""
        self.work.answer = Answer(text, alert)

    def after_commit(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Runs once the change is stored; its failure is only logged."""
        self.work.after_commit.append(callback)

    def forget(self) -> None:
        """Once this update is done nothing of what it said is kept."""
        self.work.forgets = True


class JiehuApplication(Application[ExtBot[None], Context, Data, Data, Data, None]):
    """Handlers of one group, all blocking; the first failure ends the update and reaches the worker."""

    @override
    def add_handler(self, handler: BaseHandler[Any, Context, Any], group: int = 0) -> None:
        """Refuses `block=False`: such a handler would fail after its update was committed as done."""
        if not handler.block:
            raise ValueError("a handler must be over when its update is: block=False is not possible here")
        super().add_handler(handler, group)

    @override
    async def process_error(
        self,
        update: object | None,
        error: Exception,
        job: Job[Any] | None = None,
        coroutine: Generator[Future[object], None, Any] | Awaitable[Any] | None = None,
    ) -> bool:
        """Lets error handlers look, then raises what failed: PTB would go on to later groups and return."""
        if self.error_handlers:
            await super().process_error(update, error, job, coroutine)
        raise error


def build_application(
    token: str, base_url: str = TELEGRAM, base_file_url: str = "", request: BaseRequest | None = None
) -> JiehuApplication:
    """Without updater and job queue; the addresses are those of a Bot API server, with or without `/bot`."""
    # Both log each address, and the token is a part of it.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    root = server_root(base_url)
    files = base_file_url.rstrip("/").removesuffix("/bot") if base_file_url else f"{root}/file"
    builder = (
        ApplicationBuilder()
        .application_class(JiehuApplication)
        .context_types(ContextTypes(context=Context))
        .token(token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{files}/bot")
        .request(request or HTTPXRequest(connection_pool_size=_CONNECTIONS))
        .updater(None)
        .job_queue(None)
    )
    return cast(JiehuApplication, builder.build())


def server_root(base_url: str) -> str:
    """The server's address without the `/bot` that PTB's setting ends with."""
    return base_url.rstrip("/").removesuffix("/bot")


def bot_id_of(token: str) -> int:
    """The bot's id, which every token of Telegram begins with; a number made of the token on servers that differ."""
    number = token.partition(":")[0]
    if number.isascii() and number.isdigit() and len(number) < 19:
        return int(number)
    return zlib.crc32(token.encode())

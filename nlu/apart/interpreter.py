"""The bot's side of the process that reads: one batch under way at a time, a new process where one has died."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from nlu.apart.frames import LENGTH_BYTES, Failed, Opening, framed
from nlu.decision import Thresholds
from nlu.types import Context, Interpretation, NluUnavailable

MOST = 8
"""Messages of one batch: more would keep the first of them waiting."""

STARTING_SECONDS = 120.0
READING_SECONDS = 30.0
LEAVING_SECONDS = 3.0
Message = tuple[str, Context]
Waiting = tuple[Message, asyncio.Future[Interpretation]]
log = structlog.get_logger(__name__)


class ApartInterpreter:
    """Implements `nlu.types.Interpreter`: `LocalInterpreter` in a process of its own.

    What comes while a batch is under way is the next batch. Where several could not be read, each is asked alone, so
    that nobody suffers from another's message. A process that died is replaced at the next question.
    """

    name = "local"

    def __init__(self, model: Path, thresholds: Thresholds | None = None) -> None:
        self._opening = Opening(model, thresholds)
        self._process: Process | None = None
        self._waiting: list[Waiting] = []
        self._work: asyncio.Task[None] | None = None
        self._is_closed = False

    @classmethod
    async def open(cls, model: Path, thresholds: Thresholds | None = None) -> ApartInterpreter:
        """With its process started and the model folder loaded; raises `NluUnavailable` if that fails."""
        opened = cls(model, thresholds)
        await opened._reader()
        return opened

    @property
    def process_id(self) -> int | None:
        """The process that reads at this moment."""
        return self._process.pid if self._process is not None else None

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message; raises `NluUnavailable` after `close`, and where the process dies of it."""
        if self._is_closed:
            raise NluUnavailable("the local backend is closed")
        answer: asyncio.Future[Interpretation] = asyncio.get_running_loop().create_future()
        self._waiting.append(((text, context), answer))
        if self._work is None or self._work.done():
            self._work = asyncio.ensure_future(self._answer_all())
        return await answer

    async def close(self) -> None:
        """What was asked is answered unless that takes long, then the process ends."""
        self._is_closed = True
        if self._work is not None and (await asyncio.wait({self._work}, timeout=LEAVING_SECONDS))[1]:
            self._work.cancel()
            await asyncio.wait({self._work})
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    async def _answer_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            await self._answer(batch)

    async def _answer(self, batch: Sequence[Waiting]) -> None:
        try:
            found = await self._ask([message for message, _ in batch])
        except NluUnavailable as error:
            if len(batch) > 1:
                for waiting in batch:
                    await self._answer([waiting])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, answer), interpretation in zip(batch, found, strict=True):
            if not answer.done():
                answer.set_result(interpretation)

    async def _ask(self, messages: Sequence[Message]) -> Sequence[Interpretation]:
        process = await self._reader()
        try:
            found = await _told(process, messages, READING_SECONDS)
        except Exception as error:
            self._process = None
            await _end(process, 0)
            log.error("the process of understanding is gone", messages=len(messages), error=repr(error))
            raise NluUnavailable("the process of understanding is gone") from error
        if isinstance(found, Failed):
            raise NluUnavailable(f"the local backend cannot read it: {found.why}")
        read: Sequence[Interpretation] = found
        return read

    async def _reader(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await _started(self._opening)
        return self._process


async def _started(opening: Opening) -> Process:
    # It finds the very modules that this process has found, and nothing that happens to lie where the bot was started.
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
    line = (sys.executable, "-P", "-m", "nlu.apart.reader")
    try:
        # A group of its own hears no Ctrl-C; a session of its own would be weighed apart from the bot by Linux.
        process = await asyncio.create_subprocess_exec(*line, stdin=PIPE, stdout=PIPE, env=variables, process_group=0)
    except OSError as error:
        raise NluUnavailable("the process of understanding cannot be started") from error
    try:
        await _told(process, opening, STARTING_SECONDS)
    except BaseException as error:
        await _end(process, 0)
        if isinstance(error, Exception):
            raise NluUnavailable("the process of understanding did not load its model") from error
        raise
    return process


async def _told(process: Process, question: object, patience: float) -> Any:
    """Its answer; raises EOFError or OSError if the process is gone, TimeoutError if it is slow."""
    assert process.stdin is not None and process.stdout is not None
    async with asyncio.timeout(patience):
        process.stdin.write(framed(question))
        await process.stdin.drain()
        length = await process.stdout.readexactly(LENGTH_BYTES)
        return pickle.loads(await process.stdout.readexactly(int.from_bytes(length, "big")))


async def _end(process: Process, patience: float = LEAVING_SECONDS) -> None:
    """It goes by itself once nobody can ask any more; whatever is not gone after that many seconds is killed."""
    assert process.stdin is not None
    process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await process.wait()
            return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()

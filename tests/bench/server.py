"""A trivial and fast Bot API server, the same for every bot of the benchmark, in a process of its own.

It knows getMe, getUpdates, sendMessage, editMessageText, answerCallbackQuery, and deleteWebhook, without which PTB's
polling does not begin; everything else is HTTP 500.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from typing_extensions import override

from tests.bench import sentences
from tests.bench.child import answer_questions, say

_HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_ACKNOWLEDGED = frozenset({"answerCallbackQuery", "deleteWebhook"})
_UNKNOWN = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
_BATCH = 100


@dataclass
class Bot:
    """What the server knows of one bot: its queue, and what it has sent since the last filling."""

    queue: deque[tuple[int, bytes]] = field(default_factory=deque)
    waiting: asyncio.Future[None] | None = None
    next_update: int = 1
    number: int = 0
    sent: int = 0
    edited: int = 0
    last_sent_at: float = 0.0
    came_at: dict[int, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def make(self, kind: str) -> tuple[int, bytes]:
        """The next update; it is not in the queue yet."""
        made = self.next_update, sentences.update(self.next_update, self.number, kind)
        self.next_update += 1
        self.number += 1
        return made

    def put(self, *updates: tuple[int, bytes]) -> None:
        """From now on a poll gets them."""
        now = time.monotonic()
        for update_id, _ in updates:
            self.came_at[update_id] = now
        self.queue.extend(updates)
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    def forget(self) -> None:
        """Counts from zero."""
        self.sent, self.edited, self.latencies = 0, 0, []
        self.came_at.clear()

    async def updates(self, offset: int, limit: int, timeout: float) -> bytes:
        """A batch; waits for the first update at most `timeout` seconds."""
        while self.queue and self.queue[0][0] < offset:
            self.queue.popleft()
        if not self.queue and timeout > 0:
            self.waiting = asyncio.get_running_loop().create_future()
            await asyncio.wait({self.waiting}, timeout=timeout)
        batch = [self.queue[index][1] for index in range(min(limit, _BATCH, len(self.queue)))]
        return b'{"ok":true,"result":[' + b",".join(batch) + b"]}"

    def send(self, fields: dict[str, str]) -> bytes:
        """A message arrives; where it answers an update, that took so long."""
        now = time.monotonic()
        self.sent += 1
        self.last_sent_at = now
        answered = json.loads(fields.get("reply_parameters", "{}")).get("message_id")
        came_at = self.came_at.pop(answered, None)
        if came_at is not None:
            self.latencies.append(now - came_at)
        self.changed.set()
        return _message(int(fields["chat_id"]), 10_000_000 + self.sent, fields["text"])

    def edit(self, fields: dict[str, str]) -> bytes:
        """A message is changed."""
        self.edited += 1
        return _message(int(fields["chat_id"]), int(fields["message_id"]), fields["text"])


def _message(chat: int, message_id: int, text: str) -> bytes:
    message = {"message_id": message_id, "date": int(time.time()), "chat": {"id": chat, "type": "group"}, "text": text}
    return json.dumps({"ok": True, "result": message}).encode()


BOTS: dict[str, Bot] = {}


async def _answer(token: str, method: str, fields: dict[str, str]) -> bytes | None:
    bot = BOTS.setdefault(token, Bot())
    if method == "getMe":
        me = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "bench", "username": "bench_bot"}
        return json.dumps({"ok": True, "result": me}).encode()
    if method == "getUpdates":
        numbers = [int(float(fields.get(name, "0"))) for name in ("offset", "limit", "timeout")]
        return await bot.updates(numbers[0], numbers[1] or _BATCH, numbers[2])
    if method == "sendMessage":
        return bot.send(fields)
    if method == "editMessageText":
        return bot.edit(fields)
    return b'{"ok":true,"result":true}' if method in _ACKNOWLEDGED else None


class Http(asyncio.Protocol):
    """As much HTTP/1.1 as bots need: POST with a length, connections that are kept."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._read = b""
        self._answering: set[asyncio.Task[None]] = set()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].decode("latin-1")
            length = next((int(line[15:]) for line in head.lower().split("\r\n") if line[:15] == "content-length:"), 0)
            if len(self._read) < end + 4 + length:
                return
            body, self._read = self._read[end + 4 : end + 4 + length], self._read[end + 4 + length :]
            task = asyncio.ensure_future(self._reply(head.split(" ", 2)[1], body))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _reply(self, path: str, body: bytes) -> None:
        token, method = path.removeprefix("/bot").split("/", 1)
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        answer = await _answer(token, method, fields)
        assert self._transport is not None
        status = b"200 OK" if answer is not None else b"500 Internal Server Error"
        answer = answer if answer is not None else _UNKNOWN
        self._transport.write(_HEAD % (status, len(answer)) + answer)


async def fill(token: str, kind: str, count: int) -> dict[str, Any]:
    """So many updates at once; the monotonic moment at which they could be fetched."""
    bot = BOTS.setdefault(token, Bot())
    made = [bot.make(kind) for _ in range(count)]
    bot.forget()
    at = time.monotonic()
    bot.put(*made)
    return {"at": at}


async def sent(token: str, count: int, timeout: float) -> dict[str, Any]:
    """Waits for so many messages of the bot since the filling; how many came, and when the last."""
    bot = BOTS.setdefault(token, Bot())
    await _until(bot, count, timeout)
    return {"at": bot.last_sent_at, "count": bot.sent, "edits": bot.edited}


async def flow(token: str, kind: str, per_second: float, seconds: float) -> dict[str, Any]:
    """Updates one after the other at that rate whatever the bot does, in groups in random order; its latencies."""
    bot = BOTS.setdefault(token, Bot())
    bot.forget()
    order = random.Random(7)
    begun = time.monotonic()
    count = int(per_second * seconds)
    turns = [number for _ in range(count // sentences.GROUPS + 1) for number in _shuffled(order)][:count]
    for index, turn in enumerate(turns):
        await asyncio.sleep(max(0.0, begun + index / per_second - time.monotonic()))
        bot.number = turn + sentences.GROUPS * (index // sentences.GROUPS)
        bot.put(bot.make(kind))
    await _until(bot, count, 10.0)
    return {"latencies": sorted(bot.latencies), "count": count, "edits": bot.edited}


def _shuffled(order: random.Random) -> list[int]:
    numbers = list(range(sentences.GROUPS))
    order.shuffle(numbers)
    return numbers


async def _until(bot: Bot, count: int, timeout: float) -> None:
    end = time.monotonic() + timeout
    while bot.sent < count and time.monotonic() < end:
        bot.changed.clear()
        waiting = asyncio.ensure_future(bot.changed.wait())
        await asyncio.wait({waiting}, timeout=min(1.0, max(0.0, end - time.monotonic())))
        waiting.cancel()


async def serve() -> None:
    """Until nobody asks any more."""
    server = await asyncio.get_running_loop().create_server(Http, "127.0.0.1", 0)
    say({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"})
    await answer_questions({"fill": fill, "sent": sent, "flow": flow})


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))

"""A second Bot API server, that shares nothing with the playground and knows seven methods only.

Everything else is HTTP 500, as in the minimal servers that people write for their own tests. Messages carry nothing
optional: no entities, no user names, no `is_forum`.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]
_TAG = re.compile(r"</?[a-z]+[^<>]*>")
_MISSING = JSONResponse({"ok": False, "error_code": 500, "description": "not implemented"}, status_code=500)


@dataclass
class ForeignServer:
    """Its own small state; `flags` are what getMe says beyond what it must."""

    token: str
    flags: Json
    groups: dict[int, str]
    people: dict[int, str]
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    answers: dict[str, str] = field(default_factory=dict)
    _updates: list[Json] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(700_000))
    _ids: Any = field(default_factory=lambda: itertools.count(50))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, user: int, chat: int, text: str, *, reply_to: Json | None = None, photo: bool = False) -> Json:
        """A person writes; with a photo the text is its caption."""
        message = self._message(chat, self._person(user))
        if photo:
            size = {"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 60}
            message |= {"photo": [size], "caption": text}
        else:
            message["text"] = text
        if reply_to is not None:
            message["reply_to_message"] = {key: value for key, value in reply_to.items() if key != "reply_to_message"}
        self._push({"message": message})
        return message

    def press(self, user: int, message: Json, caption: str) -> str:
        """A person presses the button with these words; the id of the press."""
        query = str(next(self._numbers))
        data = next(button["callback_data"] for button in buttons(message) if caption in button["text"])
        self._push(
            {
                "callback_query": {
                    "id": query,
                    "from": self._person(user),
                    "message": message,
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )
        return query

    async def wait_for(self, what: Callable[[], Any], timeout: float = 60.0) -> Any:
        """The first true value of that; looks again whenever the bot has done something."""
        deadline = time.monotonic() + timeout
        while not (found := what()):
            self._news.clear()
            left = deadline - time.monotonic()
            assert left > 0, f"waited in vain; there is:\n{self.transcript()}"
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                continue
        return found

    async def card(self, chat: int, *words: str) -> Json:
        """The newest message of the bot there in whose text or buttons all these words are; waits for it."""
        found: Json = await self.wait_for(lambda: self._card(chat, words))
        return found

    async def answer(self, query: str) -> str:
        """What the person who pressed was answered."""
        await self.wait_for(lambda: query in self.answers)
        return self.answers[query]

    def said(self, chat: int) -> list[Json]:
        """The bot's messages there, oldest first."""
        return [m for (c, _), m in sorted(self.messages.items()) if c == chat and m["from"]["is_bot"]]

    def transcript(self) -> str:
        """Everything that stands anywhere."""
        return "\n".join(f"{key}: {_read(message)}" for key, message in sorted(self.messages.items()))

    def _card(self, chat: int, words: tuple[str, ...]) -> Json | None:
        fitting = [m for m in self.said(chat) if all(word in _read(m) for word in words)]
        return fitting[-1] if fitting else None

    def _person(self, user: int) -> Json:
        return {"id": user, "is_bot": False, "first_name": self.people[user]}

    def _bot(self) -> Json:
        return {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "街呼", "username": "foreign_bot"}

    def _message(self, chat: int, sender: Json) -> Json:
        room = (
            {"id": chat, "type": "private", "first_name": self.people[chat]}
            if chat > 0
            else {"id": chat, "type": "supergroup", "title": self.groups[chat]}
        )
        message = {"message_id": next(self._ids), "date": int(time.time()), "chat": room, "from": sender}
        self.messages[chat, message["message_id"]] = message
        return message

    def _push(self, content: Json) -> None:
        self._updates.append({"update_id": next(self._numbers), **json.loads(json.dumps(content))})
        self._news.set()

    async def call(self, request: Request) -> Response:
        """`/bot<token>/<method>`."""
        method = request.path_params["method"]
        known = getattr(self, f"_on_{method.lower()}", None)
        if known is None or request.path_params["token"] != self.token:
            self.refused[method] += 1
            return _MISSING
        values = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        result = await known(values)
        self._news.set()
        if result is None:
            return JSONResponse({"ok": False, "error_code": 400, "description": "Bad Request"}, status_code=400)
        return JSONResponse({"ok": True, "result": result})

    async def _on_getme(self, values: dict[str, str]) -> Json:
        return {**self._bot(), **self.flags}

    async def _on_getupdates(self, values: dict[str, str]) -> list[Json]:
        offset = int(values.get("offset", "0"))
        self._updates = [each for each in self._updates if each["update_id"] >= offset]
        deadline = time.monotonic() + min(int(values.get("timeout", "0")), 2)
        while not self._updates and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return self._updates[:100]

    async def _on_sendmessage(self, values: dict[str, str]) -> Json | None:
        chat = int(values["chat_id"])
        if chat > 0 and not any(c == chat and not m["from"]["is_bot"] for (c, _), m in self.messages.items()):
            return None
        message = self._message(chat, self._bot())
        reply = json.loads(values.get("reply_parameters", "null"))
        if reply is not None and (replied := self.messages.get((chat, int(reply["message_id"])))) is not None:
            message["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
        return _write(message, values)

    async def _on_editmessagetext(self, values: dict[str, str]) -> Json | None:
        message = self.messages.get((int(values["chat_id"]), int(values["message_id"])))
        return None if message is None else _write(message, values)

    async def _on_editmessagereplymarkup(self, values: dict[str, str]) -> Json | None:
        message = self.messages.get((int(values["chat_id"]), int(values["message_id"])))
        return None if message is None else _write(message, {"text": message["text"], **values})

    async def _on_answercallbackquery(self, values: dict[str, str]) -> bool:
        self.answers[values["callback_query_id"]] = values.get("text", "")
        return True

    async def _on_deletemessage(self, values: dict[str, str]) -> bool | None:
        return True if self.messages.pop((int(values["chat_id"]), int(values["message_id"])), None) else None


def buttons(message: Json) -> list[Json]:
    """The buttons under a message."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _read(message: Json) -> str:
    return message.get("text", message.get("caption", "")) + "".join(f" [{b['text']}]" for b in buttons(message))


def _write(message: Json, values: dict[str, str]) -> Json:
    text = values["text"]
    message["text"] = html.unescape(_TAG.sub("", text)) if values.get("parse_mode") == "HTML" else text
    message.pop("reply_markup", None)
    markup = json.loads(values.get("reply_markup", "null"))
    if markup and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    return message


@asynccontextmanager
async def serve(server: ForeignServer) -> AsyncIterator[str]:
    """The server on a free port of this machine; its address."""
    route = Route("/bot{token}/{method}", server.call, methods=["GET", "POST"])
    config = uvicorn.Config(Starlette(routes=[route]), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    running = uvicorn.Server(config)
    task = asyncio.ensure_future(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    finally:
        running.should_exit = True
        await task

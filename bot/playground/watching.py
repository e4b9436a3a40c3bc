"""What the page reads: people, chats, messages, files, and the stream of everything that happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground import samples, views
from bot.playground.errors import PlaygroundError
from bot.playground.model import ANONYMOUS_ADMIN, Json
from bot.playground.playground import Playground

_KEEP_ALIVE_SECONDS = 15.0
_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def routes(play: Playground) -> list[Route]:
    """The GET routes of the people's side."""
    reader = _Reader(play)
    return [
        Route("/play/chats", reader.chats),
        Route("/play/chat/{chat}", reader.chat),
        Route("/play/users", reader.users),
        Route("/play/hints", reader.hints),
        Route("/play/state", reader.state),
        Route("/play/file/{file_id}", reader.file),
        Route("/play/sample/{name}", reader.sample),
        Route("/play/stream", reader.stream),
    ]


class _Reader:
    def __init__(self, play: Playground) -> None:
        self.play = play
        self.world = play.world

    async def chats(self, request: Request) -> Response:
        return JSONResponse([views.chat(self.world, each) for each in self.world.chats.values()])

    async def chat(self, request: Request) -> Response:
        try:
            room = self.world.chat(_number(request.path_params["chat"]))
        except PlaygroundError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        messages = [views.message(self.world, each) for each in room.messages.values()]
        return JSONResponse(views.chat(self.world, room) | {"messages": messages})

    async def users(self, request: Request) -> Response:
        people = [each for each in self.world.people.values() if each.id != ANONYMOUS_ADMIN]
        return JSONResponse([views.person(each) for each in people])

    async def hints(self, request: Request) -> Response:
        return JSONResponse(self.play.hints)

    async def state(self, request: Request) -> Response:
        return JSONResponse(_state(self.play))

    async def file(self, request: Request) -> Response:
        stored = self.world.files.named(request.path_params["file_id"])
        if stored is None:
            return Response(status_code=404)
        # Whatever else was uploaded is only ever downloaded, never shown as a page of this address.
        media_type = stored.mime if stored.mime in _IMAGES else "application/octet-stream"
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=86400"}
        return Response(stored.content, media_type=media_type, headers=headers)

    async def sample(self, request: Request) -> Response:
        try:
            return Response(samples.picture(request.path_params["name"]), media_type="image/png")
        except PlaygroundError:
            return Response(status_code=404)

    async def stream(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(self.play), media_type="text/event-stream", headers=headers)


def _state(play: Playground) -> Json:
    return {
        "bot": views.person(play.bot),
        "offline": play.faults.offline,
        "bot_is_coming": play.bot_is_coming,
        "rules": asdict(play.rules),
        "pending": play.pending,
        "front": play.front,
        "time_zone": play.time_zone,
        "samples": list(samples.NAMES),
        "commands": next(iter(play.world.commands.values()), []),
        "now": play.world.now().isoformat(),
    }


async def _stream(play: Playground) -> AsyncIterator[str]:
    with play.world.events.watch() as queue:
        yield _event({"type": "hello", "now": play.world.now().isoformat()})
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), _KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield _event(_filled(play, event))


def _filled(play: Playground, event: Json) -> Json:
    chat, number = event.get("chat"), event.get("message_id")
    if isinstance(chat, int) and isinstance(number, int):
        return event | {"message": views.message(play.world, play.world.message(chat, number))}
    return event


def _event(event: Json) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise PlaygroundError(f"{text} is no chat id") from None

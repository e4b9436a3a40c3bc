"""The clock bar of the page: whoever wires the demonstration gives a clock that can be moved."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.playground import Playground

JUMPS = ("next_due", "next_working_day")


class ClockControl(Protocol):
    """A clock of the world outside that the page may move."""

    def now(self) -> datetime:
        """The moment that people live in, aware."""
        ...

    async def advance(self, seconds: float | None, to: str | None) -> datetime:
        """Move on by seconds, or to "next_due" or "next_working_day"; returns the new moment, aware."""
        ...


def routes(play: Playground, clock: ClockControl | None) -> list[Route]:
    """GET and POST /play/clock; without a clock they answer 404 and the page hides its bar."""

    async def look(request: Request) -> Response:
        if clock is None:
            return JSONResponse({"error": "there is no clock to move"}, status_code=404)
        return JSONResponse({"now": clock.now().isoformat()})

    async def move(request: Request) -> Response:
        body = await request.json()
        seconds, jump = (body.get("seconds"), body.get("to")) if isinstance(body, dict) else (None, None)
        if clock is None:
            return JSONResponse({"error": "there is no clock to move"}, status_code=404)
        step = float(seconds) if isinstance(seconds, int | float) and seconds >= 0 else None
        if (step is None) != (jump in JUMPS):
            complaint = f"seconds >= 0, or to one of {', '.join(JUMPS)}"
            return JSONResponse({"error": complaint}, status_code=400)
        now = await clock.advance(step, jump)
        play.world.events.tell({"type": "clock", "now": now.isoformat()})
        return JSONResponse({"now": now.isoformat()})

    return [Route("/play/clock", look, methods=["GET"]), Route("/play/clock", move, methods=["POST"])]

"""The playground behind HTTP: Bot API, people's side and page in one Starlette application."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import StatelessLifespan

from bot.playground import api, client_api, page, watching
from bot.playground.clock import ClockControl
from bot.playground.clock import routes as clock_routes
from bot.playground.errors import PlaygroundError
from bot.playground.faults import Faults
from bot.playground.model import Message
from bot.playground.playground import Playground
from bot.playground.queries import PressAnswer
from bot.playground.rules import Rules
from bot.playground.speaking import Picture

__all__ = [
    "ClockControl",
    "Faults",
    "Message",
    "Picture",
    "Playground",
    "PlaygroundError",
    "PressAnswer",
    "Rules",
    "create_app",
]


def create_app(
    playground: Playground,
    *,
    clock: ClockControl | None = None,
    extra_routes: Sequence[BaseRoute] = (),
    lifespan: StatelessLifespan[Starlette] | None = None,
) -> Starlette:
    """The application; `extra_routes` come first, `lifespan` is Starlette's own."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"ok": True, "pending": playground.pending, "offline": playground.faults.offline})

    routes: list[BaseRoute] = [
        *extra_routes,
        Route("/healthz", healthz),
        *api.routes(playground.world),
        *client_api.routes(playground),
        *watching.routes(playground),
        *clock_routes(playground, clock),
        *page.routes(),
    ]
    return Starlette(routes=routes, lifespan=lifespan)

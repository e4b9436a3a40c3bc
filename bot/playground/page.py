"""The page and its two companions, read from the package."""

from __future__ import annotations

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {"index.html": "text/html", "app.js": "text/javascript", "style.css": "text/css"}
# Nothing but our own files and the pictures of the chats: a message can never make the page load anything.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def routes() -> list[Route]:
    """/ and /static/<name>."""

    async def index(request: Request) -> Response:
        return _file("index.html")

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        return _file(name) if name in _TYPES else Response(status_code=404)

    return [Route("/", index), Route("/static/{name}", static)]


def _file(name: str) -> Response:
    content = files("bot.playground").joinpath("static", name).read_bytes()
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=_TYPES[name], headers=headers)

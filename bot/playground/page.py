"""The page and its companions, read from the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
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
        is_ours = any(each.name == name for each in _folder().iterdir())
        return _file(name) if is_ours else Response(status_code=404)

    return [Route("/", index), Route("/static/{name}", static)]


def _folder() -> Traversable:
    return files("bot.playground").joinpath("static")


def _file(name: str) -> Response:
    content = _folder().joinpath(name).read_bytes()
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=_TYPES[name[name.rindex(".") :]], headers=headers)

"""The Bot API over HTTP: decoding of calls, Telegram's envelope, downloads."""

from __future__ import annotations

import json
import secrets
from json import JSONDecodeError

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.errors import ApiError, PlaygroundError, bad_request
from bot.playground.methods import METHODS
from bot.playground.params import Params, Upload
from bot.playground.world import World

_METHOD_NOT_FOUND = "Not Found: method not found"


def routes(world: World) -> list[Route]:
    """/bot<token>/<method> and /file/bot<token>/<path>."""

    async def call(request: Request) -> Response:
        try:
            result = await _call(world, request)
        except ApiError as error:
            return _refusal(error)
        except PlaygroundError as error:
            return _refusal(bad_request(str(error)))
        except ClientDisconnect:  # a bot that died in the middle of its call
            return Response(status_code=400)
        return JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        if not _is_token(world, request) or world.faults.offline:
            return _refusal(ApiError(404, "Not Found"))
        name = request.path_params["path"].removeprefix("files/").rsplit(".", 1)[0]
        stored = world.files.named(name)
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(stored.content, media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
    ]


async def _call(world: World, request: Request) -> object:
    method = request.path_params["method"]
    if not _is_token(world, request):
        number = request.path_params["token"].split(":", 1)[0]
        raise ApiError(401, "Unauthorized") if number.isdigit() else ApiError(404, "Not Found")
    params = await _params(request)
    await world.faults.strike(method)
    known = METHODS.get(method.lower())
    if known is None:
        raise ApiError(404, _METHOD_NOT_FOUND)
    return await known(world, params)


def _is_token(world: World, request: Request) -> bool:
    return secrets.compare_digest(request.path_params["token"].encode(), world.token.encode())


async def _params(request: Request) -> Params:
    values: dict[str, object] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        values |= await _json_body(request)
    elif kind:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    uploads[name] = Upload(value.filename or name, mime, await value.read())
                else:
                    values[name] = value
    return Params(values, uploads)


async def _json_body(request: Request) -> dict[str, object]:
    body = await request.body()
    try:
        value = json.loads(body) if body else {}
    except (JSONDecodeError, UnicodeDecodeError):
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


def _refusal(error: ApiError) -> Response:
    envelope: dict[str, object] = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        envelope["parameters"] = error.parameters
    return JSONResponse(envelope, status_code=error.status)

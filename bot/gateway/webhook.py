"""The routes of the gateway: Telegram's webhook, health and metrics."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.application.inbox import InboxStore
from bot.gateway.health import Health
from bot.gateway.intake import Intake
from bot.gateway.metrics import Metrics

WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST_BODY = 1024 * 1024
log = structlog.get_logger(__name__)


def webhook_route(intake: Intake, health: Health, secret: str) -> Route:
    """Answers 200 once the update is a row; 403 for another secret, 503 if it could not be stored: sent again."""
    if not secret:
        raise ValueError("a webhook needs a secret")

    async def receive(request: Request) -> Response:
        told = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(told.encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        try:
            last = await intake.take([update])
        except Exception as error:
            log.error("an update could not be stored, Telegram will send it again", error=repr(error))
            return Response(status_code=503)
        if last is None:
            return Response(status_code=400)
        await health.good()
        return Response()

    return Route(WEBHOOK_PATH, receive, methods=["POST"])


def watch_routes(health: Health, inbox: InboxStore, metrics: Metrics) -> Sequence[BaseRoute]:
    """/healthz (200, or 503 if updates do not come in or the database is away) and /metrics."""

    async def healthz(request: Request) -> Response:
        waiting = await _open_rows(inbox)
        is_good = health.is_good and waiting is not None
        facts = {
            "ok": is_good,
            "connected": health.is_connected,
            "last_good_poll_age": health.age,
            "inbox_open": waiting,
        }
        return JSONResponse(facts, status_code=200 if is_good else 503)

    async def numbers(request: Request) -> Response:
        waiting = await _open_rows(inbox)
        metrics.open_rows.set(float("nan") if waiting is None else waiting)
        metrics.last_good.set(float("nan") if health.age is None else health.age)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/metrics", numbers)]


def create_app(routes: Sequence[BaseRoute]) -> Starlette:
    """The routes as an application of their own."""
    return Starlette(routes=list(routes))


async def _open_rows(inbox: InboxStore) -> int | None:
    try:
        return (await inbox.backlog())[0]
    except Exception as error:
        log.error("the inbox cannot be read", error=repr(error))
        return None


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)

"""The webhook answers 200 only for what is a row, and health is told from outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Update

from bot.gateway.application import Context
from bot.gateway.gateway import Source
from bot.gateway.webhook import SECRET_HEADER, WEBHOOK_PATH, create_app, webhook_route
from bot.playground.server import create_app as create_playground
from storage.store import SqlStore
from tests.gateway.rig import LI, STREET, Rig, a_gateway, a_playground, quick, served
from tests.gateway.updates import a_message

SECRET = "a_secret-1"


@pytest.fixture
async def hooked(store: SqlStore) -> AsyncIterator[tuple[Rig, httpx.AsyncClient]]:
    """A gateway with a webhook, not started, and somebody who calls it."""
    play = a_playground()
    async with served(create_playground(play)) as address:
        settings = quick(play.token, address, source=Source.WEBHOOK, webhook_url="http://h/", webhook_secret=SECRET)
        rig = a_gateway(store, settings, play)
        transport = httpx.ASGITransport(app=create_app(rig.gateway.routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as caller:
            yield rig, caller
        await rig.gateway.stop()
        play.close()


async def post(caller: httpx.AsyncClient, body: object, secret: str | None = SECRET) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return (await caller.post(WEBHOOK_PATH, content=content, headers=headers)).status_code


async def test_an_update_is_a_row_before_it_is_confirmed(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    rig, caller = hooked
    assert await post(caller, a_message(1, "井盖")) == 200
    assert (await rig.inbox.backlog())[0] == 1
    assert await post(caller, a_message(1, "井盖")) == 200
    assert (await rig.inbox.backlog())[0] == 1


@pytest.mark.parametrize("secret", [None, "", "a_secret", "A_SECRET-1", "a_secret-1x", "é"])
async def test_another_secret_is_refused(hooked: tuple[Rig, httpx.AsyncClient], secret: str | None) -> None:
    rig, caller = hooked
    headers = {} if secret is None else {SECRET_HEADER.encode(): secret.encode()}
    answer = await caller.post(WEBHOOK_PATH, json=a_message(1, "井盖"), headers=headers)
    assert answer.status_code == 403
    assert (await rig.inbox.backlog())[0] == 0


def test_no_webhook_without_a_secret(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    rig, _ = hooked
    with pytest.raises(ValueError):
        webhook_route(rig.gateway.intake, rig.gateway.health, "")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"\xff", b"{}", b'{"update_id": "1"}', b"[" * 200_000])
async def test_what_is_no_update_is_refused(hooked: tuple[Rig, httpx.AsyncClient], body: bytes) -> None:
    _, caller = hooked
    assert await post(caller, body) == 400


async def test_a_body_beyond_all_measure_is_not_read(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    _, caller = hooked
    assert await post(caller, a_message(1, "x" * 1_100_000)) == 413


async def test_only_post(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    _, caller = hooked
    assert (await caller.get(WEBHOOK_PATH)).status_code == 405


async def test_while_the_database_is_away_telegram_keeps_the_update(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    rig, caller = hooked
    async with rig.store.engines.writer.connect() as connection:
        await connection.exec_driver_sql("ALTER TABLE inbox RENAME TO gone")
        await connection.commit()
    assert await post(caller, a_message(1, "井盖")) == 503
    assert (await caller.get("/healthz")).status_code == 503
    assert "jiehu_inbox_open NaN" in (await caller.get("/metrics")).text


async def test_health_and_metrics(hooked: tuple[Rig, httpx.AsyncClient]) -> None:
    rig, caller = hooked
    before = await caller.get("/healthz")
    assert before.status_code == 503
    assert before.json() == {"ok": False, "connected": False, "last_good_poll_age": None, "inbox_open": 0}
    await rig.gateway.start()
    assert await post(caller, a_message(1, "井盖")) == 200
    await rig.gateway.drain()
    after = await caller.get("/healthz")
    assert after.status_code == 200
    assert after.json()["last_good_poll_age"] < 5
    await rig.push(500)
    assert (await caller.get("/healthz")).status_code == 503
    numbers = (await caller.get("/metrics")).text
    assert 'jiehu_updates_received_total{outcome="new"} 1.0' in numbers
    assert 'jiehu_updates_worked_total{outcome="done"} 1.0' in numbers


async def test_the_way_from_the_playground_to_the_handler(store: SqlStore) -> None:
    """setWebhook, delivery with the secret, and a server that was away when it was first asked."""
    play = a_playground()
    play.faults.fail("setWebhook", 500)

    async def note(update: Update, context: Context) -> None:
        assert update.message
        await context.uow.settings.put(f"seen:{update.update_id}", update.message.text)

    holder: list[Rig] = []

    async def receiving(scope, receive, send):  # type: ignore[no-untyped-def]
        await create_app(holder[0].gateway.routes)(scope, receive, send)

    async with served(create_playground(play)) as telegram, served(receiving) as bot:
        url = f"{bot}{WEBHOOK_PATH}"
        settings = quick(play.token, telegram, source=Source.WEBHOOK, webhook_url=url, webhook_secret=SECRET)
        rig = a_gateway(store, settings, play)
        holder.append(rig)
        rig.handle(note)
        await rig.gateway.start()
        await play.say(LI, STREET, "井盖")
        async with asyncio.timeout(8):
            while not await rig.facts("seen:"):
                await asyncio.sleep(0.02)
        assert rig.gateway.health.is_good
        await rig.gateway.stop()
        play.close()

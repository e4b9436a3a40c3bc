"""Polling survives everything for ever, loses nothing, and shows by the age of the last good poll."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from structlog.typing import EventDict
from telegram import Update

from bot.gateway.application import Context
from bot.gateway.health import LAST_FAILURE, LAST_GOOD
from bot.gateway.poll_failure import FAILURES
from storage.store import SqlStore
from tests.gateway.rig import LI, STREET, UNIT, Rig, a_gateway, a_playground, quick, served
from tests.gateway.updates import a_message


async def note(update: Update, context: Context) -> None:
    assert update.message
    await context.uow.settings.put(f"seen:{update.update_id}", update.message.text)


async def until_seen(rig: Rig, count: int, timeout: float = 8.0) -> list[object]:
    async with asyncio.timeout(timeout):
        while len(await rig.facts("seen:")) < count:
            await asyncio.sleep(0.02)
    return list((await rig.facts("seen:")).values())


async def test_what_was_said_before_the_start_comes_in(rig: Rig) -> None:
    rig.handle(note)
    for number in range(3):
        await rig.play.say(LI, STREET, f"{number}")
    await rig.gateway.start()
    assert sorted(map(str, await until_seen(rig, 3))) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "refused"),
        (401, "unauthorized"),
        (404, "not found"),
        (409, "conflict"),
        (429, "too many"),
        (500, "server"),
        (502, "server"),
    ],
)
async def test_a_failing_server_is_asked_again(rig: Rig, logs: list[EventDict], status: int, kind: str) -> None:
    rig.handle(note)
    rig.play.faults.fail("getUpdates", status, times=3)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    assert await until_seen(rig, 1) == ["井盖"]
    assert [log["event"] for log in logs if log["event"] in FAILURES.values()] == [FAILURES[kind]]
    assert await rig.fact(LAST_FAILURE) is None, "and it is forgotten once it goes well"


async def test_why_it_fails_can_be_read_from_outside(rig: Rig) -> None:
    rig.play.faults.fail("getUpdates", 409, times=1000)
    await rig.gateway.start()
    async with asyncio.timeout(8):
        while await rig.fact(LAST_FAILURE) is None:
            await asyncio.sleep(0.02)
    assert await rig.fact(LAST_FAILURE) == "conflict"
    rig.play.faults.clear()
    async with asyncio.timeout(8):
        while await rig.fact(LAST_FAILURE) is not None:
            await asyncio.sleep(0.02)


async def test_a_pause_that_the_server_asks_for_is_kept(rig: Rig) -> None:
    rig.handle(note)
    rig.play.faults.fail("getUpdates", 429, retry_after=1)
    begun = time.monotonic()
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await until_seen(rig, 1)
    assert time.monotonic() - begun >= 1.0


async def test_a_hanging_server_is_given_up(rig: Rig) -> None:
    rig.handle(note)
    rig.play.faults.hang(60, "getUpdates")
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    assert await until_seen(rig, 1) == ["井盖"]


async def test_a_server_that_is_away_from_the_start_on(rig: Rig) -> None:
    rig.handle(note)
    rig.play.offline(True)
    await rig.gateway.start()
    await asyncio.sleep(0.3)
    assert not rig.gateway.health.is_connected
    assert not rig.gateway.health.is_good
    assert rig.gateway.health.age is None
    rig.play.offline(False)
    await rig.play.say(LI, STREET, "井盖")
    assert await until_seen(rig, 1) == ["井盖"]
    assert rig.gateway.health.is_good


async def test_a_dead_network(store: SqlStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    play = a_playground()
    rig = a_gateway(store, quick(play.token, f"http://127.0.0.1:{port}"), play)
    await rig.gateway.start()
    await asyncio.sleep(0.3)
    assert rig.gateway.health.age is None
    await rig.gateway.stop()


async def test_the_age_of_the_last_good_poll_is_a_row_for_other_processes(rig: Rig) -> None:
    await rig.gateway.start()
    async with asyncio.timeout(5):
        while await rig.fact(LAST_GOOD) is None:
            await asyncio.sleep(0.02)
    stored = await rig.fact(LAST_GOOD)
    assert isinstance(stored, float)
    assert abs(stored - rig.ticker.time()) < 5
    assert rig.gateway.health.age is not None


async def test_the_age_grows_while_polls_fail(rig: Rig) -> None:
    await rig.gateway.start()
    async with asyncio.timeout(5):
        while rig.gateway.health.age is None:
            await asyncio.sleep(0.02)
    rig.play.offline(True)
    await rig.push(121)
    assert rig.gateway.health.age > 120
    assert not rig.gateway.health.is_good


async def test_a_webhook_left_over_is_removed(rig: Rig) -> None:
    rig.handle(note)
    rig.play.faults.fail("deleteWebhook", 500, times=2)
    await rig.play.say(LI, STREET, "井盖")
    async with served(Starlette(routes=[])) as nowhere:
        call = rig.application.bot
        await call.initialize()
        await call.set_webhook(nowhere, allowed_updates=["message"])
        await rig.gateway.start()
        assert await until_seen(rig, 1) == ["井盖"]


async def test_what_comes_twice_is_worked_off_once(rig: Rig) -> None:
    seen: list[int] = []

    async def handler(update: Update, context: Context) -> None:
        seen.append(update.update_id)

    rig.handle(handler)
    await rig.gateway.start()
    for _ in range(3):
        await rig.store_raw(a_message(7, "井盖"), a_message(8, "井盖"), a_message(7, "井盖"))
    await rig.gateway.drain()
    assert sorted(seen) == [7, 8]


async def test_an_offset_moves_only_over_what_is_stored(rig: Rig) -> None:
    """The database is away for a while: Telegram keeps the updates until they are rows."""
    rig.handle(note)
    async with rig.store.engines.writer.connect() as connection:
        await connection.exec_driver_sql("ALTER TABLE inbox RENAME TO gone")
        await connection.commit()
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await asyncio.sleep(0.4)
    assert rig.play.pending == 1
    async with rig.store.engines.writer.connect() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO inbox")
        await connection.commit()
    assert await until_seen(rig, 1) == ["井盖"]


class Scripted:
    """A minimal foreign server: a list of answers to getUpdates, HTTP 500 to whatever it does not know."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, str]] = []
        self.calls: list[str] = []

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls.append(method)
        if method == "getMe":
            return JSONResponse({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "b"}})
        if method != "getUpdates":
            return PlainTextResponse("what?", status_code=500)
        async with request.form() as form:
            self.asked.append({name: str(value) for name, value in form.items()})
        if self.answers:
            return self.answers.pop(0)
        await asyncio.sleep(0.05)
        return updates()


def updates(*each: object) -> Response:
    return JSONResponse({"ok": True, "result": list(each)})


@pytest.fixture
async def foreign(store: SqlStore) -> AsyncIterator[tuple[Scripted, Rig]]:
    server = Scripted()
    async with served(server.app()) as address:
        rig = a_gateway(store, quick("1:x", address, commands={"": [("help", "帮助")]}), a_playground())
        yield server, rig
        await rig.gateway.stop()


async def test_a_server_that_knows_hardly_anything_is_enough(foreign: tuple[Scripted, Rig]) -> None:
    server, rig = foreign
    async with rig.store.begin() as uow:
        for chat in (STREET, UNIT, -1, -2, -3):
            await uow.chats.ensure(chat, title="群", private=False)
        await uow.commit()
    rig.handle(note)
    server.answers = [updates(a_message(41, "井盖"))]
    await rig.gateway.start()
    assert await until_seen(rig, 1) == ["井盖"]
    assert rig.gateway.health.is_good
    assert {"deleteWebhook", "setMyCommands"} <= set(server.calls)


async def test_the_call_names_the_kinds_and_the_offset(foreign: tuple[Scripted, Rig]) -> None:
    server, rig = foreign
    server.answers = [updates(a_message(41, "a"), a_message(43, "b"))]
    await rig.gateway.start()
    async with asyncio.timeout(5):
        while len(server.asked) < 2:
            await asyncio.sleep(0.02)
    kinds = '["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]'
    assert server.asked[0] == {"timeout": "1", "allowed_updates": kinds}
    assert server.asked[1] == {"timeout": "1", "allowed_updates": kinds, "offset": "44"}


async def test_after_days_of_silence_the_offset_is_forgotten(foreign: tuple[Scripted, Rig]) -> None:
    server, rig = foreign
    server.answers = [updates(a_message(41, "a"))]
    await rig.gateway.start()
    async with asyncio.timeout(5):
        while not server.asked or server.asked[-1].get("offset") != "42":
            await asyncio.sleep(0.02)
        await rig.push(6 * 24 * 3600)
        while "offset" in server.asked[-1]:
            await asyncio.sleep(0.02)


NONSENSE = [
    PlainTextResponse("<html>login to the network</html>"),
    PlainTextResponse(""),
    JSONResponse([]),
    JSONResponse({"ok": True}),
    JSONResponse({"ok": True, "result": {"update_id": 1}}),
    updates("text", None, 3, {"message": {}}),
    Response(b"\xff\xfe", status_code=500),
    JSONResponse([1], status_code=401),
    JSONResponse({"parameters": {"retry_after": "soon"}}, status_code=429),
    Response(status_code=302, headers={"location": "http://127.0.0.1:1/"}),
]


async def test_nonsense_is_survived(foreign: tuple[Scripted, Rig]) -> None:
    server, rig = foreign
    rig.handle(note)
    server.answers = [*NONSENSE[:5], updates("text", a_message(1, "beside nonsense")), *NONSENSE[5:]]
    server.answers.append(updates(a_message(2, "after nonsense")))
    await rig.gateway.start()
    assert sorted(map(str, await until_seen(rig, 2, 30))) == ["after nonsense", "beside nonsense"]


async def test_two_pollers_are_told_apart_from_other_faults(rig: Rig, logs: list[EventDict]) -> None:
    await rig.gateway.start()
    rig.play.faults.fail("getUpdates", 409, description="Conflict: terminated by other getUpdates request")
    async with asyncio.timeout(5):
        while not any(log["event"] == FAILURES["conflict"] for log in logs):
            await rig.play.say(LI, STREET, "井盖")
            await asyncio.sleep(0.05)

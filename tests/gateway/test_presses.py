"""A press is answered once, after the commit, with its outcome."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update

from bot.domain.errors import NothingToDo
from bot.gateway.application import Context
from bot.gateway.gateway import Source
from storage.store import SqlStore
from tests.gateway.rig import Rig, a_gateway, a_playground, quick, served
from tests.gateway.updates import a_message, a_press


class AnswerServer:
    """A Bot API that only listens to answers; it may fail or hang at them."""

    def __init__(self) -> None:
        self.answers: list[dict[str, str]] = []
        self.status = 200
        self.hang = 0.0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["POST"])])

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        if method == "getMe":
            return JSONResponse({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "b"}})
        if method != "answerCallbackQuery":
            return JSONResponse({"ok": True, "result": []}, status_code=500)
        async with request.form() as form:
            self.answers.append({name: str(value) for name, value in form.items()})
        await asyncio.sleep(self.hang)
        if self.status != 200:
            told = {"ok": False, "error_code": self.status, "description": "query is too old"}
            return JSONResponse(told, status_code=self.status)
        return JSONResponse({"ok": True, "result": True})


@pytest.fixture
def listener() -> AnswerServer:
    return AnswerServer()


@pytest.fixture
async def pressed(store: SqlStore, listener: AnswerServer):  # type: ignore[no-untyped-def]
    """A rig whose updates are stored by the test itself."""
    async with served(listener.app()) as address:
        rig = a_gateway(store, quick("1:x", address, source=Source.NONE), a_playground())
        yield rig
        await rig.gateway.stop()


async def answering(update: Update, context: Context) -> None:
    await context.uow.settings.put(f"seen:{update.update_id}", "written")
    context.answer("已签收", alert=False)


async def test_the_outcome_is_the_answer(pressed: Rig, listener: AnswerServer) -> None:
    pressed.handle(answering)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1", "text": "已签收"}]
    assert pressed.heard.late == []


async def test_a_press_that_says_nothing_is_answered_too(pressed: Rig, listener: AnswerServer) -> None:
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1"}]


async def test_the_outcome_of_a_press_that_telegram_kept_too_long_is_a_message(
    pressed: Rig, listener: AnswerServer
) -> None:
    pressed.handle(answering)
    listener.status = 400
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert len(listener.answers) == 1
    assert pressed.heard.late == ["已签收"]


async def test_a_server_that_cannot_answer_now_makes_no_message(pressed: Rig, listener: AnswerServer) -> None:
    pressed.handle(answering)
    listener.status = 500
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert pressed.heard.late == []


async def test_a_long_answer_is_cut(pressed: Rig, listener: AnswerServer) -> None:
    async def talking(update: Update, context: Context) -> None:
        context.answer("长" * 500, alert=True)

    pressed.handle(talking)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1", "text": "长" * 200, "show_alert": "true"}]


async def test_the_answer_comes_after_the_commit_and_not_before(pressed: Rig, listener: AnswerServer) -> None:
    seen: list[int] = []

    async def slow(update: Update, context: Context) -> None:
        context.answer("done")
        await asyncio.sleep(0.3)
        seen.append(len(listener.answers))

    pressed.handle(slow)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert seen == [0]
    assert len(listener.answers) == 1


async def test_a_refusal_is_the_answer(pressed: Rig, listener: AnswerServer) -> None:
    async def refusing(update: Update, context: Context) -> None:
        context.answer("已签收")
        raise NothingToDo()

    pressed.handle(refusing)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1", "text": "refused: nothing-to-do", "show_alert": "true"}]


async def test_one_answer_however_often_the_unit_of_work_fails(pressed: Rig, listener: AnswerServer) -> None:
    failing = iter([True])

    async def once(update: Update, context: Context) -> None:
        context.answer("已签收")
        if next(failing, False):
            raise ConnectionError

    pressed.handle(once)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.settled_with_retries()
    assert listener.answers == [{"callback_query_id": "q1", "text": "已签收"}]


async def test_a_press_that_can_never_be_worked_off_stops_spinning(pressed: Rig, listener: AnswerServer) -> None:
    async def crash(update: Update, context: Context) -> None:
        raise ZeroDivisionError

    pressed.handle(crash)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.settled_with_retries()
    assert listener.answers == [{"callback_query_id": "q1"}]
    assert len(pressed.heard.crashed) == 1


async def test_behind_a_long_lane_it_is_answered_empty_and_the_outcome_is_a_message(
    pressed: Rig, listener: AnswerServer
) -> None:
    go_on = asyncio.Event()

    async def handler(update: Update, context: Context) -> None:
        if update.message:
            await go_on.wait()
        else:
            await answering(update, context)

    pressed.handle(handler)
    await pressed.gateway.start()
    await pressed.store_raw(a_message(1, "slow"), a_press(2, "q1"))
    await pressed.push(6)
    async with asyncio.timeout(5):
        while not listener.answers:
            await asyncio.sleep(0.01)
    assert pressed.heard.late == []
    go_on.set()
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1"}]
    assert pressed.heard.late == ["已签收"]
    assert await pressed.fact("late:2") == "已签收"


async def test_after_an_outage_it_is_answered_empty_and_the_outcome_is_a_message(
    pressed: Rig, listener: AnswerServer
) -> None:
    pressed.handle(answering)
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.push(3600)
    await pressed.gateway.start()
    await pressed.gateway.drain()
    assert listener.answers == [{"callback_query_id": "q1"}]
    assert await pressed.fact("late:1") == "已签收"


@pytest.mark.parametrize("status", [400, 404, 429, 500])
async def test_an_answer_that_fails_is_a_warning(pressed: Rig, listener: AnswerServer, status: int) -> None:
    listener.status = status
    pressed.handle(answering)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    assert await pressed.fact("seen:1") == "written"
    assert len(listener.answers) == 1
    assert await pressed.inbox.dead_letters(10) == []


async def test_an_answer_that_hangs_holds_no_lane(pressed: Rig, listener: AnswerServer) -> None:
    listener.hang = 1.5
    pressed.handle(answering)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"), a_press(2, "q2"))
    async with asyncio.timeout(1.2):
        while len(await pressed.facts("seen:")) < 2:
            await asyncio.sleep(0.01)
    await pressed.gateway.drain()
    assert [answer["callback_query_id"] for answer in listener.answers] == ["q1", "q2"]


async def test_a_press_delivered_twice_is_answered_once(pressed: Rig, listener: AnswerServer) -> None:
    pressed.handle(answering)
    await pressed.gateway.start()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.gateway.drain()
    await pressed.store_raw(a_press(1, "q1"))
    await pressed.push(20)
    await asyncio.sleep(0.6)
    await pressed.gateway.drain()
    assert len(listener.answers) == 1


async def test_the_playgrounds_people_see_the_answer(rig: Rig) -> None:
    rig.handle(answering)
    await rig.gateway.start()
    async with httpx.AsyncClient() as http:
        buttons = '{"inline_keyboard":[[{"text":"签收","callback_data":"t"}]]}'
        address = rig.application.bot.base_url
        call = {"chat_id": "-1001001", "text": "card", "reply_markup": buttons}
        sent = (await http.post(f"{address}/sendMessage", data=call)).json()["result"]
    answer = await rig.play.press(101, -1001001, sent["message_id"], "签收")
    assert (answer.answered, answer.text, answer.alert) == (True, "已签收", False)

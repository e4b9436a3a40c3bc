"""The Rasa backend without Rasa: what a server may answer, what becomes of it, and the project it learns from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from nlu.backend import ListItem
from nlu.rasa import RasaInterpreter, RasaSettings
from nlu.rasa.client import IntentGuess
from nlu.rasa.ranking import KEPT, scores_of
from nlu.training.rasa_project import write_project
from nlu.types import Act, Context, NluUnavailable
from tests.nlu.small_district import ITEMS, PLACES, write_messages

CODES = frozenset(item.code for item in ITEMS)
Answer = Callable[[dict[str, object]], Awaitable[tuple[int, bytes]]]


@asynccontextmanager
async def rasa_that(answer: Answer) -> AsyncIterator[tuple[RasaInterpreter, list[str]]]:
    """An interpreter over a server of ours on a real socket, and the texts that reached it."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        question = json.loads(await reader.readexactly(length))
        heard.append(question["text"])
        status, body = await answer(question)
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    interpreter = RasaInterpreter(RasaSettings(f"http://{host}:{port}", patience=2.0), CODES, PLACES)
    try:
        yield interpreter, heard
    finally:
        await interpreter.close()
        server.close()


def ranked(**confidences: float) -> bytes:
    ranking = [{"name": name.replace("__", "-"), "confidence": value} for name, value in confidences.items()]
    return json.dumps({"intent": ranking[0], "intent_ranking": ranking}).encode()


def always(status: int, body: bytes) -> Answer:
    async def answer(question: dict[str, object]) -> tuple[int, bytes]:
        return status, body

    return answer


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (404, b"gone"),
        (409, b'{"reason": "no model"}'),
        (200, b"not json"),
        (200, b"[]"),
        (200, b"null"),
        (200, b"{}"),
        (200, b'{"intent_ranking": []}'),
        (200, b'{"intent_ranking": [{"name": "sign"}]}'),
        (200, b'{"intent_ranking": [{"name": "sign", "confidence": "high"}]}'),
        (200, b'{"intent_ranking": [{"name": "sign", "confidence": NaN}]}'),
        (200, b'{"intent_ranking": [{"name": "sign", "confidence": 7}]}'),
        (200, b"[" * 100_000),
    ],
)
async def test_whatever_is_no_ranking_means_unavailable(status: int, body: bytes) -> None:
    async with rasa_that(always(status, body)) as (interpreter, _):
        with pytest.raises(NluUnavailable):
            await interpreter.interpret("路灯坏了", Context())


async def test_a_slow_server_is_unavailable_in_time() -> None:
    async def sleep(question: dict[str, object]) -> tuple[int, bytes]:
        await asyncio.sleep(4.0)
        return 200, ranked(sign=1.0)

    async with rasa_that(sleep) as (interpreter, _):
        begun = asyncio.get_running_loop().time()
        with pytest.raises(NluUnavailable, match="longer than"):
            await interpreter.interpret("路灯坏了", Context())
        assert asyncio.get_running_loop().time() - begun < 3.5


async def test_nobody_at_the_address_is_unavailable() -> None:
    interpreter = RasaInterpreter(RasaSettings("http://127.0.0.1:9"), CODES, PLACES)
    with pytest.raises(NluUnavailable, match="cannot be reached"):
        await interpreter.interpret("路灯坏了", Context())
    await interpreter.close()
    with pytest.raises(NluUnavailable, match="closed"):
        await interpreter.interpret("路灯坏了", Context())


@pytest.mark.parametrize(("text", "heard"), [("/sign", ["sign"]), (" // 路灯坏了 ", ["路灯坏了"])])
async def test_rasa_never_sees_a_leading_slash(text: str, heard: list[str]) -> None:
    async with rasa_that(always(200, ranked(sign=1.0))) as (interpreter, texts):
        assert (await interpreter.interpret(text, Context())).text == text
        assert texts == heard


@pytest.mark.parametrize("text", ["", "  ", "/", "1", "？？", "😂😂", "12:30"])
async def test_what_has_no_words_is_not_asked(text: str) -> None:
    async with rasa_that(always(200, ranked(report_SZ__04=1.0))) as (interpreter, heard):
        assert (await interpreter.interpret(text, Context())).act is Act.CHATTER
        assert heard == []


async def test_two_problems_become_two_segments() -> None:
    async def answer(question: dict[str, object]) -> tuple[int, bytes]:
        text = str(question["text"])
        lamp, rubbish = "路灯" in text, "垃圾" in text
        share = 0.45 if lamp and rubbish else 0.9
        return 200, ranked(report_SZ__04=share * lamp, report_SR__01=share * rubbish, chatter=0.05)

    text = "柳荫路的路灯坏了好几天，另外街边垃圾堆了一地"
    async with rasa_that(answer) as (interpreter, _):
        got = await interpreter.interpret(text, Context())
    assert [segment.items[0].code for segment in got.segments] == ["SZ-04", "SR-01"]
    assert "".join(segment.text for segment in got.segments) == text


def guesses(**confidences: float) -> list[IntentGuess]:
    return [IntentGuess(name.replace("__", "-"), value) for name, value in confidences.items()]


def test_acts_sum_up_their_intents_and_items_share_the_reports() -> None:
    scores = scores_of(guesses(report_SZ__03=0.3, report_back=0.2, report_SZ__04=0.1, chatter=0.4), CODES)
    assert scores.acts[Act.REPORT] == pytest.approx(0.4)
    assert scores.acts[Act.REPORT_BACK] == pytest.approx(0.2)
    assert scores.acts.keys() == set(Act)
    assert [(one.code, pytest.approx(one.confidence)) for one in scores.items] == [("SZ-03", 0.75), ("SZ-04", 0.25)]
    assert scores.flags == frozenset()


def test_what_is_no_intent_of_ours_is_left_out() -> None:
    scores = scores_of(guesses(nlu_fallback=0.3, report_XX__99=0.5, report_SZ__03=0.1, chatter=0.1), CODES)
    assert [one.code for one in scores.items] == ["SZ-03"]
    assert scores.acts[Act.REPORT] == pytest.approx(0.5)
    assert scores_of(guesses(nlu_fallback=1.0), CODES).acts[Act.CHATTER] == 1.0


def test_an_accusation_is_a_report_with_its_flag() -> None:
    scores = scores_of(guesses(accusation=0.6, report_SZ__03=0.2, chatter=0.2), CODES)
    assert scores.accusation > 0
    assert scores.acts[Act.REPORT] == pytest.approx(0.8)
    assert scores_of(guesses(accusation=0.3, chatter=0.7), CODES).accusation < 0


def test_a_report_that_no_item_fits_leaves_the_items_little() -> None:
    scores = scores_of(guesses(outside=0.6, report_SZ__03=0.2, chatter=0.2), CODES)
    assert scores.acts[Act.REPORT] == pytest.approx(0.8)
    assert [guess.confidence for guess in scores.items] == [pytest.approx(0.25)]


def test_the_best_few_are_kept() -> None:
    many = [IntentGuess(f"report_AA-{n:02}", 0.05) for n in range(20)]
    assert len(scores_of(many, {f"AA-{n:02}" for n in range(20)}).items) == KEPT


def test_the_project_holds_acts_items_and_accusations(tmp_path: Path) -> None:
    messages = {
        "report_SZ-03": ["井盖[图片](坏)没了", "井盖没了"],
        "report_ZZ-99": ["这一项清单里没有"],
        "status": ["/status 0032"],
        "accusation": ["网格员收黑钱"],
        "danger": ["有人要跳楼"],
        "no_accusation": ["城管没来"],
    }
    folder = tmp_path / "project"
    count = write_project(folder, [ListItem("SZ-03", "井盖缺损")], write_messages(tmp_path, messages), 7)
    page = yaml.safe_load((folder / "nlu.yml").read_text(encoding="utf-8"))
    intents = {block["intent"]: block["examples"].splitlines() for block in page["nlu"]}
    assert intents == {
        "report_SZ-03": ["- 井盖［图片］(坏)没了", "- 井盖没了", "- 井盖缺损", "- 井盖缺损："],
        "status": ["- status 0032"],
        "accusation": ["- 网格员收黑钱"],
    }
    assert count == 6
    pipeline = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    assert [step["epochs"] for step in pipeline if step["name"] == "DIETClassifier"] == [7]

"""A Rasa server that is away: the local backend keeps the contract, and the server is tried again by and by."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from nlu.fallback import FallbackInterpreter
from nlu.local import LocalInterpreter
from nlu.rasa import RasaInterpreter, RasaSettings
from nlu.types import Act, Context, Decision, Interpretation, Interpreter, NluUnavailable
from tests.nlu.small_district import ITEMS, PLACES

# the contract itself, over the `interpreter` of this module
from tests.nlu.test_contract import *  # noqa: F403

NOBODY = RasaSettings("http://127.0.0.1:9")


@pytest.fixture
def interpreter(local: LocalInterpreter) -> Interpreter:
    """Rasa with nobody at its address, and the local backend behind it."""
    return FallbackInterpreter(RasaInterpreter(NOBODY, [item.code for item in ITEMS], PLACES), local)


class Scripted:
    """A backend that is there or away as the test says."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.away = False
        self.asked = 0

    async def interpret(self, text: str, context: Context) -> Interpretation:
        self.asked += 1
        if self.away:
            raise NluUnavailable("away")
        return Interpretation(self.name, Act.CHATTER, 1.0, Decision.ABSTAIN)

    async def close(self) -> None:
        self.away = True


class Pair:
    """Two scripted backends as one, with a clock that the test moves."""

    def __init__(self) -> None:
        self.first, self.second = Scripted("first"), Scripted("second")
        self.seconds = 100.0
        self.both = FallbackInterpreter(self.first, self.second, rest=10, seconds=lambda: self.seconds)

    async def answerer(self) -> str:
        return (await self.both.interpret("x", Context())).text


async def test_the_second_is_not_asked_while_the_first_answers() -> None:
    pair = Pair()
    assert await pair.answerer() == "first"
    assert pair.second.asked == 0


async def test_after_a_failure_the_first_is_left_alone_for_a_while() -> None:
    pair = Pair()
    pair.first.away = True
    assert [await pair.answerer() for _ in range(3)] == ["second"] * 3
    assert pair.first.asked == 1
    pair.seconds += 9.9
    assert await pair.answerer() == "second"
    assert pair.first.asked == 1


async def test_it_comes_back_by_itself() -> None:
    pair = Pair()
    pair.first.away = True
    await pair.answerer()
    pair.seconds += 10
    assert await pair.answerer() == "second"
    assert pair.first.asked == 2
    pair.first.away = False
    assert await pair.answerer() == "second"
    pair.seconds += 10
    assert [await pair.answerer() for _ in range(3)] == ["first"] * 3


async def test_going_and_coming_are_logged_once_each() -> None:
    pair = Pair()
    pair.first.away = True
    with capture_logs() as logs:
        for _ in range(4):
            await pair.answerer()
            pair.seconds += 10
        pair.first.away = False
        for _ in range(3):
            await pair.answerer()
    assert [line["event"] for line in logs] == ["understanding falls back", "understanding is back"]

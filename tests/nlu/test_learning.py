"""Models compared on what neither has seen, one exchanged for another, and what is drawn of mistakes."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.config.learned import InService, folder_of, forget_replaced, keep_examples, read_in_service, write_in_service
from nlu.evaluation.compare import Compared, Exam, Standing
from nlu.evaluation.confusion import acts_of, items_of
from nlu.evaluation.rows import Answer, Row
from nlu.exchange import ExchangeableInterpreter
from nlu.training.examples import read_folder
from nlu.training.lesson import Lesson
from nlu.training.train import stamp_of
from nlu.types import Act, Context, Decision, Interpretation, ItemGuess, NluUnavailable
from tests.nlu.small_district import ITEMS, MESSAGES, PLACES, write_messages


def test_the_held_back_part_is_always_the_same_and_never_learned(tmp_path: Path) -> None:
    data = write_messages(tmp_path / "data")
    held = {one.text for one in Lesson(data).held_back()}
    learned = {one.text for one in Lesson(data, holds_back=True).examples()}
    assert held and held.isdisjoint(learned)
    assert held | learned == {one.text for one in Lesson(data).examples()}
    assert all(one.act is not None for one in Lesson(data, holds_back=True).held_back())


def test_what_was_released_is_part_of_the_stamp(tmp_path: Path) -> None:
    data = write_messages(tmp_path / "data")
    models = tmp_path / "models"
    name = keep_examples(models, [("report_SZ-04", "那个亮亮儿瞎了"), ("chatter", "路灯 开玩笑的")])
    released = folder_of(models, name)
    assert released is not None
    assert {(one.intent, one.text) for one in read_folder(released)} == {
        ("report_SZ-04", "那个亮亮儿瞎了"),
        ("chatter", "路灯 开玩笑的"),
    }
    stamps = {
        stamp_of(ITEMS, PLACES, lesson, "usem3")
        for lesson in (Lesson(data), Lesson(data, released), Lesson(data, released, holds_back=True))
    }
    assert len(stamps) == 3
    assert keep_examples(models, []) == ""


def test_nonsense_that_was_released_does_not_vouch_for_itself(tmp_path: Path) -> None:
    data = write_messages(tmp_path / "data")
    nonsense = [("chatter", f"{text}{tail}") for text in MESSAGES["report_SR-01"] for tail in "啊哦呀嘛吧呢"]
    name = keep_examples(tmp_path / "models", nonsense)
    exam = Exam(ITEMS, PLACES, tmp_path / "models")
    compared = exam.compare(Lesson(data, folder_of(tmp_path / "models", name)), Lesson(data))
    assert compared.new.n == compared.in_service.n == len(Lesson(data).held_back())


@pytest.mark.parametrize(
    ("n", "before", "after", "worse"),
    [(40, 30, 29, True), (40, 30, 30, False), (1000, 800, 796, False), (1000, 800, 794, True)],
)
def test_a_few_of_a_thousand_go_either_way_by_chance(n: int, before: int, after: int, worse: bool) -> None:
    assert Compared(Standing(n, after, 0, 0, 0), Standing(n, before, 0, 0, 0)).is_worse is worse


def test_the_page_of_what_is_in_service_goes_forth_and_back(tmp_path: Path) -> None:
    assert read_in_service(tmp_path) == InService()
    second = InService().followed_by("a").followed_by("b").followed_by("b")
    assert second == InService("b", ("", "a"))
    write_in_service(tmp_path, second)
    assert read_in_service(tmp_path).rolled_back() == InService("a", ("",), ("b",))
    (tmp_path / "in-service.json").write_text("[]")
    with pytest.raises(OSError, match="is damaged"):
        read_in_service(tmp_path)


class Slow:
    """Answers with its name as soon as it may, and not at all once it is closed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.may = asyncio.Event()
        self.is_closed = False

    async def interpret(self, text: str, context: Context) -> Interpretation:
        await self.may.wait()
        if self.is_closed:
            raise NluUnavailable(self.name)
        return Interpretation(self.name, Act.CHATTER, 1.0, Decision.ABSTAIN)

    async def close(self) -> None:
        self.is_closed = True


def test_a_set_that_was_replaced_is_kept_for_a_while_and_then_forgotten(tmp_path: Path) -> None:
    models = tmp_path / "models"
    first, second = (keep_examples(models, [("chatter", words)]) for words in ("今天好累", "下班了"))
    for name in (first, second):
        folder = folder_of(models, name)
        assert folder is not None
        os.utime(folder, (1, 1))
    write_in_service(models, InService().followed_by(first))
    write_in_service(models, read_in_service(models).followed_by(second))
    now = time.time()
    assert forget_replaced(models, now - 3600) == 0, "its days count from when it was replaced"
    assert forget_replaced(models, now + 3600) == 1, "the one in service stays, however old"
    assert [folder.name for folder in (tmp_path / "examples").iterdir()] == [second]
    assert read_in_service(models) == InService(second, ("",)), "nobody returns to what is gone"


async def test_no_message_is_lost_while_one_model_follows_another() -> None:
    first, second = Slow("first"), Slow("second")
    pair = ExchangeableInterpreter(first)
    waiting = [asyncio.ensure_future(pair.interpret("a", Context())) for _ in range(5)]
    await asyncio.sleep(0)
    await pair.exchange(second)
    later = asyncio.ensure_future(pair.interpret("b", Context()))
    await asyncio.sleep(0)
    assert not first.is_closed
    first.may.set()
    assert {(await one).text for one in waiting} == {"first"}
    assert first.is_closed and not second.is_closed
    second.may.set()
    assert (await later).text == "second"
    await pair.close()
    assert second.is_closed


def answer(act: Act, got: Act, expected: str = "", first: str = "") -> Answer:
    items = (ItemGuess(first, 0.9),) if first else ()
    row = Row("x", act, frozenset([expected] if expected else []))
    return Answer(row, Interpretation("x", got, 0.9, Decision.ACCEPT, items), 0.0)


def test_a_matrix_is_a_table_and_a_picture() -> None:
    answers = [
        answer(Act.REPORT, Act.REPORT, "SZ-03", "SZ-03"),
        answer(Act.REPORT, Act.REPORT, "SZ-03", "ZF-03"),
        answer(Act.REPORT, Act.CHATTER, "SZ-03", "SZ-03"),
        answer(Act.SIGN, Act.CHATTER),
    ]
    items = items_of(answers, ["SZ-03", "ZF-03"])
    assert items.mistakes() == [("SZ-03", "-", 1), ("SZ-03", "ZF-03", 1)]
    assert items.as_csv().splitlines() == ["expected,SZ-03,ZF-03,-", "SZ-03,1,1,1", "ZF-03,0,0,0", "-,0,0,0"]
    assert acts_of(answers).counts["sign", "chatter"] == 1
    drawn = ElementTree.fromstring(items.as_svg())
    titles = [title.text for title in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["SZ-03 → -: 1", "SZ-03 → SZ-03: 1", "SZ-03 → ZF-03: 1"]

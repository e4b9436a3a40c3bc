"""B 9: people correct, a second person releases, the next model understands; and what never becomes an example."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.application.binding import issue_code
from bot.application.records import CodeKind
from bot.cli import app
from nlu.types import Decision, Interpreter
from tests.scenarios.scripted import Scripted, reading
from tests.scenarios.stories import called
from tests.support.world import (
    CHEN,
    COMMUNITY,
    HE,
    HUB,
    LI,
    QIAN,
    ROOT,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
    open_world,
)

COVER = "柳荫路45号3单元旁边那个铁坨坨松了，电话13812345678"
JOKE = "柳荫路的井盖笑话你听过没有"
HIT = "柳荫路有人打娃儿"
GARBAGE = "柳荫路垃圾桶满了，臭"
SCRIPT = {
    COVER: reading(COVER, "SZ-04", "SZ-03", "SR-01", decision=Decision.CLARIFY),
    JOKE: reading(JOKE, "SZ-03", "SZ-04", "SR-01"),
    HIT: reading(HIT, "SZ-04", "ZA-02", "SR-01", decision=Decision.CLARIFY),
    GARBAGE: reading(GARBAGE, "SZ-03", "SR-01", "SZ-04"),
}
OFFICE = HE
"""He gets the list office's role as well: somebody at the hub who is not the dispatcher."""


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """A district where the sentences above are read as the script says."""
    async with open_world(tmp_path, Scripted(interpreter, SCRIPT)) as opened:
        yield opened


async def with_list_office(world: World) -> None:
    """Somebody of the list office joins."""
    async with world.app.store.begin() as uow:
        made = await issue_code(uow, world.app.district(), CodeKind.PERSON, "list_office", "hub", now=world.now)
        await uow.commit()
    await world.says(OFFICE, OFFICE, f"/join {made.code}")


async def test_what_was_corrected_is_released_by_another_masked_and_with_both_names(world: World) -> None:
    await world.says(LI, STREET, COVER)
    await world.press(LI, STREET, "道路井盖")
    await world.says(CHEN, HUB, "样例")
    listed = world.card(HUB, "放行")
    assert "铁坨坨" in listed.text and "道路井盖" in listed.text and "路灯不亮" in listed.text
    assert "13812345678" not in listed.text and "3单元" not in listed.text
    assert captions(listed) == ["① 放行", "① 不用"]
    assert "放行" in await world.press(CHEN, HUB, "放行")
    assert "没有等着放行" in world.last(HUB).text
    async with world.app.store.read() as uow:
        [released] = await uow.corrections.released()
        by, released_by = await uow.people.get(released.by or 0), await uow.people.get(released.released_by or 0)
    assert by and released_by and (by.name, released_by.name) == ("李网格", "陈调度")
    assert (released.origin, released.was, released.item) == ("change_item", "SZ-04", "SZ-03")


async def test_not_a_report_and_a_page_of_more_than_three(world: World) -> None:
    for n in range(4):
        chat = COMMUNITY if n > 1 else STREET  # three in a group, and it is asked in private there
        await world.says(LI, chat, JOKE if n == 0 else GARBAGE)
        await world.press(LI, chat, "不是上报")
    await world.says(CHEN, HUB, "/examples")
    card = world.card(HUB, "放行")
    assert "4 条" in card.text and "1/2" in card.text and "不是上报" in card.text
    await world.press(CHEN, HUB, "下一页", card)
    assert "2/2" in world.card(HUB, "放行").text
    await world.press(CHEN, HUB, "① 不用")
    assert "3 条" in world.card(HUB, "放行").text
    async with world.app.store.read() as uow:
        counted = await uow.corrections.counted()
        assert await uow.corrections.released() == []
    assert counted == {("not_a_report", "SZ-03", ""): 4}, "dropped ones lose their words, not their count"


async def test_nobody_releases_his_own_ruling_and_a_unit_s_items_are_proposed(world: World) -> None:
    await with_list_office(world)
    code, call = await called(world)
    await world.says(WANG, UNIT, "退回，不归我们管，应由公安处理", reply_to=call)
    await world.says(CHEN, HUB, f"派单 {code} D11")
    await world.says(CHEN, HUB, "样例")
    card = world.card(HUB, "① 不用")
    assert "是哪一项" in card.text and "公安" in card.text
    [*named, drop] = captions(card)
    assert named and drop == "① 不用"
    assert "您自己" in await world.press(CHEN, HUB, named[0])
    await world.says(OFFICE, OFFICE, "样例")
    await world.press(OFFICE, OFFICE, named[0])
    async with world.app.store.read() as uow:
        [released] = await uow.corrections.released()
    catalogue = world.app.district().catalogue
    assert (
        released.origin == "return_granted" and catalogue.items[released.item].lead == catalogue.departments["D11"].name
    )


async def test_a_call_that_goes_where_the_list_says_teaches_nothing(world: World) -> None:
    code, _ = await called(world)
    await world.says(CHEN, HUB, f"派单 {code} D26")
    await world.says(CHEN, HUB, "样例")
    assert "没有等着放行" in world.last(HUB).text


async def test_what_is_sensitive_is_neither_kept_nor_shown(world: World) -> None:
    await world.says(LI, STREET, HIT)
    await world.press(LI, LI, "不是上报")
    async with world.app.store.read() as uow:
        assert await uow.corrections.waiting() == []
    await world.says(LI, STREET, GARBAGE)
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "街面")
    await world.says(CHEN, HUB, "样例")
    assert "垃圾桶" in world.card(HUB, "放行").text
    async with world.app.store.begin() as uow:
        [waiting] = await uow.corrections.waiting()
        draft = await uow.drafts.get(waiting.subject_id)
        assert draft is not None
        draft.candidates = [*draft.candidates, "ZA-02"]
        await uow.drafts.save(draft)
        await uow.commit()
    assert "过期" in await world.press(CHEN, HUB, "放行"), "what has become sensitive since is stale"
    await world.says(CHEN, HUB, "样例")
    assert "没有等着放行" in world.last(HUB).text


@pytest.mark.parametrize(("user", "chat"), [(LI, STREET), (QIAN, QIAN)])
async def test_only_the_hub_sees_them(world: World, user: int, chat: int) -> None:
    await world.says(user, chat, "样例")
    assert "调度员" in world.last(chat).text or "编办" in world.last(chat).text


LITTLE = {
    "report_SZ-04": ["柳荫路整条街路灯不亮", "路灯坏了好几天了，黑得很", "灯杆歪了快倒了", "街上路灯一闪一闪的"],
    "report_SZ-03": ["马路上井盖没了", "路口的井盖翘起来了", "人行道井盖破了一半", "井盖被车压得哐哐响"],
    "report_SR-01": ["街边垃圾桶满了没人收", "垃圾堆了一地，臭得很", "路边好大一堆生活垃圾", "有只死猫在马路中间"],
    "sign": ["收到，马上安排", "收到马上去", "已签收"],
    "chatter": ["今天中午吃什么", "哈哈哈哈", "明天上午九点开会", "辛苦了大家", "周末去爬山吗", "这个文件发一下"],
    "accusation": ["网格员收了老板的烟不管事", "城管的人收黑钱", "社区书记办事只照顾亲戚"],
}
SAYINGS = [f"柳荫路{n}号门口那个亮亮儿又瞎了" for n in range(1, 31)]
"""A word for a lamp that no list and no message has: what is learned of it is learned from people."""


class Learner:
    """`jiehu nlu` over the database of a running bot, with a handful of messages to begin with."""

    def __init__(self, folder: Path) -> None:
        blocks = [{"intent": name, "examples": "".join(f"- {one}\n" for one in ones)} for name, ones in LITTLE.items()]
        (folder / "training").mkdir()
        (folder / "training" / "little.yml").write_text(
            json.dumps({"version": "3.1", "nlu": blocks}, ensure_ascii=False)
        )
        text = (ROOT / "config.yml").read_text(encoding="utf-8").replace(": examples/", f": {ROOT}/examples/")
        text = text.replace("  data: ", "  data: training", 1).replace("data/jiehu.db", "jiehu.db")
        self.config = folder / "config.yml"
        self.config.write_text(text, encoding="utf-8")

    async def __call__(self, *words: str) -> tuple[int, Any, str]:
        """Exit code, what was printed as JSON, what was said instead."""
        line = ["nlu", *words, "--json", "--config", str(self.config)]
        result = await asyncio.to_thread(CliRunner().invoke, app, line)
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


async def corrected(world: World, text: str, *, release: bool = True) -> None:
    """Somebody reports what nobody understands and names the item; the hub releases it."""
    await world.says(LI, STREET, f"上报 {text}")
    await world.press(LI, STREET, "路灯不亮")
    await world.says(CHEN, HUB, "样例")
    if release:
        await world.press(CHEN, HUB, "① 放行")

"""B 9: people correct, a second person releases, the next model understands; and what never becomes an example."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from bot.cli import app
from bot.domain.correction import Correction, Origin
from nlu.types import Act, Context, Decision, Interpreter
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
    listed = world.last(HUB)
    assert "没有等着放行" in listed.text and "已放行 1 条，最近：" in listed.text and "井盖" in listed.text
    async with world.app.store.read() as uow:
        [released] = await uow.corrections.released()
        by, released_by = await uow.people.get(released.by or 0), await uow.people.get(released.released_by or 0)
    assert by and released_by and (by.name, released_by.name) == ("李网格", "陈调度")
    assert (released.origin, released.was, released.item) == ("change_item", "SZ-04", "SZ-03")
    assert captions(listed) == ["Ⓐ 收回"]
    await world.press(CHEN, HUB, "Ⓐ 收回", listed)
    assert world.last(HUB).text == "📚 没有等着放行的样例。"
    async with world.app.store.read() as uow:
        assert await uow.corrections.released() == [], "what was released can be taken back"


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
SAYINGS = [f"柳荫路{n}号门口那个大肚皮又吐了" for n in range(1, 16)]
"""A word for a full bin that no list and no message has: what is learned of it is learned from people."""


FEW = ("SZ-01", "SZ-03", "SZ-04", "SR-01", "SR-02", "ZF-03", "ZF-04", "HB-01", "ZA-02")


class Learner:
    """`jiehu nlu` over the database of a running bot, with a few items and a handful of messages to begin with."""

    def __init__(self, folder: Path) -> None:
        blocks = [{"intent": name, "examples": "".join(f"- {one}\n" for one in ones)} for name, ones in LITTLE.items()]
        (folder / "training").mkdir()
        (folder / "training" / "little.yml").write_text(
            json.dumps({"version": "3.1", "nlu": blocks}, ensure_ascii=False)
        )
        with (ROOT / "examples/jinlan/items.csv").open(encoding="utf-8-sig", newline="") as lines:
            few = [line for line in csv.DictReader(lines) if line["code"] in FEW]
        with (folder / "items.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, few[0])
            writer.writeheader()
            writer.writerows(line | {"out_of_scope": ""} for line in few)
        text = (ROOT / "config.yml").read_text(encoding="utf-8").replace(": examples/", f": {ROOT}/examples/")
        text = text.replace(f"{ROOT}/examples/jinlan/items.csv", "items.csv")
        text = text.replace("  data: ", "  data: training", 1).replace("data/jiehu.db", "jiehu.db")
        self.config = folder / "config.yml"
        self.config.write_text(text, encoding="utf-8")

    async def __call__(self, *words: str) -> tuple[int, Any, str]:
        """Exit code, what was printed as JSON, what was said instead."""
        line = ["nlu", *words, "--json", "--config", str(self.config)]
        result = await asyncio.to_thread(CliRunner().invoke, app, line)
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_from_a_correction_to_a_bot_that_understands_and_back(tmp_path: Path) -> None:
    learner = Learner(tmp_path)
    async with open_world(tmp_path, None, config_file=learner.config) as world:
        taught, asked = SAYINGS[:-1], SAYINGS[-1]
        assert await guess(world, asked) != "SR-01"
        await world.says(LI, STREET, f"上报 {taught[0]}")
        assert any("不是上报" in caption for caption in captions(world.last(STREET)))
        await keep(world, taught, "SR-01", release=False)
        code, told, _ = await learner("train")
        assert (code, told["released"], told["exchanged"]) == (0, 0, False), "nobody has released anything"
        await world.says(CHEN, HUB, "样例")
        for _ in taught:
            await world.press(CHEN, HUB, "① 放行")

        code, told, _ = await learner("train")
        assert (code, told["released"], told["exchanged"]) == (0, len(taught), True)
        assert told["held_back"]["new"]["right"] >= told["held_back"]["in_service"]["right"]
        await world.app.read_facts()  # the job that looks every few seconds
        assert await guess(world, asked) == "SR-01", "without a restart"

        nonsense = [text for name in ("report_SZ-04", "report_SZ-03", "report_SR-01") for text in LITTLE[name]]
        await keep(
            world, [f"{text}{tail}" for text in nonsense for tail in ("", "哦", "！快来", "啊")], "", release=True
        )
        code, told, said = await learner("train")
        assert code == 1 and said.startswith("The model in service stays: of ") and told["exchanged"] is False
        await world.app.read_facts()
        assert await guess(world, asked) == "SR-01"

        code, told, _ = await learner("rollback")
        assert code == 0
        await world.app.read_facts()
        assert await guess(world, asked) != "SR-01"
        code, _, said = await learner("rollback")
        assert (code, said) == (1, "There is no model before the one in service.\n")
        await forget_nonsense(world)
        code, _, said = await learner("train")
        assert code == 1 and "taken back by a rollback" in said

        code, told, _ = await learner("report", "--out", str(tmp_path / "report"))
        assert code == 0
        assert told["corrected"][0] == {
            "item": "SZ-03",
            "count": len(taught) + len(nonsense) * 4,
            "instead": {"-": len(nonsense) * 4, "SR-01": len(taught)},
        }
        assert (tmp_path / "report" / "items.svg").read_text("utf-8").startswith("<svg")
        assert (tmp_path / "report" / "acts.csv").read_text("utf-8").startswith("expected,report,")


async def guess(world: World, text: str) -> str:
    """The item that the running bot takes the words to be about; empty if it takes them for no report."""
    got = await world.app.interpreter.interpret(text, Context())
    return got.items[0].code if got.items and got.act is Act.REPORT else ""


async def keep(world: World, texts: list[str], item: str, *, release: bool) -> None:
    """As if a grid worker had corrected each of them, and the hub perhaps released it."""
    origin = Origin.CHANGE_ITEM if item else Origin.NOT_A_REPORT
    async with world.app.store.begin() as uow:
        for number, text in enumerate(texts, start=1000):
            kept = Correction(0, text, item, origin, "draft", number, 1, world.now, was="SZ-03")
            await uow.corrections.add(kept)
            if release:
                kept.release(item, by=2, at=world.now)
                await uow.corrections.save(kept)
        await uow.commit()


async def forget_nonsense(world: World) -> None:
    """What was no report is dropped again, also after its release."""
    async with world.app.store.begin() as uow:
        for kept in await uow.corrections.released():
            if kept.origin is Origin.NOT_A_REPORT:
                kept.drop(by=2, at=world.now)
                await uow.corrections.save(kept)
        await uow.commit()


@pytest.mark.slow
async def test_the_model_in_service_refuses_to_learn_what_it_takes_for_an_accusation(tmp_path: Path) -> None:
    learner = Learner(tmp_path)
    async with open_world(tmp_path, None, config_file=learner.config) as world:
        await keep(world, LITTLE["accusation"], "SZ-04", release=True)
        code, told, _ = await learner("train")
        assert (code, told["released"]) == (0, 0)

"""退回 is a ruling: grounds and window, the hub's card, who stays liable, 先办后议, 问街道, precedents, the result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from nlu.types import Interpreter
from tests.scenarios.stories import COVER, called, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HUB, LI, OFFICER, POLICE, QIAN, STREET, UNIT, WANG, World, captions, open_world

AGAIN = "澜桥东街路灯坏了三盏，晚上一片黑"


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    async with open_world(tmp_path, interpreter) as opened:
        yield opened


async def test_a_return_is_ruled_on_and_its_dispute_outlives_the_filing(world: World) -> None:
    story = Story(world)
    story.scene("市政中心说灯杆不归它，中枢同意改派公安分局")
    _, call = await signed(world)
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "应由别的部门", world.last(UNIT))
    await world.says(WANG, UNIT, "灯杆是公安分局的监控杆，电话13812345678", reply_to=world.last(UNIT))
    await world.forward(timedelta(minutes=20))
    await world.press(CHEN, HUB, "同意→公安分局")
    await world.forward(timedelta(minutes=10))
    await world.press(QIAN, POLICE, "签收", world.card(POLICE, "签收"))

    story.scene("同类事项再来一件：先例写在卡上；驳回；第二次申请，先办后议")
    _, second = await called(world, AGAIN)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=second)
    await world.press(CHEN, HUB, "驳回")
    await world.press(WANG, UNIT, "退回", second)
    await world.press(WANG, UNIT, "不在本区")
    await world.press(CHEN, HUB, "市政中心先办")
    dispute = world.card(HUB, "认定→市政中心")

    story.scene("灯先修好结案，职责另议")
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=second)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    await world.press(CHEN, HUB, "认定→其他", dispute)
    await world.says(CHEN, HUB, "公安分局", reply_to=world.last(HUB))
    story.compare("ruling")


async def test_the_window_is_enforced_and_says_what_can_be_done_instead(world: World) -> None:
    code, call = await signed(world, COVER)
    rows = world.play.world.message(UNIT, call.message_id).markup["inline_keyboard"]  # type: ignore[index]
    [seen] = [button["callback_data"] for row in rows for button in row if "退回" in button["text"]]
    await world.press(WANG, UNIT, "退回", call)
    await world.forward(timedelta(hours=1, minutes=1))
    on_screen = await world.play.press(WANG, UNIT, call.message_id, data=seen, timeout=20.0)
    for refused in (on_screen.text or "", await world.press(WANG, UNIT, "不在本区")):
        assert code in refused and "今天 11:00 前" in refused and "进展" in refused
    await world.says(WANG, UNIT, "不归我们管，应由通信公司负责", reply_to=call)
    assert "今天 11:00 前" in world.last(UNIT).text
    assert "裁决中" not in world.card(STREET, "催办").text and not any("职责异议" in text for text in world.said(HUB))


async def test_the_second_request_is_quick_and_the_dispute_outlives_the_filing(world: World) -> None:
    code, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    await world.press(CHEN, HUB, "驳回")
    assert any("市政中心 牵头" in text for text in world.said(UNIT))
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "不在本区")
    task = world.card(HUB, "先办")
    assert "（第 2 次）" in task.text
    assert captions(task)[0] == "市政中心先办" and not {"驳回", "同意→其他"} & set(captions(task))
    await world.press(CHEN, HUB, "市政中心先办", task)
    assert "已签收" in now_reads(world, UNIT, call), "it goes on as before"
    dispute = world.card(HUB, "认定→市政中心")
    assert code in dispute.text and "职责待议" in dispute.text
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    assert "已结案" in now_reads(world, UNIT, call)
    await world.forward(timedelta(days=8))
    assert any(code in text for text in world.said(CHEN)), "its own clock, after the filing"
    await world.press(CHEN, HUB, "认定→其他", dispute)
    await world.says(CHEN, HUB, "公安分局", reply_to=world.last(HUB))
    assert "已认定" in now_reads(world, HUB, dispute)
    assert any("公安分局 负责这类事项" in text for text in world.said(UNIT))
    _, second = await called(world, AGAIN)
    assert "先例：同类裁决 2 件，1 件维持牵头，1 件改派" in second.text


async def test_act_first_by_another_and_the_first_is_liable_until_it_signs(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    await world.press(CHEN, HUB, "先办后议")
    await world.press(CHEN, HUB, "公安分局先办")
    assert "签收前仍请先行处置" in now_reads(world, UNIT, call) and world.card(POLICE, "签收")
    await world.says(QIAN, POLICE, "这不归我们管，退回市政中心", reply_to=world.card(POLICE, "签收"))
    await world.press(CHEN, HUB, "市政中心先办", world.card(HUB, "市政中心先办"))
    assert "已签收" in now_reads(world, UNIT, call), "liable from before, it goes on alone"
    assert "已不在贵单位" in world.play.world.message(POLICE, world.play.said_by_bot(POLICE)[0].message_id).text


async def test_the_hub_and_the_unit_each_ask_the_street_one_question(world: World) -> None:
    story = Story(world)
    story.scene("信息太少：单位问街道一句，不算退回")
    _, call = await signed(world)
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "信息太少")
    await world.says(WANG, UNIT, "灯杆编号是多少？", reply_to=world.last(UNIT))
    await world.forward(timedelta(minutes=10))
    await world.says(LI, STREET, "杆上写着 A-17", reply_to=world.card(STREET, "答复"))
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "信息太少")
    story.scene("申请退回：中枢裁决前问街道；街道半天没答，提醒分管副书记")
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    await world.press(CHEN, HUB, "问街道")
    await world.says(CHEN, HUB, "杆上有没有摄像头？", reply_to=world.last(HUB))
    await world.forward(timedelta(hours=6))
    await world.press(OFFICER, OFFICER, "答复")
    await world.says(OFFICER, OFFICER, "有两个摄像头")
    story.scene("中枢看了答复再裁决；旧按钮只有一句话")
    await world.press(CHEN, HUB, "同意→公安分局")
    await world.press(OFFICER, OFFICER, "答复")
    story.compare("questions")


async def test_a_ruling_is_undone_and_who_has_a_side_does_not_rule(world: World) -> None:
    code, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    task = world.card(HUB, "驳回")
    await world.press(CHEN, HUB, "同意→公安分局", task)
    await world.press(CHEN, HUB, "撤销", task)
    assert "请 " in now_reads(world, HUB, task) and "已申请退回" in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, "驳回", task)
    await world.press(CHEN, HUB, "撤销", task)
    assert "已申请退回" in now_reads(world, UNIT, call)
    from bot.application.people.binding import issue_code
    from bot.application.records import CodeKind

    async with world.app.store.begin() as uow:
        issued = await issue_code(uow, world.app.district(), CodeKind.PERSON, "liaison", "D11", now=world.now)
        await uow.commit()
    await world.says(CHEN, CHEN, f"/join {issued.code}")
    assert "其中一方" in await world.press(CHEN, HUB, "同意→公安分局", task)
    await world.says(CHEN, HUB, f"派单 {code[-4:]} 公安分局")
    assert "其中一方" in world.last(HUB).text, "not by words either"
    assert "已申请退回" in now_reads(world, UNIT, call)


async def test_the_button_leaves_the_card_when_the_window_is_over(world: World) -> None:
    _, unsigned = await called(world)
    assert "前退回" in now_reads(world, UNIT, unsigned)
    _, call = await signed(world, AGAIN)
    for card in (unsigned, call):
        assert "退回" in "".join(captions(world.play.world.message(UNIT, card.message_id)))
    await world.forward(timedelta(days=1, hours=7))
    for card in (unsigned, call):
        assert "退回" not in "".join(captions(world.play.world.message(UNIT, card.message_id)))
    assert "前退回" not in now_reads(world, UNIT, unsigned)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    assert "退回要在" in world.last(UNIT).text, "said in words it is refused in one sentence"


async def test_what_is_nobodys_in_the_district_is_declined_from_the_ruling(world: World) -> None:
    code, call = await signed(world)
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "不在本区", world.last(UNIT))
    task = world.card(HUB, "先办后议")
    assert "不予受理" in captions(task)
    await world.press(CHEN, HUB, "不予受理", task)
    await world.says(CHEN, HUB, "这段路在邻区，请打邻区 12345", reply_to=world.last(HUB))
    assert "已裁决" in now_reads(world, HUB, task) and "不予受理" in now_reads(world, HUB, task)
    assert code in now_reads(world, UNIT, call) and "不用办了" in now_reads(world, UNIT, call)


async def test_a_question_under_way_is_seen_asked_once_and_gone_with_its_answer(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    task = world.card(HUB, "问街道")
    await world.press(CHEN, HUB, "问街道", task)
    await world.says(CHEN, HUB, "杆上有没有摄像头？", reply_to=world.last(HUB))
    assert "已问街道：杆上有没有摄像头？" in now_reads(world, HUB, task) and "问街道" not in captions(task)
    asked = world.card(STREET, "答复")
    await world.says(LI, STREET, "没有", reply_to=asked)
    assert captions(asked) == [] and "不用答了" in now_reads(world, STREET, asked)
    assert "街道答：没有" in now_reads(world, HUB, task) and "问街道" in captions(task)


async def test_only_the_last_ruling_can_be_taken_back(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    first = world.card(HUB, "驳回")
    await world.press(CHEN, HUB, "驳回", first)
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "不在本区", world.last(UNIT))
    second = world.card(HUB, "市政中心先办")
    await world.press(CHEN, HUB, "市政中心先办", second)
    assert captions(first) == [] and captions(second) == ["撤销（30秒内）"]


async def test_a_question_that_was_answered_offers_nothing_any_more(world: World) -> None:
    _, call = await signed(world)
    await world.press(WANG, UNIT, "退回", call)
    first = world.last(UNIT)
    await world.press(WANG, UNIT, "退回", call)
    second = world.last(UNIT)
    assert captions(first) == [] and "应由别的部门" in captions(second), "pressed twice it is asked once"
    await world.press(WANG, UNIT, "应由别的部门", second)
    which = world.last(UNIT)
    await world.says(WANG, UNIT, "应由公安分局负责，是监控杆", reply_to=which)
    assert captions(second) == [] and captions(which) == []
    await world.press(CHEN, HUB, "先办后议")
    asked = world.last(HUB)
    await world.press(CHEN, HUB, "公安分局先办", asked)
    assert captions(asked) == []

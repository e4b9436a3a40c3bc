"""Item 4: starting, signing the answer, verifying, rework, withdrawing, undoing, the hub, what is not delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.rules import AnswerSignature, Verifier
from nlu.types import Flag, Interpreter
from tests.scenarios.scripted import Scripted, reading
from tests.scenarios.stories import COVER, LAMP, called, code_in, count, now_reads, reported, signed
from tests.support.world import (
    CHEN,
    HE,
    HUB,
    LEADER,
    LEADERS,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    STREET,
    SUN,
    UNIT,
    WANG,
    ZHAO,
    World,
    captions,
    open_world,
)

STALL = "柳荫路人行道上有人占道摆摊卖水果，挡路"
GAS = "柳荫路30号煤气味很浓，怕是漏了"
SCRIPT = {GAS: reading(GAS, "SZ-08", "SZ-09", "YJ-07", flags=frozenset({Flag.DANGER}))}


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    async with open_world(tmp_path, Scripted(interpreter, SCRIPT)) as opened:
        yield opened


async def test_starts_are_one_batch_for_the_officer(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as world:
        before = count(world, UNIT)
        for text in (LAMP, COVER.replace("柳荫路45号门口井盖没了，老人差点踩空", "澜桥东街路灯坏了三盏，晚上一片黑")):
            await world.says(LI, STREET, text)
            assert "待分管副书记启动" in await world.press(LI, STREET, "确认上报")
        assert "待街道分管副书记启动" in world.last(STREET).text and count(world, UNIT) == before
        batch = world.last(OFFICER)
        assert "待启动 2 件" in batch.text and captions(batch) == ["全部启动", "逐件看"]
        assert len([m for m in world.play.said_by_bot(OFFICER) if "待启动" in m.text]) == 1
        await world.press(OFFICER, OFFICER, "逐件看")
        single = world.card(OFFICER, "启动 0002")
        assert "澜桥东街" in single.text and "一片黑" in single.text
        await world.press(OFFICER, OFFICER, "启动 0002", single)
        call = world.card(UNIT, "签收")
        assert "0002" in call.text and "郑副书记" in call.text
        assert "待启动 1 件" in now_reads(world, OFFICER, batch)
        await world.press(OFFICER, OFFICER, "启动 0001", batch)
        assert "没有待启动" in now_reads(world, OFFICER, batch)
        await world.says(OFFICER, OFFICER, "授权启动 SZ-04")
        await world.says(LI, STREET, "路灯不亮了，柳荫路88号门口一片黑")
        assert "启动" not in await world.press(LI, STREET, "确认上报")
        assert "授权启动" in world.card(UNIT, "签收").text
        await world.says(OFFICER, OFFICER, "取消授权 SZ-04")
        await world.says(LI, STREET, "路灯不亮了，柳荫路99号门口一片黑")
        assert "启动" in await world.press(LI, STREET, "确认上报")


async def test_silence_asks_the_hub_and_the_hub_can_start(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as world:
        await world.says(LI, STREET, LAMP)
        await world.press(LI, STREET, "确认上报")
        await world.forward(timedelta(hours=5, minutes=1))
        task = world.card(HUB, "启动")
        assert "街道还没启动" in task.text
        await world.press(CHEN, HUB, "启动")
        assert world.card(UNIT, "签收") and "已办" in now_reads(world, HUB, task)


async def test_answers_wait_for_the_leaders_signature_in_one_batch(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, answer_signature=AnswerSignature.ALL) as world:
        for text in (LAMP, "澜桥东街路灯坏了三盏，晚上一片黑"):
            code, call = await signed(world, text)
            await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
            assert "领导" in await world.press(WANG, UNIT, "发送回告")
            assert "待领导签发" in now_reads(world, UNIT, call) and "待签发" in world.card(STREET, "催办").text
            assert code in code_in(call.text)
        batch = world.last(HE)
        assert "待您签发 2 件" in batch.text and captions(batch) == ["全部签发", "逐件看"]
        await world.press(HE, HE, "全部签发")
        assert "没有待签发" in now_reads(world, HE, batch)
        assert len([m for m in world.play.said_by_bot(LI) if "您看办得怎么样" in m.text]) == 2


async def test_an_answer_that_nobody_signs_is_released_with_a_note(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, answer_signature=AnswerSignature.ALL) as world:
        await reported(world)
        await world.forward(timedelta(hours=6))
        assert any("未签发，已按规则发出" in text for text in world.said(WANG))
        assert not any("未签发" in text for text in world.said(HE)), "a leader is told little"
        await world.says(HE, HE, "汇总")
        assert "另有 1 件回告到时未签，已按规则发出" in world.last(HE).text
        assert world.card(LI, "基本满意")


async def test_the_street_officer_verifies_where_config_says_so(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, verifier=Verifier.STREET_OFFICER) as world:
        await reported(world)
        assert not any("您看办得怎么样" in text for text in world.said(LI))
        await world.press(OFFICER, OFFICER, "满意", world.card(OFFICER, "基本满意"))
        assert any("已结案" in text for text in world.said(STREET))


async def test_rework_rounds_and_supervision_after_three(world: World) -> None:
    code, call = await reported(world)
    for number in (2, 3, 4):
        await world.press(LI, LI, "未解决")
        assert any(f"第 {number} 轮" in text and code in text for text in world.said(UNIT))
        supervised = any("三轮未解决" in text for text in world.said(HUB))
        assert supervised == (number == 4)
        await world.says(WANG, UNIT, "已处理完毕，今天又换了一次", reply_to=call)
        await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    assert "已结案" in now_reads(world, UNIT, call)


async def test_withdrawn_before_signing_by_the_reporter(world: World) -> None:
    code, call = await called(world)
    await world.press(LI, STREET, "撤回")
    assert "已撤回" in world.last(STREET).text and "已撤回" in now_reads(world, UNIT, call)
    assert captions(world.play.world.message(UNIT, call.message_id)) == []
    assert code in now_reads(world, UNIT, call)


async def test_withdrawn_after_signing_only_by_the_officer_with_a_reason(world: World) -> None:
    code, _ = await signed(world)
    refused = await world.press(LI, STREET, "撤回", world.card(STREET, "催办"))
    assert "街道分管副书记" in refused
    await world.says(LI, STREET, f"撤回 {code}")
    assert "街道分管副书记" in world.last(STREET).text
    card = world.card(STREET, "催办")
    await world.press(OFFICER, STREET, "撤回", card)
    await world.says(OFFICER, STREET, "居民已自行修好", reply_to=world.last(STREET))
    assert "居民已自行修好" in now_reads(world, STREET, card)
    told = world.last(UNIT)
    assert code in told.text and "居民已自行修好" in told.text, "the unit that had signed is woken"
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        last = [e for e in await uow.events.of_ticket(ticket.id) if e.kind == "withdrawn"]
    assert '"signed":true' in last[0].body, "counted by what the history says"


async def test_each_press_can_be_undone_for_thirty_seconds(world: World) -> None:
    code, call = await called(world)
    await world.press(WANG, UNIT, "签收", call)
    assert "已撤销" in await world.press(WANG, UNIT, "撤销", call)
    assert "已签收" not in now_reads(world, UNIT, call)
    await world.press(WANG, UNIT, "签收", call)
    assert "撤销（30秒内）" not in captions(world.card(STREET, "催办")), "it is the unit's press"
    assert "撤销不了" in await world.press(SUN, UNIT, "撤销", call), "and no colleague's"
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(WANG, UNIT, "撤销", call)
    assert "已签收" in now_reads(world, UNIT, call) and "不用评价" in world.last(LI).text
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "未解决")
    assert "第 2 轮" in now_reads(world, UNIT, call)
    await world.press(LI, LI, "撤销")
    assert "今天上午换好了" in now_reads(world, UNIT, call) and "已回告" in now_reads(world, UNIT, call)
    await world.press(LI, LI, "基本满意")
    await world.press(LI, LI, "撤销")
    await world.press(LI, LI, "满意")
    await world.forward(timedelta(seconds=40))
    for chat in (STREET, UNIT, LI):
        assert not any("撤销" in c for m in world.play.said_by_bot(chat) for c in captions(m)), "no button stays"
    assert code in now_reads(world, UNIT, call)


async def test_a_confirmation_a_withdrawal_and_a_start_are_undone(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter) as world:
        _, call = await called(world)
        await world.press(LI, STREET, "撤销")
        assert "已撤回" in now_reads(world, UNIT, call)
        await world.says(LI, STREET, "澜桥东街路灯坏了三盏，晚上一片黑")
        await world.press(LI, STREET, "街道自办")
        await world.press(LI, STREET, "转呼叫")
        await world.press(LI, STREET, "撤销")
        assert "街道自办" in world.card(STREET, "已办好").text
        assert "已不在贵单位" in world.last(UNIT).text
        await world.press(LI, STREET, "撤回", world.card(STREET, "已办好"))
        await world.press(LI, STREET, "撤销")
        assert "街道自办" in world.card(STREET, "已办好").text


async def test_the_hub_dispatches_again_by_button_and_by_words(world: World) -> None:
    code, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "驳回")
    assert any("同意→" in caption for caption in captions(task))
    await world.press(CHEN, HUB, "同意→其他", task)
    await world.says(CHEN, HUB, "公安分局", reply_to=world.last(HUB))
    assert "签收前仍请先行处置" in now_reads(world, UNIT, call)
    other = world.card(POLICE, "签收")
    await world.press(QIAN, POLICE, "签收", other)
    assert "已不在贵单位" in now_reads(world, UNIT, call)
    await world.says(CHEN, HUB, f"派单 {code[-4:]} 市政中心")
    assert code in world.card(UNIT, "签收").text
    assert "已不在贵单位" in now_reads(world, POLICE, other)
    await world.says(CHEN, HUB, f"派单 {code[-4:]} 不存在局")
    assert "没有“不存在局”这个单位" in world.last(HUB).text


async def test_no_item_fits_and_the_hub_sends_it_on(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "都不是，交中枢研判")
    await world.press(CHEN, HUB, "派单→其他")
    await world.says(CHEN, HUB, "市政中心", reply_to=world.last(HUB))
    call = world.card(UNIT, "签收")
    assert "待归口" in call.text and "柳荫路12号" in call.text
    assert "已呼叫" in world.last(STREET).text


async def test_a_filed_case_is_reopened_by_the_officer(world: World) -> None:
    code, call = await reported(world)
    await world.press(LI, LI, "满意")
    card = world.card(STREET, "重办")
    assert "街道分管副书记" in await world.press(LI, STREET, "重办", card)
    await world.press(OFFICER, STREET, "重办", card)
    again = world.card(UNIT, "签收")
    assert again.message_id != call.message_id and code in again.text
    assert "已呼叫" in now_reads(world, STREET, card) and "第 2 轮" in now_reads(world, STREET, card)


async def test_an_emergency_reaches_unit_hub_and_leaders_at_once(tmp_path: Path, interpreter: Interpreter) -> None:
    scripted = Scripted(interpreter, SCRIPT)
    async with open_world(tmp_path, scripted, standing_items=frozenset()) as world:
        await world.says(LI, STREET, GAS)
        card = world.last(STREET)
        assert card.text.startswith("⚠️") and "119" in card.text
        await world.press(LI, STREET, "确认上报")
        for chat in (HUB, LEADERS, LEADER):
            assert any("🚨" in text and "燃气泄漏" in text for text in world.said(chat)), chat
        told = world.play.said_by_bot(LEADERS)[-1]
        assert told.posting.silent and code_in(told.text), "who is responsible sits there, too, and is woken once"
        assert not world.last(LEADER).posting.silent and not world.last(HUB).posting.silent
        assert not any("待启动" in text for text in world.said(OFFICER)), "starting and hub are skipped"


async def test_what_reaches_nobody_is_a_task_of_the_hub_and_late_delivery_restarts_the_clock(world: World) -> None:
    await world.says(LI, STREET, STALL)
    await world.press(LI, STREET, "确认上报")
    assert "还没送达" in world.last(STREET).text
    task = world.card(HUB, "已电话通知")
    assert "没送达" in task.text and "综合执法" in task.text
    await world.forward(timedelta(minutes=30))
    await world.press(CHEN, HUB, "已电话通知")
    assert "待签收" in world.last(STREET).text
    before = world.last(STREET).text
    await world.says(LI, STREET, "澜桥东街人行道上有人占道摆摊卖烧饼，挡路")
    await world.press(LI, STREET, "确认上报")
    await world.forward(timedelta(hours=1))
    world.play.add_chat(-1050, "综合执法局", (CHEN,))
    async with world.app.store.begin() as uow:
        from bot.application.people.binding import issue_code
        from bot.application.records import CodeKind

        code = await issue_code(uow, world.app.district(), CodeKind.GROUP, "department", "D01", now=world.now)
        await uow.commit()
    await world.says(CHEN, -1050, f"/bind {code.code}")
    late = world.card(-1050, "签收")
    assert "澜桥东街" in late.text, "what waited is shown as soon as somebody can be reached"
    assert "待签收" in world.last(STREET).text and before
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code_in(late.text))
        part = (await uow.assignments.of_ticket(ticket.id))[0]  # type: ignore[union-attr]
    assert part.clock_start - part.dispatched_at >= timedelta(minutes=59)


async def test_a_group_that_threw_the_bot_out_is_a_task_of_the_hub(world: World) -> None:
    await world.play.kick(UNIT)
    await world.settle()
    assert any("发不进消息" in text for text in world.said(HUB))
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    assert "柳荫路12号" in world.card(WANG, "签收").text, "the liaison is told in private instead"


async def test_item_and_place_lead_to_the_office_in_the_street(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "都不是，交中枢研判")
    await world.says(CHEN, HUB, "派单 0001 派出所")
    assert "望澜派出所" in world.last(STREET).text
    assert "望澜派出所" in world.card(HUB, "已电话通知").text
    assert count(world, ZHAO) == 0


async def test_silence_closes_without_evaluation(world: World) -> None:
    code, call = await reported(world)
    await world.forward(timedelta(days=4))
    assert any("已办结、未评价" in text for text in world.said(LI))
    assert "已结案" in now_reads(world, UNIT, call) and code in now_reads(world, UNIT, call)


async def test_silence_goes_to_the_deputy_before_the_hub(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as world:
        async with world.app.store.begin() as uow:
            from bot.application.people.binding import issue_code
            from bot.application.records import CodeKind

            code = await issue_code(uow, world.app.district(), CodeKind.PERSON, "street_officer", "JL01", now=world.now)
            await uow.commit()
        await world.says(ZHAO, ZHAO, f"/join {code.code}")
        await world.says(LI, STREET, LAMP)
        await world.press(LI, STREET, "确认上报")
        officers = {who: any("待启动" in text for text in world.said(who)) for who in (OFFICER, ZHAO)}
        assert sum(officers.values()) == 1, "one officer is asked first"
        await world.forward(timedelta(hours=3, minutes=1))
        assert all(any("待启动" in text for text in world.said(who)) for who in (OFFICER, ZHAO))
        assert not any("还没启动" in text for text in world.said(HUB))
        await world.forward(timedelta(hours=2))
        assert any("还没启动" in text for text in world.said(HUB))

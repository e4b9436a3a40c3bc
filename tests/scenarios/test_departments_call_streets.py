"""双向派单: a department calls a street by the list; what is not on it waits for those who admit it."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import code_in, count, now_reads
from tests.scenarios.test_undo import UNDO
from tests.scenarios.transcript import Story
from tests.support.world import (
    CHEN,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    STREET,
    SUN,
    UNIT,
    WANG,
    World,
    captions,
)

LISTED = "请街道 望澜街道 明天上午柳荫路抢修水管要停水，麻烦通知沿街居民"
UNLISTED = "请街道 望澜街道 派两个人到我们单位帮忙录入档案"


async def test_a_listed_wish_is_a_call_and_the_rest_is_admitted_first(world: World) -> None:
    story = Story(world)
    story.scene("清单内的一件：一点就发")
    await world.says(SUN, UNIT, LISTED)
    await world.says(WANG, UNIT, LISTED)
    await world.press(WANG, UNIT, "协助入户走访和通知居民")
    call = world.card(STREET, "签收")
    await world.says(OFFICER, STREET, "汇总")
    await world.press(LI, STREET, "签收", call)
    await world.press(LI, STREET, "回告", call)
    await world.says(OFFICER, STREET, "已处理完毕，昨晚挨家通知了", reply_to=call)
    await world.press(OFFICER, STREET, "发送回告")
    await world.press(WANG, WANG, "未解决", world.card(WANG, "基本满意"))
    await world.says(OFFICER, STREET, "已处理完毕，补发了通知", reply_to=call)
    await world.press(OFFICER, STREET, "发送回告")
    await world.press(WANG, WANG, "满意", world.card(WANG, "基本满意"))
    story.scene("清单外的一件：两家批准才发")
    await world.says(WANG, UNIT, UNLISTED)
    await world.press(WANG, UNIT, "不在清单，申请准入")
    await world.press(CHEN, HUB, "联席会议：同意")
    await world.press(LEADER, LEADER, "区委区政府：同意")
    story.compare("two_way")


async def test_what_is_not_listed_goes_out_only_once_all_of_one_group_admit_it(world: World) -> None:
    before = count(world, STREET)
    await world.says(WANG, UNIT, UNLISTED)
    wish = world.last(UNIT)
    await world.press(WANG, UNIT, "不在清单，申请准入", wish)
    assert "批准前不发给街道" in now_reads(world, UNIT, wish)
    asked = world.card(HUB, "联席会议：同意")
    assert not any("编办" in caption for caption in captions(asked)), "each office has its own buttons only"
    await world.press(CHEN, HUB, "联席会议：同意", asked)
    assert count(world, STREET) == before, "one of the two is not enough"
    assert "联席会议：同意" in now_reads(world, UNIT, wish)
    await world.press(LEADER, LEADER, "区委区政府：同意")
    call = world.card(STREET, "签收")
    assert "经准入的临时事项" in call.text and "录入档案" in call.text
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code_in(call.text))
        assert ticket is not None
        first = (await uow.events.of_ticket(ticket.id))[0]
    assert first.body.count('"word":"granted"') == 2, "who admitted it stands in the history"


async def test_a_word_on_admission_is_taken_back_while_it_waits_and_when_it_decided(world: World) -> None:
    before = count(world, STREET)
    await world.says(WANG, UNIT, UNLISTED)
    wish = world.last(UNIT)
    await world.press(WANG, UNIT, "不在清单，申请准入", wish)
    assert "还等 司法局和编办都同意，或 区委区政府和联席会议都同意" in now_reads(world, UNIT, wish)
    asked = world.card(HUB, "联席会议：同意")
    await world.press(CHEN, HUB, "联席会议：同意", asked)
    assert "或 区委区政府同意" in now_reads(world, HUB, asked) and UNDO in captions(asked)
    await world.press(CHEN, HUB, UNDO, asked)
    assert "联席会议：" not in now_reads(world, UNIT, wish) and captions(asked) == ["联席会议：同意", "联席会议：驳回"]
    await world.press(CHEN, HUB, "联席会议：同意", asked)
    await world.forward(timedelta(minutes=1))
    assert UNDO not in captions(asked)
    leader = world.card(LEADER, "区委区政府：同意")
    await world.press(LEADER, LEADER, "区委区政府：同意", leader)
    call = world.card(STREET, "签收")
    await world.press(LEADER, LEADER, UNDO, leader)
    assert "撤回" in now_reads(world, STREET, call) and captions(call) == []
    assert "批准前不发给街道" in now_reads(world, UNIT, wish) and captions(wish) == ["不发了"]
    await world.press(LEADER, LEADER, "区委区政府：同意", leader)
    call = world.card(STREET, "签收")
    assert count(world, STREET) == before + 2 and "已呼叫 望澜街道" in now_reads(world, UNIT, wish)
    await world.press(LI, STREET, "签收", call)
    assert "撤销不了" in await world.press(LEADER, LEADER, UNDO, leader), "the street has gone on from there"


async def test_a_street_that_returns_it_twice_acts_first_and_keeps_it(world: World) -> None:
    await world.says(WANG, UNIT, LISTED)
    await world.press(WANG, UNIT, "协助入户走访和通知居民")
    call = world.card(STREET, "签收")
    await world.press(LI, STREET, "签收", call)
    for answer in ("驳回", "望澜街道先办"):
        await world.press(OFFICER, STREET, "退回", call)
        await world.press(OFFICER, STREET, "不在本区")
        assert "先办" not in await world.press(CHEN, HUB, answer), "understood"
        assert "已签收" in now_reads(world, STREET, call), "it goes on as before"
    await world.press(CHEN, HUB, "认定→望澜街道")
    assert any("望澜街道 牵头" in text for text in world.said(UNIT)), world.transcript(UNIT)


async def test_a_street_asks_the_department_for_time_whoever_speaks_for_it(world: World) -> None:
    await world.says(WANG, UNIT, LISTED)
    await world.press(WANG, UNIT, "协助入户走访和通知居民")
    call = world.card(STREET, "签收")
    await world.press(LI, STREET, "签收", call)
    await world.says(WANG, UNIT, "交接 @孙师傅")
    await world.press(SUN, UNIT, "接手")
    await world.says(OFFICER, STREET, "延期 1天，等名单", reply_to=call)
    asked = world.card(UNIT, "同意")
    assert "望澜街道申请延期" in asked.text and not any("申请延期" in text for text in world.said(OFFICER))
    await world.press(SUN, UNIT, "同意", asked)
    assert "周四 17:00" in now_reads(world, STREET, call)


async def test_a_refusal_is_taken_back_aloud(world: World) -> None:
    world.app.district.choose(approvers=(frozenset({"hub", "district_leader"}),))
    await world.says(QIAN, POLICE, UNLISTED)
    await world.press(QIAN, POLICE, "不在清单，申请准入")
    asked = world.card(HUB, "联席会议：驳回")
    await world.press(CHEN, HUB, "联席会议：驳回", asked)
    assert "没有准入" in world.last(POLICE).text
    await world.press(CHEN, HUB, UNDO, asked)
    assert "还在审批" in world.last(POLICE).text and "请定" in now_reads(world, HUB, asked)
    await world.forward(timedelta(days=8))
    assert "审批期限内没有全部批准" in world.last(POLICE).text, "it has its clock again"


async def test_whose_word_is_missing_is_asked_once_more_before_it_lapses(world: World) -> None:
    await world.says(WANG, UNIT, UNLISTED)
    await world.press(WANG, UNIT, "不在清单，申请准入")
    await world.press(CHEN, HUB, "联席会议：同意")
    said = count(world, HUB), count(world, LEADER)
    await world.forward(timedelta(days=4))
    assert not any("一句话" in text for text in world.said(LEADER)), world.transcript(LEADER)
    await world.forward(timedelta(days=1))
    [asked] = [m for m in world.play.said_by_bot(LEADER)[said[1] :] if "还等区委区政府一句话" in m.text]
    assert not any("一句话" in text for text in world.said(HUB)[said[0] :]), "who has spoken is not asked"
    await world.press(LEADER, LEADER, "区委区政府：同意", asked)
    assert "签收" in captions(world.card(STREET, "签收"))[0]


async def test_refused_lapsed_and_dropped_wishes_never_reach_the_street(world: World) -> None:
    before = count(world, STREET)
    await world.says(QIAN, POLICE, UNLISTED)
    await world.press(QIAN, POLICE, "不在清单，申请准入")
    await world.press(CHEN, HUB, "联席会议：驳回")
    wish = world.card(POLICE, "不发了")
    assert "联席会议：不同意" in wish.text, "the other group may still admit it"
    await world.forward(timedelta(days=8))
    assert any("审批期限内没有全部批准" in text for text in world.said(POLICE))
    await world.says(QIAN, POLICE, LISTED)
    await world.press(QIAN, POLICE, "不发了")
    assert "没有发出" in world.last(POLICE).text
    await world.says(QIAN, POLICE, "请街道 某某街道 帮忙")
    assert "望澜街道" in world.last(POLICE).text, "which streets there are"
    assert count(world, STREET) == before

"""What others have read of a press is taken back aloud: words, urging, a merge, a meeting, a leader's decision."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.playground.model import Message
from tests.scenarios.stories import LAMP, called, code_in, count, now_reads, signed
from tests.scenarios.test_joint import called as meeting_called
from tests.scenarios.test_reverse import referred
from tests.scenarios.test_undo import UNDO, shows_undo
from tests.support.plain_words import PlainWords
from tests.support.world import (
    CHEN,
    HE,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    UNIT,
    WANG,
    ZHAO,
    World,
    captions,
    open_world,
)


async def test_a_word_of_progress_gives_way_to_the_one_before(world: World) -> None:
    _, call = await called(world)
    await world.says(WANG, UNIT, "已到现场，正在抢修", reply_to=call)
    assert "已到现场" in now_reads(world, UNIT, call) and UNDO in captions(call)
    await world.press(WANG, UNIT, UNDO, call)
    assert "已到现场" not in now_reads(world, UNIT, call) and "✅ 签收" in captions(call), "it had signed as well"
    await world.says(WANG, UNIT, "已到现场，正在抢修", reply_to=call)
    await world.forward(timedelta(minutes=1))
    assert not shows_undo(world, UNIT)
    await world.press(WANG, UNIT, "进展", call)
    await world.says(WANG, UNIT, "等配件，明天到", reply_to=world.last(UNIT))
    await world.press(WANG, UNIT, UNDO, call)
    assert "已到现场" in now_reads(world, UNIT, call) and "等配件" not in now_reads(world, UNIT, call)
    assert "回告" in "".join(captions(call)), "what was signed before stays signed"


async def test_an_urging_does_not_count_and_who_was_woken_hears_so(world: World) -> None:
    code, _ = await called(world)
    card = world.card(STREET, "催办")
    for _ in range(4):
        await world.forward(timedelta(hours=3))
        await world.press(LI, STREET, "催办", card)
        assert "街道催办" in world.last(UNIT).text
        await world.press(LI, STREET, UNDO, card)
        assert code in world.last(UNIT).text and "催办点错了" in world.last(UNIT).text
    assert "刚催过" in await world.press(LI, STREET, "催办", card), "they were woken, and are not again at once"
    await world.forward(timedelta(hours=3))
    await world.says(CHEN, HUB, f"催办 {code}")
    assert "街道催办" in world.last(UNIT).text
    await world.press(CHEN, HUB, UNDO)
    assert "催办点错了" in world.last(UNIT).text


async def test_a_resident_takes_back_what_was_asked_of_the_street(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.press(LI, LI, "确认上报")
    card = world.card(RESIDENT, "请回电")
    await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert "请回电" in world.last(STREET).text
    await world.press(RESIDENT, RESIDENT, UNDO, card)
    assert "不用回电" in world.last(STREET).text
    await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert "请回电" in world.last(STREET).text and "不用" not in world.last(STREET).text
    await world.forward(timedelta(minutes=1))
    assert not shows_undo(world, RESIDENT)
    await world.says(RESIDENT, RESIDENT, "催办 0001")
    assert "居民来问催办" in world.last(STREET).text
    await world.press(RESIDENT, RESIDENT, UNDO, card)
    assert "收回了刚才的催办" in world.last(STREET).text


async def test_a_merge_parts_again(tmp_path: Path) -> None:
    async with open_world(tmp_path, PlainWords()) as world:
        codes, calls = [], []
        for who, place in ((LI, "柳荫路12号"), (ZHAO, "柳荫路90号")):
            await world.says(who, STREET, f"路灯不亮，{place}")
            await world.press(who, STREET, "确认上报")
            calls.append(world.card(UNIT, "签收"))
            codes.append(code_in(calls[-1].text))
        first, second = codes
        await world.press(WANG, UNIT, "签收", calls[1])
        await world.says(WANG, UNIT, f"并案 {second} {first}")
        await world.press(WANG, UNIT, UNDO, calls[1])
        assert "没有并案" in world.play.said_by_bot(HUB)[-1].text
        assert any("收回了并案申请" in text for text in world.said(OFFICER))
        await world.says(WANG, UNIT, f"并案 {second} {first}")
        task = world.card(HUB, "不并案")
        await world.press(CHEN, HUB, "不并案", task)
        await world.press(CHEN, HUB, UNDO, task)
        assert "并案还没定" in world.last(UNIT).text
        await world.press(CHEN, HUB, "同意并案", task)
        assert f"{second} 已并入 {first}" in world.last(STREET).text
        await world.press(CHEN, HUB, UNDO, task)
        assert second in world.last(STREET).text and "并案已撤回" in world.last(STREET).text
        assert "已签收" in now_reads(world, UNIT, calls[1]), "it stands where it stood"
        async with world.app.store.read() as uow:
            target = await uow.tickets.by_code(first)
            assert target is not None
            assert [person.telegram_id for person in await uow.tickets.followers(target.id)] == [LI]
        await world.says(CHEN, HUB, f"并案 {second} {first}")
        assert f"{second} 已并入 {first}" in world.last(HUB).text
        await world.press(CHEN, HUB, UNDO)
        assert "已签收" in now_reads(world, UNIT, calls[1])


async def test_a_meeting_is_called_back_and_held_after_all(world: World) -> None:
    code = await meeting_called(world)
    invited = world.card(POLICE, "参加")
    meeting = world.card(HUB, UNDO)
    await world.press(CHEN, HUB, UNDO, meeting)
    assert code in world.last(POLICE).text and "先不用答复" in world.last(POLICE).text
    assert not any(m.message_id == invited.message_id for m in world.play.said_by_bot(POLICE)), "the card is gone"
    assert "筹备中" in now_reads(world, HUB, meeting) and "15:00" in now_reads(world, HUB, meeting)
    await world.press(CHEN, HUB, "发出邀请", meeting)
    assert "参加" in "".join(captions(world.card(POLICE, "参加")))
    await world.forward(timedelta(minutes=1))
    assert not shows_undo(world, HUB)
    await world.press(CHEN, HUB, "不开了", meeting)
    assert "不开" in world.last(POLICE).text
    await world.press(CHEN, HUB, UNDO, meeting)
    assert "照常开" in world.last(POLICE).text and "已邀请" in now_reads(world, HUB, meeting)
    await world.press(QIAN, POLICE, "参加", world.card(POLICE, "参加"))
    assert "参加：公安分局" in now_reads(world, HUB, meeting)


async def test_the_street_takes_back_what_it_laid_before_the_leader(world: World) -> None:
    code = await referred(world)
    card = world.card(LEADER, "开协调会")
    await world.press(OFFICER, STREET, UNDO, world.card(STREET, UNDO))
    assert code in world.last(LEADER).text and "不用您定" in world.last(LEADER).text
    assert not any(m.message_id == card.message_id for m in world.play.said_by_bot(LEADER)), "the card is gone"
    assert "报区领导" in captions(world.card(STREET, "报区领导")), "and may be laid before him again"
    await world.press(OFFICER, STREET, "报区领导")
    assert code in world.card(LEADER, "开协调会").text


async def test_a_leader_takes_his_decision_back(world: World) -> None:
    await referred(world)
    await world.press(LEADER, LEADER, "开协调会")
    card = world.card(LEADER, UNDO)
    await world.press(LEADER, LEADER, UNDO, card)
    assert "收回了刚才的意见" in world.last(HUB).text and any("收回了刚才的意见" in t for t in world.said(OFFICER))
    assert "请您定" in now_reads(world, LEADER, card)
    await world.press(LEADER, LEADER, "派→市政中心", card)
    await world.press(LEADER, LEADER, UNDO, card)
    await world.press(LEADER, LEADER, "派→市政中心", card)
    assert len([t for t in world.said(OFFICER) if "已交办 市政中心" in t]) == 2, "each decision is told"


async def test_an_end_taken_back_opens_what_it_had_settled(world: World) -> None:
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "驳回")
    await world.press(OFFICER, STREET, "撤回", world.card(STREET, "撤回"))
    await world.says(OFFICER, STREET, "重复了", reply_to=world.last(STREET))
    assert "已撤回" in world.last(UNIT).text
    await world.press(OFFICER, STREET, UNDO, world.card(STREET, UNDO))
    assert "接着办" in world.last(UNIT).text and "已申请退回" in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, "驳回", task)
    assert "经核" in world.last(UNIT).text


async def suspended(world: World) -> Message:
    """The unit's card of a call whose suspension the hub has granted."""
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "挂账到12月1日，等停水", reply_to=call)
    await world.press(CHEN, HUB, "同意")
    await world.forward(timedelta(minutes=1))
    return call


async def test_resumed_by_mistake_stays_suspended_until_its_end(world: World) -> None:
    call = await suspended(world)
    standing = now_reads(world, UNIT, call)
    for _ in range(2):
        await world.press(WANG, UNIT, "恢复处置", call)
        assert "恢复处置" in world.last(STREET).text, "each time the reporter hears that it goes on"
        await world.press(WANG, UNIT, UNDO, call)
        assert "仍在挂账" in world.last(UNIT).text and "仍在挂账" in world.last(STREET).text
        assert now_reads(world, UNIT, call) == standing
    await world.forward(timedelta(days=8))
    assert "恢复处置" in world.last(STREET).text and "已签收" in now_reads(world, UNIT, call), "it ends on its day"


async def test_resumed_and_no_word_within_thirty_seconds(world: World) -> None:
    call = await suspended(world)
    await world.press(WANG, UNIT, "恢复处置", call)
    await world.forward(timedelta(seconds=40))
    assert not shows_undo(world, UNIT)


async def test_a_granted_suspension_taken_back_is_told_to_the_reporter_too(world: World) -> None:
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "挂账到12月1日，等停水", reply_to=call)
    asked = world.card(HUB, "同意")
    await world.press(CHEN, HUB, "同意", asked)
    assert "停水" in world.last(STREET).text
    await world.press(CHEN, HUB, UNDO, asked)
    assert "答复已撤回" in world.last(STREET).text
    await world.press(CHEN, HUB, "同意", asked)
    assert "停水" in world.last(STREET).text, "granted again it is told again"


async def test_a_request_taken_back_by_mistake_waits_again(world: World) -> None:
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
    asked = world.card(LI, "同意")
    await world.forward(timedelta(minutes=1))
    assert not shows_undo(world, UNIT), "what asked for it can no longer be taken back by this button"
    await world.press(WANG, UNIT, "收回申请", call)
    assert captions(asked) == [] and "收回申请" not in captions(call)
    await world.press(WANG, UNIT, UNDO, call)
    assert captions(asked) == ["同意", "驳回"] and "收回申请" in captions(call)
    await world.press(LI, LI, "同意", asked)
    assert "延期" in now_reads(world, LI, asked) and "周五 17:00" in now_reads(world, UNIT, call)


async def test_a_request_to_return_is_taken_back_and_waits_again(world: World) -> None:
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "驳回")
    await world.forward(timedelta(minutes=1))
    assert not shows_undo(world, UNIT)
    await world.press(WANG, UNIT, "收回申请", call)
    assert "申请退回" not in now_reads(world, UNIT, call) and "驳回" not in captions(task)
    await world.press(WANG, UNIT, UNDO, call)
    assert "已申请退回" in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, "驳回", task)
    assert "经核" in world.last(UNIT).text


async def test_the_street_is_asked_by_mistake(world: World) -> None:
    code, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "问街道")
    for _ in range(2):
        await world.press(CHEN, HUB, "问街道", task)
        await world.says(CHEN, HUB, "灯杆编号是多少？", reply_to=world.last(HUB))
        asked = world.card(STREET, "答复")
        assert "灯杆编号" in asked.text and asked.message_id == world.last(STREET).message_id, "asked anew"
        await world.press(CHEN, HUB, UNDO, task)
        assert code in world.last(STREET).text and "不用答复" in world.last(STREET).text
        assert captions(asked) == [], "no button that would be refused"
    await world.press(CHEN, HUB, "驳回", task)
    await world.forward(timedelta(minutes=1))
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "信息太少")
    await world.says(WANG, UNIT, "哪一侧的灯？", reply_to=world.last(UNIT))
    assert "哪一侧" in world.card(STREET, "答复").text
    await world.press(WANG, UNIT, UNDO, call)
    assert "不用答复" in world.last(STREET).text
    before = count(world, UNIT)
    await world.forward(timedelta(hours=6))
    assert not any("还没有答复" in text for text in world.said(UNIT)[before:]), "nobody waits for an answer"


async def test_a_leader_need_not_have_the_hub_coordinate(world: World) -> None:
    await signed(world, LAMP)
    await world.forward(timedelta(days=2, hours=8))
    put = world.card(HE, "请中枢协调")
    await world.press(HE, HE, "请中枢协调", put)
    task = next(m for m in world.play.said_by_bot(HUB) if "请督办" in m.text)
    assert captions(task)
    await world.press(HE, HE, UNDO, world.card(HE, UNDO))
    assert "收回了刚才的协调请求" in world.last(HUB).text and "已办" in now_reads(world, HUB, task)
    await world.press(HE, HE, "请中枢协调", put)
    assert any("请督办" in text for text in world.said(HUB)), "and may ask again"


async def test_the_leader_is_called_by_mistake(world: World) -> None:
    code, call = await signed(world, LAMP)
    for _ in range(2):
        await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
        await world.press(LI, LI, "同意")
    await world.forward(timedelta(days=3, hours=8))
    offered = world.card(LI, "报联系区领导")
    for _ in range(2):
        await world.press(LI, LI, "报联系区领导", offered)
        assert "望澜街道请您关注" in world.last(LEADER).text
        await world.press(LI, STREET, UNDO, world.card(STREET, UNDO))
        assert code in world.last(LEADER).text and "不用您关注" in world.last(LEADER).text


async def test_whose_duty_it_is_stands_open_again(world: World) -> None:
    _, call = await signed(world, LAMP)
    await world.says(WANG, UNIT, "不归我们管，应由公安分局负责", reply_to=call)
    await world.press(CHEN, HUB, "驳回")
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "不在本区")
    await world.press(CHEN, HUB, "市政中心先办")
    dispute = world.card(HUB, "认定→市政中心")
    await world.forward(timedelta(minutes=1))
    for _ in range(2):
        await world.press(CHEN, HUB, "认定→市政中心", dispute)
        assert "负责这类事项" in world.last(UNIT).text
        await world.press(CHEN, HUB, UNDO, dispute)
        assert "裁决已撤回" in world.last(UNIT).text and "裁决已撤回" in world.last(STREET).text
        assert "认定→市政中心" in captions(dispute)


async def test_a_meeting_with_a_time_in_the_leaders_sentence_is_taken_back(world: World) -> None:
    await referred(world)
    await world.says(LEADER, LEADER, "明天下午3点请公安一起在区政府302开个协调会")
    await world.press(LEADER, LEADER, "转达")
    invited = world.card(POLICE, "派代表")
    await world.press(LEADER, LEADER, UNDO)
    assert invited.deleted and "派→市政中心" in captions(world.card(LEADER, "派→"))
    assert "邀请已撤回" in world.last(POLICE).text, "who was invited hears so"


async def test_what_the_street_kept_and_reopened_by_mistake_is_filed_again(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "街道自办")
    await world.press(LI, STREET, "已办好")
    await world.press(LI, LI, "满意")
    card = world.card(STREET, "重办")
    await world.press(OFFICER, STREET, "重办", card)
    assert "街道自办" in now_reads(world, STREET, card)
    await world.press(OFFICER, STREET, UNDO, card)
    assert "已结案" in now_reads(world, STREET, card)
    async with world.app.store.read() as uow:
        assert await uow.dues.next_moment() is None or not await uow.assignments.open_of({"JL01"})

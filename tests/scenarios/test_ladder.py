"""The ladder on the virtual clock: who is told what and when, what quiets it, and what an outage leaves of it."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.diary import Diary
from tests.scenarios.stories import called, count, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HE, HUB, LEADER, STREET, UNIT, WANG, World, captions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_unsigned_through_the_whole_ladder(world: World) -> None:
    """Monday 10:00: to be signed within two working hours, to be handled within two working days."""
    story = Story(world)
    await called(world)
    await world.forward(4 * DAY)
    assert not any("⏰" in text or "关注" in text for text in world.said(UNIT) + world.said(STREET)), "in private only"
    story.compare("unsigned_through_the_ladder")


async def test_a_word_of_progress_quiets_and_does_not_move(world: World) -> None:
    story = Story(world)
    _, call = await signed(world)
    assert "处置截止 周三 17:00" in now_reads(world, UNIT, call)
    await world.forward(27 * HOUR)
    await world.says(WANG, UNIT, "等配件，明天下午换", reply_to=call)
    assert "处置截止 明天 17:00" in now_reads(world, UNIT, call), "the same Wednesday"
    await world.forward(timedelta(hours=30))
    story.compare("progress_quiets_and_does_not_move")


async def test_signed_and_reported_at_the_last_minute(world: World) -> None:
    story = Story(world)
    above = [count(world, HE), count(world, LEADER)]
    _, call = await called(world)
    await world.forward(3 * HOUR - timedelta(minutes=1))
    await world.press(WANG, UNIT, "签收", call)
    await world.forward(timedelta(days=2, hours=4))
    await world.says(WANG, UNIT, "已处理完毕，刚换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    before = count(world, WANG)
    await world.forward(2 * HOUR)
    assert [count(world, HE), count(world, LEADER)] == above and count(world, WANG) == before
    assert not any("督办" in text for text in world.said(HUB))
    story.compare("signed_and_reported_at_the_last_minute")


async def test_what_a_leader_can_do_about_it(world: World) -> None:
    await signed(world)
    await world.forward(timedelta(days=2, hours=8))
    put = world.card(HE, "知道了")
    assert captions(put) == ["知道了", "换人承办", "请中枢协调", "回街道一句"]
    await world.press(HE, HE, "知道了", put)
    await world.press(HE, HE, "换人承办", put)
    await world.says(HE, HE, "张工", reply_to=world.last(HE))
    assert "承办：张工" in world.card(STREET, "催办").text
    await world.press(HE, HE, "回街道一句", put)
    await world.says(HE, HE, "配件今晚到，明早换", reply_to=world.last(HE))
    assert any("何主任回话：配件今晚到" in text for text in world.said(STREET))
    assert "已请中枢协调" in await world.press(HE, HE, "请中枢协调", put)
    assert any("请督办" in text for text in world.said(HUB))
    await world.forward(DAY)
    assert captions(world.card(LEADER, "知道了")) == ["知道了", "请中枢协调", "回街道一句"]


async def test_nobody_above_can_be_reached_and_the_hub_hears_that(world: World) -> None:
    async with world.app.store.begin() as uow:
        person = await uow.people.by_telegram_id(HE)
        assert person is not None
        await uow.people.revoke(person.id, None, at=world.now)
        await uow.commit()
    await signed(world)
    await world.forward(timedelta(days=2, hours=8))
    assert any("没有人能私聊到，请中枢联系" in text for text in world.said(HUB))


async def test_the_bot_was_down_for_two_days(world: World) -> None:
    """What was missed comes as one digest a chat, and superiors are announced as if it had begun to count now."""
    story = Story(world)
    for number in (12, 14, 16):
        await called(world, f"路灯不亮了，柳荫路{number}号门口一片黑")
    diary = Diary(world)
    await world.app.set_clock(world.now + timedelta(days=3, hours=1))
    await world.settle()
    await world.forward(timedelta(minutes=1))
    said = diary.read(lines=9)
    assert [line.split(" | ")[0] for line in said] == ["11-26 11:00 王联络"], said
    assert "这段时间里到点的时限有 6 项" in said[0] and said[0].count("柳荫路") == 6
    await world.forward(timedelta(minutes=58))
    assert diary.read() == [], "no superior within the hour"
    await world.forward(timedelta(hours=1, minutes=3))
    told = diary.read()
    leader = [line for line in told if "何主任" in line]
    assert len(leader) == 1 and "6 项" in leader[0]
    assert len(told) == 2, "the liaison hears in one message what comes next"
    assert count(world, CHEN) == 0
    story.compare("down_for_two_days")

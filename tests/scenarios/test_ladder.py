"""The ladder on the virtual clock: who is told what and when, what quiets it, and what an outage leaves of it."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.diary import Diary
from tests.scenarios.stories import called, count, now_reads, signed
from tests.support.world import CHEN, HE, HUB, LEADER, STREET, UNIT, WANG, World, captions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAMP = "路灯不亮或缺失，柳荫路12号门口"
SIGNING = "签收只表示收到，不等于认责。"
STILL = "办完点回告；还在办，回一句进展就行"
SAY = "写一句进展，会一并附上。"


async def test_unsigned_through_the_whole_ladder(world: World) -> None:
    """Monday 10:00: to be signed within two working hours, to be handled within two working days."""
    await called(world)
    diary = Diary(world)
    await world.forward(4 * DAY)
    assert diary.read(lines=3) == [
        f"11-23 11:00 王联络 | ⏰ 0001 {LAMP}：签收 今天 13:00 到期，还有 120 分钟。 / {SIGNING}",
        f"11-23 13:00 王联络 | ⏰ 0001 {LAMP}：签收 今天 13:00 已到期。 / {SIGNING} / "
        f"今天 14:00 仍没有消息，会请分管领导 何主任关注。{SAY}",
        f"11-23 14:00 何主任 | 分管领导，有 1 件请您关注：0001 {LAMP} / 市政中心应于 今天 13:00 签收，已过时限。 / "
        "还没有进展说明。",
        f"11-23 16:00 王联络 | ⏰ 0001 {LAMP}：签收 今天 13:00 已到期。 / {SIGNING} / "
        f"明天 09:00 仍没有消息，会请中枢关注。{SAY}",
        "11-24 09:00 中枢群 | 🔁 到时限未办，请督办　0001 / 路灯不亮或缺失 · 清单 SZ-04　📍柳荫路12号门口 / "
        "“路灯不亮了，柳荫路12号门口一片黑”",
        f"11-24 11:00 陈调度 | ⏰ 0001 {LAMP}：督办 今天 11:00 已到期。",
        f"11-24 14:00 王联络 | ⏰ 0001 {LAMP}：处置 明天 17:00 到期。 / 还没签收。",
        f"11-25 13:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 到期。 / 还没签收。",
        f"11-25 16:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 到期，还有 60 分钟。 / 还没签收。 / "
        f"今天 17:00 仍没有消息，会请分管领导 何主任关注。{SAY}",
        f"11-25 17:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 已到期。 / 还没签收。",
        f"11-25 17:00 何主任 | 分管领导，有 1 件请您关注：0001 {LAMP} / 市政中心应于 今天 17:00 处置，已过时限。 / "
        "还没有进展说明。",
        f"11-26 13:00 王联络 | ⏰ 0001 {LAMP}：处置 昨天 17:00 已到期。 / 还没签收。 / "
        f"今天 14:00 仍没有消息，会请中枢关注。{SAY}",
        f"11-26 16:00 王联络 | ⏰ 0001 {LAMP}：处置 昨天 17:00 已到期。 / 还没签收。 / "
        f"今天 17:00 仍没有消息，会请联系区领导 吴区长关注。{SAY}",
        f"11-26 17:00 吴区长 | 联系区领导，有 1 件请您关注：0001 {LAMP} / 市政中心应于 昨天 17:00 处置，已过时限。 / "
        "还没有进展说明。",
    ]
    assert not any("⏰" in text or "关注" in text for text in world.said(UNIT) + world.said(STREET)), "in private only"


async def test_a_word_of_progress_quiets_and_does_not_move(world: World) -> None:
    _, call = await signed(world)
    diary = Diary(world)
    due = "处置截止 周三 17:00"
    assert due in now_reads(world, UNIT, call)
    await world.forward(27 * HOUR)
    await world.says(WANG, UNIT, "等配件，明天下午换", reply_to=call)
    assert "处置截止 明天 17:00" in now_reads(world, UNIT, call), "the same Wednesday"
    await world.forward(timedelta(hours=30))
    assert diary.read(lines=4) == [
        f"11-25 13:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 到期。 / {STILL}；来不及，现在还能申请延期。",
        f"11-25 16:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 到期，还有 60 分钟。 / {STILL}；来不及，现在还能申请延期。 / "
        f"今天 17:00 仍没有消息，会请分管领导 何主任关注。{SAY}",
        f"11-25 17:00 王联络 | ⏰ 0001 {LAMP}：处置 今天 17:00 已到期。 / {STILL}。",
        f"11-25 17:00 何主任 | 分管领导，有 1 件请您关注：0001 {LAMP} / 市政中心应于 今天 17:00 处置，已过时限。 / "
        "昨天 13:00 说明：等配件，明天下午换 / 联络人：王联络",
    ]


async def test_signed_and_reported_at_the_last_minute(world: World) -> None:
    _, call = await called(world)
    await world.forward(3 * HOUR - timedelta(minutes=1))
    await world.press(WANG, UNIT, "签收", call)
    await world.forward(timedelta(days=2, hours=4))
    await world.says(WANG, UNIT, "已处理完毕，刚换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    before = count(world, WANG)
    await world.forward(2 * HOUR)
    assert count(world, HE) == count(world, LEADER) == 0 and count(world, WANG) == before
    assert not any("督办" in text for text in world.said(HUB))


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
    for number in (12, 14, 16):
        await called(world, f"路灯不亮了，柳荫路{number}号门口一片黑")
    diary = Diary(world)
    await world.app.set_clock(world.now + timedelta(days=3, hours=1))
    await world.settle()
    await world.forward(timedelta(minutes=1))
    said = diary.read(lines=9)
    assert [line.split(" | ")[0] for line in said] == ["11-26 11:01 王联络"], said
    assert "这段时间里到点的有 6 件" in said[0] and said[0].count("柳荫路") == 6
    await world.forward(timedelta(minutes=58))
    assert diary.read() == [], "no superior within the hour"
    await world.forward(timedelta(hours=1, minutes=3))
    told = diary.read()
    leader = [line for line in told if "何主任" in line]
    assert len(leader) == 1 and "6 件" in leader[0]
    assert len(told) == 2, "the liaison hears in one message what comes next"
    assert count(world, CHEN) == 0

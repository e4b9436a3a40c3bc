"""Many cases in one message keep what can be done about each: after an outage, at the hub, in its digest."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import called, count, now_reads
from tests.support.world import CHEN, HE, HUB, UNIT, WANG, World, captions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAMPS = [f"路灯不亮了，柳荫路{number}号门口一片黑" for number in (12, 14, 16)]


async def _after_an_outage(world: World, away: timedelta) -> None:
    await world.app.set_clock(world.now + away)
    await world.settle()
    await world.forward(timedelta(minutes=1))


async def test_what_was_missed_can_be_pressed_in_the_digest_itself(world: World) -> None:
    calls = [(await called(world, text)) for text in LAMPS]
    await world.press(WANG, UNIT, "签收", calls[2][1])
    codes = [code[-4:] for code, _ in calls]
    await _after_an_outage(world, DAY + 5 * HOUR)
    missed = world.last(WANG)
    assert "我停了一会儿" in missed.text
    assert captions(missed) == [
        *(f"✅ 签收 {codes[0]}", f"✅ 签收 {codes[1]}", f"📮 回告 {codes[2]}", f"进展 {codes[2]}"),
    ], "each case once, whichever of its clocks it was; it is too late for 退回"
    await world.press(WANG, WANG, f"签收 {codes[1]}", missed)
    assert "已签收：王联络" in now_reads(world, UNIT, calls[1][1])
    assert "待签收" not in now_reads(world, UNIT, calls[1][1])
    await world.press(WANG, WANG, f"进展 {codes[2]}", missed)
    await world.says(WANG, WANG, "等配件，明天上午换", reply_to=world.last(WANG))
    assert "等配件" in now_reads(world, UNIT, calls[2][1])


async def test_a_leader_decides_from_the_message_that_names_many(world: World) -> None:
    for text in (*LAMPS, "柳荫路18号门口路灯不亮"):
        await called(world, text)
    await _after_an_outage(world, DAY + HOUR)
    await world.forward(2 * HOUR + timedelta(minutes=5))
    told = world.last(HE)
    assert "到时限的有 4 项" in told.text and len(captions(told)) == 8, told.text
    assert captions(told)[:2] == ["换人承办 0001", "请中枢协调 0001"]
    assert "已请中枢协调" in await world.press(HE, HE, "请中枢协调 0002", told)
    assert any("请督办" in text and "0002" in text for text in world.said(HUB))
    asked = world.last(HE)
    assert "已请中枢协调" in asked.text and captions(asked) == ["撤销（30秒内）"]
    await world.forward(timedelta(minutes=1))
    assert captions(asked) == [], "no button stays that would be refused"


async def test_the_hub_opens_each_case_from_what_it_is_told_and_from_its_digest(world: World) -> None:
    for text in LAMPS:
        await called(world, text)
    await world.forward(7 * HOUR)
    await _after_an_outage(world, DAY)
    await world.forward(DAY)
    [many] = [
        message
        for message in world.play.said_by_bot(HUB)
        if "到点的时限有" in message.text or "到时限的有" in message.text
    ]
    assert captions(many) and all(caption.startswith("看这件") for caption in captions(many))
    before = count(world, HUB)
    await world.press(CHEN, HUB, captions(many)[0], many)
    card = world.last(HUB)
    assert count(world, HUB) == before + 1 and "请督办" in card.text and "派单→其他" in captions(card)
    assert "陈调度 在看" in card.text
    [digest] = [message for message in world.play.said_by_bot(HUB) if message.text[0] in "☀📋"][-1:]
    assert captions(digest)[0].startswith("看这件") and captions(digest)[-1] == "下一件"
    await world.press(CHEN, HUB, "下一件", digest)
    assert world.last(HUB).text != card.text and "陈调度 在看" in world.last(HUB).text, "the next one that nobody has"


async def test_more_time_is_offered_only_where_it_can_be_asked_for(world: World) -> None:
    for text in LAMPS:
        await called(world, text)
    await _after_an_outage(world, DAY + 5 * HOUR)
    missed = world.last(WANG).text
    assert "签收就行" in missed and "延期" not in missed, "what is not signed cannot be put off"


async def test_what_is_signed_and_not_yet_due_may_ask_for_more_time(world: World) -> None:
    calls = [await called(world, text) for text in LAMPS]
    for _, call in calls:
        await world.press(WANG, UNIT, "签收", call)
    await _after_an_outage(world, 2 * DAY + 6 * HOUR + timedelta(minutes=10))
    missed = world.last(WANG).text
    assert "写一句进展或回告、已签收的申请延期，都行" in missed, missed

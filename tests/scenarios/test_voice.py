"""Item 6, voice: answered in private, listened to by a grid worker, typed in one line, reported. Nothing is recognised."""

from __future__ import annotations

from datetime import timedelta

from bot.playground.model import MediaKind
from tests.scenarios.stories import LAMP, called, count
from tests.support.world import HUB, LI, QIAN, RESIDENT, STREET, UNIT, WANG, ZHAO, World, captions


def recordings(world: World, chat: int) -> int:
    """How many recordings the bot has passed on to that chat."""
    said = world.play.said_by_bot(chat)
    return len([m for m in said if m.content.media is not None and m.content.media.kind is MediaKind.VOICE])


async def test_in_a_group_another_worker_listens_and_types(world: World) -> None:
    before = count(world, STREET)
    said = await world.play.voice(LI, STREET)
    await world.settle()
    assert "打一行字" in world.last(LI).text and count(world, STREET) == before
    assert any("李网格" in text and "打一行字" in text for text in world.said(ZHAO)) and recordings(world, ZHAO) == 1
    await world.says(ZHAO, ZHAO, LAMP)
    card = world.last(STREET)
    assert "SZ-04" in card.text and card.posting.reply_to == said.message_id, "the card stands below the recording"
    assert "卡片已放在群里" in world.last(ZHAO).text
    await world.press(LI, STREET, "确认上报", card)
    assert "柳荫路12号" in world.card(UNIT, "签收").text
    await world.press(WANG, UNIT, "签收")
    assert any("已签收" in text for text in world.said(STREET))


async def test_in_a_group_a_reply_to_the_recording_is_its_words_and_the_authors_own_line_too(world: World) -> None:
    said = await world.play.voice(RESIDENT, STREET)
    await world.settle()
    asked = world.last(STREET)
    assert "打一行字" in asked.text and asked.posting.silent, "who never wrote in private is answered in the group"
    await world.says(ZHAO, STREET, LAMP, reply_to=said)
    assert "SZ-04" in world.last(STREET).text and world.last(STREET).posting.reply_to == said.message_id
    await world.press(ZHAO, STREET, "不是上报")
    before = count(world, STREET)
    await world.play.voice(LI, STREET)
    await world.settle()
    await world.says(LI, STREET, "柳荫路45号门口井盖没了，老人差点踩空")
    assert count(world, STREET) == before + 1
    await world.says(
        ZHAO,
        ZHAO,
        "柳荫路45号井盖没了",
        reply_to=next(m for m in world.play.said_by_bot(ZHAO)[::-1] if "语音" in m.text),
    )
    assert "已经处理过" in world.last(ZHAO).text and count(world, STREET) == before + 1


async def test_a_residents_recording_goes_to_one_worker_then_to_the_next(world: World) -> None:
    before = {chat: count(world, chat) for chat in (STREET, UNIT)}
    await world.play.voice(RESIDENT, RESIDENT)
    await world.settle()
    answer = world.last(RESIDENT).text
    assert "打一行字" in answer and "110" in answer and "哪个社区" in answer
    assert recordings(world, LI) == 0, "nobody listens before it is known where"
    await world.says(RESIDENT, RESIDENT, "柳荫社区")
    assert recordings(world, LI) == 1 and any("有居民发了一段语音" in text for text in world.said(LI))
    assert not any("周居民" in text for text in world.said(LI))
    await world.forward(timedelta(minutes=16))
    assert recordings(world, ZHAO) == 1
    await world.says(ZHAO, ZHAO, LAMP)
    card = world.last(ZHAO)
    assert "SZ-04" in card.text and {chat: count(world, chat) for chat in before} == before
    await world.press(ZHAO, ZHAO, "确认上报", card)
    assert "柳荫路12号" in world.card(UNIT, "签收").text and "请回电" in captions(world.last(RESIDENT))
    await world.forward(timedelta(hours=3))
    assert not any("网格员都没接" in text for text in world.said(HUB))


async def test_who_typed_it_and_pressed_nothing_is_not_the_last_who_was_asked(world: World) -> None:
    await world.play.voice(RESIDENT, RESIDENT)
    await world.settle()
    await world.says(RESIDENT, RESIDENT, "柳荫社区")
    await world.says(LI, LI, LAMP)
    said = count(world, RESIDENT)
    await world.forward(timedelta(minutes=16))
    assert "路灯不亮" in world.card(ZHAO, "确认上报").text and recordings(world, ZHAO) == 1
    await world.forward(timedelta(minutes=16))
    assert any("网格员都没接" in text for text in world.said(HUB))
    assert count(world, RESIDENT) == said, "he is not asked to confirm what he cannot"


async def test_a_known_resident_need_not_say_where_and_his_own_words_take_its_place(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.press(LI, LI, "确认上报")
    await world.play.voice(RESIDENT, RESIDENT)
    await world.settle()
    assert "已请网格员听" in world.last(RESIDENT).text and recordings(world, LI) == 1
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路45号门口井盖没了，老人差点踩空")
    assert "SZ-03" in world.card(LI, "确认上报").text
    listening = next(m for m in world.play.said_by_bot(LI)[::-1] if "语音" in m.text)
    await world.says(LI, LI, "井盖没了", reply_to=listening)
    assert "已经处理过" in world.last(LI).text


async def test_a_workers_own_voice_in_private_and_a_units_voice(world: World) -> None:
    await world.play.voice(LI, LI)
    await world.settle()
    assert "打一行字" in world.last(LI).text and recordings(world, ZHAO) == 0
    _, call = await called(world)
    before = count(world, UNIT)
    await world.play.voice(WANG, UNIT)
    await world.settle()
    assert count(world, UNIT) == before, "colleagues among themselves"
    await world.play.voice(WANG, UNIT, reply_to=call.message_id)
    await world.settle()
    assert "打一行字" in world.last(WANG).text
    assert recordings(world, QIAN) == 0


async def test_words_beside_a_recording_are_the_report_and_it_goes_along(world: World) -> None:
    before = count(world, LI)
    said = await world.play.voice(LI, STREET, caption=LAMP)
    await world.settle()
    card = world.last(STREET)
    assert "SZ-04" in card.text and card.posting.reply_to == said.message_id
    assert count(world, LI) == before, "nobody is asked to listen"
    await world.press(LI, STREET, "确认上报", card)
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.press(WANG, UNIT, "看原话", call)
    assert any(LAMP in text for text in world.said(WANG))
    assert recordings(world, WANG) == 1, "who signed may listen to it"
    await world.play.voice(WANG, UNIT, caption="已到现场，正在抢修", reply_to=call.message_id)
    await world.settle()
    assert "已到现场" in world.card(UNIT, "回告").text, "beside a reply they are a word of progress"


async def test_a_residents_recording_with_words_goes_to_the_worker_and_chatter_beside_one_is_no_report(
    world: World,
) -> None:
    await world.play.voice(RESIDENT, RESIDENT, caption="柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.settle()
    assert "SZ-04" in world.card(LI, "确认上报").text and recordings(world, LI) == 1
    before = count(world, STREET)
    await world.play.voice(LI, STREET, caption="大家早上好")
    await world.settle()
    assert "打一行字" in world.last(LI).text and count(world, STREET) == before

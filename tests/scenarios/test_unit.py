"""Item 6, the unit and the reporter: by button or in plain words, and three silent replies."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.scenarios.stories import COVER, LAMP, called, code_in, count, now_reads, reported, signed
from tests.support.world import CHEN, HUB, LI, OFFICER, STREET, SUN, UNIT, WANG, ZHAO, World, captions


async def test_the_call_says_all_that_the_unit_needs(world: World) -> None:
    await world.play.photo(LI, STREET, "路灯", LAMP)
    await world.settle()
    await world.press(LI, STREET, "确认上报")
    call = world.card(UNIT, "签收")
    for words in ("望澜街道呼叫", "市政", "JL-20261123-0001", "路灯不亮", "柳荫路12号", "🖼1", "一片黑", "SZ-04"):
        assert words in call.text, words
    assert "前签收" in call.text and "前处置" in call.text and "授权启动" in call.text
    assert "不等于认责" in call.text and "前退回" in call.text
    assert [c for c in captions(call)] == ["✅ 签收", "退回", "转承办人", "联系街道"]
    assert len(call.text.splitlines()) <= 9


async def test_received_going_there_signs_and_working_on_it_is_progress(world: World) -> None:
    code, call = await called(world)
    await world.says(SUN, UNIT, "收到马上去", reply_to=call)
    assert "已签收：孙师傅" in now_reads(world, UNIT, call)
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "已到现场，正在抢修", reply_to=call)
    card = now_reads(world, UNIT, call)
    assert "进展" in card and "正在抢修" in card and "已回告" not in card
    assert count(world, UNIT) == before, "no form, no further message"
    assert "正在抢修" in world.card(STREET, "催办").text
    assert code in card


async def test_done_see_picture_asks_to_confirm_the_report_back(world: World) -> None:
    code, call = await signed(world)
    await world.play.photo(WANG, UNIT, "修好", "已处理完毕，见图", reply_to=call.message_id)
    await world.settle()
    form = world.card(UNIT, "发送回告")
    assert code in form.text and "已处理完毕，见图" in form.text and "🖼1" in form.text
    for button in ("改经过", "改给居民的话", "先不发", "部分解决", "说明情况"):
        assert any(button in caption for caption in captions(form))
    assert "已回告" not in now_reads(world, UNIT, call), "nothing is sent before the press"
    await world.press(WANG, UNIT, "改给居民的话")
    await world.says(WANG, UNIT, "路灯已换新，感谢反映", reply_to=world.last(UNIT))
    assert "路灯已换新，感谢反映" in world.card(UNIT, "发送回告").text
    await world.press(WANG, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)
    assert any("路灯已换新" in text for text in world.said(STREET))


async def test_a_picture_used_before_is_pointed_out(world: World) -> None:
    code, call = await signed(world)
    await world.play.photo(WANG, UNIT, "修好", "已处理完毕，见图", reply_to=call.message_id)
    await world.settle()
    assert "用过" not in world.card(UNIT, "发送回告").text
    await world.press(WANG, UNIT, "发送回告")
    _, other = await signed(world, COVER)
    await world.play.photo(WANG, UNIT, "修好", "已处理完毕，见图", reply_to=other.message_id)
    await world.settle()
    form = world.card(UNIT, "发送回告")
    assert "用过" in form.text and code not in form.text


async def test_handed_on_returned_and_contacted(world: World) -> None:
    code, call = await signed(world)
    await world.press(WANG, UNIT, "转承办人", call)
    assert code in world.last(UNIT).text
    await world.says(WANG, UNIT, "张工", reply_to=world.last(UNIT))
    assert "承办：张工" in now_reads(world, UNIT, call) and "承办：张工" in world.card(STREET, "催办").text
    await world.says(WANG, UNIT, "转承办人 李工", reply_to=call)
    assert "承办：李工" in now_reads(world, UNIT, call)
    await world.press(WANG, UNIT, "联系街道", call)
    assert "李网格" in world.last(UNIT).text and code in world.last(UNIT).text
    await world.says(WANG, UNIT, "不归我们管，应由通信公司负责", reply_to=call)
    assert "先行处置" in now_reads(world, UNIT, call)
    assert "职责异议，裁决中" in world.card(STREET, "催办").text
    ruling = world.card(HUB, "驳回")
    assert code in ruling.text and "应由通信公司负责" in ruling.text
    await world.press(CHEN, HUB, "驳回")
    assert "已签收" in now_reads(world, UNIT, call)


async def test_return_and_progress_and_report_back_by_button(world: World) -> None:
    code, call = await called(world)
    await world.press(WANG, UNIT, "退回", call)
    await world.says(WANG, UNIT, "业主自己的责任", reply_to=world.last(UNIT))
    assert "先行处置" in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, "驳回")
    await world.press(WANG, UNIT, "签收", call)
    await world.press(WANG, UNIT, "进展", call)
    await world.says(WANG, UNIT, "等配件，明天上午换", reply_to=world.last(UNIT))
    assert "等配件" in now_reads(world, UNIT, call)
    await world.press(WANG, UNIT, "回告", call)
    assert "等配件" not in world.card(UNIT, "发送回告").text, "progress is no answer"
    await world.press(WANG, UNIT, "发送回告")
    assert any(code in text and "已回告" in text for text in world.said(STREET))


async def test_who_is_no_liaison_is_told_who_can_with_the_button_that_helps(world: World) -> None:
    _, call = await signed(world)
    await world.says(SUN, UNIT, "已处理完毕，见图", reply_to=call)
    said = world.last(UNIT)
    assert "联络员" in said.text and captions(said) == ["私聊我"]
    assert "联络员" in await world.press(SUN, UNIT, "退回", call)
    assert "已签收" in now_reads(world, UNIT, call)


async def test_three_silent_replies_and_the_card_in_place(world: World) -> None:
    said = await world.says(LI, STREET, LAMP)
    card = world.last(STREET)
    await world.press(LI, STREET, "确认上报")
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    messages = world.play.said_by_bot(STREET)
    assert messages[0].message_id == card.message_id and len(messages) == 4
    replies = messages[1:]
    assert all(m.posting.reply_to == said.message_id and m.posting.silent for m in replies)
    for reply, words in zip(replies, ("已签收", "已回告", "已结案"), strict=True):
        assert words in reply.text and code_in(reply.text) == "JL-20261123-0001"
    assert "已结案备案" in now_reads(world, STREET, card)
    assert "已结案" in now_reads(world, UNIT, call)


async def test_two_people_press_at_once_and_one_of_them_was_first(world: World) -> None:
    _, call = await called(world)
    pressed = [world.play.press(who, UNIT, call.message_id, "签收", timeout=20.0) for who in (WANG, SUN)]
    answers = [answer.text or "" for answer in await asyncio.gather(*pressed)]
    await world.settle()
    assert sum("已签收" in text and "处理过" not in text for text in answers) == 1
    refused = next(text for text in answers if "处理过" in text)
    assert "王联络" in refused or "孙师傅" in refused
    assert len([text for text in world.said(STREET) if "已签收，" in text]) == 1


async def test_an_old_button_says_what_became_of_it(world: World) -> None:
    code, call = await called(world)
    old = world.play.world.message(UNIT, call.message_id).markup
    await world.press(WANG, UNIT, "签收", call)
    data = old["inline_keyboard"][0][0]["callback_data"]  # type: ignore[index]
    answer = await world.play.press(SUN, UNIT, call.message_id, data=data, timeout=20.0)
    assert "王联络" in (answer.text or "") and code in (answer.text or "")
    answer = await world.play.press(SUN, UNIT, call.message_id, data="nonsense", timeout=20.0)
    assert "过期" in (answer.text or "")


async def test_an_anonymous_administrator_is_asked_for_a_press(world: World) -> None:
    _, call = await called(world)
    await world.play.say(WANG, UNIT, "收到马上去", reply_to=call.message_id, anonymous=True)
    await world.settle()
    said = world.last(UNIT)
    assert "匿名管理员" in said.text and captions(said) == ["✅ 签收"]
    assert "已签收" not in now_reads(world, UNIT, call)
    await world.press(WANG, UNIT, "签收", said)
    assert "已签收：王联络" in now_reads(world, UNIT, call)


async def test_verdict_in_words_and_reason_after_dissatisfied(world: World) -> None:
    before = count(world, ZHAO)
    code, call = await reported(world)
    asked = world.card(LI, "基本满意")
    await world.press(LI, LI, "不满意")
    assert "没人到场" in captions(world.play.world.message(LI, asked.message_id))
    await world.press(LI, LI, "拖得久")
    assert any("已结案" in text and code in text for text in world.said(STREET))
    assert "李网格" not in now_reads(world, UNIT, call), "the unit never reads who marked"
    assert count(world, ZHAO) == before


async def test_only_who_judged_is_asked_why(world: World) -> None:
    await reported(world)
    asked = world.card(LI, "基本满意")
    await world.says(OFFICER, STREET, "还是没弄好，没解决", reply_to=world.last(STREET))
    assert "继续办" in now_reads(world, LI, asked)
    assert "原因" not in now_reads(world, LI, asked) and not captions(asked), "the officer judged, not the reporter"


async def test_who_has_not_joined_is_asked_once_who_he_is(world: World) -> None:
    _, call = await called(world)
    await world.press(SUN, UNIT, "签收", call)
    asked = world.last(UNIT)
    assert "怎么称呼" in asked.text and asked.posting.silent
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "中午食堂吃啥子")
    assert count(world, UNIT) == before, "chatter is no name"
    await world.says(SUN, UNIT, "孙师傅，抢修二班", reply_to=asked)
    assert "孙师傅，抢修二班" in world.last(UNIT).text
    await world.says(SUN, UNIT, "已到现场，正在抢修", reply_to=call)
    assert "孙师傅，抢修二班" in now_reads(world, UNIT, call)
    await world.forward(timedelta(minutes=5))
    _, other = await called(world, "柳荫路45号门口井盖没了，老人差点踩空")
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "收到马上去", reply_to=other)
    assert "孙师傅，抢修二班 已签收" in world.last(STREET).text and count(world, UNIT) == before, "asked once"
    await world.press(WANG, UNIT, "进展", other)
    await world.says(WANG, UNIT, "正在抢修", reply_to=world.last(UNIT))
    assert not any("怎么称呼" in text for text in world.said(UNIT)[before:]), "a liaison is known"


async def test_what_a_unit_writes_reaches_no_group_with_phones_rooms_and_plates(world: World) -> None:
    _, call = await called(world)
    secret = ("13812345678", "川A12345", "2单元501")
    await world.says(WANG, UNIT, "已到现场，正在抢修，业主电话13812345678，住3栋2单元501", reply_to=call)
    await world.press(WANG, UNIT, "转承办人", call)
    await world.says(WANG, UNIT, "张工13812345678", reply_to=world.last(UNIT))
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了，车牌川A12345的车已挪走，电话13812345678", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    everything = world.everything_in_groups()
    assert "〔电话〕" in everything and "〔车牌〕" in everything
    assert not [word for word in secret if word in everything]


async def test_done_in_reply_to_ones_own_word_about_a_call_is_about_that_call(world: World) -> None:
    await signed(world, COVER)
    code, call = await called(world)
    received = await world.says(WANG, UNIT, "收到马上去", reply_to=call)
    await world.says(WANG, UNIT, "done", reply_to=received)
    assert code in world.last(UNIT).text and "经过：done" in world.last(UNIT).text
    await world.press(WANG, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)


async def test_done_in_reply_to_ones_own_words_alone_asks_which(world: World) -> None:
    first, _ = await signed(world)
    free = await world.says(WANG, UNIT, "灯头换好了，线也查了")
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "已处理完毕", reply_to=free)
    assert count(world, UNIT) == before, "somebody else's words are talk among colleagues"
    await world.says(WANG, UNIT, "已处理完毕", reply_to=free)
    assert first in world.last(UNIT).text and "经过：已处理完毕" in world.last(UNIT).text, "only one is open"
    second, _ = await signed(world, COVER)
    await world.says(WANG, UNIT, "已处理完毕", reply_to=free)
    which = world.last(UNIT)
    assert "哪一件" in which.text and set(captions(which)) == {f"📮 回告 {c[-4:]}" for c in (first, second)}
    await world.says(WANG, UNIT, "中午一起吃饭？", reply_to=free)
    assert world.last(UNIT) is which

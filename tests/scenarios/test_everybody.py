"""Item 6, everybody: look-ups, help, refusals, mixed groups, topics, words that waited."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from nlu.types import Interpreter
from tests.scenarios.stories import LAMP, called, count, now_reads, signed
from tests.support.world import (
    CHEN,
    HE,
    HUB,
    LEADER,
    LI,
    MIXED,
    OFFICER,
    RESIDENT,
    STREET,
    SUN,
    UNIT,
    WANG,
    ZHAO,
    World,
    captions,
    open_world,
)


async def test_item_names_unit_post_and_phone_for_all_of_them(world: World) -> None:
    items = world.app.district().catalogue.items
    assert len(items) == 110
    for number, item in enumerate(items.values()):
        word = item.name if number % 2 else item.code
        await world.says(RESIDENT, RESIDENT, f"/item {word}")
        text = world.last(RESIDENT).text
        assert item.name in text and item.code in text, word
        head = next(line for line in text.splitlines() if line.startswith("归口："))
        assert "000-" in head and head.count("，") >= 2, f"{word}: {head}"
    await world.says(LI, STREET, "归口 井盖")
    assert "SZ-03" in world.last(STREET).text
    await world.says(LI, STREET, "归口 外星人入侵")
    assert "没找到" in world.last(STREET).text


@pytest.mark.parametrize(
    ("who", "where", "words"),
    [
        (LI, STREET, "上报"),
        (OFFICER, STREET, "授权启动"),
        (SUN, UNIT, "要退回、回告，请联络员"),
        (WANG, UNIT, "就是签收"),
        (CHEN, HUB, "checklist"),
        (LI, LI, "街道自办"),
        (OFFICER, OFFICER, "全部启动"),
        (WANG, WANG, "您是联络员"),
        (HE, HE, "签发"),
        (LEADER, LEADER, "进度"),
        (RESIDENT, RESIDENT, "位置也行"),
    ],
)
async def test_help_says_what_this_person_can_do_there(world: World, who: int, where: int, words: str) -> None:
    await world.says(who, where, "/help")
    text = world.last(where).text
    assert words in text and len(text.splitlines()) <= 10
    if (who, where) == (WANG, UNIT):
        assert "请联络员先私聊我" not in text


async def test_an_ambiguous_number_offers_buttons(world: World) -> None:
    await called(world)
    await world.forward(timedelta(days=1))
    await called(world, "澜桥东街路灯坏了三盏，晚上一片黑")
    await world.says(LI, STREET, "进度 1")
    said = world.last(STREET)
    assert "写全编号" in said.text and len(captions(said)) == 2
    await world.press(LI, STREET, "进度", said)
    assert ("JL-2026112" in world.last(STREET).text and "待签收" in world.last(STREET).text) or "处置中" in world.last(
        STREET
    ).text


async def test_a_mixed_group_sees_two_lines_a_ticket(world: World) -> None:
    before = count(world, MIXED)
    await world.says(LI, MIXED, LAMP)
    assert count(world, MIXED) == before, "the draft goes private"
    await world.press(LI, LI, "确认上报", world.card(LI, "确认上报"))
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    for _ in range(2):
        await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
        await world.press(WANG, UNIT, "发送回告")
        await world.press(LI, LI, "未解决")
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    lines = world.said(MIXED)[before:]
    assert len(lines) == 2 and "已签收" in lines[0] and "已结案" in lines[1]


async def test_forum_topics_are_kept(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter) as world:
        world.play.add_chat(-1060, "澜桥社区", (LI, ZHAO), forum=True)
        duty = await world.play.topic(-1060, "上报")
        talk = await world.play.topic(-1060, "闲聊")
        async with world.app.store.begin() as uow:
            code = await issue_code(uow, world.app.district(), CodeKind.GROUP, "community", "JL0102", now=world.now)
            await uow.commit()
        await world.play.say(LI, -1060, f"/bind {code.code}", thread=duty)
        await world.settle()
        before = count(world, -1060)
        await world.play.say(LI, -1060, LAMP, thread=talk)
        await world.settle()
        assert count(world, -1060) == before, "what is said in another topic is not for us"
        await world.play.say(LI, -1060, LAMP, thread=duty)
        await world.settle()
        assert world.last(-1060).posting.thread == duty and "SZ-04" in world.last(-1060).text
        await world.press(LI, -1060, "确认上报")
        await world.press(WANG, UNIT, "签收")
        assert "已签收" in world.last(-1060).text and world.last(-1060).posting.thread == duty


async def test_words_that_waited_for_hours_say_when_they_were_sent(world: World) -> None:
    _, call = await called(world)
    world.play.offline(True)
    await world.play.say(LI, STREET, "澜桥东街路灯坏了三盏，晚上一片黑")
    await world.play.say(LI, STREET, "进度 0001")
    await world.play.say(SUN, UNIT, "收到马上去", reply_to=call.message_id)
    await world.app.set_clock(world.now + timedelta(hours=3))
    world.play.offline(False)
    await world.settle()
    assert len([text for text in world.said(STREET) if "今天 10:0" in text and "刚收到" in text]) == 2
    assert any("今天 10:0" in text and "刚收到" in text for text in world.said(UNIT))
    assert "已签收" in now_reads(world, UNIT, call)


async def test_an_anonymous_administrators_words_open_nothing(world: World) -> None:
    before = count(world, STREET)
    await world.play.say(LI, STREET, LAMP, anonymous=True)
    await world.settle()
    assert count(world, STREET) == before
    await world.play.say(LI, STREET, f"/report {LAMP}", anonymous=True)
    await world.settle()
    assert "匿名管理员" in world.last(STREET).text


async def test_every_message_about_a_ticket_bears_its_code(world: World) -> None:
    before = {chat: count(world, chat) for chat in (STREET, UNIT, HUB, LI, WANG, HE, OFFICER)}
    code, call = await signed(world)
    await world.says(LI, STREET, f"催办 {code[-4:]}")
    await world.press(WANG, UNIT, "转承办人", call)
    await world.says(WANG, UNIT, "张工", reply_to=world.last(UNIT))
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    await world.press(CHEN, HUB, "驳回")
    await world.press(WANG, UNIT, "回告", call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "不满意")
    await world.press(LI, LI, "写一句")
    await world.says(LI, LI, "来得太慢了")
    for chat, number in before.items():
        for text in world.said(chat)[number:]:
            assert code in text, f"{chat}: {text}"


async def test_joining_an_open_case_makes_a_follower(world: World) -> None:
    community = -1004
    await world.says(LI, community, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.press(LI, community, "确认上报")
    code = "JL-20261123-0001"
    await world.forward(timedelta(hours=1))
    await world.says(ZHAO, community, "路灯不亮了，柳荫路14号门口一片黑")
    assert "1 件相似" in world.last(community).text
    await world.press(ZHAO, community, "并案")
    assert code in world.last(community).text and "并入" in world.last(community).text
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    assert any(code in text and "已回告" in text for text in world.said(ZHAO)), "followers are told everything"

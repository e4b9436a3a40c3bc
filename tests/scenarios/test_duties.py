"""Item 5: who is on duty, who is away, who takes over; and a unit without a liaison is never silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from bot.application.people.on_duty import on_duty
from nlu.types import Interpreter
from tests.scenarios.stories import COVER, LAMP, called, count, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HE, HUB, LI, OFFICER, STREET, SUN, UNIT, WANG, ZHAO, World, captions, open_world

LOCAL = timezone(timedelta(hours=8))
HIDDEN = "柳荫小区3栋2单元501，男的喝了酒又打老婆"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """That local time in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


async def told_now(world: World, unit: str = "D26") -> list[str]:
    """Who of the unit is to be told something at this moment."""
    async with world.app.store.read() as uow:
        return [person.name for person in await on_duty(uow, world.app.district(), unit, world.now)]


async def test_the_roster_is_set_in_one_line_and_shown(world: World) -> None:
    await world.says(WANG, UNIT, "值班")
    assert "市政中心 值班" in world.last(UNIT).text and "王联络" in world.last(UNIT).text
    await world.says(SUN, SUN, "你好")
    await world.says(HE, HE, "你好")
    assert "联络员" in (await refusal(world, SUN, UNIT, "值班 11月24日-25日 孙师傅"))
    await world.says(WANG, UNIT, "值班 11月24日-25日 何主任、老刘（代理：王联络）")
    assert "11月24日–11月25日 何主任、老刘（代理 王联络）" in world.last(UNIT).text
    assert await told_now(world) == ["王联络"]
    await world.app.advance(at(11, 24, 10))
    assert await told_now(world) == ["何主任", "王联络"], "老刘 is nobody whom the bot knows"
    await world.says(CHEN, HUB, "值班 市政中心 11月26日 王联络")
    assert "11月26日 王联络" in world.last(HUB).text
    await world.says(CHEN, HUB, "值班 市政中心")
    assert "何主任、老刘" in world.last(HUB).text and "现在找：何主任、王联络" in world.last(HUB).text
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "值班 室的灯坏了一个，谁去看一下")
    await world.says(SUN, UNIT, "交接 一下工具")
    await world.says(SUN, UNIT, "请假 明天，家里有事")
    assert count(world, UNIT) == before, "chatter"
    await world.says(WANG, UNIT, "值班 13月40日 王联络")
    assert "没看懂" in world.last(UNIT).text


async def refusal(world: World, user: int, chat: int, words: str) -> str:
    """What the bot answers to it there."""
    await world.says(user, chat, words)
    return world.last(chat).text


async def test_a_liaison_hands_over_and_his_buttons_die(world: World) -> None:
    await world.says(SUN, SUN, "你好")
    code, call = await signed(world)
    await world.says(LI, LI, HIDDEN)
    await world.press(LI, LI, "确认上报")
    await world.says(WANG, UNIT, "交接 @孙师傅")
    offer = world.last(UNIT)
    assert "王联络 请 孙师傅 接手 市政中心 的角色" in offer.text and captions(offer) == ["🤝 接手"]
    assert "孙师傅 本人" in await world.press(WANG, UNIT, "接手", offer)
    assert "您接手了" in await world.press(SUN, UNIT, "接手", offer)
    assert "王联络 → 孙师傅，1 件未结一并交接" in world.last(UNIT).text
    cases = world.last(SUN)
    assert "未结 1 件" in cases.text and code in cases.text and len(cases.text.splitlines()) <= 9
    assert "已接手" in world.last(WANG).text
    assert "孙师傅" in world.last(HUB).text and "没有联络员" not in world.last(HUB).text
    assert "联络员" in await world.press(WANG, UNIT, "退回", call), "his old buttons are dead"
    await world.says(SUN, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(SUN, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)
    assert "过期" in await world.press(SUN, UNIT, "接手", offer), "once"
    assert await told_now(world) == ["孙师傅"]


async def test_a_grid_workers_reports_go_over_with_the_role(world: World) -> None:
    code, call = await signed(world)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    asked = world.card(LI, "基本满意")
    await world.says(LI, LI, "交接 @赵网格")
    await world.press(ZHAO, ZHAO, "接手")
    assert world.play.world.message(LI, asked.message_id).deleted, "he is no longer asked"
    assert code in world.card(ZHAO, "基本满意").text
    await world.press(ZHAO, ZHAO, "满意")
    assert "已结案" in now_reads(world, UNIT, call)


async def test_what_he_reported_in_private_stays_to_be_read_and_not_to_be_pressed(world: World) -> None:
    await world.says(LI, LI, LAMP)
    await world.press(LI, LI, "确认上报")
    card = world.card(LI, "撤回")
    await world.says(LI, LI, "交接 @赵网格")
    await world.press(ZHAO, ZHAO, "接手")
    left = captions(world.play.world.message(LI, card.message_id))
    assert "处置" in now_reads(world, LI, card) and not {"催办", "居民链接"} & set(left), left


async def test_somebody_on_leave_has_a_deputy_for_these_days(world: World) -> None:
    await world.says(SUN, SUN, "你好")
    _, call = await signed(world)
    assert "请假 10月1日" in (await refusal(world, WANG, UNIT, "/leave 下个月"))
    await world.says(WANG, UNIT, "请假 11月24日 11月25日 @孙师傅")
    assert "11月24日–11月25日 请假" in world.last(UNIT).text
    await world.press(SUN, UNIT, "接手")
    assert "联络员" in await world.press(SUN, UNIT, "退回", call), "not yet"
    await world.app.advance(at(11, 24, 9))
    assert await told_now(world) == ["孙师傅"]
    await world.says(SUN, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(SUN, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)
    await world.app.advance(at(11, 26, 9))
    assert await told_now(world) == ["王联络"]
    _, other = await called(world, "石鼓路8号门口路灯坏了两盏")
    assert "联络员" in await world.press(SUN, UNIT, "退回", other), "over"
    await world.says(WANG, WANG, "/leave")
    assert "已交回 1 项角色" in world.last(WANG).text
    assert "市政中心 现在没有联络员" in world.last(HUB).text


async def test_a_leave_that_nobody_has_accepted_is_told_on_its_eve(world: World) -> None:
    await world.says(SUN, SUN, "你好")
    await world.says(WANG, UNIT, "请假 11月25日 11月26日 @孙师傅")
    said = count(world, WANG), count(world, HUB)
    await world.app.advance(at(11, 24, 15, 59))
    assert not any("接手" in text for text in world.said(WANG))
    await world.app.advance(at(11, 24, 16, 1))
    told = next(text for text in world.said(WANG)[said[0] :] if "孙师傅 还没点“接手”" in text)
    assert "11月25日–11月26日" in told and "市政中心 那几天没有人能单独通知" in told
    assert any("王联络 11月25日–11月26日 请假" in text for text in world.said(HUB)[said[1] :])
    await world.press(SUN, UNIT, "接手")
    await world.app.advance(at(11, 25, 9))
    assert await told_now(world) == ["孙师傅"], "late, and in time"
    await world.app.advance(at(11, 27, 9))
    assert await told_now(world) == ["王联络"]
    assert sum("还没点“接手”" in text for text in world.said(WANG)) == 1
    assert sum("还没接手" in text for text in world.said(HUB)) == 1


async def test_who_asks_on_the_first_day_itself_has_two_hours_for_it(world: World) -> None:
    await world.says(SUN, SUN, "你好")
    await world.says(CHEN, HUB, "值班 市政中心 11月23日 孙师傅")
    await world.says(WANG, UNIT, "请假 11月23日 11月23日 @孙师傅")
    await world.forward(timedelta(minutes=119))
    assert not any("接手" in text for text in world.said(WANG))
    await world.forward(timedelta(minutes=2))
    assert any("孙师傅 还没点“接手”" in text for text in world.said(WANG)), world.transcript(WANG)


async def test_a_liaison_who_leaves_on_friday_at_half_past_five(world: World) -> None:
    story = Story(world)
    code, call = await signed(world)
    await world.app.advance(at(11, 27, 17, 30))
    said = count(world, HUB)
    await world.play.leave(WANG, UNIT)
    await world.settle()
    assert count(world, HUB) == said + 1
    told = world.last(HUB)
    assert "市政中心 现在没有联络员" in told.text and world.now - told.date < timedelta(minutes=1)
    emergency, second = await called(world, COVER)
    await world.press(SUN, UNIT, "签收", second)
    assert "已签收：孙师傅" in now_reads(world, UNIT, second), "who is there goes on"
    await world.says(CHEN, HUB, "/checklist")
    assert "联络员：" in world.last(HUB).text
    await world.says(CHEN, HUB, "/code person liaison D26")
    given = next(word for word in world.last(HUB).text.split() if len(word) == 10 and word.isalnum())
    await world.says(SUN, SUN, f"/join {given}")
    await world.app.advance(at(11, 30, 9))
    digest = world.last(UNIT).text
    assert code[-4:] in digest and emergency[-4:] in digest
    await world.says(SUN, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(SUN, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)
    story.compare("a_liaison_leaves_on_friday_half_past_five")


async def test_the_hub_hears_of_it_as_well_where_the_bot_is_no_administrator(world: World) -> None:
    await world.play.promote(UNIT, admin=False)
    await world.settle()
    said = count(world, HUB)
    await world.play.leave(WANG, UNIT)
    await world.settle()
    assert count(world, HUB) == said + 1
    assert "市政中心 现在没有联络员" in world.last(HUB).text


async def test_the_eve_of_spring_festival(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, now=at(2, 11, 10)) as world:
        story = Story(world)
        await world.app.advance(at(2, 12, 9))
        asked = world.last(UNIT)
        assert "2月15日–2月23日 放假 9 天，请报值班" in asked.text
        await world.says(WANG, UNIT, "值班 王联络、老刘")
        assert "2月15日–2月23日 王联络、老刘" in world.last(UNIT).text
        await world.says(CHEN, HUB, "/checklist")
        assert "假期值班没报" in world.last(HUB).text and "市政管护中心" not in world.last(HUB).text.split("假期")[1]
        await world.app.advance(at(2, 14, 9))
        assert any("还没报值班的" in text and "公安" in text for text in world.said(HUB)), world.transcript(HUB)
        code, _ = await signed(world, COVER)
        later, _ = await signed(world, LAMP)
        await world.app.advance(at(2, 14, 15))
        eve = next(text for text in world.said(UNIT) if text.startswith("🌙"))
        assert code[-4:] in eve and later[-4:] not in eve and "值班 王联络、老刘" in eve and "2月24日 12:00" in eve
        assert sum("请报值班" in text for text in world.said(UNIT)) == 1
        before = {chat: count(world, chat) for chat in (UNIT, STREET)}
        await world.app.advance(at(2, 23, 20))
        quiet = [text for chat in before for text in world.said(chat)[before[chat] :] if text[0] in "☀📋🌙"]
        assert quiet == [], "no digest on days off"
        story.compare("the_eve_of_spring_festival")


async def test_a_street_has_its_roster_and_its_night_clock_wakes_only_who_is_on_duty(world: World) -> None:
    await world.says(ZHAO, ZHAO, "你好")
    assert "分管副书记" in await refusal(world, LI, STREET, "值班 11月23日-24日 赵网格"), "an officer sets it"
    await world.says(OFFICER, STREET, "值班 11月23日-24日 赵网格")
    assert "望澜街道 值班记下了：11月23日–11月24日 赵网格" in world.last(STREET).text
    await world.says(LI, STREET, "值班")
    assert "现在找：赵网格" in world.last(STREET).text
    assert await told_now(world, "JL01") == await told_now(world, "JL0101") == ["赵网格"]
    await world.says(LI, STREET, COVER)
    await world.app.advance(at(11, 23, 20))
    await world.press(LI, STREET, "街道自办")
    before = {who: count(world, who) for who in (LI, OFFICER)}
    await world.app.advance(at(11, 23, 21, 30))
    told = [text for text in world.said(ZHAO) if text.startswith("⏰")]
    assert told and "处置" in told[-1], "its clock runs on through the evening"
    assert {who: count(world, who) for who in before} == before
    await world.app.advance(at(11, 25, 10))
    assert await told_now(world, "JL01") == ["郑副书记"] and await told_now(world, "JL0101") == ["李网格", "赵网格"]
    await world.says(CHEN, HUB, "值班")
    assert "望澜街道" in world.last(HUB).text or "另有" in world.last(HUB).text

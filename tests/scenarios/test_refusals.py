"""Item 6: a refusal says who can and carries the button that helps; every answer about a ticket bears its code."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import LAMP, called, count, now_reads, reported
from tests.support.world import CHEN, HUB, LI, OFFICER, RESIDENT, STREET, SUN, UNIT, WANG, World, captions


async def test_who_may_not_press_gets_the_way_in_beside_the_window(world: World) -> None:
    code, call = await called(world)
    await world.press(WANG, UNIT, "签收", call)
    before = count(world, UNIT)
    refused = await world.press(SUN, UNIT, "退回", call)
    assert "联络员" in refused and code in refused
    beside = world.last(UNIT)
    assert captions(beside) == ["私聊我"] and beside.posting.silent and code in beside.text
    assert f"https://t.me/{world.play.bot.username}" in str(beside.markup)
    await world.press(SUN, UNIT, "退回", call)
    assert count(world, UNIT) == before + 1, "once an hour"
    await world.says(SUN, SUN, "你好")
    await world.forward(timedelta(hours=1))
    await world.press(SUN, UNIT, "退回", call)
    assert count(world, UNIT) == before + 1 and "联络员" in world.last(SUN).text, "in private, once he can be reached"


async def test_what_is_over_leads_to_where_it_stands(world: World) -> None:
    code, call = await reported(world)
    await world.press(LI, LI, "满意")
    card = world.card(STREET, "重办")
    assert code in await world.press(LI, STREET, "重办", card)
    assert captions(world.last(LI)) == [f"进度 {code[-4:]}"]
    await world.press(LI, LI, "进度", world.last(LI))
    assert "已结案" in world.last(LI).text
    said = await world.says(LI, STREET, f"催办 {code}")
    assert said and code in world.last(STREET).text and captions(world.last(STREET)) == [f"进度 {code[-4:]}"]
    await world.says(OFFICER, STREET, f"催办 {code}")
    assert captions(world.last(STREET)) == [f"进度 {code[-4:]}", "重办"]
    await world.press(OFFICER, STREET, "重办", world.last(STREET))
    assert "第 2 轮" in now_reads(world, STREET, card) and code in call.text


async def test_a_draft_that_was_settled_leads_to_its_ticket(world: World) -> None:
    said = await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    await world.says(LI, STREET, "上报", reply_to=said)
    assert "已经报过了" in world.last(STREET).text and "进度 0001" in captions(world.last(STREET))


async def test_a_sensitive_word_of_a_stranger_carries_the_button_to_the_private_chat(world: World) -> None:
    await world.says(RESIDENT, STREET, "举报社区干部收红包，欺负人")
    if "私下联系您" in world.last(STREET).text:
        assert captions(world.last(STREET)) == ["私聊我"]


async def test_every_answer_to_a_press_bears_the_code(world: World) -> None:
    heard: list[str] = []

    async def press(who: int, where: int, button: str) -> None:
        heard.append(await world.press(who, where, button))

    await world.says(LI, STREET, LAMP)
    await press(LI, STREET, "确认上报")
    await press(LI, STREET, "居民链接")
    for button in ("签收", "联系街道", "看原话", "进展"):
        await press(WANG, UNIT, button)
    await world.says(WANG, UNIT, "正在抢修", reply_to=world.last(UNIT))
    await press(LI, STREET, "催办")
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=world.card(UNIT, "回告"))
    await press(CHEN, HUB, "同意→其他")
    await press(CHEN, HUB, "驳回")
    for button in ("回告", "部分解决", "改经过", "先不发", "发送回告", "撤销", "发送回告"):
        await press(WANG, UNIT, button)
    await press(LI, LI, "未解决")
    await press(LI, LI, "拖得久")
    for button in ("📮 回告", "发送回告"):
        await press(WANG, UNIT, button)
    await press(LI, LI, "满意")
    await press(OFFICER, STREET, "重办")
    missing = [text for text in heard if "JL-20261123-0001" not in text]
    assert not missing, missing

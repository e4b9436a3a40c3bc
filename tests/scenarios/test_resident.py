"""Item 6, the resident in private: report, follow by a link, /mine, feedback, `请回电`."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.scenarios.stories import LAMP, called, code_in, count, now_reads
from tests.support.world import CHEN, HUB, LI, RESIDENT, STREET, UNIT, WANG, ZHAO, World, captions

REPORT = "柳荫社区柳荫路12号路灯不亮了，晚上一片黑"
LINK = re.compile(r"https://t\.me/\w+\?start=(\S+)")


async def through(world: World) -> str:
    """A resident's report that a worker passed on; the worker who has the card."""
    await world.says(RESIDENT, RESIDENT, REPORT)
    await world.press(LI, LI, "确认上报")
    return world.card(UNIT, "签收").text


async def test_one_worker_then_the_next_and_at_last_the_hub(world: World) -> None:
    before = {chat: count(world, chat) for chat in (STREET, UNIT, HUB, ZHAO)}
    await world.says(RESIDENT, RESIDENT, REPORT)
    assert "已请网格员看一下" in world.last(RESIDENT).text
    card = world.last(LI)
    assert "路灯不亮" in card.text and "确认上报" in captions(card)[0]
    assert REPORT in card.text and "周居民" not in card.text, "the worker reads the words, not the name"
    assert {chat: count(world, chat) for chat in before} == before, "one worker in private, no group"
    await world.forward(timedelta(minutes=16))
    assert "路灯不亮" in world.last(ZHAO).text
    await world.forward(timedelta(minutes=16))
    assert any("网格员都没接" in text for text in world.said(HUB))
    await world.press(ZHAO, ZHAO, "确认上报")
    assert "柳荫路12号" in world.card(UNIT, "签收").text


async def test_what_the_hub_owes_does_not_expire_and_what_came_to_nothing_is_told(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, REPORT)
    await world.forward(timedelta(minutes=32))
    task = world.card(HUB, "已处理")
    await world.forward(timedelta(days=1, hours=4))
    assert "网格员都没接" in now_reads(world, HUB, task) and not now_reads(world, HUB, task).startswith("✅")
    assert any("确认上报" in caption for caption in captions(world.card(ZHAO, "确认上报"))), "it can still be confirmed"
    said = count(world, RESIDENT)
    await world.press(CHEN, HUB, "已处理", task)
    await world.forward(timedelta(days=1))
    [told] = world.said(RESIDENT)[said:]
    assert "没有登记成件" in told and "柳荫路12号" in told and "12345" in told
    assert "已过期" in world.last(ZHAO).text


async def test_he_hears_that_it_was_taken_for_no_report_once_that_stands(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, REPORT)
    said = count(world, RESIDENT)
    await world.press(LI, LI, "不是上报")
    await world.forward(timedelta(seconds=20))
    await world.press(LI, LI, "撤销")
    await world.forward(timedelta(minutes=5))
    assert count(world, RESIDENT) == said, "nor is he shown the card"
    assert "居民说" in world.card(LI, "确认上报").text
    await world.forward(timedelta(minutes=11))
    await world.press(ZHAO, ZHAO, "不是上报", world.card(ZHAO, "确认上报"))
    await world.forward(timedelta(minutes=1))
    assert "没有登记成件" in world.last(RESIDENT).text and count(world, RESIDENT) == said + 1


async def test_what_is_joined_to_another_case_is_followed_there(world: World) -> None:
    code, _ = await called(world)
    await world.says(RESIDENT, RESIDENT, REPORT)
    await world.press(LI, LI, f"并案 {code[-4:]}")
    await world.forward(timedelta(minutes=1))
    assert code in world.card(RESIDENT, "请回电").text


async def test_without_a_place_he_is_asked_for_it(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, LAMP)
    assert "哪个社区" in world.last(RESIDENT).text
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路12号门口")
    assert "路灯不亮" in world.card(LI, "确认上报").text


async def test_his_card_shows_public_progress_and_no_persons_name(world: World) -> None:
    await through(world)
    await world.press(WANG, UNIT, "签收")
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    card = world.card(RESIDENT, "请回电")
    for words in ("已登记", "已转", "已签收", "解决了吗", "部门电话", "110", "12345"):
        assert words in card.text, words
    assert [c for c in captions(card)][:4] == ["满意", "基本满意", "不满意", "未解决"]
    assert not any("王联络" in text or "李网格" in text for text in world.said(RESIDENT))


async def test_feedback_never_moves_the_ticket_and_is_put_before_the_person_of_record(world: World) -> None:
    text = await through(world)
    await world.press(WANG, UNIT, "签收")
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    assert "转给街道" in await world.press(RESIDENT, RESIDENT, "未解决")
    card = world.card(RESIDENT, "请回电")
    assert "您的评价（未解决）" in card.text and "满意" not in captions(card)
    asked = world.card(LI, "基本满意")
    assert "居民说：未解决" in asked.text
    assert not any("第 2 轮" in said for said in world.said(UNIT)), "a resident's feedback never moves the ticket"
    await world.press(LI, LI, "未解决", asked)
    assert any("第 2 轮" in said for said in world.said(UNIT))
    assert "JL-20261123-0001" in text


async def test_mine_call_back_more_words_and_withdrawing(world: World) -> None:
    await through(world)
    await world.says(RESIDENT, RESIDENT, "/mine")
    assert "JL-20261123-0001" in world.last(RESIDENT).text
    await world.press(RESIDENT, RESIDENT, "请回电")
    assert any("请回电" in text and "JL-20261123-0001" in text for text in world.said(STREET))
    await world.press(RESIDENT, RESIDENT, "补充")
    await world.says(RESIDENT, RESIDENT, "旁边那盏也不亮")
    assert "旁边那盏也不亮" in world.card(UNIT, "签收").text
    await world.press(RESIDENT, RESIDENT, "撤回", world.card(RESIDENT, "请回电"))
    assert any("已撤回" in text for text in world.said(UNIT))


async def test_who_asks_to_be_called_again_hears_when_it_was_passed_on(world: World) -> None:
    await through(world)
    card = world.card(RESIDENT, "请回电")
    await world.press(RESIDENT, RESIDENT, "请回电", card)
    await world.forward(timedelta(minutes=40))
    before = count(world, STREET)
    assert "今天 10:00 已请街道回电" in await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert "今天 12:00 后可以再点" in await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert count(world, STREET) == before, "nobody is woken for it"
    await world.forward(timedelta(hours=2))
    await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert sum("请回电" in text for text in world.said(STREET)) == 2, "no call came: it is said once more"


async def test_asked_and_taken_back_again_and_again_wakes_the_street_no_more(world: World) -> None:
    await through(world)
    card = world.card(RESIDENT, "请回电")
    for _ in range(3):
        await world.press(RESIDENT, RESIDENT, "请回电", card)
        await world.press(RESIDENT, RESIDENT, "撤销", card)
    assert "后可以再点" in await world.press(RESIDENT, RESIDENT, "请回电", card)
    await world.forward(timedelta(hours=3))
    await world.press(RESIDENT, RESIDENT, "请回电", card)
    assert "请回电" in world.last(STREET).text


async def test_a_link_with_a_random_token_opens_the_progress(world: World) -> None:
    code, call = await called(world)
    await world.press(LI, STREET, "居民链接")
    found = LINK.search(world.last(LI).text)
    assert found is not None and code not in found.group() and len(found.group(1)) >= 16
    await world.says(LI, STREET, f"进度 {code}")
    assert found.group() in world.last(STREET).text, "the same link, made once"
    await world.says(RESIDENT, RESIDENT, f"/start {found.group(1)}")
    card = world.last(RESIDENT)
    assert code in card.text and "已登记" in card.text
    await world.press(WANG, UNIT, "签收", call)
    assert "已签收" in now_reads(world, RESIDENT, card)
    await world.says(RESIDENT, RESIDENT, "/start notatoken")
    assert "不对" in world.last(RESIDENT).text
    await world.says(RESIDENT, RESIDENT, f"进度 {code}")
    assert code in world.last(RESIDENT).text


async def test_a_strangers_question_finds_nothing(world: World) -> None:
    code, _ = await called(world)
    await world.says(RESIDENT, RESIDENT, f"进度 {code}")
    said = world.last(RESIDENT)
    assert "这里没有" in said.text and captions(said) == ["我的上报"]
    await world.press(RESIDENT, RESIDENT, "我的上报")
    assert "还没有上报过" in world.last(RESIDENT).text


async def test_a_photo_alone_in_private_joins_the_next_words(world: World) -> None:
    await world.play.photo(RESIDENT, RESIDENT, "路灯")
    await world.settle()
    assert "再说一句" in world.last(RESIDENT).text
    await world.says(RESIDENT, RESIDENT, REPORT)
    assert "🖼1" in world.card(LI, "确认上报").text


async def test_his_urging_goes_to_the_street_first_which_passes_it_on(world: World) -> None:
    code = code_in(await through(world))
    before = count(world, UNIT)
    await world.says(RESIDENT, RESIDENT, f"催办 {code[-4:]}")
    asked = world.last(STREET)
    assert code in asked.text and "居民来问催办" in asked.text and count(world, UNIT) == before
    await world.says(RESIDENT, RESIDENT, f"催办 {code[-4:]}")
    assert "刚催过" in world.last(RESIDENT).text
    await world.press(LI, STREET, "催办", asked)
    assert any("街道催办" in text for text in world.said(UNIT))

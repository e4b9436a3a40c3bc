"""延期 and 挂账: asked for by the unit, granted by the other side, silence by rule; `/why` says it in words."""

from __future__ import annotations

from datetime import timedelta

from bot.playground.model import Message
from tests.scenarios.stories import LAMP, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HUB, LI, OFFICER, STREET, UNIT, WANG, World, captions

DAY = timedelta(days=1)


async def test_two_extensions_are_granted_and_the_third_is_refused_in_a_sentence(world: World) -> None:
    story = Story(world)
    code, call = await signed(world)
    assert {"延期", "挂账"} <= set(captions(world.card(UNIT, "延期")))
    due = _due(world, call)
    await world.press(WANG, UNIT, "延期", call)
    await world.says(WANG, UNIT, "2个工作日，等配件", reply_to=world.last(UNIT))
    assert "等望澜街道答复" in now_reads(world, UNIT, call)
    asked = world.card(LI, "同意")
    assert code in asked.text and "等配件" in asked.text and "延期 2" in asked.text
    await world.press(LI, LI, "同意", asked)
    assert "已同意" in now_reads(world, LI, asked)
    assert _due(world, call) != due and "延期" in world.last(WANG).text and "已同意" in world.last(WANG).text
    await world.says(WANG, UNIT, "延期 1天，还差一个灯罩", reply_to=call)
    await world.press(LI, LI, "同意")
    assert "延期" not in captions(call), "what is refused to everybody has no button"
    await world.says(WANG, UNIT, "延期 1天，灯杆也要换", reply_to=call)
    assert "已延期 2 次，不能再延" in world.last(UNIT).text
    await world.says(WANG, WANG, f"时限 {code[-4:]}")
    assert world.last(WANG).text.count("＋ 延期") == 2
    history = await _history(world, code)
    assert history.count("extended") == 2 and history.count("extension_requested") == 2
    story.compare("two_extensions_and_a_third_refused")


async def test_nothing_offers_more_time_where_it_would_be_refused(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "延期 1天，等配件", reply_to=call)
    assert not {"延期", "挂账"} & set(captions(call)), "one request waits already"
    await world.press(LI, LI, "驳回")
    assert {"延期", "挂账"} <= set(captions(call))
    for words in ("延期 1天，等配件", "延期 1天，还差一个灯罩"):
        await world.says(WANG, UNIT, words, reply_to=call)
        await world.press(LI, LI, "同意")
    before = len(world.said(WANG))
    await world.forward(5 * DAY)
    reminders = [m for m in world.play.said_by_bot(WANG)[before:] if m.text.startswith("⏰")]
    assert reminders and not any("延期" in m.text or "延期" in captions(m) for m in reminders)
    assert "挂账" not in captions(call) and "📮 回告" in captions(call), "too late for that as well"


async def test_who_kept_a_matter_grants_itself_no_time(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "街道自办")
    card = world.card(STREET, "已办好")
    assert "周三 17:00 前处置" in now_reads(world, STREET, card)
    await world.forward(2 * DAY - timedelta(hours=4))
    reminder = world.card(OFFICER, "延期")
    await world.press(OFFICER, OFFICER, "延期", reminder)
    await world.says(OFFICER, OFFICER, "1天，等配件", reply_to=world.last(OFFICER))
    assert "同意" not in captions(card)
    asked = world.card(HUB, "同意")
    assert "望澜街道申请延期" in asked.text
    await world.press(CHEN, HUB, "同意", asked)
    assert "明天 17:00 前处置" in now_reads(world, STREET, card), "Thursday instead of Wednesday"


async def test_who_kept_a_matter_is_told_once_that_its_suspension_is_over(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "街道自办")
    await world.says(OFFICER, STREET, "挂账到11月27日，等产权单位停电", reply_to=world.card(STREET, "已办好"))
    await world.press(CHEN, HUB, "同意")
    assert "挂账至" in world.card(STREET, "恢复处置").text
    await world.forward(5 * DAY)
    assert sum("挂账结束" in text for text in world.said(STREET)) == 1, "caller and unit are one and sit in one group"


async def test_silence_refuses_and_both_sides_are_told(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
    asked = world.card(LI, "同意")
    before = _due(world, call)
    await world.forward(timedelta(hours=6))
    assert "按规则驳回" in now_reads(world, LI, asked) and _due(world, call) == before
    assert any("没有答复，按规则未同意" in text for text in world.said(WANG))


async def test_asked_for_too_late_taken_back_and_unclear(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "延期 等配件", reply_to=call)
    assert "没看出延多久" in world.last(UNIT).text
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
    assert "申请已收回" in await world.press(WANG, UNIT, "收回申请", call)
    assert "等望澜街道答复" not in now_reads(world, UNIT, call)
    await world.forward(3 * DAY)
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
    assert "要在到期之前申请" in world.last(UNIT).text


async def test_suspended_with_a_reason_and_an_end_and_resumed_by_itself(world: World) -> None:
    code, call = await signed(world)
    due = _due(world, call)
    await world.press(WANG, UNIT, "挂账", call)
    await world.says(WANG, UNIT, "到11月27日，等产权单位停电", reply_to=world.last(UNIT))
    asked = world.card(HUB, "同意")
    assert "挂账申请" in asked.text and "停电" in asked.text
    await world.press(CHEN, HUB, "同意", asked)
    assert "挂账至" in now_reads(world, UNIT, call)
    street = world.card(STREET, "撤回").text
    assert "挂账至" in street and "停电" in street
    assert any("到期自动恢复" in text and "停电" in text for text in world.said(STREET))
    before = len(world.said(STREET))
    await world.forward(4 * DAY)
    woken = [m for m in world.play.said_by_bot(STREET)[before:] if "挂账结束" in m.text]
    assert len(woken) == 1 and not woken[0].posting.silent, "the caller is woken at its end"
    assert "已签收" in now_reads(world, UNIT, call) and _due(world, call) != due
    await world.says(WANG, WANG, f"时限 {code[-4:]}")
    assert "挂账" in world.last(WANG).text
    assert "挂账" not in captions(call)
    await world.says(WANG, UNIT, "挂账到12月4日，等停电", reply_to=call)
    assert "已挂账 1 次" in world.last(UNIT).text


async def test_an_answer_can_be_taken_back_and_a_report_makes_it_needless(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
    asked = world.card(LI, "同意")
    await world.press(LI, LI, "驳回", asked)
    assert "已驳回" in now_reads(world, LI, asked)
    await world.press(LI, LI, "撤销", asked)
    assert captions(world.play.world.message(LI, asked.message_id)) == ["同意", "驳回"]
    await world.says(WANG, UNIT, "已处理完毕，刚换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    assert "不用答了" in now_reads(world, LI, asked)


def _due(world: World, call: Message) -> str:
    return now_reads(world, UNIT, call).split("处置截止 ")[1].split("｜")[0].splitlines()[0]


async def _history(world: World, code: str) -> list[str]:
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        return [str(event.kind) for event in await uow.events.of_ticket(ticket.id)]


async def test_a_request_in_reply_to_the_card_answers_no_question_that_was_left_open(world: World) -> None:
    _, call = await signed(world)
    for button in ("退回", "回告"):
        await world.press(WANG, UNIT, button, call)
        await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
        assert "已申请退回" not in now_reads(world, UNIT, call) and "延期" in now_reads(world, UNIT, call)
        await world.press(WANG, UNIT, "撤销", call)

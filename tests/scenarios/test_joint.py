"""联动处置 told through chats: a meeting is called and answered, its minutes become assignments, each goes its way."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import COVER, LAMP, code_in, now_reads
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HUB, LI, OFFICER, POLICE, QIAN, RESIDENT, STREET, SUN, UNIT, WANG, World, captions

MINUTES = """会议纪要
时间：明天下午
市政中心：更换灯头，3工作日（牵头）
公安分局：维持现场秩序，三日内
望澜街道：围挡看护，2小时"""


async def to_the_hub(world: World, text: str = LAMP) -> str:
    """A matter that the hub has to dispatch."""
    world.app.district.choose(direct_levels=frozenset())
    await world.says(LI, STREET, text)
    await world.press(LI, STREET, "确认上报")
    return code_in(world.card(HUB, "联动处置").text)


async def called(world: World) -> str:
    """The same, and a meeting tomorrow to which three are invited."""
    code = await to_the_hub(world)
    await world.press(CHEN, HUB, "联动处置")
    await world.says(CHEN, HUB, "明天下午3点，区政府302", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "加请单位")
    await world.says(CHEN, HUB, "还有公安分局", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    return code


async def dispatched(world: World) -> str:
    """The same, held, and its minutes confirmed."""
    code = await called(world)
    await world.press(CHEN, HUB, "发纪要")
    await world.says(CHEN, HUB, MINUTES, reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "确认派单")
    return code


async def test_a_meeting_is_prepared_called_answered_held_and_each_line_goes_its_way(world: World) -> None:
    story = Story(world)
    story.scene("中枢约人")
    await to_the_hub(world)
    await world.press(CHEN, HUB, "联动处置")
    await world.press(CHEN, HUB, "不请 供电")
    await world.press(CHEN, HUB, "不请 住建局")
    await world.says(CHEN, HUB, "明天下午3点，区政府302", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "加请单位")
    await world.says(CHEN, HUB, "还有公安分局", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    await world.press(SUN, UNIT, "参加")
    await world.press(QIAN, POLICE, "派代表")
    await world.says(QIAN, POLICE, "李工", reply_to=world.last(POLICE))
    story.scene("街道没答；提醒；到点")
    await world.forward(timedelta(hours=5))
    await world.press(OFFICER, STREET, "请假")
    await world.forward(timedelta(hours=24))
    story.scene("纪要")
    await world.press(CHEN, HUB, "发纪要")
    await world.says(CHEN, HUB, "市政中心：更换灯头\n火星局：去看看，3工作日", reply_to=world.last(HUB))
    await world.says(CHEN, HUB, MINUTES, reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "确认派单")
    story.scene("每家各办各的")
    parts = ((WANG, UNIT, "换好了"), (QIAN, POLICE, "已维持秩序"), (OFFICER, STREET, "围挡已设好"))
    for who, chat, words in parts:
        await world.forward(timedelta(minutes=10))
        await world.press(who, chat, "签收")
        await world.says(who, chat, f"已处理完毕，今天下午{words}", reply_to=world.card(chat, "回告"))
        await world.press(who, chat, "发送回告")
        await world.press(LI, LI, "满意", world.last(LI))
    story.compare("joint")


async def test_minutes_are_read_line_by_line_and_nothing_goes_out_before_the_press(world: World) -> None:
    code = await called(world)
    await world.press(CHEN, HUB, "发纪要")
    assert "单位：做什么，时限" in world.last(HUB).text and "市政中心：" in world.last(HUB).text
    await world.says(
        CHEN, HUB, "市政中心：更换灯头\n火星局：去看看，3工作日\n公安分局 维持秩序", reply_to=world.last(HUB)
    )
    said = world.last(HUB).text
    assert "第 1 行没写时限" in said and "第 2 行没认出单位" in said and "第 3 行没有冒号" in said
    await world.says(CHEN, HUB, MINUTES, reply_to=world.last(HUB))
    shown = world.card(HUB, "确认派单")
    assert "★ 市政中心：更换灯头，3个工作日（牵头）" in shown.text and "公安分局：维持现场秩序，3天" in shown.text
    assert "📨" not in "".join(world.said(UNIT))
    await world.press(CHEN, HUB, "重写", shown)
    await world.says(CHEN, HUB, MINUTES.replace("3工作日", "5工作日"), reply_to=world.last(HUB))
    assert shown.deleted, "an old confirmation sends out no newer words"
    shown = world.card(HUB, "确认派单")
    assert "5个工作日（牵头）" in shown.text
    await world.press(CHEN, HUB, "确认派单", shown)
    assert "已按纪要派单" in now_reads(world, HUB, shown) and captions(shown) == ["撤销（30秒内）"]
    await world.forward(timedelta(minutes=1))
    assert captions(shown) == []
    call = world.card(UNIT, "签收")
    assert "请贵单位（牵头）：更换灯头" in call.text and code in call.text
    assert "维持现场秩序" in world.card(POLICE, "签收").text and "围挡看护" in world.card(STREET, "签收").text
    assert any("纪要已派单" in text for text in world.said(HUB))


async def test_one_says_no_and_the_others_go_on(world: World) -> None:
    await dispatched(world)
    await world.press(QIAN, POLICE, "签收")
    await world.press(QIAN, POLICE, "退回")
    await world.says(QIAN, POLICE, "应由住建局维持", reply_to=world.last(POLICE))
    await world.press(WANG, UNIT, "签收")
    assert "已签收" in world.card(UNIT, "回告").text and "更换灯头" in world.card(UNIT, "回告").text
    await world.press(CHEN, HUB, "住建局", world.card(HUB, "先办后议"))
    assert "更换灯头" in world.card(UNIT, "回告").text, "who did not ask is not touched"
    assert "住建局" in world.card(STREET, "撤回").text


async def test_the_lead_is_returned_and_another_leads_in_the_same_ruling(world: World) -> None:
    await dispatched(world)
    await world.forward(timedelta(minutes=1))
    story = Story(world)
    story.scene("配合的先签收；牵头的签收后说不归它")
    await world.press(QIAN, POLICE, "签收")
    await world.press(WANG, UNIT, "签收")
    await world.forward(timedelta(minutes=30))
    await world.press(WANG, UNIT, "退回")
    await world.press(WANG, UNIT, "应由别的部门", world.last(UNIT))
    await world.says(WANG, UNIT, "灯头归供电公司换，应由供电公司办", reply_to=world.last(UNIT))
    story.scene("中枢改派：谁来牵头，同一次裁决里定")
    await world.press(CHEN, HUB, "同意→供电", world.card(HUB, "先办后议"))
    await world.forward(timedelta(minutes=5))
    await world.says(CHEN, HUB, "进度 0001")
    story.compare("lead_returned")
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.listed(limit=5)
        parts = await uow.assignments.of_ticket(ticket.id)
    live = {part.assignee.code: part for part in parts if part.state not in {"returned", "cancelled"}}
    assert [code for code, part in live.items() if part.is_lead and part.yields_to is None] == ["D27"]
    assert live["D27"].task == "更换灯头" and live["D27"].handle_limit == "3工作日"


async def called_out(world: World) -> tuple[str, str]:
    """An emergency, whose unit was called at the press."""
    await world.says(LI, STREET, COVER)
    await world.press(LI, STREET, "确认上报")
    return code_in(world.card(UNIT, "签收").text), COVER


async def test_called_to_the_spot_everybody_says_when_he_is_there(world: World) -> None:
    story = Story(world)
    code = await to_the_hub(world)
    await world.says(CHEN, HUB, f"吹哨 {code[-4:]}")
    await world.forward(timedelta(minutes=12))
    await world.press(SUN, UNIT, "到场")
    await world.forward(timedelta(minutes=30))
    story.compare("whistle")


async def test_in_an_emergency_a_picture_of_the_spot_may_be_sent_and_need_not(world: World) -> None:
    code, _ = await called_out(world)
    await world.says(CHEN, HUB, f"吹哨 {code}")
    await world.press(SUN, UNIT, "到场")
    assert "紧急件" in world.last(UNIT).text and "不发也行" in world.last(UNIT).text
    await world.play.photo(SUN, UNIT, "井盖", reply_to=world.last(UNIT).message_id)
    await world.settle()
    assert "现场情况记下了" in world.last(UNIT).text
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        kinds = [event.kind for event in await uow.events.of_ticket(ticket.id)]
    assert kinds.count("arrived") == 2, "when, and what was seen"


async def test_words_in_reply_to_the_cards_do_what_their_buttons_do(world: World) -> None:
    await to_the_hub(world)
    await world.press(CHEN, HUB, "联动处置")
    card = world.card(HUB, "不开了")
    await world.says(CHEN, HUB, "周三上午9点半，区政府302", reply_to=card)
    assert "周三 09:30" in now_reads(world, HUB, card)
    await world.press(CHEN, HUB, "发出邀请", card)
    invited = world.card(UNIT, "派代表")
    await world.says(SUN, UNIT, "什么事啊", reply_to=invited)
    assert "请点上面卡片的按钮" in world.last(UNIT).text
    await world.says(SUN, UNIT, "我们派李工参加", reply_to=invited)
    assert "派 李工 参加" in now_reads(world, UNIT, invited)
    await world.says(OFFICER, STREET, "那天来不了", reply_to=world.card(STREET, "派代表"))
    assert "请假：望澜街道" in now_reads(world, HUB, card)
    await world.says(CHEN, HUB, "市政中心：换灯头，3工作日", reply_to=card)
    await world.press(CHEN, HUB, "确认派单")
    await world.press(CHEN, HUB, "撤销", world.card(HUB, "撤销"))
    assert "已邀请" in now_reads(world, HUB, card) and "本件已不在贵单位" in world.said(UNIT)[-1]
    await world.says(LI, STREET, "撤回 0001")
    assert "不开了" in now_reads(world, HUB, card) and "不开了" in now_reads(world, UNIT, invited)


async def test_a_standing_meeting_comes_again_and_its_minutes_are_a_matter_of_the_hub(world: World) -> None:
    story = Story(world)
    await world.says(CHEN, HUB, "联席会议 每月28日上午9点 区政府302")
    await world.press(CHEN, HUB, "加请单位")
    await world.says(CHEN, HUB, "市政中心、公安分局", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    await world.press(WANG, UNIT, "参加")
    await world.press(QIAN, POLICE, "参加")
    await world.forward(timedelta(days=8))
    await world.press(CHEN, HUB, "发纪要")
    await world.says(
        CHEN, HUB, "市政中心：排查全区井盖，5工作日（牵头）\n公安分局：配合，5工作日", reply_to=world.last(HUB)
    )
    await world.press(CHEN, HUB, "确认派单")
    story.compare("standing_meeting")


async def test_called_off_and_answers_that_come_too_late(world: World) -> None:
    code = await called(world)
    await world.press(WANG, UNIT, "参加")
    await world.press(CHEN, HUB, "不开了")
    assert any("不开了" in text and code in text for text in world.said(UNIT))
    card = next(m for m in reversed(world.play.said_by_bot(UNIT)) if "不开了" in m.text and not captions(m))
    assert card
    assert world.card(HUB, "联动处置"), "the hub dispatches in the ordinary way, or calls another meeting"


async def test_reopened_every_unit_that_had_a_part_has_it_anew(world: World) -> None:
    code = await dispatched(world)
    for who, chat in ((WANG, UNIT), (QIAN, POLICE), (OFFICER, STREET)):
        await world.forward(timedelta(minutes=1))
        await world.press(who, chat, "签收")
        await world.press(who, chat, "📮 回告", world.card(chat, "回告"))
        await world.press(who, chat, "发送回告")
        await world.press(LI, LI, "满意", world.last(LI))
    await world.says(OFFICER, STREET, f"重办 {code}")
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        parts = [part for part in await uow.assignments.of_ticket(ticket.id) if part.is_open]
    again = {part.assignee.code: (part.task, part.is_lead, part.round) for part in parts}
    assert again == {
        "D26": ("更换灯头", True, 2),
        "D11": ("维持现场秩序", False, 2),
        "JL01": ("围挡看护", False, 2),
    }
    assert "更换灯头" in world.card(UNIT, "签收").text and "维持现场秩序" in world.card(POLICE, "签收").text


async def test_every_part_is_told_with_its_unit_and_where_it_stands(world: World) -> None:
    code = await dispatched(world)
    await world.press(QIAN, POLICE, "签收")
    await world.says(LI, STREET, f"进度 {code}")
    told = world.last(STREET).text
    assert "· 市政中心（牵头） 待签收" in told and "· 公安分局 处置中" in told and "· 望澜街道 待签收" in told
    await world.says(LI, LI, "我的")
    assert "（市政中心 待签收、公安分局 正在办、望澜街道 待签收）" in world.last(LI).text
    await world.press(LI, STREET, "居民链接", world.card(STREET, "居民链接"))
    link = world.last(LI).text.split("start=")[1].split()[0]
    await world.says(RESIDENT, RESIDENT, f"/start {link}")
    assert "各单位：市政中心 待签收、公安分局 正在办、望澜街道 待签收" in world.last(RESIDENT).text


async def test_what_is_ruled_on_a_part_names_the_part_and_nobody_as_its_lead(world: World) -> None:
    await dispatched(world)
    await world.press(QIAN, POLICE, "签收")
    await world.press(QIAN, POLICE, "退回")
    await world.says(QIAN, POLICE, "应由住建局维持", reply_to=world.last(POLICE))
    assert "这一部分：维持现场秩序" in world.card(HUB, "先办后议").text
    await world.press(CHEN, HUB, "驳回", world.card(HUB, "先办后议"))
    told = next(text for text in world.said(STREET) if "经核" in text)
    assert "由 公安分局 负责“维持现场秩序”" in told and "牵头" not in told


async def test_a_unit_that_gets_its_call_anew_is_not_told_that_it_is_gone(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    first = world.card(UNIT, "签收")
    code = code_in(first.text)
    await world.says(CHEN, HUB, f"联动处置 {code}")
    await world.says(CHEN, HUB, "明天下午3点，区政府302", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    assert not [m for m in world.play.said_by_bot(HUB) if "联动处置" in captions(m)], "the meeting is called already"
    assert "柳荫路12号门口" in world.card(UNIT, "参加").text, "who is invited reads where it is"
    await world.press(CHEN, HUB, "发纪要")
    await world.says(CHEN, HUB, "市政中心：更换灯头，3工作日（牵头）", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "确认派单")
    assert "已重新派给贵单位" in now_reads(world, UNIT, first) and "更换灯头" in world.card(UNIT, "签收").text

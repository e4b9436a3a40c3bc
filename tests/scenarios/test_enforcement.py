"""执法调度 told through chats: the officer commands, the team says where it is, departments are informed, not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from nlu.types import Interpreter
from tests.scenarios.scripted import Scripted, reading
from tests.scenarios.stories import code_in
from tests.scenarios.transcript import Story
from tests.support.world import LI, OFFICER, POLICE, QIAN, STREET, World, captions, open_world

CENTRE, OFFICE = -1010, -1011
LUO, DING, GUAN = 301, 302, 303
STALLS = "柳荫路口占道摆摊，七八个摊把路堵了"
KTV = "柳荫路8号歌厅半夜还在放音响"
LAMP = "路灯不亮了，柳荫路12号门口一片黑"


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """The bound district with an enforcement centre of the street and the department that leads the item."""
    script = {text: reading(text, item) for text, item in ((STALLS, "SR-04"), (KTV, "HB-02"))}
    async with open_world(tmp_path, Scripted(interpreter, script)) as opened:
        groups = {CENTRE: ("望澜综合执法中心", "enforcement", "JL01", (LUO, DING, OFFICER)),
                  OFFICE: ("综合执法局", "department", "D01", (GUAN,))}  # fmt: skip
        for user, name in ((LUO, "罗队长"), (DING, "小丁"), (GUAN, "关科长")):
            opened.play.add_user(user, name)
        async with opened.app.store.begin() as uow:
            district, now = opened.app.district(), opened.now
            codes = {
                chat: (await issue_code(uow, district, CodeKind.GROUP, kind, of, now=now)).code
                for chat, (_, kind, of, _) in groups.items()
            }
            person = await issue_code(uow, district, CodeKind.PERSON, "liaison", "D33-JL01", now=now)
            await uow.commit()
        for chat, (title, _, _, members) in groups.items():
            opened.play.add_chat(chat, title, members)
            await opened.says(members[0], chat, f"/bind {codes[chat]}")
        await opened.says(LUO, LUO, f"/join {person.code}")
        yield opened


async def commanded(world: World, text: str = STALLS) -> str:
    """A report in the street's group that its officer gives to the stationed team."""
    await world.says(LI, STREET, text)
    await world.press(LI, STREET, "街道自办" if text == STALLS else "确认上报")
    assert "分管副书记" in await world.press(LI, STREET, "执法调度"), "the street's officer commands"
    await world.press(OFFICER, STREET, "执法调度")
    return code_in(world.card(CENTRE, "收到").text)


async def test_ordered_received_on_the_way_there_and_done(world: World) -> None:
    story = Story(world)
    story.scene("书记调度常驻执法队")
    code = await commanded(world)
    order = world.card(CENTRE, "收到")
    await world.press(DING, CENTRE, "收到", order)
    await world.forward(timedelta(minutes=5))
    await world.press(DING, CENTRE, "出发", order)
    await world.forward(timedelta(minutes=12))
    await world.press(DING, CENTRE, "到场", order)
    story.scene("呼应公安，队里办完回告，书记评价")
    await world.press(OFFICER, STREET, "呼应")
    await world.says(OFFICER, STREET, f"呼应 {code[-4:]} 公安分局")
    call = world.card(POLICE, "到场")
    await world.press(QIAN, POLICE, "到场", call)
    await world.says(QIAN, POLICE, "已处理完毕，秩序已恢复", reply_to=call)
    await world.press(QIAN, POLICE, "发送回告")
    await world.press(OFFICER, OFFICER, "满意")
    await world.says(LUO, CENTRE, "已处理完毕，10点40分已全部劝离", reply_to=order)
    await world.press(LUO, CENTRE, "发送回告")
    await world.press(OFFICER, OFFICER, "满意")
    story.compare("enforcement")


async def test_further_ones_are_called_and_each_answers_for_itself(world: World) -> None:
    code = await commanded(world, KTV)
    await world.press(DING, CENTRE, "收到")
    await world.press(OFFICER, STREET, "呼应")
    offer = world.last(STREET)
    assert any("公安" in caption for caption in captions(offer)) and "其他单位" in captions(offer)
    await world.press(OFFICER, STREET, "公安", offer)
    call = world.card(POLICE, "到场")
    assert "执法调度" in call.text and code in call.text
    await world.press(QIAN, POLICE, "到场", call)
    assert "公安分局 处置中（今天 10:00 到场）" in world.card(STREET, "呼应").text
    assert "处理过" in await world.press(OFFICER, STREET, "公安", offer), "nobody is called twice"
    await world.says(OFFICER, STREET, f"呼应 {code} 火星局")
    assert "没有“火星局”这个单位" in world.last(STREET).text


async def test_what_is_no_matter_of_enforcement_is_not_commanded_and_a_press_can_be_taken_back(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    lamp = world.card(STREET, "催办")
    assert not any("执法" in caption for caption in captions(lamp))
    await world.says(OFFICER, STREET, f"执法调度 {code_in(lamp.text)}")
    assert "没有列为执法事项" in world.last(STREET).text
    await commanded(world)
    await world.press(OFFICER, STREET, "撤销", world.card(STREET, "呼应"))
    assert "街道自办" in world.card(STREET, "已办好").text, "it goes the way that it went before"
    assert "本件已不在贵单位" in world.said(CENTRE)[-1]


async def test_the_centre_reports_like_a_grid_worker(world: World) -> None:
    await world.says(DING, CENTRE, LAMP)
    await world.press(DING, CENTRE, "确认上报")
    assert "已呼叫 市政中心" in world.card(CENTRE, "催办").text
    await world.says(DING, CENTRE, "清单")
    assert "没有" in world.last(CENTRE).text or "0" in world.last(CENTRE).text


async def test_on_the_way_and_there_are_taken_back(world: World) -> None:
    await commanded(world)
    order = world.card(CENTRE, "收到")
    await world.press(DING, CENTRE, "出发", order)
    await world.press(DING, CENTRE, "撤销", order)
    assert {"✅ 收到", "出发"} <= set(captions(order)), "it had been received by that press"
    await world.press(DING, CENTRE, "出发", order)
    await world.forward(timedelta(minutes=5))
    await world.press(DING, CENTRE, "到场", order)
    await world.press(DING, CENTRE, "撤销", order)
    assert "到场" in captions(order) and "回告" in "".join(captions(order)), "still received and on the way"


async def test_an_order_is_received_and_never_signed(world: World) -> None:
    code = await commanded(world)
    order = world.card(CENTRE, "收到")
    assert "点收到" in order.text and "签收" not in order.text
    assert "待收到" in world.card(STREET, "呼应").text and "前收到" in world.card(STREET, "呼应").text
    assert f"已收到 {code}" in await world.press(DING, CENTRE, "收到", order)
    assert "已收到：小丁" in order.text and any("小丁 已收到" in text for text in world.said(STREET))
    await world.forward(timedelta(hours=1))
    assert "签收" not in "".join([*world.said(CENTRE), *world.said(STREET), *world.said(LUO)])


async def test_another_round_is_another_errand(world: World) -> None:
    await commanded(world)
    order = world.card(CENTRE, "收到")
    await world.press(DING, CENTRE, "到场", order)
    await world.says(LUO, CENTRE, "已处理完毕，10点40分已全部劝离", reply_to=order)
    await world.press(LUO, CENTRE, "发送回告")
    await world.forward(timedelta(minutes=10))
    await world.press(OFFICER, OFFICER, "未解决")
    assert {"出发", "到场"} <= set(captions(order)) and "到场 今天" not in order.text
    await world.press(DING, CENTRE, "到场", order)
    assert "到场 今天 10:10" in order.text
    # the centre reports as well: an answer to its order is the team's word all the same
    asked = next(m for m in reversed(world.play.said_by_bot(CENTRE)) if "进入第 2 轮" in m.text)
    said = await world.says(LUO, CENTRE, "又去了一次，摊点全部清走，安排早晚高峰值守", reply_to=asked)
    form = world.last(CENTRE)
    assert "摊点全部清走" in form.text and form.message_id > said.message_id, "the form stands below, as is said"
    await world.press(LUO, CENTRE, "回告", order)
    assert world.last(CENTRE).message_id > form.message_id and "摊点全部清走" in world.last(CENTRE).text

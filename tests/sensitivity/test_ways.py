"""Sensitive and accusing words in every other way of calling: nothing of them is read in a group, board, digest or export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from nlu.types import Flag
from tests.scenarios.stories import code_in
from tests.sensitivity.messages import ACCUSING, SENSITIVE, Said, told
from tests.sensitivity.test_accusing import forgotten
from tests.sensitivity.watching import exported, shown_in, shown_in_groups
from tests.support.known_words import KnownWords, Meaning
from tests.support.world import (
    CHEN,
    HUB,
    LEADER,
    LEADERS,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
    open_world,
)

READER = KnownWords(
    {said.text: Meaning(said.item) for said in SENSITIVE}
    | {said.text: Meaning("SC-01", flags=frozenset({Flag.ACCUSATION})) for said in ACCUSING}
)

NOT_URGENT = [said for said in SENSITIVE if said.item in {"ZA-04", "ZA-05"}]
"""What waits for the hub; the others go out at the press."""


def groups_tell(world: World, messages: Sequence[Said]) -> list[str]:
    """Which of their words any group ever saw from the bot, a button's caption included."""
    return told(shown_in_groups(world), messages)


async def reported(world: World, said: Said) -> str:
    """The matter as a case that waits for the hub; its code."""
    await world.says(LI, STREET, said.text)
    await world.press(LI, LI, "确认上报", world.card(LI, "不是上报"))
    return code_in(world.card(HUB, "联动处置").text)


async def test_a_department_calls_a_street_about_it(tmp_path: Path) -> None:
    messages = SENSITIVE[30:36]
    async with open_world(tmp_path, READER) as world:
        for said in messages:
            await world.says(WANG, UNIT, f"请街道 望澜街道 {said.text}")
            await world.press(WANG, WANG, "申请准入")
            await world.press(CHEN, CHEN, "联席会议：同意")
            await world.press(LEADER, LEADER, "区委区政府：同意")
            await world.press(OFFICER, STREET, "签收")
        assert "敏感件" in world.last(STREET).text
        assert told(shown_in(world, OFFICER), messages), "who answers for the street reads the whole, in private"
        await world.says(OFFICER, STREET, "清单")
        await world.says(WANG, UNIT, "清单")
        assert groups_tell(world, messages) == []
        assert told(await exported(tmp_path, []), messages) == []


async def test_an_emergency_is_written_down_with_it(tmp_path: Path) -> None:
    messages = SENSITIVE[36:42]
    async with open_world(tmp_path, READER) as world:
        await world.says(LI, STREET, f"先行处置 {messages[0].text}")
        await world.says(CHEN, HUB, "应急 启动 望澜街道 暴雨内涝")
        await world.press(CHEN, HUB, "启动应急")
        for said in messages[1:5]:
            await world.says(LI, STREET, f"应急 记 {said.text}")
        await world.press(LI, STREET, "记一笔", world.card(STREET, "记一笔"))
        await world.says(LI, STREET, messages[5].text, reply_to=world.last(STREET))
        assert "（不在群里写）" in world.card(UNIT, "到场").text
        await world.press(CHEN, HUB, "结束应急")
        for user, chat in ((LI, STREET), (WANG, UNIT), (CHEN, HUB), (LEADER, LEADERS)):
            await world.says(user, chat, "清单")
        await world.forward(timedelta(days=1))
        assert groups_tell(world, messages) == []


async def test_a_meeting_is_called_and_minuted_about_it(tmp_path: Path) -> None:
    said, others = NOT_URGENT[0], SENSITIVE[43:46]
    async with open_world(tmp_path, READER, direct_levels=frozenset()) as world:
        code = await reported(world, said)
        await world.press(CHEN, HUB, "联动处置")
        await world.says(CHEN, HUB, f"明天下午3点，{others[0].text}", reply_to=world.last(HUB))
        await world.press(CHEN, HUB, "加请单位")
        await world.says(CHEN, HUB, "市政中心、公安分局", reply_to=world.last(HUB))
        await world.press(CHEN, HUB, "发出邀请")
        await world.press(QIAN, POLICE, "派代表")
        await world.says(QIAN, POLICE, others[1].text, reply_to=world.last(POLICE))
        await world.press(CHEN, HUB, "发纪要")
        minutes = f"公安分局：{others[2].text}，3工作日（牵头）\n市政中心：{said.text}，2工作日"
        await world.says(CHEN, HUB, minutes, reply_to=world.last(HUB))
        await world.press(CHEN, HUB, "确认派单")
        assert code in world.card(POLICE, "签收").text and code in world.card(UNIT, "签收").text
        await world.says(CHEN, HUB, "会议清单")
        await world.forward(timedelta(days=1, hours=6))
        assert groups_tell(world, [said, *others]) == []
        assert told(shown_in(world, QIAN), [others[2]]), "what it is to do, the liaison reads in private"
        assert told(await exported(tmp_path, [code]), [said, *others]) == []


async def test_a_leader_decides_about_it(tmp_path: Path) -> None:
    said, others = NOT_URGENT[1], SENSITIVE[47:50]
    async with open_world(tmp_path, READER, direct_levels=frozenset()) as world:
        code = await reported(world, said)
        await world.says(OFFICER, OFFICER, f"报区领导 {code} {others[0].text}")
        card = world.card(LEADER, "直接回一句")
        assert said.words[0] in card.text or code in card.text
        await world.press(LEADER, LEADER, "直接回一句", card)
        await world.says(LEADER, LEADER, f"请公安牵头，三日内办好，{others[1].text}")
        await world.press(LEADER, LEADER, "转达")
        call = world.card(POLICE, "签收")
        assert "敏感件" in call.text
        await world.press(QIAN, POLICE, "签收", call)
        await world.says(QIAN, POLICE, f"已处理完毕，{others[2].text}", reply_to=call)
        await world.press(QIAN, QIAN, "发送回告")
        await world.forward(timedelta(days=1))
        assert groups_tell(world, [said, *others]) == []
        assert told(await exported(tmp_path, [code]), [said, *others]) == []


async def test_a_unit_disputes_it_and_asks_for_time(tmp_path: Path) -> None:
    said, others = NOT_URGENT[2], SENSITIVE[1:6]
    async with open_world(tmp_path, READER, direct_levels=frozenset()) as world:
        code = await reported(world, said)
        await world.says(CHEN, HUB, f"派单 {code} D11")
        call = world.card(POLICE, "签收")
        await world.press(QIAN, POLICE, "签收", call)
        await world.press(QIAN, POLICE, "退回", call)
        await world.press(QIAN, POLICE, "业主自己的责任")
        await world.says(QIAN, POLICE, others[0].text, reply_to=world.last(POLICE))
        task = world.card(HUB, "驳回")
        await world.press(CHEN, HUB, "问街道", task)
        await world.says(CHEN, HUB, others[1].text, reply_to=world.last(HUB))
        await world.press(CHEN, HUB, "驳回", task)
        await world.press(QIAN, POLICE, "延期", call)
        await world.says(QIAN, POLICE, f"2天，{others[2].text}", reply_to=world.last(POLICE))
        await world.press(QIAN, POLICE, "收回申请", call)
        await world.press(QIAN, POLICE, "挂账", call)
        await world.says(QIAN, POLICE, f"到12月8日，{others[3].text}", reply_to=world.last(POLICE))
        await world.press(
            CHEN, CHEN if any("同意" in c for m in world.play.said_by_bot(CHEN) for c in captions(m)) else HUB, "同意"
        )
        await world.says(QIAN, POLICE, f"已到现场，{others[4].text}", reply_to=call)
        for user, chat in ((LI, STREET), (QIAN, POLICE), (CHEN, HUB), (LEADER, LEADERS)):
            await world.says(user, chat, "清单")
            await world.says(user, chat, f"进度 {code}")
            await world.says(user, chat, f"时限 {code}")
        await world.forward(timedelta(days=20))
        assert groups_tell(world, [said, *others]) == []
        assert told(await exported(tmp_path, [code]), [said, *others]) == []


async def test_the_same_matter_twice_is_neither_joined_nor_counted_in_a_group(tmp_path: Path) -> None:
    async with open_world(tmp_path, READER) as world:
        for said in (SENSITIVE[0], SENSITIVE[1], SENSITIVE[2]):
            await world.says(LI, STREET, said.text)
            await world.press(LI, LI, "确认上报", world.card(LI, "不是上报"))
        assert not any("相似" in text or "并案" in text for text in world.said(STREET) + world.said(HUB))
        await world.forward(timedelta(days=1))
        assert groups_tell(world, SENSITIVE[:3]) == []


async def test_accusations_by_every_way_are_answered_in_private_and_kept_nowhere(tmp_path: Path) -> None:
    async with open_world(tmp_path, READER) as world:
        await world.says(WANG, UNIT, f"请街道 望澜街道 {ACCUSING[20].text}")
        await world.says(LI, STREET, f"先行处置 {ACCUSING[21].text}")
        await world.says(CHEN, HUB, "应急 启动 望澜街道 暴雨内涝")
        await world.press(CHEN, HUB, "启动应急")
        await world.says(LI, STREET, f"应急 记 {ACCUSING[22].text}")
        await world.press(LI, STREET, "记一笔", world.card(STREET, "记一笔"))
        await world.says(LI, STREET, ACCUSING[23].text, reply_to=world.last(STREET))
        await world.says(LI, STREET, "路灯不亮了，柳荫路12号门口一片黑")
        await world.press(LI, STREET, "确认上报")
        call = world.card(UNIT, "签收")
        await world.press(WANG, UNIT, "签收", call)
        await world.press(WANG, UNIT, "退回", call)
        await world.press(WANG, UNIT, "业主自己的责任")
        await world.says(WANG, UNIT, ACCUSING[24].text, reply_to=world.last(UNIT))
        await world.press(WANG, UNIT, "延期", call)
        await world.says(WANG, UNIT, f"2天，{ACCUSING[25].text}", reply_to=world.last(UNIT))
        code = code_in(call.text)
        await world.says(OFFICER, OFFICER, f"报区领导 {code} {ACCUSING[26].text}")
        await forgotten(world, ACCUSING, tmp_path)

"""Item 10 in the chats: nobody needs a shell after the first hour: codes, checklist, leaving, revoking, unbinding."""

from __future__ import annotations

import re

from tests.scenarios.stories import LAMP, called, count
from tests.support.world import CHEN, HE, HUB, LI, POLICE, QIAN, STREET, SUN, UNIT, WANG, World

CODE = re.compile(r"[A-Z0-9]{8,12}")


async def test_codes_by_hub_and_leader_and_the_checklist(world: World) -> None:
    await world.says(CHEN, HUB, "/checklist")
    listed = world.last(HUB).text
    assert "栖禾街道" in listed and "市政" not in listed and "/code person liaison" in listed
    await world.says(HE, HE, "/code person liaison D26")
    found = CODE.search(world.last(HE).text)
    assert found is not None and "只能用一次" in world.last(HE).text
    await world.says(SUN, SUN, f"/join {found.group()}")
    assert "联络员" in world.last(SUN).text
    await world.says(LI, LI, f"/join {found.group()}")
    assert "不对、用过或过期" in world.last(LI).text
    await world.says(HE, HE, "/code person liaison D11")
    assert "要由" in world.last(HE).text, "a leader makes codes for his own unit"


async def test_leaving_gives_roles_back_and_the_hub_hears_of_the_last_liaison(world: World) -> None:
    _, call = await called(world)
    await world.says(WANG, UNIT, "/leave")
    assert "私聊" in world.last(UNIT).text
    await world.says(WANG, WANG, "/leave")
    assert "已交回 1 项" in world.last(WANG).text
    assert any("市政" in text and "没有联络员了" in text for text in world.said(HUB))
    assert "联络员" in await world.press(WANG, UNIT, "退回", call)
    assert "已签收" in await world.press(WANG, UNIT, "签收", call), "a member of the group may still sign"
    await world.says(WANG, WANG, "/leave")
    assert "没有要交回的角色" in world.last(WANG).text


async def test_roles_are_revoked_by_the_hub_and_by_the_units_leader_only_his_own(world: World) -> None:
    await world.says(CHEN, HUB, "/revoke")
    assert "/revoke D26 姓名" in world.last(HUB).text
    await world.says(HE, HE, "/revoke D11 钱警官")
    assert "要由" in world.last(HE).text
    await world.says(HE, HE, "/revoke D26 王联络")
    assert "王联络" in world.last(HE).text and "1 项" in world.last(HE).text
    await world.says(CHEN, HUB, "/revoke D11 钱警官")
    assert "钱警官" in world.last(HUB).text
    _, call = await called(world)
    assert "联络员" in await world.press(WANG, UNIT, "退回", call)
    await world.says(LI, LI, "/revoke D26 何主任")
    assert "要由" in world.last(LI).text
    await world.says(QIAN, POLICE, "/help")
    assert "请联络员先私聊我" in world.last(POLICE).text


async def test_groups_are_unbound_by_the_hub(world: World) -> None:
    await world.says(LI, STREET, "/unbind")
    assert "中枢" in world.last(STREET).text
    await world.says(CHEN, HUB, "/unbind JL01")
    assert "望澜街道工作群" in world.last(HUB).text
    before = count(world, STREET)
    await world.says(LI, STREET, LAMP)
    assert count(world, STREET) == before, "nobody's group is not listened to"
    await world.says(LI, STREET, "/help")
    assert "还没绑定" in world.last(STREET).text
    await world.says(CHEN, HUB, "/code group street JL01")
    found = CODE.search(world.last(HUB).text)
    assert found is not None
    await world.says(LI, STREET, f"/bind {found.group()}")
    await world.says(LI, STREET, LAMP)
    assert "SZ-04" in world.last(STREET).text


async def test_a_new_group_sees_what_went_to_people_in_private_before_there_was_one(world: World) -> None:
    await world.play.kick(UNIT)
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    assert "柳荫路12号" in world.card(WANG, "签收").text
    await world.says(CHEN, HUB, "/code group department D26")
    found = CODE.search(world.last(HUB).text)
    assert found is not None
    world.play.add_chat(-1050, "市政中心新群", (WANG, SUN))
    await world.says(WANG, -1050, f"/bind {found.group()}")
    call = world.card(-1050, "签收")
    assert "柳荫路12号" in call.text
    await world.press(SUN, -1050, "签收", call)
    assert "孙" in world.card(WANG, "回告").text, "the private card tells who signed in the group"

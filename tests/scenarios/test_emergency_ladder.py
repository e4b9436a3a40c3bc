"""While an emergency is declared in a street its calls climb by the shorter ladder, at any hour, and then no longer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.escalation import Rung, Tells
from bot.domain.events import EventKind
from tests.scenarios.diary import Diary
from tests.scenarios.stories import COVER, called
from tests.support.world import CHEN, HUB, WANG, World

HOUR = timedelta(hours=1)


async def _declared(world: World) -> None:
    await world.says(CHEN, HUB, "应急 启动 望澜 暴雨内涝")
    await world.press(CHEN, HUB, "启动应急")


async def test_calls_of_the_street_climb_faster_until_it_ends(world: World) -> None:
    """Signing is due at 13:00; the leader would hear at 14:00, the hub on Tuesday at 9:00."""
    code, _ = await called(world)
    await _declared(world)
    await world.says(WANG, WANG, f"时限 {code}")
    assert "应急状态（暴雨内涝）期间，提醒和升级按应急节奏" in world.last(WANG).text
    diary = Diary(world)
    await world.forward(4 * HOUR + timedelta(minutes=31))
    told = diary.read(lines=3)
    assert any(line.startswith("11-23 13:30 何主任") for line in told), told
    assert any("王联络" in line and "会请分管领导 何主任关注" in line for line in told), "announced all the same"
    assert any(line.startswith("11-23 14:30 中枢群") and "请督办" in line for line in told), told
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.open_in(streets={"JL01"})
        kinds = [event.kind for event in await uow.events.of_ticket(ticket.id)]
    assert EventKind.EMERGENCY_BEGAN in kinds and EventKind.EMERGENCY_ENDED not in kinds


async def test_afterwards_everything_is_as_before(world: World) -> None:
    code, _ = await called(world)
    await _declared(world)
    await world.forward(HOUR)
    await world.says(CHEN, HUB, "应急 结束")
    await world.says(WANG, WANG, f"时限 {code}")
    assert "应急" not in world.last(WANG).text
    diary = Diary(world)
    await world.forward(3 * HOUR + timedelta(minutes=1))
    told = diary.read(lines=3)
    assert not any(line.startswith("11-23 13:30") for line in told)
    assert any(line.startswith("11-23 14:00 何主任") for line in told), told
    assert not any("请督办" in line for line in told)
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.open_in(streets={"JL01"})
        kinds = [event.kind for event in await uow.events.of_ticket(ticket.id)]
    assert EventKind.EMERGENCY_ENDED in kinds


async def test_a_leader_hears_once_of_a_case_that_two_clocks_bring_before_him(world: World) -> None:
    """To be signed within one hour and handled within two, day and night: an hour after the one is the other."""
    await called(world, COVER)
    diary = Diary(world)
    await world.forward(2 * HOUR + timedelta(minutes=2))
    told = [line for line in diary.read(lines=2) if "何主任 | 分管领导" in line]
    assert len(told) == 1, told
    assert "处置" in told[0]


def test_the_ladders_of_an_emergency_are_configs(world: World) -> None:
    sign = world.app.district().emergency_ladders["sign"]
    assert Rung("leader", "0.5紧急工作时", (Tells.DEPARTMENT_LEADER,)) in sign

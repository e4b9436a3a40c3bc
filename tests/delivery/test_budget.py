"""Budgets: never more than Telegram takes, the urgent before the rest, one chat's halt its own."""

from __future__ import annotations

import pytest

from bot.application.records import Priority
from bot.delivery.budget import MemoryBudget
from bot.delivery.sender import Place
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.playground.server import Rules
from tests.delivery.desk import STREET, UNIT, Desk

GROUP, OTHER, PRIVATE = Place(1, -1), Place(2, -2), Place(3, 3, is_private=True)


class Stopped:
    """A ticker that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def ticker() -> Stopped:
    return Stopped()


def a_budget(ticker: Stopped, **changes: object) -> MemoryBudget:
    return MemoryBudget(BudgetSettings(all_per_second=1_000, **changes), ticker)  # type: ignore[arg-type]


async def _sent_in(budget: MemoryBudget, ticker: Stopped, place: Place, priority: Priority, seconds: float) -> int:
    """As many as get through in that time if somebody always wants to send."""
    until, sent = ticker.now + seconds, 0
    while ticker.now < until:
        wait = await budget.wait(place, priority)
        if wait > 0:
            ticker.now += wait
            continue
        await budget.spend(place)
        sent += 1
    return sent


@pytest.mark.parametrize("priority", list(Priority))
async def test_a_group_never_gets_more_than_twenty_in_any_minute(ticker: Stopped, priority: Priority) -> None:
    budget = a_budget(ticker)
    moments: list[float] = []
    for _ in range(100):
        ticker.now += await budget.wait(GROUP, priority)
        await budget.spend(GROUP)
        moments.append(ticker.now)
        ticker.now += 0.4
    assert all(later - earlier > 60 for earlier, later in zip(moments, moments[20:], strict=False))
    assert moments[-1] - moments[0] < 61 * 9


async def test_emergencies_find_room_when_edits_have_taken_all_of_theirs(ticker: Stopped) -> None:
    budget = a_budget(ticker)
    while await budget.wait(GROUP, Priority.EDIT) <= 0:
        await budget.spend(GROUP)
    assert await budget.wait(GROUP, Priority.DISPATCH) == 0
    while await budget.wait(GROUP, Priority.DISPATCH) <= 0:
        await budget.spend(GROUP)
    assert await budget.wait(GROUP, Priority.EMERGENCY) == 0
    assert await budget.full() == frozenset()
    await budget.spend(GROUP)
    assert await budget.wait(GROUP, Priority.EMERGENCY) > 60
    assert await budget.full() == {GROUP.chat_id}
    assert await budget.wait(OTHER, Priority.EDIT) == 0


async def test_a_person_gets_a_short_burst_and_then_one_a_second(ticker: Stopped) -> None:
    budget = a_budget(ticker)
    assert await _sent_in(budget, ticker, PRIVATE, Priority.REPLY, 0.001) == 4
    assert 58 <= await _sent_in(budget, ticker, PRIVATE, Priority.REPLY, 60) <= 64


async def test_all_chats_together_have_a_limit(ticker: Stopped) -> None:
    budget = MemoryBudget(BudgetSettings(all_per_second=25), ticker)
    for number in range(25):
        assert await budget.wait(Place(number, -number), Priority.EMERGENCY) == 0
        await budget.spend(Place(number, -number))
    assert 0 < await budget.wait(Place(99, -99), Priority.EMERGENCY) <= 1
    ticker.now += 1.001
    assert await budget.wait(Place(99, -99), Priority.EMERGENCY) == 0


async def test_a_halt_is_for_one_chat_and_ends(ticker: Stopped) -> None:
    budget = a_budget(ticker)
    await budget.halt(GROUP.chat_id, 30)
    await budget.halt(GROUP.chat_id, 5)
    assert await budget.wait(GROUP, Priority.EMERGENCY) == 30 and await budget.full() == {GROUP.chat_id}
    assert await budget.wait(OTHER, Priority.EDIT) == 0
    ticker.now += 30
    assert await budget.wait(GROUP, Priority.EDIT) == 0 and await budget.full() == frozenset()


async def test_an_album_counts_each_of_its_photos(ticker: Stopped) -> None:
    budget = a_budget(ticker)
    await budget.spend(GROUP, 20)
    assert await budget.full() == {GROUP.chat_id}


async def test_a_server_with_limits_never_has_to_refuse(desk: Desk) -> None:
    """Twenty-five messages and an edit for one group: the playground counts as Telegram does and says no to none."""
    desk.play.rules = Rules(flood_limits=True, flood_window_seconds=60.0)
    dispatcher = desk.dispatcher()
    draft = await desk.a_draft(STREET)
    await dispatcher.drain(2.0)
    for number in range(25):
        await desk.say(STREET, f"J{number}")
    await desk.change(draft, place="二号门")
    await desk.say(UNIT, "J1")
    await dispatcher.drain(3.0)
    assert len(desk.said(STREET)) == 19 and "二号门" not in desk.texts(STREET)[0]
    assert len(desk.said(UNIT)) == 1
    desk.play.world.flood._sent.clear()
    desk.ticker.pushed += 61
    await dispatcher.drain(3.0)
    assert len(desk.said(STREET)) == 26 and "二号门" in desk.texts(STREET)[0]
    assert {row.attempts for row in await desk.outbox()} == {0}


async def test_the_limit_of_all_chats_is_kept_between_chats(desk: Desk) -> None:
    slow = DeliverySettings(budget=BudgetSettings(all_per_second=1))
    dispatcher = desk.dispatcher(settings=slow)
    await desk.say(STREET, "J1")
    await dispatcher.drain(0.3)
    await desk.say(UNIT, "J2")
    await dispatcher.drain(0.3)
    assert (len(desk.said(STREET)), len(desk.said(UNIT))) == (1, 0)
    desk.ticker.pushed += 1
    await dispatcher.drain()
    assert len(desk.said(UNIT)) == 1

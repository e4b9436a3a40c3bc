"""Order within a lane is kept, lanes run side by side, and stopping loses nothing."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from dataclasses import replace

import pytest
from telegram import Update

from bot.gateway.application import Context
from bot.gateway.gateway import Gateway, GatewaySettings, Source
from tests.gateway.rig import STREET, Rig, a_gateway, quick
from tests.gateway.updates import a_message


async def record(update: Update, context: Context) -> None:
    """The order of commits, as the database saw it: each message adds itself to its chat's list."""
    assert update.message and update.effective_chat
    key = f"order:{update.effective_chat.id}"
    before = await context.uow.settings.get(key)
    await asyncio.sleep(random.choice([0, 0, 0.002]))
    await context.uow.settings.put(key, [*(before if isinstance(before, list) else []), update.update_id])


def shuffled_load(hot: int, chats: int, each: int) -> list[dict[str, object]]:
    """One hot chat and many quiet ones, mixed: an even load would hide a wrong order."""
    wanted = [STREET] * hot + [-2000 - number for number in range(chats) for _ in range(each)]
    random.Random(7).shuffle(wanted)
    return [a_message(number, str(number), chat=chat) for number, chat in enumerate(wanted, start=1)]


async def orders(rig: Rig) -> dict[str, list[int]]:
    return {key: value for key, value in (await rig.facts("order:")).items() if isinstance(value, list)}


def expected(load: list[dict[str, object]]) -> dict[str, list[int]]:
    lists: defaultdict[str, list[int]] = defaultdict(list)
    for update in load:
        lists[f"order:{update['message']['chat']['id']}"].append(update["update_id"])  # type: ignore[index,arg-type]
    return dict(lists)


async def test_order_is_kept_in_a_hot_chat_with_many_workers(rig: Rig) -> None:
    rig.handle(record)
    load = shuffled_load(hot=60, chats=8, each=5)
    await rig.gateway.start()
    for start in range(0, len(load), 10):
        await rig.store_raw(*load[start : start + 10])
    await rig.gateway.drain(60)
    assert await orders(rig) == expected(load)


async def test_order_is_kept_between_two_processes(rig: Rig) -> None:
    """Two gateways that only work, on one database, as two processes would."""
    settings = quick(
        rig.play.token, rig.application.bot.base_url.removesuffix(f"/bot{rig.play.token}"), source=Source.NONE
    )
    others = [a_gateway(rig.store, replace(settings, name=name), rig.play) for name in ("one", "two")]
    load = shuffled_load(hot=30, chats=6, each=5)
    for other in others:
        other.handle(record)
        await other.gateway.start()
    for start in range(0, len(load), 10):
        await others[0].store_raw(*load[start : start + 10])
    await others[1].gateway.drain(60)
    await others[0].gateway.drain(60)
    assert await orders(rig) == expected(load)
    for other in others:
        assert other.heard.prepared, "this process did nothing"
        await other.gateway.stop()


async def test_lanes_run_side_by_side(rig: Rig) -> None:
    """Four lanes prepare (which is where waiting happens) at the same time."""
    together: list[int] = []
    running = 0

    async def prepare(update: Update) -> object:
        nonlocal running
        running += 1
        together.append(running)
        await asyncio.sleep(0.2)
        running -= 1
        return None

    hooks = replace(rig.heard.hooks(), prepare=prepare)
    gateway = Gateway(rig.application, rig.resources, hooks, settings_of(rig))
    await gateway.start()
    await gateway.intake.take([a_message(number, "x", chat=-3000 - number) for number in range(1, 9)])
    await gateway.drain(20)
    await gateway.stop()
    assert max(together) == 4


def settings_of(rig: Rig) -> GatewaySettings:
    root = rig.application.bot.base_url.removesuffix(f"/bot{rig.play.token}")
    return quick(rig.play.token, root, source=Source.NONE)


async def test_both_ids_of_a_migrated_group_are_one_lane(rig: Rig) -> None:
    order: list[int] = []

    async def handler(update: Update, context: Context) -> None:
        order.append(update.update_id)
        await asyncio.sleep(0.01)

    rig.handle(handler)
    moved = a_message(3, "moved", chat=-77)
    moved["message"] |= {"migrate_to_chat_id": -100077}  # type: ignore[operator]
    await rig.store_raw(a_message(1, "old", chat=-77), a_message(2, "old", chat=-77), moved)
    await rig.store_raw(*[a_message(number, "new", chat=-100077) for number in range(4, 9)])
    await rig.gateway.start()
    await rig.gateway.drain(20)
    assert order == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_stopping_finishes_what_has_begun_and_leaves_the_rest(rig: Rig) -> None:
    begun = asyncio.Event()

    async def slow(update: Update, context: Context) -> None:
        begun.set()
        await context.uow.settings.put(f"seen:{update.update_id}", "begun")
        await asyncio.sleep(0.5)

    rig.handle(slow)
    await rig.gateway.start()
    await rig.store_raw(*[a_message(number, "x") for number in range(1, 6)])
    await begun.wait()
    await rig.gateway.stop()
    assert await rig.facts("seen:") == {"seen:1": "begun"}
    assert (await rig.inbox.backlog())[0] == 4
    async with asyncio.timeout(1):  # no write lock was left behind
        async with rig.store.begin() as uow:
            await uow.settings.put("after", 1)
            await uow.commit()


async def test_a_cancelled_unit_of_work_leaves_no_lock_and_is_done_again(rig: Rig) -> None:
    """The worst way to end: the loop cancels every task in the middle of one."""
    begun = asyncio.Event()

    async def slow(update: Update, context: Context) -> None:
        await context.uow.settings.put(f"seen:{update.update_id}", "written")
        begun.set()
        await asyncio.sleep(30)

    rig.handle(slow)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "x"))
    await begun.wait()
    ours = {task for task in asyncio.all_tasks() if "_work_off" in repr(task.get_coro())}
    assert ours
    for task in ours:
        task.cancel()
    await asyncio.wait(ours)
    assert await rig.facts("seen:") == {}
    await rig.gateway.stop()
    again = a_gateway(rig.store, settings_of(rig), rig.play)
    again.handle(record)
    await again.gateway.start()
    await again.gateway.drain()
    assert await orders(again) == {f"order:{STREET}": [1]}
    await again.gateway.stop()


async def test_after_a_crash_of_the_process_own_leases_are_void_at_once(rig: Rig) -> None:
    await rig.store_raw(a_message(1, "x"))
    assert await rig.inbox.claim(rig.resources.bot_id, "worker:0", now=rig.ticker.time(), lease=3600, rows=8, lanes=1)
    rig.handle(record)
    await rig.gateway.start()
    await rig.gateway.drain(5)
    assert await orders(rig) == {f"order:{STREET}": [1]}


async def test_who_lost_his_lane_commits_nothing(rig: Rig) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()
    runs: list[int] = []

    async def handler(update: Update, context: Context) -> None:
        runs.append(update.update_id)
        await context.uow.settings.put(f"run:{len(runs)}", "x")

    async def prepare(update: Update) -> object:
        entered.set()
        await go_on.wait()
        return None

    rig.handle(handler)
    gateway = Gateway(rig.application, rig.resources, replace(rig.heard.hooks(), prepare=prepare), settings_of(rig))
    await gateway.start()
    await gateway.intake.take([a_message(1, "x")])
    await entered.wait()
    await rig.inbox.void_leases("worker:")
    go_on.set()
    await gateway.drain()
    await gateway.stop()
    assert runs == [1, 1]
    assert await rig.facts("run:") == {"run:2": "x"}
    assert await rig.inbox.dead_letters(5) == []


@pytest.mark.parametrize("workers", [1, 4])
async def test_when_the_database_comes_back_everything_is_worked_off(rig: Rig, workers: int) -> None:
    gateway = Gateway(rig.application, rig.resources, rig.heard.hooks(), replace(settings_of(rig), workers=workers))
    rig.handle(record)
    await gateway.start()
    await gateway.intake.take([a_message(1, "x")])
    await gateway.drain()
    async with rig.store.engines.writer.connect() as connection:
        await connection.exec_driver_sql("ALTER TABLE lane RENAME TO gone")
        await connection.commit()
    await asyncio.sleep(1.3)
    async with rig.store.engines.writer.connect() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO lane")
        await connection.commit()
    await gateway.intake.take([a_message(2, "x")])
    await gateway.drain(10)
    await gateway.stop()
    assert await orders(rig) == {f"order:{STREET}": [1, 2]}
    assert await rig.inbox.dead_letters(5) == []

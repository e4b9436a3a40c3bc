"""One contract for wake-ups in one process and through Redis, and what holds when Redis vanishes."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio
from redis.exceptions import RedisError

from bot.application.inbox import Wakeup
from storage.redis_wakeup import MemoryWakeup, RedisWakeup, open_wakeup
from tests.storage.databases import absent

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


async def reachable_redis() -> str:
    client = redis.asyncio.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        absent("Redis", error)
    finally:
        await client.aclose()
    return REDIS


async def until(condition: object, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.external_service)])
async def wakeup(request: pytest.FixtureRequest) -> AsyncIterator[Wakeup]:
    opened = open_wakeup(None if request.param == "memory" else await reachable_redis())
    assert isinstance(opened, MemoryWakeup if request.param == "memory" else RedisWakeup)
    yield opened
    await opened.close()


async def test_who_waits_is_woken(wakeup: Wakeup) -> None:
    waiting = [asyncio.create_task(wakeup.wait("inbox", 5.0)) for _ in range(3)]
    other = asyncio.create_task(wakeup.wait("outbox", 0.3))
    await asyncio.sleep(0.2 if isinstance(wakeup, RedisWakeup) else 0.01)
    started = time.monotonic()
    await wakeup.notify("inbox")
    assert await asyncio.gather(*waiting) == [True, True, True]
    assert time.monotonic() - started < 1.0
    await other


async def test_a_notification_before_the_wait_is_not_lost(wakeup: Wakeup) -> None:
    await wakeup.notify("inbox")
    assert await wakeup.wait("inbox", 5.0)


async def test_silence_ends_with_the_time(wakeup: Wakeup) -> None:
    await wakeup.wait("quiet", 0.3)
    started = time.monotonic()
    assert not await wakeup.wait("quiet", 0.1)
    assert 0.05 < time.monotonic() - started < 1.0


@pytest.mark.external_service
async def test_other_processes_are_woken_and_the_own_one_once() -> None:
    url = await reachable_redis()
    here, there = RedisWakeup(url), RedisWakeup(url)
    for each in (here, there):
        await each.wait("inbox", 0.0)
    await until(lambda: here.is_connected and there.is_connected)
    for each in (here, there):
        while await each.wait("inbox", 0.05):
            pass
    await here.notify("inbox")
    assert await there.wait("inbox", 5.0)
    assert await here.wait("inbox", 5.0)
    assert not await here.wait("inbox", 0.3)
    await here.close()
    await there.close()


async def test_without_redis_nobody_waits_long_and_nothing_fails() -> None:
    wakeup = RedisWakeup("redis://127.0.0.1:1/0")
    started = time.monotonic()
    await wakeup.notify("inbox")
    assert await wakeup.wait("inbox", 30.0)
    assert time.monotonic() - started < 0.5
    while await wakeup.wait("inbox", 30.0):
        assert time.monotonic() - started < 5.0, "it rings for ever"
    assert not wakeup.is_connected
    await wakeup.close()


@pytest.mark.external_service
async def test_redis_may_vanish_and_come_back(tmp_path: Path) -> None:
    server = shutil.which("redis-server")
    if server is None:
        absent("redis-server", "not installed")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (server, "--port", str(port), "--save", "", "--dir", str(tmp_path), "--bind", "127.0.0.1")

    async def start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)

    running = await start()
    here, there = (RedisWakeup(f"redis://127.0.0.1:{port}/0", back_off=(0.05, 0.1)) for _ in range(2))
    try:
        for each in (here, there):
            await each.wait("inbox", 0.0)
        await until(lambda: here.is_connected and there.is_connected)
        while await there.wait("inbox", 0.05):
            pass
        waiting = asyncio.create_task(there.wait("inbox", 60.0))
        await asyncio.sleep(0.05)
        running.kill()
        await running.wait()
        assert await asyncio.wait_for(waiting, 5.0), "who believed in Redis looks by itself when it is gone"
        await here.notify("inbox")
        assert await here.wait("inbox", 1.0)
        started = time.monotonic()
        await there.wait("inbox", 60.0)
        assert time.monotonic() - started < 3.0
        running = await start()
        await until(lambda: here.is_connected and there.is_connected, 10.0)
        while await there.wait("inbox", 0.05):
            pass
        await here.notify("inbox")
        assert await there.wait("inbox", 5.0)
    finally:
        await here.close()
        await there.close()
        if running.returncode is None:
            running.kill()
        await running.wait()

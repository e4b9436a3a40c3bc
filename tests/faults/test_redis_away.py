"""Redis ends in the middle and comes back: nothing is lost, only wake-ups are slower meanwhile."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rounds import inbox_rows, send_report, told
from tests.storage.databases import absent
from tests.support.plain_words import PlainWords
from tests.support.world import open_world


class OwnRedis:
    """A Redis server of this test on a port of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self._folder)]
        self._running = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    if shutil.which("redis-server") is None:
        absent("Redis", "there is no redis-server")
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.mark.external_service
async def test_reports_go_on_without_redis(tmp_path: Path, redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{redis.port}/0")
    async with open_world(tmp_path, PlainWords()) as world:
        await told(world, await send_report(world, 1))
        redis.kill()
        for number in range(2, 6):
            await told(world, await send_report(world, number))
        redis.start()
        await asyncio.sleep(1.0)
        for number in range(6, 9):
            await told(world, await send_report(world, number))
        await world.settle()
        rows = await inbox_rows(world)
        assert (rows.open, rows.dead) == (0, 0)


@pytest.mark.external_service
async def test_it_starts_where_redis_is_not(tmp_path: Path, redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    redis.kill()
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{redis.port}/0")
    async with open_world(tmp_path, PlainWords()) as world:
        await told(world, await send_report(world, 1))

"""No two living processes share a name; a name is free as soon as its process is gone."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from storage.process_names import ProcessNames
from storage.store import SqlStore
from tests.storage.conftest import ONLY_POSTGRESQL
from tests.storage.databases import ADMIN, execute_at

KILLED = """
import asyncio, os, signal, sys
from storage.process_names import ProcessNames
from storage.store import SqlStore

async def hold():
    names = ProcessNames(SqlStore.open(sys.argv[1]).engines)
    print(await names.take("worker"), flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(hold())
"""


async def test_each_has_a_name_of_its_own_and_a_restart_finds_it_again(store: SqlStore) -> None:
    first, second, third = (ProcessNames(store.engines) for _ in range(3))
    assert [await names.take("worker") for names in (first, second)] == ["worker", "worker-2"]
    async with second.gone("worker") as is_gone, second.gone("worker-2") as is_gone_itself:
        assert not is_gone and not is_gone_itself
    await first.close()
    async with second.gone("worker") as is_gone:
        assert is_gone
        assert await third.take("worker") == "worker-3", "who is being recovered does not come back meanwhile"
        await third.close()
    assert await third.take("worker") == "worker"
    await third.close()
    await second.close()


async def test_a_killed_process_holds_nothing(store: SqlStore, url: str) -> None:
    names = ProcessNames(store.engines)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", KILLED, url], text=True, **pipes) as other:  # type: ignore[call-overload]
        assert other.stdout.readline() == "worker\n"
        async with names.gone("worker") as is_gone:
            assert not is_gone
        other.stdin.write("\n")
        other.stdin.flush()
        other.wait(20)
    for _ in range(100):
        async with names.gone("worker") as is_gone:
            if is_gone:
                break
    assert is_gone
    await names.close()


@ONLY_POSTGRESQL
async def test_a_name_is_kept_when_the_connection_is_cut(store: SqlStore, url: str) -> None:
    names, other = ProcessNames(store.engines), ProcessNames(store.engines)
    assert await names.take("worker") == "worker"
    execute = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.rsplit('/', 1)[1]}'"
    await asyncio.to_thread(execute_at, ADMIN, execute)
    async with names.gone("nobody") as is_gone:
        assert is_gone
    async with other.gone("worker") as is_gone:
        assert not is_gone
    await names.close()
    await other.close()

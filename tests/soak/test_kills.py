"""Killed again and again: ten times in every run, fifty times in `make soak`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.playground.server import Playground
from tests.conftest import AUDIT
from tests.soak.kills import Audit, Plan, kill_and_audit
from tests.storage.databases import empty_postgresql, sqlite_url
from tests.support.world import serve_playground

TEN, FIFTY = Plan(), Plan(kills=50, reports=220, longest=1.5)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            id="postgresql",
            marks=pytest.mark.external_service,
        ),
    ]
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "jiehu.db")
        return
    with empty_postgresql("kills") as url:
        yield url


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_kills_lose_and_double_nothing(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    _audited(TEN, database_url, tmp_path, record_property)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_kills_lose_and_double_nothing(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    _audited(FIFTY, database_url, tmp_path, record_property)


def _audited(plan: Plan, database_url: str, folder: Path, record: Callable[[str, object], None]) -> None:
    async def run() -> Audit:
        play = Playground()
        async with serve_playground(play) as url:
            return await kill_and_audit(play, url, database_url, folder, plan)

    audit = asyncio.run(run())
    record(AUDIT, audit.table())
    assert not audit.mistakes

"""Every button of the bot is shown in some tale, and pressed by everybody, by whoever may, and by two at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from handlers.presses import PRESSES
from storage import migrate
from tests.permissions.anybody import Anybody
from tests.permissions.tales import TALES
from tests.permissions.telling import ByOne, ByTwo
from tests.storage import databases
from tests.support.cast import settle_in
from tests.support.quiet import Quiet, open_quiet
from tests.walks.speech import WalkingWords


@asynccontextmanager
async def settled(url: str, folder: Path) -> AsyncIterator[Quiet]:
    """The quiet district on that database."""
    await migrate.upgrade(url)
    async with open_quiet(url, WalkingWords(), folder) as quiet:
        await settle_in(quiet)
        yield quiet


@pytest.mark.slow
async def test_every_press_does_its_work_for_whoever_may_and_nothing_for_anybody_else(tmp_path: Path) -> None:
    async with settled(f"sqlite+aiosqlite:///{tmp_path}/one.db", tmp_path) as quiet:
        anybody = Anybody(quiet)
        for tale in TALES:
            await tale(ByOne(quiet, anybody))
        assert not set(PRESSES) - {action for action, *_ in anybody.seen}, "a new press needs a tale that presses it"
        assert sorted(set(anybody.wrong)) == []
        assert quiet.faults == []
        assert anybody.presses > 1500 and len(anybody.kept_out) > 35, "everybody pressed, and most might not"


async def _by_two(url: str, folder: Path) -> None:
    async with settled(url, folder) as quiet:
        told = ByTwo(quiet)
        for tale in TALES:
            await tale(told)
        assert not set(PRESSES) - told.pressed, "a new press needs a tale that presses it"
        assert told.twice == [], "two who press at once did more than one does"
        assert quiet.faults == []


@pytest.mark.slow
async def test_two_who_press_at_once_do_what_one_does_on_sqlite(tmp_path: Path) -> None:
    await _by_two(f"sqlite+aiosqlite:///{tmp_path}/two.db", tmp_path)


@pytest.mark.slow
@pytest.mark.external_service
async def test_two_who_press_at_once_do_what_one_does_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    await _by_two(postgresql, tmp_path)


@pytest.fixture
def postgresql() -> Iterator[str]:
    with databases.empty_postgresql("presses") as url:
        yield url

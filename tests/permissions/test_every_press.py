"""Every button of the bot is shown in some tale, and pressed by one person and by two at the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from handlers.presses import PRESSES
from storage import migrate
from tests.permissions.tales import TALES
from tests.permissions.telling import ByOne, ByTwo
from tests.storage import databases
from tests.support.cast import settle_in
from tests.support.quiet import Quiet, open_quiet
from tests.walks.speech import WalkingWords

AGAIN = frozenset(
    {
        *("status", "follow", "turn_page", "take_task", "see_examples", "see_whole", "contact", "progress", "hand_on"),
        *("extend", "suspend", "return", "edit_answer", "report_back", "answer_street", "call_meeting", "attend"),
        *("write_minutes", "order", "command", "answer_call", "add_words", "add_place", "change_item", "choose_item"),
        *("grade", "dispatch", "decline", "rule", "tell_street", "start", "release", "refer_up", "give_reason"),
    }
)
"""What two may press at once without being in each other's way: it shows, asks for words, or may be said twice."""


@asynccontextmanager
async def settled(url: str, folder: Path) -> AsyncIterator[Quiet]:
    """The quiet district on that database."""
    await migrate.upgrade(url)
    async with open_quiet(url, WalkingWords(), folder) as quiet:
        await settle_in(quiet)
        yield quiet


@pytest.mark.slow
async def test_every_press_is_shown_in_a_tale_and_answered_once(tmp_path: Path) -> None:
    async with settled(f"sqlite+aiosqlite:///{tmp_path}/one.db", tmp_path) as quiet:
        for tale in TALES:
            await tale(ByOne(quiet))
        shown = {token.action for token in (await quiet.tokens()).values()}
        assert not set(PRESSES) - shown, "a new press needs a tale in which its button is shown"
        assert not quiet.faults


async def _by_two(url: str, folder: Path) -> None:
    async with settled(url, folder) as quiet:
        told = ByTwo(quiet)
        for tale in TALES:
            await tale(told)
        both = {action for action, counts in told.won.items() if 2 in counts}
        assert both <= AGAIN, f"two did at once what can be done once: {sorted(both - AGAIN)}"
        assert not quiet.faults


@pytest.mark.slow
async def test_two_who_press_at_once_on_sqlite(tmp_path: Path) -> None:
    await _by_two(f"sqlite+aiosqlite:///{tmp_path}/two.db", tmp_path)


@pytest.mark.slow
@pytest.mark.external_service
async def test_two_who_press_at_once_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    await _by_two(postgresql, tmp_path)


@pytest.fixture
def postgresql() -> Iterator[str]:
    with databases.empty_postgresql("presses") as url:
        yield url

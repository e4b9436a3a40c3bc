"""Whatever people do in whatever order: an end or somebody with a clock, one stage, no dead button, nothing twice."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete

from bot.domain.rules import AnswerSignature
from handlers.presses import PRESSES
from storage import migrate
from storage.tables.matters import due
from tests.conftest import AUDIT
from tests.support.cast import settle_in
from tests.support.quiet import Quiet, open_quiet
from tests.walks.checking import Watch
from tests.walks.speech import ANSWERS, COMMANDS, WalkingWords
from tests.walks.walking import Walk

FEW, SHORT = (1, 2, 3, 4, 5, 6), 150
"""The same few in each run, the first half of them as config has it, the others as it may be chosen."""

MANY = int(os.environ.get("WALKS", "30"))
LONG = 400
"""So many new ones in `make soak`, each so long."""

BUTTONS = 12
"""How many changed buttons are tried at each step by everybody who sees them."""

KEENNESS = (4, 2)
"""Every other walk hurries on to what was never done: it ends and undoes more and goes less deep."""

HARDLY_EVER = 45
"""So much of what can be pressed, written and answered may be missing in the few short ones."""


def rules_of(seed: int) -> dict[str, object]:
    """The choices of config that change who is waited for."""
    rules: dict[str, object] = {"standing_items": frozenset()} if seed % 2 else {}
    return rules | ({"answer_signature": AnswerSignature.ALL} if seed % 3 == 0 else {})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which everybody is known and every group is bound."""
    return asyncio.run(settled(tmp_path_factory.mktemp("walks")))


async def settled(folder: Path) -> Path:
    """Made once and copied."""
    url = f"sqlite+aiosqlite:///{folder}/settled.db"
    await migrate.upgrade(url)
    async with open_quiet(url, WalkingWords(), folder) as quiet:
        await settle_in(quiet)
    return folder / "settled.db"


@asynccontextmanager
async def district(template: Path, folder: Path, seed: int) -> AsyncIterator[Quiet]:
    """A district of its own for that seed."""
    path = folder / f"walk-{seed}.db"
    shutil.copy(template, path)
    async with open_quiet(f"sqlite+aiosqlite:///{path}", WalkingWords(), folder, **rules_of(seed)) as quiet:
        await settle_in(quiet)
        yield quiet


async def walked(template: Path, folder: Path, seed: int, steps: int, did: Counter[str]) -> None:
    """A walk in which nothing was ever wrong; what others `did` is done less often."""
    async with district(template, folder, seed) as quiet:
        walk, watch = Walk(quiet, Random(seed), did, keenness=KEENNESS[seed % 2]), Watch(quiet)
        for number in range(steps):
            await walk.step()
            wrong = await watch.faults(buttons=BUTTONS, somebody_left=walk.somebody_left)
            assert not wrong, f"seed {seed}, step {number}, {quiet.now}: {wrong}\nafter {walk.path[-12:]}"


@pytest.mark.slow
async def test_every_state_that_is_reached_has_an_end_or_a_clock(template: Path, tmp_path: Path) -> None:
    did: Counter[str] = Counter()
    for seed in FEW:
        await walked(template, tmp_path, seed, SHORT, did)
    wanted = {*map(str, PRESSES), *(words for _, _, words in COMMANDS), "report", "time passes", "group lost"}
    wanted |= {f"answer {name}" for name in ANSWERS} | {"calendar imported", "left"}
    never = {what for what in wanted if not any(done == what or done.startswith(f"{what}:") for done in did)}
    assert len(never) <= HARDLY_EVER, f"walks that never do {sorted(never)} prove little"


async def test_a_walk_sees_what_is_wrong(template: Path, tmp_path: Path) -> None:
    """Guards the watch itself: without the rows that wait, and with words said twice, it has something to say."""
    async with district(template, tmp_path, 0) as quiet:
        walk, watch = Walk(quiet, Random(5)), Watch(quiet)
        for _ in range(25):
            await walk.step()
        assert not await watch.faults(somebody_left=walk.somebody_left)
        async with quiet.store.begin() as uow:
            await uow.db.execute(delete(due))
            await uow.commit()
        assert any("clock" in each for each in await watch.faults())
        said = next(iter(quiet.messenger.said.values()))
        quiet.messenger.fresh += [said, said]
        assert any("said 2 times" in each for each in await watch.faults())


@pytest.mark.soak
async def test_many_long_walks(template: Path, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    did: Counter[str] = Counter()
    first = int(os.environ.get("FIRST_WALK", "1000"))
    for seed in range(first, first + MANY):
        mine: Counter[str] = Counter()
        await walked(template, tmp_path, seed, LONG, mine)
        did.update(mine)
    record_property(AUDIT, f"{MANY} walks of {LONG} steps, {len(did)} different acts")

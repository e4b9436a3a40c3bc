"""The same with the demonstration's own model: whatever it takes the messages for, no group reads a word of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nlu.local import LocalInterpreter
from storage.tables.messages import card, outbox
from tests.sensitivity.journey import PLACES, Journey, whole_way
from tests.sensitivity.messages import ACCUSING, SENSITIVE, Said, fresh, told
from tests.sensitivity.test_sensitive import MAY_KNOW
from tests.sensitivity.watching import (
    everything_stored,
    exported,
    pictures_in,
    shown_in,
    shown_in_groups,
    stored_for_groups,
)
from tests.support.world import GROUPS, UNIT, WANG, open_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
KINDS = list(PLACES)
ALL = (*ACCUSING, *SENSITIVE, *fresh("accusing"), *fresh("sensitive"))


async def check(
    kind: str, messages: Sequence[Said], folder: Path, real: LocalInterpreter, logs: pytest.CaptureFixture[str]
) -> None:
    """Sends them on their whole way; the words may stand in the matter itself and in private chats, nowhere else."""
    async with open_world(folder, real) as world:
        journey = Journey(world, PLACES[kind])
        codes = await whole_way(journey, messages)
        await world.forward(timedelta(days=1))
        assert told(shown_in_groups(world), messages) == []
        assert all(not pictures_in(world, chat) for chat in GROUPS)
        assert told("\n".join(journey.toasts), messages) == []
        assert told(await exported(folder, codes[:2]), messages) == []
        stored = await everything_stored(world)
        assert {table for table, text in stored.items() if told(text, messages)} <= MAY_KNOW
        for table in (outbox, card):
            assert told(await stored_for_groups(world, table), messages) == []
        assert told(shown_in(world, WANG), messages) == [] or PLACES[kind].chat == UNIT, "who has no part in it"
    written = logs.readouterr()
    assert told(written.err + written.out, messages) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_no_word_of_some_leaves_private_chats(
    kind: str, tmp_path: Path, real: LocalInterpreter, capfd: pytest.CaptureFixture[str]
) -> None:
    first = KINDS.index(kind)
    await check(kind, ALL[first :: len(ALL) // 5], tmp_path, real, capfd)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
async def test_no_word_of_all_leaves_private_chats(
    kind: str, tmp_path: Path, real: LocalInterpreter, capfd: pytest.CaptureFixture[str]
) -> None:
    await check(kind, ALL, tmp_path, real, capfd)

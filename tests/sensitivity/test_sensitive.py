"""Fifty sensitive messages in every kind of chat: none of their words is read where it does not belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage.tables.messages import card, outbox
from tests.sensitivity.journey import PLACES, Journey, whole_way
from tests.sensitivity.messages import ACCUSING, SENSITIVE, Said, told
from tests.sensitivity.watching import (
    everything_stored,
    exported,
    pictures_in,
    shown_in_groups,
    stored_for_groups,
)
from tests.support.known_words import KnownWords, Meaning
from tests.support.world import GROUPS, open_world

READER = KnownWords({said.text: Meaning(said.item) for said in SENSITIVE})
MAY_KNOW = {"inbox", "draft", "ticket", "event_text", "assignment", "evaluation", "outbox", "card"}
"""Where the words may be kept: raw until retention, the matter itself, what was shown in private."""


def test_the_lists_are_what_they_are_said_to_be() -> None:
    assert len({said.text for said in SENSITIVE}) == 50 and len({said.text for said in ACCUSING}) == 30
    assert all(said.words for said in (*SENSITIVE, *ACCUSING))


KINDS = list(PLACES)


async def check(kind: str, messages: Sequence[Said], folder: Path, logs: pytest.CaptureFixture[str]) -> None:
    """Sends them on their whole way in that kind of chat and looks for their words everywhere."""
    async with open_world(folder, READER) as world:
        journey = Journey(world, PLACES[kind])
        codes = await whole_way(journey, messages)
        async with world.app.store.read() as uow:
            tickets = await uow.tickets.listed(limit=100)
        assert Counter(str(ticket.sensitivity) for ticket in tickets) == {"sensitive": len(messages)}
        assert Counter(str(ticket.ending) for ticket in tickets)["closed"] >= len(messages) // 2
        assert told(shown_in_groups(world), messages) == []
        assert all(not pictures_in(world, chat) for chat in GROUPS)
        assert told("\n".join(journey.toasts), messages) == []
        assert told(await exported(folder, codes[:2]), messages) == []
        stored = await everything_stored(world)
        assert {table for table, text in stored.items() if told(text, messages)} <= MAY_KNOW
        for table in (outbox, card):
            assert told(await stored_for_groups(world, table), messages) == []
    written = logs.readouterr()
    assert told(written.err + written.out, messages) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_no_word_of_them_leaves_private_chats(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = KINDS.index(kind)
    await check(kind, [SENSITIVE[(first + 6 * step) % 50] for step in range(6)], tmp_path, capfd)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
async def test_no_word_of_all_fifty_leaves_private_chats(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    await check(kind, SENSITIVE, tmp_path, capfd)

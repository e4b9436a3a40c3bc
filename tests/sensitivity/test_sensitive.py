"""Fifty sensitive messages in every kind of chat: none of their words is read where it does not belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.domain.situation import counts_people
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
from tests.support.world import COMMUNITY, GROUPS, LI, RESIDENT, STREET, captions, open_world

READER = KnownWords({said.text: Meaning(said.item) for said in SENSITIVE})
MAY_KNOW = {"inbox", "draft", "ticket", "event_text", "assignment", "evaluation", "outbox", "card"}
"""Where the words may be kept: raw until retention, the matter itself, what was shown in private."""


def test_the_lists_are_what_they_are_said_to_be() -> None:
    assert len({said.text for said in SENSITIVE}) == 50 and len({said.text for said in ACCUSING}) == 30
    assert all(said.words for said in (*SENSITIVE, *ACCUSING))
    assert not any(counts_people(said.text) for said in SENSITIVE), "a count of people moved is none of these"


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


@pytest.mark.slow
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


async def test_what_surely_is_one_is_drafted_in_private_with_its_item_and_the_doubtful_asked(tmp_path: Path) -> None:
    sure, doubtful = SENSITIVE[0], SENSITIVE[20]
    reader = KnownWords({sure.text: Meaning(sure.item), doubtful.text: Meaning(doubtful.item, confidence=0.3)})
    async with open_world(tmp_path, reader) as world:
        for author, chat in ((LI, STREET), (LI, COMMUNITY), (LI, LI), (RESIDENT, RESIDENT)):
            await world.says(author, chat, sure.text)
            card = world.card(LI, "确认上报")
            assert "这样上报对吗" in card.text or "居民说" in card.text
            assert f"清单 {sure.item}" in card.text and "换一项" in captions(card)
            assert not any("都不是" in caption for caption in captions(card)), "nothing is asked"
            await world.press(LI, LI, "不是上报", card)
        await world.says(LI, STREET, doubtful.text)
        asked = world.card(LI, "不是上报")
        assert "是哪一件" in asked.text and any("都不是" in caption for caption in captions(asked))
        told_groups = {text for text in world.said(STREET) + world.said(COMMUNITY) if "已绑定" not in text}
        assert told_groups == {"已收到，私下联系您。"}

"""Thirty accusations in every kind of chat and every role a message can have: nothing is kept but the fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.model import Message
from nlu.types import Flag
from tests.sensitivity.journey import PLACES, Place
from tests.sensitivity.messages import ACCUSING, Said, told
from tests.sensitivity.watching import everything_stored, exported, shown_in, shown_in_groups
from tests.support.known_words import KnownWords, Meaning
from tests.support.world import LI, NAMES, RESIDENT, STREET, UNIT, WANG, World, open_world

ACCUSES = frozenset({Flag.ACCUSATION})
READER = KnownWords({said.text: Meaning("SC-01", flags=ACCUSES) for said in ACCUSING})
KINDS = list(PLACES)


async def forgotten(world: World, messages: Sequence[Said], folder: Path, *, raw: bool = True) -> None:
    """None of the words stands anywhere, the inbox included where `raw` says so."""
    stored = await everything_stored(world)
    if not raw:
        del stored["inbox"]
    assert {table: told(text, messages) for table, text in stored.items() if told(text, messages)} == {}
    assert told(shown_in_groups(world), messages) == []
    for person in NAMES:
        assert told(shown_in(world, person), messages) == []
    assert told(await exported(folder, []), messages) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_an_accusation_is_answered_in_private_and_kept_nowhere(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = PLACES[kind]
    async with open_world(tmp_path, READER) as world:
        answers = [await _accuse(world, place, said, number) for number, said in enumerate(ACCUSING)]
        if place.author == RESIDENT and place.chat == STREET:
            await world.says(RESIDENT, RESIDENT, "你好")
        assert "纪检监察" in shown_in(world, place.author)
        await world.forward(timedelta(days=1))
        async with world.app.store.read() as uow:
            assert not await uow.tickets.listed(limit=10)
            counted = await uow.settings.starting_with("accusations:")
        assert list(counted.values()) == [30] and len(answers) == 30
        await forgotten(world, ACCUSING, tmp_path)
        assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()], "its picture is not kept"
    written = capfd.readouterr()
    assert told(written.err + written.out, ACCUSING) == []


async def _accuse(world: World, place: Place, said: Said, number: int) -> Message:
    words = f"{place.asks}{said.text}"
    if number % 4 == 3:
        message = await world.play.photo(place.author, place.chat, "井盖", words)
        await world.settle()
        return message
    return await world.says(place.author, place.chat, words)


async def test_words_that_nobody_asked_for_in_a_units_group_meet_silence(tmp_path: Path) -> None:
    async with open_world(tmp_path, READER) as world:
        before = len(world.play.said_by_bot(UNIT))
        await world.says(WANG, UNIT, ACCUSING[0].text)
        assert len(world.play.said_by_bot(UNIT)) == before
        await forgotten(world, ACCUSING, tmp_path, raw=False)


async def test_an_accusation_as_an_answer_a_reply_an_edit_or_pointed_at(tmp_path: Path) -> None:
    async with open_world(tmp_path, READER) as world:
        said = await world.says(LI, STREET, "路灯不亮了，柳荫路12号门口一片黑")
        await world.says(LI, STREET, ACCUSING[0].text, reply_to=world.last(STREET))
        await world.press(LI, STREET, "补充地点", world.card(STREET, "确认上报"))
        await world.says(LI, STREET, ACCUSING[1].text)
        await world.press(LI, STREET, "确认上报")
        call = world.card(UNIT, "签收")
        await world.says(LI, STREET, ACCUSING[2].text, reply_to=world.card(STREET, "撤回"))
        await world.play.edit(LI, STREET, said.message_id, ACCUSING[3].text)
        await world.press(WANG, UNIT, "签收")
        await world.says(WANG, UNIT, ACCUSING[4].text, reply_to=call)
        await world.says(WANG, UNIT, "已处理完毕，灯泡换好了", reply_to=call)
        await world.press(WANG, UNIT, "发送回告")
        await world.says(LI, LI, ACCUSING[5].text, reply_to=world.card(LI, "不满意"))
        await world.press(LI, LI, "不满意")
        await world.press(LI, LI, "写一句")
        await world.says(LI, LI, ACCUSING[6].text)
        other = await world.says(RESIDENT, STREET, "哪个去看一下嘛")
        await world.says(LI, STREET, ACCUSING[7].text, reply_to=other)
        pointed = await world.says(RESIDENT, STREET, ACCUSING[8].text)
        await world.says(LI, STREET, "上报", reply_to=pointed)
        await forgotten(world, ACCUSING, tmp_path)

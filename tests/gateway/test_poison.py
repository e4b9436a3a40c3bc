"""Updates that cannot be what they say: each ends as done or as a dead letter, and holds nobody up for long."""

from __future__ import annotations

import asyncio
import copy
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.gateway.application import Context
from bot.gateway.gateway import Source
from bot.gateway.ingest import raw_update
from storage.store import SqlStore
from tests.gateway.rig import STREET, Rig, Silent, a_gateway, a_playground, quick
from tests.gateway.updates import USER, Json, a_message, a_press
from tests.storage import databases


async def look_at_everything(update: Update, context: Context) -> None:
    """What handlers do: they take words and names and store them."""
    message, user, chat = update.effective_message, update.effective_user, update.effective_chat
    facts = [message and (message.text or message.caption), user and user.full_name, chat and chat.title]
    await context.uow.settings.put(f"seen:{update.update_id}", facts)
    if chat is not None:
        await context.uow.chats.ensure(chat.id, title=chat.title or "", private=chat.type == "private")
    if user is not None:
        await context.uow.people.ensure(user.id, name=user.full_name, username=user.username or "")


POISON: dict[str, Callable[[Json], object]] = {
    "no date": lambda message: message.pop("date"),
    "a date in words": lambda message: message.update(date="yesterday"),
    "a date beyond time": lambda message: message.update(date=10**18),
    "a date before time": lambda message: message.update(date=-(10**18)),
    "no chat": lambda message: message.pop("chat"),
    "a chat without id": lambda message: message.update(chat={"type": "group"}),
    "a chat in words": lambda message: message.update(chat="street"),
    "no message id": lambda message: message.pop("message_id"),
    "entities beyond the text": lambda m: m.update(entities=[{"type": "bot_command", "offset": 90, "length": 9}]),
    "entities in words": lambda message: message.update(entities="bold"),
    "a photo without sizes": lambda message: message.update(photo=[{}]),
    "a reply to nothing": lambda message: message.update(reply_to_message={}),
}


@pytest.mark.parametrize("name", POISON)
async def test_a_poisoned_update_lets_the_next_one_through(rig: Rig, name: str) -> None:
    rig.handle(look_at_everything)
    bad = a_message(1, "bad")
    POISON[name](bad["message"])  # type: ignore[arg-type]
    await rig.gateway.start()
    await rig.store_raw(bad, a_message(2, "good"))
    await rig.settled_with_retries()
    assert "seen:2" in await rig.facts("seen:")
    dead = {letter.update_id for letter in await rig.inbox.dead_letters(10)}
    assert ("seen:1" in await rig.facts("seen:")) != (1 in dead)


@pytest.mark.parametrize("name", ["no date", "a date in words", "a date beyond time", "a chat without id"])
async def test_what_ptb_cannot_read_is_a_dead_letter_nobody_is_told_of(rig: Rig, name: str) -> None:
    bad = a_message(1, "bad")
    POISON[name](bad["message"])  # type: ignore[arg-type]
    rig.handle(look_at_everything)
    await rig.gateway.start()
    await rig.store_raw(bad)
    await rig.settled_with_retries()
    assert [letter.update_id for letter in await rig.inbox.dead_letters(10)] == [1]
    assert rig.heard.crashed == []


async def test_characters_that_no_database_holds_are_no_crash(rig: Rig) -> None:
    rig.handle(look_at_everything)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "井盖\0没了\ud83d"), a_message(2, "\u202e反\u202c <b>&amp;</b>\x07"))
    await rig.gateway.drain()
    seen = await rig.facts("seen:")
    assert seen["seen:1"] == ["井盖\ufffd没了\ufffd", "李桂芳", "群"]
    assert seen["seen:2"] == ["\u202e反\u202c <b>&amp;</b>\x07", "李桂芳", "群"]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["\0", "\ud800", "\u202e", "<b>", "x" * 5000, "1e999", [], {}, [[]], [None], {"id": {}}, -1, 0]),
)


def bases() -> list[Json]:
    """One of each kind that is asked for, and one that nobody knows."""
    chat: Json = {"id": STREET, "type": "supergroup", "title": "群"}
    change = {
        "chat": chat,
        "from": USER,
        "date": 1_700_000_000,
        "old_chat_member": {"status": "left", "user": USER},
        "new_chat_member": {"status": "member", "user": USER},
    }
    photo = a_message(1, "x")
    photo["message"] |= {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}  # type: ignore[operator]
    return [
        a_message(1, "/help@b 井盖"),
        {"update_id": 1, "edited_message": a_message(1, "x")["message"]},
        a_press(1, "q"),
        photo,
        {"update_id": 1, "my_chat_member": change},
        {"update_id": 1, "chat_member": change},
        {"update_id": 1, "new_kind": {"chat": chat}},
    ]


def places(thing: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place in an update that can be spoiled."""
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [spot for key, value in inner for spot in [(*path, key), *places(value, (*path, key))]]


@st.composite
def spoiled(draw: st.DrawFn) -> Json:
    update = copy.deepcopy(draw(st.sampled_from(bases())))
    for _ in range(draw(st.integers(1, 3))):
        spots = [spot for spot in places(update) if spot != ("update_id",)]
        if not spots:
            break
        *way, last = draw(st.sampled_from(spots))
        holder: object = update
        for key in way:
            holder = holder[key]  # type: ignore[index]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = draw(JUNK)  # type: ignore[index]
    return update


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(spoiled(), min_size=1, max_size=12))
def test_no_spoiled_update_is_lost_or_holds_its_lane(empty_database: Path, updates: list[Json]) -> None:
    for number, update in enumerate(updates, start=1):
        update["update_id"] = number
    asyncio.run(work_off(empty_database, updates))


async def work_off(template: Path, updates: list[Json]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore.open(databases.copy_of_sqlite(template, Path(folder)))
        rig = a_gateway(store, quick("1:x", "http://none", source=Source.NONE), a_playground(), Silent())
        rig.handle(look_at_everything)
        assert all(raw_update(update) for update in updates)
        await rig.store_raw(*updates)
        last = len(updates) + 1
        await rig.store_raw(a_message(last, "good"))
        await rig.gateway.start()
        await rig.settled_with_retries()
        await rig.gateway.stop()
        dead = {letter.update_id for letter in await rig.inbox.dead_letters(100)}
        seen = {int(key.partition(":")[2]) for key in await rig.facts("seen:")}
        await store.close()
    assert dead | seen == set(range(1, last + 1))
    assert not dead & seen
    assert last in seen

"""Raw updates become rows, whatever they are."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gateway.application import bot_id_of, server_root
from bot.gateway.ingest import parsed, pressed, raw_update

LARGEST = 2**63 - 1
CHAT = {"id": -100, "type": "supergroup"}
LI = {"id": 7, "first_name": "李"}


@pytest.mark.parametrize(
    ("update", "lane", "chat", "user", "migrate_from"),
    [
        ({"message": {"chat": CHAT, "from": LI}}, "chat:-100", -100, 7, None),
        ({"edited_message": {"chat": CHAT, "from": LI}}, "chat:-100", -100, 7, None),
        ({"callback_query": {"id": "1", "from": LI, "message": {"chat": CHAT}}}, "chat:-100", -100, 7, None),
        ({"callback_query": {"id": "1", "from": LI, "inline_message_id": "x"}}, "user:7", None, 7, None),
        ({"my_chat_member": {"chat": CHAT, "from": LI}}, "chat:-100", -100, 7, None),
        ({"poll_answer": {"poll_id": "1", "user": LI}}, "user:7", None, 7, None),
        ({"poll": {"id": "1"}}, "kind:poll", None, None, None),
        ({"message": {"chat": CHAT, "migrate_to_chat_id": -1009}}, "chat:-1009", -1009, None, -100),
        ({"message": {"chat": CHAT, "migrate_from_chat_id": -9}}, "chat:-100", -100, None, -9),
        ({"message": {"chat": CHAT, "migrate_to_chat_id": -100}}, "chat:-100", -100, None, None),
        ({"message": {"migrate_to_chat_id": -100}}, "kind:message", None, None, None),
        ({"message": {"chat": {"id": True}, "from": {"id": "7"}}}, "kind:message", None, None, None),
        ({"message": {"chat": {"id": LARGEST + 1}}}, "kind:message", None, None, None),
        ({"message": "words"}, "kind:unknown", None, None, None),
        ({}, "kind:unknown", None, None, None),
    ],
)
def test_lane_and_ids(
    update: dict[str, object], lane: str, chat: int | None, user: int | None, migrate_from: int | None
) -> None:
    row = raw_update({"update_id": 3, **update})
    assert row is not None
    told = (row.update_id, row.lane, row.telegram_chat_id, row.telegram_user_id, row.migrate_from)
    assert told == (3, lane, chat, user, migrate_from)
    assert json.loads(row.payload) == {"update_id": 3, **update}


@pytest.mark.parametrize(
    "update",
    [None, [], "text", 3, {}, {"update_id": "3"}, {"update_id": True}, {"update_id": -1}, {"update_id": LARGEST + 1}],
)
def test_what_has_no_number_is_no_update(update: object) -> None:
    assert raw_update(update) is None


def test_an_update_nested_without_end_is_none() -> None:
    update: dict[str, object] = {"update_id": 1}
    for _ in range(100_000):
        update = {"update_id": 1, "message": update}
    assert raw_update(update) is None


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = LEAF | st.lists(LEAF, max_size=3) | st.dictionaries(st.text(max_size=4), LEAF, max_size=3)
KINDS = st.sampled_from(["message", "callback_query", "my_chat_member", "poll", "new_kind", "\ud800", "", "x" * 99])
FIELDS = st.sampled_from(
    ["chat", "from", "message", "id", "user", "migrate_to_chat_id", "migrate_from_chat_id", "date"]
)
THINGS = st.dictionaries(FIELDS, st.dictionaries(FIELDS, LEAF, max_size=3) | LEAF, max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, LARGEST), st.dictionaries(KINDS, THINGS | JSON, max_size=2))
def test_every_numbered_object_is_a_row_that_any_database_can_hold(update_id: int, content: dict[str, object]) -> None:
    row = raw_update({"update_id": update_id, **content})
    assert row is not None
    assert row.update_id == update_id
    assert row.payload.isascii()
    assert row.lane.isascii() and len(row.lane) < 80
    for number in (row.telegram_chat_id, row.telegram_user_id, row.migrate_from):
        assert number is None or abs(number) <= LARGEST
    pressed({"update_id": update_id, **content})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_no_input_raises(update: object) -> None:
    raw_update(update)
    pressed(update)


def test_what_no_database_can_hold_is_replaced() -> None:
    payload = json.dumps({"text": "a\0b\ud800c 井盖 😀", "list": ["\udfff"], "number": 1})
    assert parsed(payload) == {"text": "a\ufffdb\ufffdc 井盖 😀", "list": ["\ufffd"], "number": 1}


def test_a_bots_number_is_what_its_token_begins_with() -> None:
    assert bot_id_of("123456:AAE-x_y") == 123456
    assert bot_id_of("no number") == bot_id_of("no number") > 0
    assert bot_id_of("٣:x") > 3


@pytest.mark.parametrize("address", ["http://h:1", "http://h:1/", "http://h:1/bot", "http://h:1/bot/"])
def test_a_servers_address_may_end_with_bot(address: str) -> None:
    assert server_root(address) == "http://h:1"

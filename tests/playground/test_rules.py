"""Telegram's rules, each with its switch, and the faults that a test can ask for."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.playground.model import ANONYMOUS_ADMIN
from bot.playground.server import PlaygroundError, Rules
from tests.playground.conftest import CHEN, LI, STREET, UNIT, WANG, Town


async def seen(town: Town) -> list[str]:
    return [each["message"].get("text", "") for each in await town.bot.updates()]


async def test_privacy_mode_hides_free_text(town: Town) -> None:
    town.play.rules = replace(town.play.rules, privacy_mode=True)
    await town.play.promote(STREET, admin=False)
    await town.bot.updates()
    assert (await town.bot("getMe"))["can_read_all_group_messages"] is False
    for text in (
        "井盖没了",
        "/report 井盖",
        "/report@jiehu_demo_bot 井盖",
        "/report@other_bot 井盖",
        "@jiehu_demo_bot 看",
    ):
        await town.play.say(LI, STREET, text)
    assert await seen(town) == ["/report@jiehu_demo_bot 井盖", "@jiehu_demo_bot 看"]
    sent = await town.bot("sendMessage", chat_id=STREET, text="在")
    await town.play.say(LI, STREET, "/help")
    await town.play.say(LI, STREET, "收到", reply_to=sent["message_id"])
    await town.play.say(LI, LI, "私下说")
    assert await seen(town) == ["/help", "收到", "私下说"]
    town.play.rules = replace(town.play.rules, privacy_lets_mentions=False)
    await town.play.say(LI, STREET, "@jiehu_demo_bot 看")
    assert await seen(town) == []
    await town.play.promote(STREET, admin=True)
    await town.bot.updates()
    await town.play.say(LI, STREET, "井盖没了")
    assert await seen(town) == ["井盖没了"]


async def test_flood_limit_by_group(town: Town) -> None:
    town.play.rules = replace(town.play.rules, flood_limits=True)
    for number in range(20):
        await town.bot("sendMessage", chat_id=STREET, text=str(number))
    envelope = await town.bot.raw("sendMessage", chat_id=STREET, text="x")
    wait = envelope["parameters"]["retry_after"]
    assert (envelope["error_code"], envelope["description"]) == (429, f"Too Many Requests: retry after {wait}")
    assert 1 <= wait <= 60
    assert (await town.bot.raw("editMessageText", chat_id=STREET, message_id=1, text="x"))["error_code"] == 429
    await town.bot("sendMessage", chat_id=UNIT, text="elsewhere")
    await town.play.say(LI, LI, "/start")
    for number in range(25):
        await town.bot("sendMessage", chat_id=LI, text=str(number))


async def test_flood_limit_passes(town: Town) -> None:
    rules = Rules(flood_limits=True, flood_per_minute=1, flood_window_seconds=0.2)
    town.play.rules = rules
    await town.bot("sendMessage", chat_id=STREET, text="1")
    assert (await town.bot.raw("sendMessage", chat_id=STREET, text="2"))["error_code"] == 429
    await asyncio.sleep(0.25)
    await town.bot("sendMessage", chat_id=STREET, text="2")


async def test_thrown_out_and_brought_back(town: Town) -> None:
    await town.play.kick(STREET)
    change = await town.bot.next("my_chat_member")
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("administrator", "kicked")
    refusal = await town.bot.refused("sendMessage", chat_id=STREET, text="a")
    assert refusal == (403, "Forbidden: bot was kicked from the supergroup chat")
    await town.play.say(LI, STREET, "没人听")
    assert await town.bot.updates() == []
    await town.play.add(STREET, admin=False)
    change = await town.bot.next("my_chat_member")
    assert change["new_chat_member"]["status"] == "member"
    assert (await town.bot.next("message"))["new_chat_members"][0]["id"] == 1000
    await town.bot("sendMessage", chat_id=STREET, text="a")
    await town.play.kick(STREET)
    town.play.rules = replace(town.play.rules, membership=False)
    await town.bot("sendMessage", chat_id=STREET, text="a")


async def test_blocked_and_never_started(town: Town) -> None:
    refusal = await town.bot.refused("sendMessage", chat_id=LI, text="a")
    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    await town.play.say(LI, LI, "/start")
    await town.bot.updates()
    await town.bot("sendMessage", chat_id=LI, text="a")
    await town.play.block(LI)
    assert (await town.bot.next("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    refusal = await town.bot.refused("sendMessage", chat_id=LI, text="a")
    assert refusal == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(PlaygroundError):
        await town.play.say(LI, LI, "x")
    await town.play.unblock(LI)
    assert (await town.bot.next("my_chat_member"))["new_chat_member"]["status"] == "member"
    await town.bot("sendMessage", chat_id=LI, text="a")
    town.play.rules = replace(town.play.rules, users_start_first=False)
    await town.bot("sendMessage", chat_id=CHEN, text="a")


async def test_migration(town: Town) -> None:
    await town.bot("sendMessage", chat_id=STREET, text="a")
    new_id = await town.play.migrate(STREET)
    first, second = await town.bot.updates()
    assert first["message"]["migrate_to_chat_id"] == new_id and first["message"]["chat"]["id"] == STREET
    assert second["message"]["migrate_from_chat_id"] == STREET and second["message"]["chat"]["id"] == new_id
    assert second["message"]["message_id"] == 1
    envelope = await town.bot.raw("sendMessage", chat_id=STREET, text="b")
    assert (envelope["error_code"], envelope["parameters"]) == (400, {"migrate_to_chat_id": new_id})
    assert envelope["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    await town.bot("sendMessage", chat_id=new_id, text="b")
    await town.play.say(LI, new_id, "c")
    with pytest.raises(PlaygroundError):
        await town.play.say(LI, STREET, "c")


async def test_anonymous_admin_shows_himself_by_pressing_only(town: Town) -> None:
    await town.play.say(LI, STREET, "收到马上去", anonymous=True)
    message = await town.bot.next("message")
    assert message["from"]["id"] == ANONYMOUS_ADMIN
    assert message["sender_chat"]["id"] == STREET
    markup = {"inline_keyboard": [[{"text": "签收", "callback_data": "s"}]]}
    sent = await town.bot("sendMessage", chat_id=STREET, text="单", reply_markup=markup)
    pressing = asyncio.create_task(town.play.press(LI, STREET, sent["message_id"], "签收"))
    query = await town.bot.next("callback_query")
    assert query["from"]["id"] == LI
    await town.bot("answerCallbackQuery", callback_query_id=query["id"])
    await pressing
    with pytest.raises(PlaygroundError):
        await town.play.say(WANG, STREET, "x", anonymous=True)


async def test_presses_are_answered_once_and_soon(town: Town) -> None:
    markup = {"inline_keyboard": [[{"text": "签收", "callback_data": "s:1"}, {"text": "看", "url": "https://e.x"}]]}
    sent = await town.bot("sendMessage", chat_id=UNIT, text="单", reply_markup=markup)
    pressing = asyncio.create_task(town.play.press(CHEN, UNIT, sent["message_id"], 0))
    query = await town.bot.next("callback_query")
    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == ("s:1", sent["message_id"], CHEN)
    answer = {"callback_query_id": query["id"], "text": "已签收", "show_alert": True}
    assert (await town.bot.refused("answerCallbackQuery", **answer | {"text": "字" * 201}))[1].endswith(
        "MESSAGE_TOO_LONG"
    )
    await town.bot("answerCallbackQuery", **answer)
    got = await pressing
    assert (got.text, got.alert, got.answered) == ("已签收", True, True)
    again = await town.bot.refused("answerCallbackQuery", **answer)
    assert again[0] == 400 and again[1].startswith("Bad Request: query is too old and response timeout expired")
    assert (await town.play.press(CHEN, UNIT, sent["message_id"], "看")).url == "https://e.x"


async def test_late_answers_are_refused(town: Town) -> None:
    town.play.rules = replace(town.play.rules, callback_seconds=0.05)
    markup = {"inline_keyboard": [[{"text": "签收", "callback_data": "s"}]]}
    sent = await town.bot("sendMessage", chat_id=UNIT, text="单", reply_markup=markup)
    got = await town.play.press(CHEN, UNIT, sent["message_id"], "签收", timeout=0.1)
    assert not got.answered
    query = await town.bot.next("callback_query")
    assert (await town.bot.refused("answerCallbackQuery", callback_query_id=query["id"]))[0] == 400


async def test_old_buttons_and_foreign_data_can_be_pressed(town: Town) -> None:
    markup = {"inline_keyboard": [[{"text": "签收", "callback_data": "old"}]]}
    sent = await town.bot("sendMessage", chat_id=UNIT, text="单", reply_markup=markup)
    await town.bot("editMessageText", chat_id=UNIT, message_id=sent["message_id"], text="单（已签收）")
    with pytest.raises(PlaygroundError, match="has no button"):
        await town.play.press(CHEN, UNIT, sent["message_id"], "签收")
    assert town.play.said_by_bot(UNIT)[0].earlier[0][1] == markup
    await town.play.press(CHEN, UNIT, sent["message_id"], data="old", timeout=0)
    assert (await town.bot.next("callback_query"))["data"] == "old"
    await town.bot("deleteMessage", chat_id=UNIT, message_id=sent["message_id"])
    await town.play.press(CHEN, UNIT, sent["message_id"], data="old", timeout=0)
    assert (await town.bot.next("callback_query"))["message"] == {
        "chat": {"id": UNIT, "type": "supergroup", "title": "市政中心工作群"},
        "message_id": sent["message_id"],
        "date": 0,
    }


async def test_topics(town: Town) -> None:
    town.play.add_chat(-1009, "区中枢", [LI], forum=True)
    thread = await town.play.topic(-1009, "裁决")
    assert (await town.bot.next("message"))["forum_topic_created"]["name"] == "裁决"
    await town.play.say(LI, -1009, "甲", thread=thread)
    message = await town.bot.next("message")
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "裁决"
    sent = await town.bot(
        "sendMessage", chat_id=-1009, text="乙", reply_parameters={"message_id": message["message_id"]}
    )
    assert sent["message_thread_id"] == thread
    refusal = await town.bot.refused("sendMessage", chat_id=-1009, text="丙", message_thread_id=777)
    assert refusal == (400, "Bad Request: message thread not found")
    with pytest.raises(PlaygroundError):
        await town.play.say(LI, STREET, "x", thread=thread)


async def test_failing_methods(town: Town) -> None:
    town.play.faults.fail("sendMessage", 500, times=2)
    town.play.faults.fail("sendMessage", 429, retry_after=3)
    results = [await town.bot.raw("sendMessage", chat_id=STREET, text="x") for _ in range(4)]
    assert [each.get("error_code") for each in results] == [500, 500, 429, None]
    assert results[2]["parameters"] == {"retry_after": 3}
    assert len(town.play.messages(STREET)) == 1


async def test_hanging_methods(town: Town) -> None:
    town.play.faults.hang(0.2, "getMe")
    started = time.monotonic()
    await town.bot("getMe")
    assert time.monotonic() - started >= 0.2
    await town.bot("getMe")
    assert time.monotonic() - started < 0.4


async def test_offline_and_minimal_servers(town: Town) -> None:
    town.play.offline(True)
    assert await town.bot.refused("getMe") == (502, "Bad Gateway")
    await town.play.say(LI, STREET, "等着")
    town.play.offline(False)
    assert [each["message"]["text"] for each in await town.bot.updates()] == ["等着"]
    town.play.faults.only(["getMe", "sendMessage"])
    await town.bot("getMe")
    assert (await town.bot.refused("getChat", chat_id=STREET))[0] == 500
    town.play.faults.clear()
    await town.bot("getChat", chat_id=STREET)


@pytest.mark.parametrize(
    "values", [{"nonsense": True}, {"privacy_mode": 1}, {"flood_per_minute": True}, {"flood_per_minute": "9"}]
)
def test_rules_refuse_what_they_do_not_know(values: dict[str, object]) -> None:
    with pytest.raises(PlaygroundError):
        Rules().changed(values)


def test_rules_change_by_name() -> None:
    assert Rules().changed({"privacy_mode": True, "callback_seconds": 5}) == Rules(
        privacy_mode=True, callback_seconds=5
    )

"""What is asked at the start never stops the bot; only getMe is waited for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.typing import EventDict
from telegram import Update
from telegram.ext import TypeHandler

from bot.domain.chat import ChatKind
from bot.gateway import selfcheck
from bot.gateway.application import build_application
from bot.gateway.gateway import Gateway, Source
from tests.gateway.rig import STREET, UNIT, Rig, quick


def root(rig: Rig) -> str:
    return rig.application.bot.base_url.removesuffix(f"/bot{rig.play.token}")


async def test_get_me_is_asked_until_it_answers(rig: Rig) -> None:
    rig.play.faults.fail("getMe", 401, times=2)
    rig.play.faults.fail("getMe", 500, times=2)
    assert await selfcheck.connect(rig.application, asyncio.Event(), 0.01)
    assert rig.application.bot.username == "jiehu_demo_bot"


async def test_stopping_ends_the_wait_for_get_me(rig: Rig) -> None:
    rig.play.offline(True)
    stop = asyncio.Event()
    connecting = asyncio.create_task(selfcheck.connect(rig.application, stop, 0.01))
    await asyncio.sleep(0.1)
    stop.set()
    async with asyncio.timeout(2):
        assert not await connecting


async def test_a_token_that_is_not_known_turns_health_red_and_is_not_logged(rig: Rig, logs: list[EventDict]) -> None:
    application = build_application("999:wrong", root(rig))
    gateway = Gateway(application, rig.resources, rig.heard.hooks(), quick("999:wrong", root(rig)))
    await gateway.start()
    await asyncio.sleep(0.3)
    assert not gateway.health.is_connected
    assert not gateway.health.is_good
    await gateway.stop()
    assert logs
    assert "999:wrong" not in repr(logs)


async def test_the_menu_is_sent_by_language(rig: Rig) -> None:
    await rig.application.initialize()
    await selfcheck.introduce(rig.application.bot, {"": [("help", "帮助")], "en": [("help", "Help")]})
    (everybody,) = await rig.application.bot.get_my_commands()
    (english,) = await rig.application.bot.get_my_commands(language_code="en")
    assert (everybody.description, english.description) == ("帮助", "Help")


async def test_privacy_mode_is_said_in_words(rig: Rig, logs: list[EventDict]) -> None:
    rig.play.rules = replace(rig.play.rules, privacy_mode=True)
    await rig.application.initialize()
    await selfcheck.introduce(rig.application.bot, {})
    assert any("privacy mode is on" in log["event"] for log in logs)


async def bind(rig: Rig, *telegram_ids: int) -> None:
    async with rig.store.begin() as uow:
        for telegram_id in telegram_ids:
            chat = await uow.chats.ensure(telegram_id, title="群", private=False)
            chat.kind, chat.of = ChatKind.STREET, "JL01"
            await uow.chats.save(chat)
        await uow.commit()


async def test_bound_chats_without_the_bot_are_named(rig: Rig) -> None:
    await bind(rig, STREET, UNIT)
    await rig.play.kick(UNIT)
    await rig.application.initialize()
    absent = await selfcheck.absent_from(rig.application.bot, rig.store)
    assert [chat.telegram_id for chat in absent] == [UNIT]


async def test_a_server_that_cannot_tell_is_not_asked_about_every_chat(rig: Rig, logs: list[EventDict]) -> None:
    await bind(rig, *[-5000 - number for number in range(20)])
    await rig.application.initialize()
    rig.play.faults.only({"getMe"})
    assert await selfcheck.absent_from(rig.application.bot, rig.store) == []
    assert len([log for log in logs if log.get("method") == "getChatMember"]) == 3


def test_a_handler_that_outlives_its_update_is_refused() -> None:
    async def handler(update: Update, context: object) -> None: ...

    with pytest.raises(ValueError, match="block=False"):
        build_application("1:x").add_handler(TypeHandler(Update, handler, block=False))


async def test_a_process_that_only_stores_works_nothing_off(rig: Rig) -> None:
    settings = replace(quick(rig.play.token, root(rig), source=Source.POLLING), workers=0)
    gateway = Gateway(rig.application, rig.resources, rig.heard.hooks(), settings)
    await gateway.start()
    await rig.play.say(101, STREET, "井盖")
    await rig.play.drained(5)
    assert (await rig.inbox.backlog())[0] == 1
    assert rig.heard.prepared == []
    await gateway.stop()

"""How the bot gets its updates: confirmed by offset, filtered by kind, polled by one only, or pushed to a webhook."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.playground import spec
from tests.playground.conftest import LI, STREET, WANG, Town


async def test_repeats_until_confirmed(town: Town) -> None:
    for text in ("甲", "乙", "丙"):
        await town.play.say(LI, STREET, text)
    first = await town.bot("getUpdates")
    assert [each["message"]["text"] for each in first] == ["甲", "乙", "丙"]
    assert await town.bot("getUpdates") == first
    ids = [each["update_id"] for each in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    rest = await town.bot("getUpdates", offset=ids[0] + 1, limit=1)
    assert [each["message"]["text"] for each in rest] == ["乙"]
    assert town.play.pending == 2
    assert await town.bot("getUpdates", offset=ids[-1] + 1) == []
    assert town.play.pending == 0


async def test_negative_offset_keeps_the_newest(town: Town) -> None:
    for text in ("甲", "乙", "丙"):
        await town.play.say(LI, STREET, text)
    assert [each["message"]["text"] for each in await town.bot("getUpdates", offset=-1)] == ["丙"]
    assert town.play.pending == 1


async def test_waits_for_the_first(town: Town) -> None:
    polling = asyncio.create_task(town.bot("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    assert not polling.done()
    started = time.monotonic()
    await town.play.say(LI, STREET, "甲")
    assert len(await polling) == 1
    assert time.monotonic() - started < 1


async def test_an_empty_poll_ends_in_time(town: Town) -> None:
    started = time.monotonic()
    assert await town.bot("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - started < 2


async def test_second_poller_ends_the_first(town: Town) -> None:
    first = asyncio.create_task(town.bot.raw("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(town.bot.raw("getUpdates", timeout=1))
    ended = await first
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request")
    assert (await second)["ok"]
    town.play.rules = replace(town.play.rules, single_poller=False)
    both = await asyncio.gather(*(town.bot.raw("getUpdates", timeout=1) for _ in range(2)))
    assert [each["ok"] for each in both] == [True, True]


async def test_kinds_are_remembered(town: Town) -> None:
    await town.bot("getUpdates", allowed_updates=["message"])
    said = await town.play.say(LI, STREET, "甲")
    await town.play.edit(LI, STREET, said.message_id, "乙")
    await town.play.react(LI, STREET, said.message_id, "👍")
    assert [set(each) - {"update_id"} for each in await town.bot("getUpdates")] == [{"message"}]
    await town.bot("getUpdates", allowed_updates=[])
    await town.play.edit(LI, STREET, said.message_id, "丙")
    assert "edited_message" in (await town.bot("getUpdates"))[-1]


async def test_membership_and_reactions_come_only_when_asked(town: Town) -> None:
    said = await town.play.say(LI, STREET, "甲")
    await town.play.react(LI, STREET, said.message_id, "👍")
    await town.play.leave(WANG, STREET)
    kinds = [set(each) - {"update_id"} for each in await town.bot.updates()]
    assert kinds == [{"message"}, {"message"}]
    await town.bot("getUpdates", offset=town.bot.offset, allowed_updates=["message_reaction", "chat_member"])
    await town.play.react(LI, STREET, said.message_id, None)
    await town.play.join(WANG, STREET)
    reaction, member = await town.bot.updates()
    assert reaction["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert reaction["message_reaction"]["new_reaction"] == []
    changed = member["chat_member"]
    assert (changed["old_chat_member"]["status"], changed["new_chat_member"]["status"]) == ("left", "member")


async def test_numbers_go_on_after_a_restart(town: Town) -> None:
    await town.play.say(LI, STREET, "甲")
    first = (await town.bot("getUpdates"))[0]["update_id"]
    assert 0 < time.time() - 1_700_000_000 - first / 8 < 60, "a later start begins above what this one can have used"


class Receiver:
    """A webhook that says what it is told to say."""

    def __init__(self) -> None:
        self.answers = [200]
        self.seen: list[tuple[str, dict]] = []
        app = Starlette(routes=[Route("/hook", self.hook, methods=["POST"])])
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))

    async def hook(self, request: Request) -> Response:
        secret = request.headers.get("x-telegram-bot-api-secret-token", "")
        assert request.headers["content-type"] == "application/json"
        self.seen.append((secret, json.loads(await request.body())))
        return Response(status_code=self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    async def __aenter__(self) -> str:
        self.task = asyncio.create_task(self.server.serve())
        while not self.server.started:
            await asyncio.sleep(0.005)
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}/hook"

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await self.task


async def test_webhook_gets_each_update_in_order_until_it_agrees(town: Town) -> None:
    town.play.rules = replace(town.play.rules, webhook_retry_seconds=0.02)
    receiver = Receiver()
    receiver.answers = [503, 500, 200]
    async with receiver as url:
        await town.bot("setWebhook", url=url, secret_token="s3cret-_", allowed_updates=["message"])
        for text in ("甲", "乙"):
            await town.play.say(LI, STREET, text)
        await town.play.drained()
        assert [body["message"]["text"] for _, body in receiver.seen] == ["甲", "甲", "甲", "乙"]
        assert {secret for secret, _ in receiver.seen} == {"s3cret-_"}
        for _, body in receiver.seen:
            spec.check_update(body)
        info = await town.bot("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == (url, 0)
        assert "500" in info["last_error_message"]
        conflict = await town.bot.refused("getUpdates")
        assert conflict[0] == 409 and "webhook is active" in conflict[1]
        assert await town.bot("deleteWebhook")
    assert (await town.bot("getWebhookInfo"))["url"] == ""
    assert await town.bot("getUpdates") == []


async def test_unreachable_webhook_loses_nothing(town: Town) -> None:
    town.play.rules = replace(town.play.rules, webhook_retry_seconds=0.02)
    await town.bot("setWebhook", url="http://127.0.0.1:1/hook")
    await town.play.say(LI, STREET, "甲")
    await asyncio.sleep(0.1)
    assert "Connection failed" in (await town.bot("getWebhookInfo"))["last_error_message"]
    await town.bot("deleteWebhook")
    assert len(await town.bot("getUpdates")) == 1


async def test_webhook_addresses_and_secrets_are_checked(town: Town) -> None:
    assert (await town.bot.refused("setWebhook", url="nowhere"))[0] == 400
    assert (await town.bot.refused("setWebhook", url="http://127.0.0.1:1/", secret_token="ü"))[0] == 400
    town.play.rules = replace(town.play.rules, https_webhook=True)
    assert "HTTPS" in (await town.bot.refused("setWebhook", url="http://127.0.0.1:1/"))[1]


async def test_pending_updates_can_be_dropped(town: Town) -> None:
    await town.play.say(LI, STREET, "甲")
    await town.bot("deleteWebhook", drop_pending_updates=True)
    assert await town.bot("getUpdates") == []

"""Checks that ask the Bot API server; each survives the failure of its own call."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.cli.doctor.finding import Finding, bad, good, warning
from bot.config import Config
from bot.domain.chat import Chat

SECONDS = 10.0
SKEW_WARNING, SKEW_BAD = 30.0, 300.0
MANY_WAITING = 100
GONE = "The bot is not in this group any more."
_HIDDEN = "〔token〕"


class CallFailed(Exception):
    """The server did not give the answer; the message never holds the token."""


class BotApi:
    """The few calls that the checks need."""

    def __init__(self, config: Config) -> None:
        self._token = config.token()
        root = config.telegram.base_url.rstrip("/").removesuffix("/bot")
        self._client = httpx.AsyncClient(base_url=f"{root}/bot{self._token}/", timeout=SECONDS)
        self.skew: float | None = None

    async def call(self, method: str, **params: object) -> Any:
        """The result; raises `CallFailed`."""
        begun = time.time()
        try:
            answer = await self._client.post(method, json=params)
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CallFailed(str(error).replace(self._token, _HIDDEN) or type(error).__name__) from error
        self._note_skew(answer.headers.get("date", ""), (begun + time.time()) / 2)
        if not isinstance(body, dict) or not body.get("ok"):
            told = body.get("description", "") if isinstance(body, dict) else ""
            raise CallFailed(f"{answer.status_code} {told}".strip())
        return body["result"]

    def _note_skew(self, date: str, here: float) -> None:
        try:
            self.skew = here - parsedate_to_datetime(date).timestamp()
        except ValueError:
            return

    async def close(self) -> None:
        """Closes the connection."""
        await self._client.aclose()


async def check_telegram(config: Config, chats: Sequence[Chat]) -> AsyncIterator[Finding]:
    """Token, server, clock, privacy mode, webhook and the bot's rights in each of these groups."""
    for words in config.missing_for_running():
        yield bad("token", words, "Set it in the environment of the service and start again.")
    if not config.token():
        return
    api = BotApi(config)
    try:
        me = await api.call("getMe")
    except CallFailed as error:
        yield bad(
            "telegram", f"getMe failed: {error}.", "Check the token, TELEGRAM_BASE_URL and the way to the server."
        )
        await api.close()
        return
    yield good("telegram", f"Telegram knows the bot as @{me.get('username', '?')}.")
    yield _clock(api.skew)
    sees_all = bool(me.get("can_read_all_group_messages"))
    yield _privacy(sees_all)
    yield await _webhook(config, api)
    lacking = 0
    for chat in chats:
        if (finding := await _rights(api, me.get("id"), chat, sees_all)) is not None:
            lacking += 1
            yield finding
    if chats and not lacking:
        yield good("groups", f"The bot sees and writes in all {len(chats)} bound groups.")
    await api.close()


def _clock(skew: float | None) -> Finding:
    if skew is None:
        return warning("clock", "The server did not say what time it is.", "Compare the machine's clock by hand.")
    words = f"This machine's clock differs from Telegram's by {abs(skew):.0f} seconds."
    if abs(skew) <= SKEW_WARNING:
        return good("clock", words)
    remedy = "Switch on time synchronisation (NTP): every deadline is counted by this clock."
    return (bad if abs(skew) > SKEW_BAD else warning)("clock", words, remedy)


def _privacy(sees_all: bool) -> Finding:
    if sees_all:
        return good("privacy mode", "Privacy mode is off: the bot sees what is written in its groups.")
    return warning(
        "privacy mode",
        "Privacy mode is on: where it is no administrator the bot sees only commands and replies to it.",
        "Make it an administrator of its groups, or send /setprivacy to @BotFather, then add it anew to each group.",
    )


async def _webhook(config: Config, api: BotApi) -> Finding:
    mode, name = config.telegram.mode.value, "updates"
    try:
        told = await api.call("getWebhookInfo")
    except CallFailed as error:
        return warning(name, f"getWebhookInfo failed: {error}.", "Nothing, if updates come in; else try again later.")
    url, waiting = str(told.get("url", "")), int(told.get("pending_update_count", 0))
    if mode == "polling" and url:
        return bad(name, "A webhook is set although config says polling.", "Start jiehu run, which takes it away.")
    if mode == "webhook" and url != config.telegram.webhook.url:
        return bad(
            name, f"The webhook is {url or 'not set'}.", "Start jiehu run, which sets the address of config.yml."
        )
    if mode == "webhook" and told.get("last_error_message"):
        last = told["last_error_message"]
        return warning(name, f"Telegram could not deliver: {last}.", "Check certificate, port and the proxy before us.")
    if waiting > MANY_WAITING:
        return warning(name, f"{waiting} updates wait at Telegram.", "Start jiehu run; Telegram keeps them for a day.")
    return good(name, f"Updates come by {mode}; {waiting} wait at Telegram.")


async def _rights(api: BotApi, bot_id: object, chat: Chat, sees_all: bool) -> Finding | None:
    name = f"group {chat.title or chat.of}"
    try:
        member = await api.call("getChatMember", chat_id=chat.telegram_id, user_id=bot_id)
    except CallFailed as error:
        if str(error).startswith("403"):
            return bad(name, GONE, "Add it again; its binding is kept.")
        return warning(name, f"getChatMember failed: {error}.", "See whether the bot is still in this group.")
    status = member.get("status", "")
    if status in {"left", "kicked"}:
        return bad(name, GONE, "Add it again; its binding is kept.")
    if status == "restricted" and not member.get("can_send_messages", True):
        return bad(name, "The bot may not write in this group.", "Let it write in the group's permissions.")
    if status != "administrator" and not sees_all:
        return warning(name, "The bot sees only commands and replies here.", "Make it an administrator of this group.")
    return None

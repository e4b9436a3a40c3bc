"""Checks that ask the Bot API server; each survives the failure of its own call."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.cli.doctor.finding import Finding, State, bad, good, warning
from bot.config import Config
from bot.config.sections import TelegramMode
from bot.domain.chat import Chat

SECONDS = 10.0
SKEW_WARNING, SKEW_BAD = 30.0, 300.0
MANY_WAITING = 100
_HIDDEN = "〔token〕"
_FORBIDDEN, _NO_SUCH_BOT = 403, frozenset({401, 404})


class CallFailed(Exception):
    """The server did not give the answer; the message never holds the token, `status` is 0 if nothing answered."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(f"{status} {words}".strip() if status else words)
        self.status = status


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
            raise CallFailed(told, answer.status_code)
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
    if not config.token():
        yield bad("token", "doctor-token-missing")
    if config.telegram.mode is TelegramMode.WEBHOOK and not config.webhook_secret():
        yield bad("webhook secret", "doctor-secret-missing")
    if not config.token():
        return
    api = BotApi(config)
    try:
        async for finding in _asked(config, chats, api):
            yield finding
    finally:
        await api.close()


async def _asked(config: Config, chats: Sequence[Chat], api: BotApi) -> AsyncIterator[Finding]:
    try:
        me = await api.call("getMe")
    except CallFailed as error:
        key = "doctor-token-unknown" if error.status in _NO_SUCH_BOT else "doctor-telegram-silent"
        yield bad("telegram", key, error=str(error))
        return
    yield good("telegram", "doctor-telegram", bot=me.get("username", "?"))
    yield _clock(api.skew)
    sees_all = bool(me.get("can_read_all_group_messages"))
    yield good("privacy mode", "doctor-privacy-off") if sees_all else warning("privacy mode", "doctor-privacy-on")
    yield await _webhook(config, api)
    lacking = 0
    for chat in chats:
        if (finding := await _rights(api, me.get("id"), chat, sees_all)) is not None:
            lacking += 1
            yield finding
    if chats and not lacking:
        yield good("groups", "doctor-groups", count=len(chats))


def _clock(skew: float | None) -> Finding:
    if skew is None:
        return warning("clock", "doctor-clock-unknown")
    params = {"age": abs(skew), "late": skew < 0}
    if abs(skew) <= SKEW_WARNING:
        return good("clock", "doctor-clock")
    return (bad if abs(skew) > SKEW_BAD else warning)("clock", "doctor-clock-wrong", **params)


async def _webhook(config: Config, api: BotApi) -> Finding:
    mode, name = config.telegram.mode, "updates"
    try:
        told = await api.call("getWebhookInfo")
    except CallFailed as error:
        return warning(name, "doctor-updates-unknown", error=str(error))
    url, waiting = str(told.get("url", "")), int(told.get("pending_update_count", 0))
    if mode is TelegramMode.POLLING and url:
        return bad(name, "doctor-webhook-set", url=url)
    if mode is TelegramMode.WEBHOOK and url != config.telegram.webhook.url:
        return bad(name, "doctor-webhook-wrong", url=url)
    if mode is TelegramMode.WEBHOOK and (failed := told.get("last_error_message")):
        return warning(name, "doctor-webhook-failing", error=str(failed))
    if waiting > MANY_WAITING:
        return warning(name, "doctor-updates-waiting", count=waiting)
    return good(name, "doctor-updates", mode=mode.value, count=waiting)


async def _rights(api: BotApi, bot_id: object, chat: Chat, sees_all: bool) -> Finding | None:
    """What the bot may not do in that group; None if it sees and writes there."""

    def of_group(state: State, key: str, **params: object) -> Finding:
        return Finding("group", state, key, params, of=chat.title or chat.of)

    try:
        member = await api.call("getChatMember", chat_id=chat.telegram_id, user_id=bot_id)
    except CallFailed as error:
        if error.status == _FORBIDDEN:
            return of_group(State.BAD, "doctor-group-gone")
        return of_group(State.WARNING, "doctor-group-unknown", error=str(error))
    status = member.get("status", "")
    if status in {"left", "kicked"}:
        return of_group(State.BAD, "doctor-group-gone")
    if status == "restricted" and not member.get("can_send_messages", True):
        return of_group(State.BAD, "doctor-group-mute")
    if status == "member" and not await _may_members_write(api, chat):
        return of_group(State.BAD, "doctor-group-closed")
    if status != "administrator" and not sees_all:
        return of_group(State.WARNING, "doctor-group-blind")
    return None


async def _may_members_write(api: BotApi, chat: Chat) -> bool:
    try:
        told = await api.call("getChat", chat_id=chat.telegram_id)
    except CallFailed:
        return True
    return bool(told.get("permissions", {}).get("can_send_messages", True))

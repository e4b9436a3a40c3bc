"""What is said and asked at the start: getMe until it succeeds; the rest is optional, and its failure a warning."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

import structlog
from telegram import Bot, BotCommand, WebhookInfo
from telegram.constants import ChatMemberStatus
from telegram.error import Forbidden, InvalidToken

from bot.application.ports import Store
from bot.domain.chat import Chat
from bot.gateway.application import JiehuApplication
from bot.gateway.stopping import pause, until

LONGEST_PAUSE_SECONDS = 30.0
_FAILURES_IN_A_ROW = 3
_BETWEEN_CHATS_SECONDS = 0.05
_AWAY = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})
Commands = Mapping[str, Sequence[BotCommand | tuple[str, str]]]
log = structlog.get_logger(__name__)


async def connect(application: JiehuApplication, stop: asyncio.Event, first_pause: float = 0.5) -> bool:
    """Initializes the application (getMe), trying for as long as it takes; False if `stop` came first."""
    seconds = first_pause
    while not stop.is_set():
        try:
            await until(stop, application.initialize())
            return not stop.is_set()
        except InvalidToken:
            log.error("Telegram does not know this token (getMe)", again_in=seconds)
        except Exception as error:
            log.warning("Telegram does not answer (getMe)", error=type(error).__name__, again_in=seconds)
        await pause(stop, seconds)
        seconds = min(seconds * 2, LONGEST_PAUSE_SECONDS)
    return False


async def introduce(bot: Bot, commands: Commands) -> None:
    """Sets the command menu by language code ("" is everybody's) and looks whether the bot may read groups."""
    for language, menu in commands.items():
        await optional("setMyCommands", bot.set_my_commands(menu, language_code=language or None))
    if not bot.bot.can_read_all_group_messages:
        log.warning("privacy mode is on: in groups where the bot is no administrator it sees commands and replies only")


async def use_polling(bot: Bot) -> None:
    """Takes a left-over webhook away; what waits with Telegram is kept."""
    await optional("deleteWebhook", bot.delete_webhook(drop_pending_updates=False))


async def use_webhook(bot: Bot, url: str, secret: str, allowed_updates: Sequence[str]) -> bool:
    """Whether Telegram will send updates to this address from now on."""
    call = bot.set_webhook(url, secret_token=secret, allowed_updates=allowed_updates, drop_pending_updates=False)
    return bool(await optional("setWebhook", call))


async def webhook_info(bot: Bot) -> WebhookInfo | None:
    """What Telegram says about its deliveries; None if it does not answer."""
    info: WebhookInfo | None = await optional("getWebhookInfo", bot.get_webhook_info())
    if info is not None and info.last_error_message:
        log.warning("Telegram could not deliver", error=info.last_error_message, waiting=info.pending_update_count)
    return info


async def absent_from(bot: Bot, store: Store) -> Sequence[Chat]:
    """The bound chats that the bot is not in; cut short where the server does not answer such questions."""
    async with store.read() as uow:
        chats = await uow.chats.all_bound()
    absent: list[Chat] = []
    failures = 0
    for chat in chats:
        is_in = await optional("getChatMember", _is_in(bot, chat))
        failures = failures + 1 if is_in is None else 0
        if failures == _FAILURES_IN_A_ROW:
            break
        if is_in is False:
            log.warning("the bot is not in a bound chat", chat_id=chat.id)
            absent.append(chat)
        await asyncio.sleep(_BETWEEN_CHATS_SECONDS)
    return absent


async def _is_in(bot: Bot, chat: Chat) -> bool:
    try:
        member = await bot.get_chat_member(chat.telegram_id, bot.id)
    except Forbidden:  # what Telegram answers to a bot that was thrown out
        return False
    return member.status not in _AWAY


async def optional(name: str, call: Coroutine[Any, Any, Any]) -> Any:
    """The result, or None with a warning: nothing depends on it."""
    try:
        return await call
    except Exception as error:
        log.warning("an optional call failed", method=name, error=f"{type(error).__name__}: {error}")
        return None

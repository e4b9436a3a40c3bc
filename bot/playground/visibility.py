"""Which messages Telegram shows to a bot."""

from __future__ import annotations

from bot.playground.detect import cut_utf16
from bot.playground.model import Chat, ChatKind, Json, Message
from bot.playground.world import World


def reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """Whether the bot gets the message: it is there, and privacy mode does not hide it."""
    if not chat.has(world.bot.id):
        return False
    is_open = chat.kind is ChatKind.PRIVATE or not world.rules.privacy_mode or chat.is_admin(world.bot.id)
    if is_open or message.content.service is not None:
        return True
    answered = chat.messages.get(message.reply_to or 0)
    if answered is not None and answered.sender is world.bot:
        return True
    return any(_is_meant(world, chat, message.text, entity) for entity in message.content.entities)


def _is_meant(world: World, chat: Chat, text: str, entity: Json) -> bool:
    offset, length = entity["offset"], entity["length"]
    assert isinstance(offset, int) and isinstance(length, int)
    words = cut_utf16(text, offset, length).lower()
    name = f"@{world.bot.username}".lower()
    if entity["type"] == "bot_command":
        return words.endswith(name) if "@" in words else chat.bot_has_spoken
    return entity["type"] == "mention" and words == name and world.rules.privacy_lets_mentions

"""The methods that only look: who am I, who is there, where is that file."""

from __future__ import annotations

import mimetypes

from bot.playground import shapes
from bot.playground.errors import PlaygroundError, bad_request
from bot.playground.model import ChatKind, Json
from bot.playground.params import Params
from bot.playground.world import World

_DOWNLOAD_LIMIT = 20 * 1024 * 1024


async def get_me(world: World, params: Params) -> Json:
    """getMe; whether all group messages are seen follows the privacy switch."""
    return shapes.user(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.rules.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_file(world: World, params: Params) -> Json:
    """getFile: a path below /file/bot<token>/, up to 20 MB."""
    stored = world.files.named(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if world.rules.file_limits and len(stored.content) > _DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    suffix = mimetypes.guess_extension(stored.mime) or ""
    return shapes.file(stored) | {"file_path": f"files/{stored.file_id}{suffix}"}


async def get_chat(world: World, params: Params) -> Json:
    """getChat: the fields that every chat has, and what the bot may know of this one."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    shape = shapes.chat(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.kind is not ChatKind.PRIVATE and chat.note:
        shape["description"] = chat.note
    return shape


async def get_chat_member(world: World, params: Params) -> Json:
    """getChatMember: somebody known who was never there has left."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    try:
        person = world.person(params.integer("user_id") or 0)
    except PlaygroundError:
        raise bad_request("invalid user_id specified") from None
    return shapes.member(chat, person)


async def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """getChatAdministrators: people only, bots are left out but for this one."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    if chat.kind is ChatKind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    return [shapes.member(chat, world.person(each)) for each in chat.members if chat.is_admin(each)]

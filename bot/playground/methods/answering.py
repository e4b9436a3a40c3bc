"""The small signs of the bot: answers to presses, reactions, typing, the command menu."""

from __future__ import annotations

import json

from bot.playground.detect import utf16_length
from bot.playground.errors import bad_request
from bot.playground.model import Json
from bot.playground.params import Params
from bot.playground.queries import PressAnswer
from bot.playground.world import World

_ANSWER_LIMIT = 200
_COMMAND_LIMIT = 100
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 "
    "💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 "
    "🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷 😡 ❤\u200d🔥 👨\u200d💻 🤷\u200d♂ 🤷\u200d♀"
)
REACTIONS = frozenset(_REACTIONS.split(" "))


async def answer_callback_query(world: World, params: Params) -> bool:
    """answerCallbackQuery: once per query and only while it is young."""
    text = params.text("text")
    if world.rules.size_checks and utf16_length(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = PressAnswer(text, params.flag("show_alert"), answered=True, url=params.text("url"))
    world.queries.answer(params.text("callback_query_id"), answer, world.rules.callback_seconds)
    return True


async def set_message_reaction(world: World, params: Params) -> bool:
    """setMessageReaction: one ordinary emoji of the bot on a message, or none."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id") or 0)
    if message is None or message.deleted:
        raise bad_request("message to react not found")
    wanted = params.json("reaction") or []
    if not isinstance(wanted, list) or len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions.pop(world.bot.id, None)
    for reaction in wanted:
        emoji = str(reaction.get("emoji", "")) if isinstance(reaction, dict) else ""
        if emoji.rstrip("\ufe0f") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
        message.reactions[world.bot.id] = emoji
    world.tell("reaction", message)
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    """sendChatAction: the page shows that the bot is typing."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    if not params.text("action"):
        raise bad_request("wrong parameter action in request")
    world.events.tell({"type": "typing", "chat": chat.id})
    return True


async def set_my_commands(world: World, params: Params) -> bool:
    """setMyCommands for a scope and a language."""
    commands = params.json("commands")
    if not isinstance(commands, list) or len(commands) > _COMMAND_LIMIT:
        raise bad_request("can't parse BotCommand list")
    kept: list[Json] = []
    for each in commands:
        if not isinstance(each, dict) or not each.get("command") or not each.get("description"):
            raise bad_request("BOT_COMMAND_INVALID")
        kept.append({"command": str(each["command"]).removeprefix("/"), "description": str(each["description"])})
    world.commands[_menu(params)] = kept
    return True


async def get_my_commands(world: World, params: Params) -> list[Json]:
    """getMyCommands for exactly that scope and language."""
    return world.commands.get(_menu(params), [])


def _menu(params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    return f"{json.dumps(scope, sort_keys=True)} {params.text('language_code')}".strip()

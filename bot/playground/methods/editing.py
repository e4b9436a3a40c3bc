"""The methods that change or remove a message of the bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.playground import markup, shapes
from bot.playground.errors import bad_request
from bot.playground.model import Chat, ChatKind, Content, Json, Message
from bot.playground.params import Params
from bot.playground.world import World

_DELETE_WINDOW = timedelta(hours=48)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(world: World, params: Params) -> Json:
    """editMessageText; buttons that are not named again are gone."""
    message = _own_message(world, params)
    text, entities = markup.formatted(params, world.rules, "text")
    if message.content.media is not None or message.content.location is not None:
        raise bad_request("there is no text in the message to edit")
    return _changed(world, params, message, Content(text, entities))


async def edit_message_caption(world: World, params: Params) -> Json:
    """editMessageCaption."""
    message = _own_message(world, params)
    if message.content.media is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = markup.formatted(params, world.rules, "caption")
    return _changed(world, params, message, replace(message.content, text=text, entities=entities))


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    """editMessageReplyMarkup; no markup takes the buttons away."""
    message = _own_message(world, params)
    return _changed(world, params, message, message.content)


async def delete_message(world: World, params: Params) -> bool:
    """deleteMessage: own ones, others' where the bot is an administrator or in private; only while they are young."""
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    message = _found(chat, params, "message to delete not found")
    is_own = message.sender is world.bot
    if not (is_own or chat.kind is ChatKind.PRIVATE or chat.is_admin(world.bot.id)):
        raise bad_request("message can't be deleted")
    if world.rules.delete_within_48_hours and world.now() - message.date > _DELETE_WINDOW:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.tell("delete", message)
    return True


def _own_message(world: World, params: Params) -> Message:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    message = _found(chat, params, "message to edit not found")
    if message.sender is not world.bot or message.content.service is not None:
        raise bad_request("message can't be edited")
    return message


def _found(chat: Chat, params: Params, complaint: str) -> Message:
    number = params.integer("message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request(complaint)
    return message


def _changed(world: World, params: Params, message: Message, content: Content) -> Json:
    buttons = markup.keyboard(params, world.rules)
    if world.rules.not_modified and (content, buttons) == (message.content, message.markup):
        raise bad_request(_NOT_MODIFIED)
    world.spend(world.chats[message.chat_id])
    world.change(message, content, buttons)
    return shapes.message(world, message)

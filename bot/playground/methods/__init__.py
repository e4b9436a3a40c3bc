"""The Bot API methods that the playground knows, by lower-case name; every other one is unknown to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.playground.methods import answering, editing, looking, receiving, sending
from bot.playground.params import Params
from bot.playground.world import World

Method: TypeAlias = Callable[[World, Params], Awaitable[object]]

METHODS: dict[str, Method] = {
    "getme": looking.get_me,
    "getupdates": receiving.get_updates,
    "setwebhook": receiving.set_webhook,
    "deletewebhook": receiving.delete_webhook,
    "getwebhookinfo": receiving.get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendvoice": sending.send_voice,
    "sendmediagroup": sending.send_media_group,
    "sendlocation": sending.send_location,
    "sendchataction": answering.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "answercallbackquery": answering.answer_callback_query,
    "setmessagereaction": answering.set_message_reaction,
    "getfile": looking.get_file,
    "getchat": looking.get_chat,
    "getchatmember": looking.get_chat_member,
    "getchatadministrators": looking.get_chat_administrators,
    "setmycommands": answering.set_my_commands,
    "getmycommands": answering.get_my_commands,
}

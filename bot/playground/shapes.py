"""The playground's things as the Bot API writes them in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.playground.model import (
    ANONYMOUS_ADMIN,
    Chat,
    ChatKind,
    Json,
    Media,
    MediaKind,
    Message,
    Person,
    Status,
    StoredFile,
)

if TYPE_CHECKING:
    from bot.playground.world import World

_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_NO_RIGHTS = (
    "can_be_edited",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def seconds(moment: datetime) -> int:
    """Unix time."""
    return int(moment.timestamp())


def user(person: Person) -> Json:
    """A User."""
    shape: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    if person.username:
        shape["username"] = person.username
    if not person.is_bot:
        shape["language_code"] = person.language
    return shape


def chat(world: World, room: Chat) -> Json:
    """A Chat."""
    shape: Json = {"id": room.id, "type": room.kind.value}
    if room.kind is ChatKind.PRIVATE:
        person = world.people[room.id]
        shape["first_name"] = person.first_name
        if person.username:
            shape["username"] = person.username
        return shape
    shape["title"] = room.title
    if room.forum:
        shape["is_forum"] = True
    return shape


def member(room: Chat, person: Person) -> Json:
    """A ChatMember of one of five kinds."""
    status = room.members.get(person.id, Status.LEFT)
    shape: Json = {"status": status.value, "user": user(person)}
    if status is Status.ADMINISTRATOR:
        shape |= dict.fromkeys(_ADMIN_RIGHTS, True) | dict.fromkeys(_NO_RIGHTS, False) | {"is_anonymous": False}
    elif status is Status.CREATOR:
        shape["is_anonymous"] = False
    elif status is Status.KICKED:
        shape["until_date"] = 0
    return shape


def message(world: World, item: Message, *, nested: bool = True) -> Json:
    """A Message; the one it answers is inside it, and that one without a further one."""
    room = world.chats[item.chat_id]
    shape: Json = {"message_id": item.message_id, "date": seconds(item.date), "chat": chat(world, room)}
    shape["from"] = user(item.sender)
    if item.sender.id == ANONYMOUS_ADMIN:
        shape["sender_chat"] = chat(world, room)
    if item.posting.thread is not None:
        shape |= {"message_thread_id": item.posting.thread, "is_topic_message": True}
    if item.posting.origin is not None:
        origin = item.posting.origin
        shape["forward_origin"] = {
            "type": "user",
            "date": seconds(origin.date),
            "sender_user": user(origin.sender),
        }
    answered = _answered(room, item) if nested else None
    if answered is not None:
        shape["reply_to_message"] = message(world, answered, nested=False)
    if item.changed_at is not None:
        shape["edit_date"] = seconds(item.changed_at)
    if item.posting.media_group:
        shape["media_group_id"] = item.posting.media_group
    if item.markup is not None and "inline_keyboard" in item.markup:
        shape["reply_markup"] = item.markup
    return shape | _content(world, item)


def inaccessible(world: World, item: Message) -> Json:
    """An InaccessibleMessage: date 0."""
    return {"chat": chat(world, world.chats[item.chat_id]), "message_id": item.message_id, "date": 0}


def file(stored: StoredFile) -> Json:
    """A File without a path."""
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(stored.content)}


def _answered(room: Chat, item: Message) -> Message | None:
    # In a topic every message without a reply of its own answers the notice that opened the topic.
    target = item.reply_to if item.reply_to is not None else item.posting.thread
    answered = room.messages.get(target) if target is not None else None
    return None if answered is None or answered.deleted or answered is item else answered


def _content(world: World, item: Message) -> Json:
    content = item.content
    if content.service is not None:
        return {content.service.field: content.service.value}
    shape: Json = {}
    if content.location is not None:
        shape["location"] = {"latitude": content.location.latitude, "longitude": content.location.longitude}
    if content.media is not None:
        shape[content.media.kind.value] = _media(world, content.media)
    words, marks = ("caption", "caption_entities") if content.media else ("text", "entities")
    if content.text:
        shape[words] = content.text
    if content.entities:
        shape[marks] = list(content.entities)
    return shape


def _media(world: World, media: Media) -> Json | list[Json]:
    stored = media.file
    if media.kind is MediaKind.PHOTO:
        sizes = (world.files.thumbnail(stored), stored)
        return [file(each) | {"width": each.width, "height": each.height} for each in sizes]
    shape = file(stored) | {"mime_type": stored.mime}
    if media.kind is MediaKind.VOICE:
        return shape | {"duration": media.seconds}
    return shape | {"file_name": stored.name}

"""The playground's things as the page and the tests read them in JSON."""

from __future__ import annotations

from bot.playground.model import Chat, Content, Json, Message, Person, button_rows
from bot.playground.world import World


def person(someone: Person) -> Json:
    """Somebody as the page names him."""
    return {
        "id": someone.id,
        "name": someone.first_name,
        "username": someone.username,
        "label": someone.label,
        "is_bot": someone.is_bot,
        "started": someone.started,
        "blocked": someone.blocked,
    }


def chat(world: World, room: Chat) -> Json:
    """A chat without its messages."""
    people = [each for each in room.members if room.has(each) and each != world.bot.id]
    last = next((each for each in reversed(room.messages.values()) if not each.deleted), None)
    return {
        "id": room.id,
        "kind": room.kind.value,
        "title": room.title,
        "note": room.note,
        "forum": room.forum,
        "topics": {str(thread): title for thread, title in room.topics.items()},
        "members": people,
        "bot": room.members[world.bot.id].value,
        "migrated_to": room.migrated_to,
        "count": len(room.messages),
        "last_message_id": last.message_id if last else None,
    }


def message(world: World, item: Message) -> Json:
    """A message as it looks now; `buttons` are captions, `links` their addresses where they have one."""
    room = world.chats[item.chat_id]
    answered = room.messages.get(item.reply_to or 0)
    origin = item.posting.origin
    rows = button_rows(item.markup)
    return {
        "id": item.message_id,
        "chat": item.chat_id,
        "date": item.date.isoformat(),
        "from": person(item.sender),
        "text": item.text,
        "entities": list(item.content.entities),
        "buttons": item.buttons,
        "links": [[button.get("url") for button in row] for row in rows],
        "reply_to": _quoted(answered) if answered is not None else None,
        "forwarded_from": origin.sender.first_name if origin else None,
        "edited": item.edited,
        "silent": item.silent,
        "deleted": item.deleted,
        "thread": item.posting.thread,
        "media_group": item.posting.media_group,
        "reactions": [{"by": person(world.person(by))["name"], "emoji": mark} for by, mark in item.reactions.items()],
    } | _content(item.content)


def _quoted(item: Message) -> Json:
    media = item.content.media
    kind = media.kind.value if media else "location" if item.content.location else "text"
    shown = item.text or (item.content.service.line if item.content.service else "")
    return {
        "id": item.message_id,
        "name": item.sender.first_name,
        "text": shown[:120],
        "kind": kind,
        "deleted": item.deleted,
    }


def _content(content: Content) -> Json:
    media = content.media
    place = content.location
    return {
        "media": {
            "kind": media.kind.value,
            "url": f"/play/file/{media.file.file_id}",
            "name": media.file.name,
            "size": len(media.file.content),
            "width": media.file.width,
            "height": media.file.height,
            "seconds": media.seconds,
        }
        if media
        else None,
        "location": {"latitude": place.latitude, "longitude": place.longitude} if place else None,
        "service": {"kind": content.service.field, "line": content.service.line} if content.service else None,
    }

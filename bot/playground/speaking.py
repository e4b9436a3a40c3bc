"""What people do in chats: write, send pictures, press, react, change their words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from bot.playground import samples, shapes
from bot.playground.detect import with_found
from bot.playground.errors import PlaygroundError
from bot.playground.model import (
    ANONYMOUS_ADMIN,
    Chat,
    ChatKind,
    Content,
    Json,
    Location,
    Media,
    MediaKind,
    Message,
    Origin,
    Person,
    Posting,
    button_rows,
)
from bot.playground.queries import PressAnswer
from bot.playground.visibility import reaches_bot
from bot.playground.world import World

_TEXT_LIMIT = 4096


class How(TypedDict, total=False):
    """How a message is sent; `media_group` lets a late picture join an album."""

    reply_to: int | None
    thread: int | None
    anonymous: bool
    media_group: str | None
    silent: bool


class PressHow(TypedDict, total=False):
    """Raw callback data instead of a button that is shown, and how long to wait for the answer."""

    data: str | None
    timeout: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the caller's own instead of a built-in sample."""

    content: bytes
    name: str = "photo.jpg"
    mime: str = "image/jpeg"


class Speaking:
    """The part of the playground by which people write; every refusal is a PlaygroundError."""

    world: World

    async def say(self, user: int, chat: int, text: str, **how: Unpack[How]) -> Message:
        """A person writes; in a private chat this also starts the bot."""
        kept = text.strip()
        if not kept or len(kept) > _TEXT_LIMIT:
            raise PlaygroundError("a message has 1 to 4096 characters")
        return self._sent(user, chat, Content(kept, with_found(kept, ())), how)

    async def photo(
        self, user: int, chat: int, picture: Picture | str = "井盖", caption: str = "", **how: Unpack[How]
    ) -> Message:
        """A picture: bytes, or the name of a built-in sample."""
        return self._sent(user, chat, self._picture(picture, caption), how)

    async def album(
        self, user: int, chat: int, pictures: Sequence[Picture | str], caption: str = "", **how: Unpack[How]
    ) -> list[Message]:
        """Several pictures at once: one message each, the caption on the first, no end mark."""
        how["media_group"] = how.get("media_group") or self.world.new_group_id()
        captions = [caption] + [""] * (len(pictures) - 1)
        contents = [self._picture(picture, words) for picture, words in zip(pictures, captions, strict=True)]
        return [self._sent(user, chat, content, how) for content in contents]

    async def document(self, user: int, chat: int, file: Picture, caption: str = "", **how: Unpack[How]) -> Message:
        """A file as it is."""
        stored = self.world.files.keep(file.content, file.name, file.mime)
        content = Content(caption, with_found(caption, ()), Media(MediaKind.DOCUMENT, stored))
        return self._sent(user, chat, content, how)

    async def voice(
        self,
        user: int,
        chat: int,
        seconds: int = 3,
        recording: bytes = b"OggS",
        caption: str = "",
        **how: Unpack[How],
    ) -> Message:
        """A voice message; what is said in it nobody can hear here unless bytes are given."""
        stored = self.world.files.keep(recording, "voice.ogg", "audio/ogg")
        content = Content(caption, with_found(caption, ()), Media(MediaKind.VOICE, stored, seconds))
        return self._sent(user, chat, content, how)

    async def location(self, user: int, chat: int, latitude: float, longitude: float, **how: Unpack[How]) -> Message:
        """A point on the map, in degrees."""
        return self._sent(user, chat, Content(location=Location(latitude, longitude)), how)

    async def forward(self, user: int, chat: int, source: tuple[int, int], **how: Unpack[How]) -> Message:
        """Another message, named by chat and message id, with the name of its author."""
        original = self.world.message(*source)
        if original.deleted or original.content.service is not None:
            raise PlaygroundError("this message cannot be forwarded")
        origin = original.posting.origin or Origin(original.sender, original.date)
        return self._sent(user, chat, original.content, how, origin)

    async def edit(self, user: int, chat: int, message_id: int, text: str) -> Message:
        """A person changes the words of an own message."""
        message = self._own(user, chat, message_id)
        kept = text.strip()
        if message.content.location is not None or (not kept and message.content.media is None):
            raise PlaygroundError("these words cannot be changed")
        self.world.change(message, replace(message.content, text=kept, entities=with_found(kept, ())), None)
        if reaches_bot(self.world, self.world.chat(chat), message):
            self.world.updates.push("edited_message", shapes.message(self.world, message))
        return message

    async def erase(self, user: int, chat: int, message_id: int) -> None:
        """A person deletes an own message; Telegram does not tell bots."""
        message = self._own(user, chat, message_id)
        message.deleted = True
        self.world.tell("delete", message)

    async def react(self, user: int, chat: int, message_id: int, emoji: str | None) -> None:
        """A person reacts to a message, or takes the reaction back; told to a bot that is administrator and asked."""
        room, person = self._present(user, chat)
        message = self.world.message(chat, message_id)
        before = message.reactions.pop(user, None)
        if emoji:
            message.reactions[user] = emoji
        self.world.tell("reaction", message)
        if room.kind is ChatKind.PRIVATE or room.is_admin(self.world.bot.id):
            update: Json = {
                "chat": shapes.chat(self.world, room),
                "message_id": message_id,
                "user": shapes.user(person),
                "date": shapes.seconds(self.world.now()),
                "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
            }
            self.world.updates.push("message_reaction", update)

    async def press(
        self, user: int, chat: int, message_id: int, button: str | int | None = None, **more: Unpack[PressHow]
    ) -> PressAnswer:
        """A press by caption (or a part of it) or number, or with raw `data`; waits up to `timeout` real seconds."""
        room, person = self._present(user, chat)
        message = self.world.message(chat, message_id)
        data = more.get("data")
        if data is None:
            chosen = _button(message, button)
            if "callback_data" not in chosen:
                return PressAnswer(url=str(chosen.get("url", "")), answered=True)
            data = str(chosen["callback_data"])
        query_id = self.world.new_query_id()
        answer = self.world.queries.ask(query_id)
        shown = shapes.inaccessible if message.deleted else shapes.message
        query: Json = {"id": query_id, "from": shapes.user(person), "message": shown(self.world, message)}
        query |= {"chat_instance": str(room.id * 7919), "data": data}
        if room.has(self.world.bot.id):
            self.world.updates.push("callback_query", query)
        try:
            return await asyncio.wait_for(asyncio.shield(answer), more.get("timeout", 5.0))
        except TimeoutError:
            return PressAnswer()

    def _sent(self, user: int, chat: int, content: Content, how: How, origin: Origin | None = None) -> Message:
        room, person = self._present(user, chat)
        if room.kind is ChatKind.PRIVATE:
            if person.blocked:
                raise PlaygroundError("the bot is blocked by this person")
            person.started = True
        posting = self._posting(room, how, origin)
        if posting.anonymous:
            if not room.is_admin(user):
                raise PlaygroundError("only an administrator can be anonymous")
            person = self.world.person(ANONYMOUS_ADMIN)
        message = self.world.post(room, person, content, posting)
        if reaches_bot(self.world, room, message):
            self.world.updates.push("message", shapes.message(self.world, message))
        return message

    def _posting(self, room: Chat, how: How, origin: Origin | None) -> Posting:
        posting = Posting(origin=origin, **how)
        if posting.reply_to is not None:
            answered = self.world.message(room.id, posting.reply_to)
            if posting.thread is None:
                posting = replace(posting, thread=answered.posting.thread)
        if posting.thread is not None and posting.thread not in room.topics:
            raise PlaygroundError(f"chat {room.id} has no topic {posting.thread}")
        return posting

    def _present(self, user: int, chat: int) -> tuple[Chat, Person]:
        person, room = self.world.person(user), self.world.chat(chat)
        if room.migrated_to is not None:
            raise PlaygroundError(f"the group has moved to {room.migrated_to}")
        if not room.has(user):
            raise PlaygroundError(f"{person.first_name} is not in {room.title}")
        return room, person

    def _own(self, user: int, chat: int, message_id: int) -> Message:
        self._present(user, chat)
        message = self.world.message(chat, message_id)
        if message.sender.id != user or message.deleted:
            raise PlaygroundError("only own messages can be changed")
        return message

    def _picture(self, picture: Picture | str, caption: str) -> Content:
        if isinstance(picture, str):
            picture = Picture(samples.picture(picture), f"{picture}.png", "image/png")
        stored = self.world.files.keep(picture.content, picture.name, picture.mime)
        return Content(caption, with_found(caption, ()), Media(MediaKind.PHOTO, stored))


def _button(message: Message, wanted: str | int | None) -> Json:
    buttons = [each for row in button_rows(message.markup) for each in row]
    if isinstance(wanted, int):
        chosen = buttons[wanted : wanted + 1] if wanted >= 0 else []
    else:
        words = wanted or ""
        chosen = [each for each in buttons if each["text"] == words]
        chosen = chosen or [each for each in buttons if words and words in str(each["text"])]
    if not chosen:
        captions = "、".join(str(each["text"]) for each in buttons) or "none"
        raise PlaygroundError(f"message {message.message_id} has no button {wanted!r}; it has {captions}")
    return chosen[0]

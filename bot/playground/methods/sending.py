"""The methods that put a message into a chat."""

from __future__ import annotations

from dataclasses import replace

from bot.playground import markup, shapes
from bot.playground.errors import ApiError, bad_request
from bot.playground.model import Chat, Content, Json, Location, Media, MediaKind, Posting, StoredFile
from bot.playground.params import Params, Upload
from bot.playground.world import World

_UPLOAD_LIMIT = 50 * 1024 * 1024
_PHOTO_LIMIT = 10 * 1024 * 1024
_ALBUM_LIMIT = 10


async def send_message(world: World, params: Params) -> Json:
    """sendMessage; link previews are not made."""
    chat, posting = _target(world, params)
    buttons = markup.keyboard(params, world.rules)
    text, entities = markup.formatted(params, world.rules, "text")
    return _posted(world, chat, Content(text, entities), posting, buttons)


async def send_photo(world: World, params: Params) -> Json:
    """sendPhoto, by upload or file id."""
    return _send_media(world, params, MediaKind.PHOTO)


async def send_document(world: World, params: Params) -> Json:
    """sendDocument, by upload or file id."""
    return _send_media(world, params, MediaKind.DOCUMENT)


async def send_voice(world: World, params: Params) -> Json:
    """sendVoice, by upload or file id."""
    return _send_media(world, params, MediaKind.VOICE)


async def send_location(world: World, params: Params) -> Json:
    """sendLocation; live locations stand still."""
    chat, posting = _target(world, params)
    buttons = markup.keyboard(params, world.rules)
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("invalid location specified")
    return _posted(world, chat, Content(location=Location(latitude, longitude)), posting, buttons)


async def send_media_group(world: World, params: Params) -> list[Json]:
    """sendMediaGroup with photos or documents; each is a message of its own with one group id."""
    items = params.json("media")
    if not isinstance(items, list) or not items:
        raise bad_request("there are no messages to send")
    if len(items) > _ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    chat, posting = _target(world, params, count=len(items))
    contents = [_album_item(world, params, item) for item in items]
    posting = replace(posting, media_group=world.new_group_id())
    return [_posted(world, chat, content, posting) for content in contents]


def _album_item(world: World, params: Params, item: object) -> Content:
    if not isinstance(item, dict) or item.get("type") not in (MediaKind.PHOTO, MediaKind.DOCUMENT):
        raise bad_request("can't parse InputMedia: only photo and document are known here")
    kind = MediaKind(item["type"])
    inner = Params(item, params.uploads)
    stored = _file(world, inner, "media", kind)
    text, entities = markup.formatted(inner, world.rules, "caption")
    return Content(text, entities, Media(kind, stored))


def _send_media(world: World, params: Params, kind: MediaKind) -> Json:
    chat, posting = _target(world, params)
    buttons = markup.keyboard(params, world.rules)
    stored = _file(world, params, kind.value, kind)
    text, entities = markup.formatted(params, world.rules, "caption")
    seconds = params.integer("duration") or _length(world, stored)
    return _posted(world, chat, Content(text, entities, Media(kind, stored, seconds)), posting, buttons)


def _length(world: World, stored: StoredFile) -> int:
    """How long the recording was where it was first sent."""
    told = (m.content.media for chat in world.chats.values() for m in chat.messages.values() if m.content.media)
    return next((media.seconds for media in told if media.file is stored), 0)


def _file(world: World, params: Params, field: str, kind: MediaKind) -> StoredFile:
    named = params.text(field)
    upload = params.uploads.get(named.removeprefix("attach://") if named.startswith("attach://") else field)
    if upload is not None:
        _check_size(world, upload, kind)
        return world.files.keep(upload.content, upload.name, upload.mime)
    if not named:
        raise bad_request(f"there is no {kind.value} in the request")
    known = world.files.named(named)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return known


def _check_size(world: World, upload: Upload, kind: MediaKind) -> None:
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if not world.rules.file_limits:
        return
    if size > _UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind is MediaKind.PHOTO and size > _PHOTO_LIMIT:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {_PHOTO_LIMIT} bytes")


def _target(world: World, params: Params, count: int = 1) -> tuple[Chat, Posting]:
    chat = world.chat_for_bot(params.integer("chat_id"), params.text("chat_id"))
    reply_to = _reply(chat, params)
    thread = params.integer("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    if thread is None and reply_to is not None:
        thread = chat.messages[reply_to].posting.thread
    world.spend(chat, count)
    silent = params.flag("disable_notification")
    return chat, Posting(reply_to=reply_to, thread=thread, silent=silent)


def _reply(chat: Chat, params: Params) -> int | None:
    given = params.mapping("reply_parameters")
    reply = Params(given) if given else params
    target = reply.integer("message_id" if given else "reply_to_message_id")
    if target is None:
        return None
    found = chat.messages.get(target)
    if found is not None and not found.deleted:
        return target
    if reply.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _posted(world: World, chat: Chat, content: Content, posting: Posting, buttons: Json | None = None) -> Json:
    return shapes.message(world, world.post(chat, world.bot, content, posting, buttons))

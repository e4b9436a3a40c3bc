"""What an update carries, whatever its kind: words, pictures, the message it answers. Never raises on odd input."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import Message, Update, User

from bot.domain.people import ANONYMOUS_ADMIN, TELEGRAM_SERVICE


@dataclass(frozen=True, slots=True)
class FileRef:
    """A picture or a recording as Telegram names it."""

    file_id: str
    unique_id: str
    size: int
    media_type: str = "image/jpeg"


def words_of(message: Message | None) -> str:
    """Text or caption, without control and direction characters."""
    if message is None:
        return ""
    raw = message.text or message.caption or ""
    kept = (c for c in raw if c in "\n\t" or (c.isprintable() and not "\u202a" <= c <= "\u202e"))
    return "".join(kept).strip()


def photo_of(message: Message | None) -> FileRef | None:
    """The largest size of a photo, or an image sent as a file."""
    if message is None:
        return None
    if message.photo:
        best = message.photo[-1]
        return FileRef(best.file_id, best.file_unique_id, best.file_size or 0)
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        return FileRef(document.file_id, document.file_unique_id, document.file_size or 0)
    return None


def recording_of(message: Message | None) -> FileRef | None:
    """A voice message, an audio file or a round video: what has to be listened to."""
    if message is None:
        return None
    if message.voice is not None:
        return FileRef(message.voice.file_id, message.voice.file_unique_id, message.voice.file_size or 0, "audio/ogg")
    if message.video_note is not None:
        note = message.video_note
        return FileRef(note.file_id, note.file_unique_id, note.file_size or 0, "video/note")
    if message.audio is not None:
        audio = message.audio
        return FileRef(audio.file_id, audio.file_unique_id, audio.file_size or 0, audio.mime_type or "audio/mpeg")
    return None


def place_of(message: Message | None) -> str:
    """A location or venue in words and numbers."""
    if message is None:
        return ""
    if message.venue is not None:
        return f"{message.venue.title} {message.venue.address}".strip()
    if message.location is not None:
        return f"{message.location.latitude:.5f}, {message.location.longitude:.5f}"
    return ""


def sender_of(update: Update) -> User | None:
    """The person behind the update; None for channels and Telegram's own service account."""
    user = update.effective_user
    if user is None or user.id == TELEGRAM_SERVICE or (user.is_bot and user.id != ANONYMOUS_ADMIN):
        return None
    return user


def is_there(update: Update) -> bool:
    """Whether somebody who wrote or pressed this is in the chat: who has just left it is named as well."""
    message = update.message
    return update.callback_query is not None or (message is not None and message.left_chat_member is None)


def name_of(user: User) -> str:
    """The name people go by, in one short line."""
    kept = "".join(c for c in user.full_name or "" if c.isprintable() and not "\u202a" <= c <= "\u202e")
    return " ".join(kept.split())[:40] or str(user.id)


def sent_at(update: Update) -> datetime | None:
    """When the message was written, by Telegram's clock (an edit: when it was edited)."""
    message = update.effective_message
    if message is None:
        return None
    return message.edit_date if update.edited_message and message.edit_date else message.date


def without_mention(text: str, username: str) -> tuple[str, bool]:
    """The text without `@thebot`, and whether it was there."""
    mention = f"@{username}"
    if not username or mention.lower() not in text.lower():
        return text, False
    start = text.lower().index(mention.lower())
    return (text[:start] + " " + text[start + len(mention) :]).strip(), True

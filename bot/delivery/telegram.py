"""`Sender` over python-telegram-bot: every way in which Telegram refuses gets its name here and nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    error,
)
from telegram.constants import ParseMode

from bot.application.records import BOT_PAGE
from bot.delivery.sender import (
    AlbumSent,
    BadMarkup,
    Files,
    Gone,
    Key,
    Keys,
    Manner,
    MessageLost,
    Migrated,
    NotModified,
    Outcome,
    Picture,
    Place,
    Refused,
    Removed,
    RetryAfter,
    Sent,
    Temporary,
    TopicLost,
    Words,
)

log = structlog.get_logger(__name__)

# A foreign server may lack the others; an unknown method shows as a bad token, which these can only mean really.
_REQUIRED = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage"})
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_REFUSALS: Mapping[type, tuple[str, ...]] = {
    NotModified: ("message is not modified",),
    BadMarkup: ("can't parse entities",),
    TopicLost: ("message thread not found", "topic_closed", "topic_deleted"),
    MessageLost: (
        "message to edit not found",
        "message can't be edited",
        "message to delete not found",
        "message_id_invalid",
        "there is no text in the message to edit",
    ),
    Gone: (
        "chat not found",
        "chat_write_forbidden",
        "not enough rights to send text",
        "have no rights to send a message",
        "group chat was deactivated",
        "user is deactivated",
        "peer_id_invalid",
        "bot was kicked",
    ),
}


class TelegramSender:
    """Sends by a `Bot`; it need not be initialised, its request must be usable."""

    def __init__(self, bot: Bot, files: Files) -> None:
        self._bot = bot
        self._files = files

    async def send(self, place: Place, words: Words, keys: Keys, manner: Manner) -> Outcome:
        """A new message."""
        markup = self._markup(keys) or (ForceReply(selective=True) if manner.wants_reply else None)

        async def call() -> Outcome:
            message = await self._bot.send_message(
                place.telegram_id,
                words.text,
                parse_mode=ParseMode.HTML if words.is_html else None,
                reply_markup=markup,
                disable_notification=manner.silent,
                message_thread_id=place.topic_id,
                reply_parameters=_reply(manner),
                link_preview_options=_NO_PREVIEW,
            )
            return Sent(message.message_id)

        return await _named("sendMessage", call)

    async def edit(self, place: Place, message_id: int, words: Words, keys: Keys) -> Outcome:
        """Other words and buttons."""

        async def call() -> Outcome:
            _ = await self._bot.edit_message_text(
                words.text,
                place.telegram_id,
                message_id,
                parse_mode=ParseMode.HTML if words.is_html else None,
                reply_markup=self._markup(keys),
                link_preview_options=_NO_PREVIEW,
            )
            return Sent(message_id)

        return await _named("editMessageText", call)

    async def delete(self, place: Place, message_id: int) -> Outcome:
        """Takes the message away; one that is not there any more counts as taken away."""

        async def call() -> Outcome:
            _ = await self._bot.delete_message(place.telegram_id, message_id)
            return Removed()

        return await _named("deleteMessage", call)

    async def send_pictures(
        self, place: Place, pictures: Sequence[Picture], manner: Manner, *, as_bytes: bool = False
    ) -> Outcome:
        """One to ten files; a server that cannot do it refuses."""
        sources: list[tuple[Picture, str | bytes]] = []
        for picture in pictures:
            content = picture.file_id if picture.file_id and not as_bytes else await self._bytes_of(picture)
            if content:
                sources.append((picture, content))
        if not sources:
            return Refused("none of the files is here")

        async def call() -> Outcome:
            return AlbumSent(tuple(each.message_id for each in await self._post(place, sources, manner)))

        return await _named("sendPhoto" if len(sources) == 1 else "sendMediaGroup", call)

    async def _bytes_of(self, picture: Picture) -> bytes | None:
        """None too where they could never be fetched, or are no longer what they were."""
        try:
            return await self._files.get(picture.hash)
        except ValueError as problem:
            log.warning("picture_not_readable", reason=str(problem))
            return None

    async def _post(
        self, place: Place, sources: Sequence[tuple[Picture, str | bytes]], manner: Manner
    ) -> Sequence[Message]:
        picture, content = sources[0]
        if len(sources) > 1:
            kind = InputMediaPhoto if all(each.is_photo for each, _ in sources) else InputMediaDocument
            return await self._bot.send_media_group(
                place.telegram_id,
                [kind(each) for _, each in sources],
                disable_notification=manner.silent,
                message_thread_id=place.topic_id,
                reply_parameters=_reply(manner),
            )
        sent = await self._post_of(picture)(
            place.telegram_id,
            content,
            disable_notification=manner.silent,
            message_thread_id=place.topic_id,
            reply_parameters=_reply(manner),
        )
        return [sent]

    def _markup(self, keys: Keys) -> InlineKeyboardMarkup | None:
        rows = [[self._button(key) for key in row] for row in keys]
        return InlineKeyboardMarkup(rows) if rows else None

    def _button(self, key: Key) -> InlineKeyboardButton:
        url = f"https://t.me/{self._bot.username}" if key.url == BOT_PAGE else key.url
        return InlineKeyboardButton(key.caption, url=url or None, callback_data=key.token or None)

    def _post_of(self, picture: Picture) -> Callable[..., Awaitable[Message]]:
        """A recording can be listened to where it stands; Telegram takes its id for nothing else."""
        if picture.is_photo:
            return self._bot.send_photo
        if picture.media_type == "audio/ogg":
            return self._bot.send_voice
        if picture.media_type == "video/note":
            return self._bot.send_video_note
        return self._bot.send_audio if picture.media_type.startswith("audio/") else self._bot.send_document


def _reply(manner: Manner) -> ReplyParameters | None:
    if manner.reply_to is None:
        return None
    return ReplyParameters(manner.reply_to, allow_sending_without_reply=True)


async def _named(method: str, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    try:
        return await call()
    except error.TelegramError as problem:
        return classified(method, problem)
    except Exception as problem:  # an answer that the library cannot read: the message may well stand there
        log.exception("telegram_answer_unreadable", method=method)
        return Refused(f"{type(problem).__name__}: {problem}")


def classified(method: str, problem: error.TelegramError) -> Outcome:
    """The name of a refusal; an unknown method and a bad token look alike and are told apart by the method."""
    match problem:
        case error.RetryAfter():
            wait = problem.retry_after
            return RetryAfter(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case error.ChatMigrated():
            return Migrated(problem.new_chat_id)
        case error.Forbidden():
            return Gone(problem.message)
        case error.BadRequest():
            return _bad_request(problem.message)
        case error.InvalidToken() if method not in _REQUIRED:
            return Refused(f"{method}: {problem.message}")
        case error.InvalidToken() | error.NetworkError() | error.Conflict():
            return Temporary(f"{type(problem).__name__}: {problem.message}")
        case _:
            return Refused(f"{type(problem).__name__}: {problem.message}")


def _bad_request(said: str) -> Outcome:
    words = said.lower()
    for outcome, signs in _REFUSALS.items():
        if any(sign in words for sign in signs):
            return NotModified() if outcome is NotModified else outcome(said)
    return Refused(said)

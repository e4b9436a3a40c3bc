"""Which handler an update reaches: the whole order on one screen."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from bot.application.records import SubjectKind
from bot.domain.chat import ChatKind
from bot.domain.errors import AnonymousSender, ChatNotBound
from bot.domain.people import ANONYMOUS_ADMIN
from bot.domain.reading import is_accusation
from bot.text.catalogue import Texts
from handlers import edits, reports, voice
from handlers.commands import ANYWHERE, COMMANDS
from handlers.incoming import sent_at
from handlers.members import came_message, left_message, membership, migrated, my_membership
from handlers.prepare import DESCRIBING, was_held_up
from handlers.presses import pressed
from handlers.referral_presses import leader_says
from handlers.replies import answer_question, reply_to_card, unit_free_words
from handlers.turn import Turn, turn_of
from handlers.words import command_in

MENU = ("report", "status", "mine", "item", "board", "withdraw", "why", "help", "lang")
LOOKS = frozenset({"help", "item", "start"})
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def register(application: AnyApplication) -> None:
    """One group, first match wins; nothing runs beside the unit of work."""
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(ChatMemberHandler(my_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(ChatMemberHandler(membership, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrated))
    application.add_handler(MessageHandler(filters.StatusUpdate.LEFT_CHAT_MEMBER, left_message))
    application.add_handler(MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS, came_message))
    spoken = filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & spoken, on_voice))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, on_edit))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, on_message))


def menu(texts: Texts, locale: str) -> list[tuple[str, str]]:
    """The commands that Telegram's menu offers."""
    return [(name, texts.caption(f"command-{name}", locale, {})) for name in MENU]


async def on_message(update: Update, context: object) -> None:
    """A command, an answer to a question, a reply to a card, or free words: in this order."""
    turn = await turn_of(update, context)
    if turn is not None:
        await _read(turn)


async def _read(turn: Turn) -> None:
    found = command_in(turn.prepared.text)
    if found is not None and await _command(turn, *found):
        return
    if turn.chat.kind is ChatKind.UNBOUND:
        return
    if turn.newly_reachable and await reports.first_words(turn):
        return
    if await reports.accused(turn) or await answer_question(turn):
        return
    if turn.prepared.subject is None and _in_another_topic(turn):
        return
    if turn.prepared.subject is not None:
        _known(turn)
        await reply_to_card(turn, turn.prepared.subject)
        if turn.message_id is not None and turn.prepared.subject.kind is SubjectKind.ASSIGNMENT:
            await turn.uow.messages.remember(turn.chat.id, turn.message_id, turn.prepared.subject)
    elif not await unit_free_words(turn) and (turn.chat.is_group or not await leader_says(turn)):
        await reports.free_message(turn)


def _in_another_topic(turn: Turn) -> bool:
    """A group with topics is bound to one of them; what is said in the others is not for us."""
    message, bound = turn.message, turn.chat.topic_id
    if message is None or bound is None:
        return False
    return (message.message_thread_id if message.is_topic_message else None) != bound


async def _command(turn: Turn, name: str, rest: str) -> bool:
    command = COMMANDS.get(name)
    slash = turn.prepared.text.startswith("/")
    if command is None:
        return slash
    if turn.chat.kind is ChatKind.UNBOUND and name not in ANYWHERE:
        if slash:
            raise ChatNotBound()
        return True
    if name not in LOOKS:
        _known(turn)
    if turn.newly_reachable:
        await reports.first_words(turn)
    if rest and name in DESCRIBING and is_accusation(turn.prepared.understood, directed=True):
        await reports.answer_accusation(turn)
        return True
    await command(turn, rest)
    moment = sent_at(turn.update)
    if was_held_up(moment, turn.now):
        await turn.reply("waited", sent_at=moment)
    return True


def _known(turn: Turn) -> None:
    if turn.person.telegram_id == ANONYMOUS_ADMIN:
        raise AnonymousSender()


async def on_voice(update: Update, context: object) -> None:
    """Voice never meets silence; words beside it that mean something are read as if they stood alone."""
    turn = await turn_of(update, context)
    if turn is None or turn.chat.kind is ChatKind.UNBOUND:
        return
    if voice.has_words(turn):
        await _read(turn)
    else:
        await voice.voice(turn)


async def on_edit(update: Update, context: object) -> None:
    """Edits belong to their draft or ticket."""
    turn = await turn_of(update, context)
    if turn is not None and turn.chat.kind is not ChatKind.UNBOUND:
        await edits.edited(turn)

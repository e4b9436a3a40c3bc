"""Before the unit of work: a short read of the surroundings, then understanding and fetching, with nothing locked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from telegram import Bot, Update

from bot.application.lookups.find_ticket import FULL, code_in
from bot.application.people.identify import identify
from bot.application.ports import UnitOfWork
from bot.application.records import Attachment, OpenQuestion, Subject, SubjectKind
from bot.domain.chat import REPORTING_KINDS, Chat, ChatKind
from bot.domain.people import Actor, Person, Role
from bot.domain.reading import is_accusation
from handlers.incoming import FileRef, photo_of, recording_of, sender_of, without_mention, words_of
from handlers.services import Services
from handlers.words import CODE, command_in
from nlu import types as nlu

log = structlog.get_logger(__name__)
FETCH_SECONDS = 15
DESCRIBING = frozenset({"report", "call_street", "act_first", "emergency", "refer_up", "withdraw", "split"})
"""Commands after which somebody describes a matter in his own words."""

LARGEST_FILE = 20 * 1024 * 1024
SPEAKER = {
    Role.GRID_WORKER: nlu.Speaker.REPORTER,
    Role.STREET_OFFICER: nlu.Speaker.OFFICER,
    Role.LIAISON: nlu.Speaker.UNIT,
    Role.HANDLER: nlu.Speaker.UNIT,
    Role.DEPARTMENT_LEADER: nlu.Speaker.UNIT,
    Role.DISPATCHER: nlu.Speaker.HUB,
    Role.DISTRICT_LEADER: nlu.Speaker.LEADER,
    Role.DELEGATE: nlu.Speaker.LEADER,
}
UNIT_ROLES = frozenset({Role.LIAISON, Role.HANDLER, Role.DEPARTMENT_LEADER})


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was known and understood before the transaction; handlers check again what may have changed."""

    understood: nlu.Interpretation | None = None
    photo: Attachment | None = None
    replied_photo: Attachment | None = None
    subject: Subject | None = None
    question: OpenQuestion | None = None
    text: str = ""
    mentioned: bool = False
    recording: Attachment | None = None
    follows_own: bool = False
    """Whether it is a reply to the person's own message."""


async def prepare(update: Update, bot: Bot, services: Services) -> Prepared:
    """Reads, understands and fetches for one update; raises nothing that the update itself causes."""
    message = update.message or update.edited_message
    user = sender_of(update)
    if message is None or user is None:
        return Prepared()
    now = services.clock.now()
    text, mentioned = without_mention(words_of(message), bot.username)
    replied = message.reply_to_message
    async with services.store.look() as uow:
        met = await uow.presences.of(message.chat_id, user.id, now=now)
        chat, person, question = met.chat, met.person, met.question
        actor = identify(services.district(), person, met.grants, chat) if person and chat else None
        subject = await replied_subject(uow, update, chat)
    to_bot = replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
    own = replied is not None and replied.from_user is not None and replied.from_user.id == user.id
    directed = mentioned or to_bot or subject is not None
    wanted = _wants_understanding(chat, text, now, directed=directed, follows_own=own)
    read_text = words_of(replied) if command_in(text) == ("report", "") and replied is not None else text
    if read_text is not text and read_text:
        wanted = True
    context = _context(chat, person, actor, subject, question, now)
    understood = await services.interpreter.interpret(_report_words(read_text), context) if wanted else None
    known = chat is not None and (chat.kind is not ChatKind.UNBOUND)
    known = known and not is_accusation(understood, directed=True)
    photo = await fetch_file(bot, services, photo_of(message)) if known else None
    recording = await fetch_file(bot, services, recording_of(message)) if known else None
    replied_photo = await fetch_file(bot, services, photo_of(replied)) if known and read_text is not text else None
    return Prepared(understood, photo, replied_photo, subject, question, text, mentioned, recording, own)


def _report_words(text: str) -> str:
    found = command_in(text)
    if found and found[0] == "split":
        return CODE.sub("", found[1]).strip()
    return found[1] if found and found[0] in DESCRIBING and found[1] else text


def _wants_understanding(chat: Chat | None, text: str, now: datetime, *, directed: bool, follows_own: bool) -> bool:
    if not text or chat is None:
        return bool(text) and chat is None
    command = command_in(text)
    if command is not None and command[0] not in DESCRIBING:
        return False
    if chat.kind is ChatKind.PRIVATE or directed or command is not None:
        return True
    quiet = chat.muted_until is not None and chat.muted_until > now
    if chat.kind in {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT} and (follows_own or code_in(text)):
        return True
    return chat.kind in REPORTING_KINDS and not quiet


def _context(
    chat: Chat | None,
    person: Person | None,
    actor: Actor | None,
    subject: Subject | None,
    question: OpenQuestion | None,
    now: datetime,
) -> nlu.Context:
    setting = nlu.Setting.PRIVATE if chat is None or chat.kind is ChatKind.UNBOUND else nlu.Setting(chat.kind.value)
    roles = {grant.role for grant in actor.all_grants()} if actor else set()
    speaker = next((said for role, said in SPEAKER.items() if role in roles), nlu.Speaker.UNKNOWN)
    if subject is not None and subject.kind is SubjectKind.ASSIGNMENT and roles & UNIT_ROLES:
        speaker = nlu.Speaker.UNIT  # a team's group reports as well: what answers its call is the team's word
    if actor is not None and speaker is nlu.Speaker.UNKNOWN:
        speaker = nlu.Speaker.RESIDENT
    replies_to = nlu.Subject.NOTHING
    if subject is not None and subject.kind.value in {member.value for member in nlu.Subject}:
        replies_to = nlu.Subject(subject.kind.value)
    asked = nlu.Question(question.kind.value) if question else None
    return nlu.Context(setting, speaker, replies_to, asked, 0, now)


async def replied_subject(uow: UnitOfWork, update: Update, chat: Chat | None) -> Subject | None:
    """What the replied bot message is about: its own buttons, else the map of messages, else the code in it.

    Whoever answers his own words, which were a word about a call, speaks of that call still.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if replied is None or chat is None:
        return None
    own = replied.from_user is not None and message is not None and replied.from_user == message.from_user
    if replied.from_user is None or not (replied.from_user.is_bot or own):
        return None
    known = await uow.messages.subject_of(chat.id, replied.message_id)
    if own:
        return known
    if known is not None and known.kind is SubjectKind.CHAT:
        return None  # a digest: only a code in the words says which of its cases is meant
    if replied.reply_markup is not None:
        for row in replied.reply_markup.inline_keyboard:
            for button in row:
                token = await uow.tokens.get(str(button.callback_data)) if button.callback_data else None
                if token is not None:
                    return token.subject
    if known is not None:
        return known

    found = FULL.search(words_of(replied).upper())
    ticket = await uow.tickets.by_code(found.group()) if found else None
    return Subject(SubjectKind.TICKET, ticket.id) if ticket else None


async def fetch_file(bot: Bot, services: Services, ref: FileRef | None) -> Attachment | None:
    """The picture or recording by the hash of its bytes; where they cannot be had, by Telegram's own unique id."""
    if ref is None:
        return None
    try:
        if ref.size > LARGEST_FILE:
            raise ValueError("larger than bots may fetch")
        async with asyncio.timeout(FETCH_SECONDS):
            file = await bot.get_file(ref.file_id)
            data = bytes(await file.download_as_bytearray())
        return Attachment(await services.files.put(data), ref.media_type, len(data), ref.file_id, True, ref.unique_id)
    except Exception as error:  # any failure of an optional call degrades, and says so
        log.warning("file-not-fetched", error=type(error).__name__)
        return Attachment(f"tg:{ref.unique_id}", ref.media_type, ref.size, ref.file_id, False, ref.unique_id)


def was_held_up(update_moment: datetime | None, now: datetime) -> bool:
    """Whether an update waited so long that people should be told when it was sent."""
    return update_moment is not None and now - update_moment > timedelta(hours=1)

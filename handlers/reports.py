"""Reports as people send them: a free sentence, `上报` to any message, a photo, an album, a place, a voice, an edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.application.lookups.find_ticket import ticket_id_of
from bot.application.records import BOT_PAGE, Button, Subject, SubjectKind
from bot.application.reporting.change_draft import (
    add_words_to_draft,
    set_place,
    show_waiting_drafts,
)
from bot.application.reporting.held_photos import HeldPhoto, hold, take_replied, take_waiting
from bot.application.reporting.open_draft import Report, open_draft
from bot.application.reporting.resident_report import hand_to_worker
from bot.application.reporting.voice_report import forget_voices, write_down
from bot.domain.chat import REPORTING_KINDS, ChatKind
from bot.domain.draft import JOIN_WINDOW, Draft, DraftState
from bot.domain.errors import DraftSettled, NothingToReport, TextMissing
from bot.domain.people import ANONYMOUS_ADMIN, Role
from bot.domain.permissions import Action
from bot.domain.reading import Reading, is_accusation, read_message
from handlers.incoming import photo_of, place_of, sent_at
from handlers.prepare import was_held_up
from handlers.turn import Turn
from handlers.words import mostly_place
from nlu.types import Act, Decision, Interpretation

SHOWN_LATE = timedelta(days=1)


async def free_message(turn: Turn) -> None:
    """A message that is no command, no reply to a card and no answer to a question."""
    if turn.chat.kind is not ChatKind.PRIVATE and turn.chat.kind not in REPORTING_KINDS:
        return
    if turn.chat.is_group and turn.person.telegram_id == ANONYMOUS_ADMIN:
        return
    if await _belongs_to_draft(turn) or await _types_a_recording(turn):
        return
    understood = turn.prepared.understood
    if understood is None:
        await _hold_photo(turn)
        return
    reading = reading_of(turn, understood)
    if reading is Reading.SILENT and turn.chat.kind is ChatKind.PRIVATE:
        await turn.reply("hello" if understood.act in {Act.GREETING, Act.CHATTER, Act.HELP} else "nothing-to-do")
        return
    if reading is Reading.SILENT:
        await _hold_photo(turn)
    await act_on(turn, understood, reading)


def reading_of(turn: Turn, understood: Interpretation) -> Reading:
    """What free words are here: nothing to the bot where it was asked to be silent and is not spoken to."""
    manners, mentioned = turn.services.manners, turn.prepared.mentioned
    if turn.chat.muted_until and turn.chat.muted_until > turn.now and not mentioned:
        return Reading.SILENT
    return read_message(understood, sure=manners.report_sure, ask=manners.report_ask, explicit=mentioned)


async def act_on(turn: Turn, understood: Interpretation, reading: Reading) -> None:
    """Draft, question, or the private answer to an accusation."""
    if reading is Reading.ACCUSATION:
        await answer_accusation(turn)
    elif reading in {Reading.DRAFT, Reading.ASK}:
        await _open(turn, understood, asked=reading is Reading.ASK and turn.chat.is_group)


async def report_command(turn: Turn, rest: str) -> None:
    """`/report 文字`, or `上报` in reply to any message: a draft from it, whoever wrote it."""
    replied = turn.message.reply_to_message if turn.message else None
    if not rest and replied is not None:
        await _report_replied(turn)
        return
    understood = turn.prepared.understood
    if not rest or understood is None:
        raise TextMissing()
    reading = read_message(understood, sure=0.0, ask=0.0, explicit=True)
    await act_on(turn, understood, reading)


async def _report_replied(turn: Turn) -> None:
    assert turn.message is not None and turn.message.reply_to_message is not None
    replied = turn.message.reply_to_message
    if replied.from_user is not None and replied.from_user.id == turn.context.bot.id:
        await _report_own_words(turn)
        return
    known = await turn.uow.drafts.by_message(turn.chat.id, replied.message_id)
    if known is not None and known.is_open:
        await turn.uow.cards.want_all(Subject(SubjectKind.DRAFT, known.id))
        return
    if known is not None and known.ticket_id:
        ticket = await turn.uow.tickets.get(known.ticket_id)
        raise DraftSettled(state=known.state, ticket=ticket.code if ticket else "")
    understood = turn.prepared.understood
    photo = turn.prepared.replied_photo
    if understood is None and photo is None:
        if replied.voice or replied.audio or replied.video_note:
            await turn.reply("voice-asked")
            return
        raise NothingToReport()
    understood = understood or _without_words()
    reading = read_message(understood, sure=0.0, ask=0.0, explicit=True)
    if reading is Reading.ACCUSATION:
        await answer_accusation(turn)
        return
    await _open(turn, understood, asked=False, replied=True)


async def _report_own_words(turn: Turn) -> None:
    """`上报` in reply to what the bot has said itself: its card, or what became of it; never a report of the bot's words."""
    subject = turn.prepared.subject
    draft = await turn.uow.drafts.get(subject.id) if subject and subject.kind is SubjectKind.DRAFT else None
    if draft is not None and draft.is_open:
        await turn.uow.cards.want_all(Subject(SubjectKind.DRAFT, draft.id))
        return
    ticket_id = await ticket_id_of(turn.uow, subject) if subject else None
    ticket = await turn.uow.tickets.get(ticket_id) if ticket_id else None
    if ticket is None:
        raise NothingToReport()
    raise DraftSettled(state=DraftState.CONFIRMED, ticket=ticket.code)


async def open_from(turn: Turn, understood: Interpretation) -> Draft | None:
    """A draft from words that a command brought, whatever else stood in the message."""
    return await _open(turn, understood, asked=False)


def _without_words() -> Interpretation:
    return Interpretation("", Act.REPORT, 1.0, Decision.ABSTAIN)


async def _open(turn: Turn, understood: Interpretation, *, asked: bool, replied: bool = False) -> Draft | None:
    message = turn.message
    source = message.reply_to_message if message and replied else message
    photo = turn.prepared.replied_photo if replied else turn.prepared.photo
    recording = None if replied else turn.prepared.recording
    for file in (photo, recording):
        if file is not None:
            await turn.uow.attachments.add(file, at=turn.now)
    report = Report(
        author=turn.person,
        chat=turn.chat,
        message_id=source.message_id if source else None,
        interpretation=understood,
        place=place_of(source),
        photo_hashes=(photo.hash,) if photo else (),
        media_group=(source.media_group_id or "") if source else "",
        asked=asked,
        recording=recording.hash if recording else "",
        earlier=await turn.own_drafts(),
    )
    if not replied:
        # The author's own report takes the place of what he recorded a while before.
        await forget_voices(turn.uow, [d for d in report.earlier if d.chat_id == turn.chat.id], now=turn.now)
    held = await _held_photos(turn, replied=replied)
    if held:
        report = replace(report, photo_hashes=tuple(dict.fromkeys((*held, *report.photo_hashes))))
    if turn.chat.kind is ChatKind.PRIVATE and not _works_here(turn):
        handed = await hand_to_worker(turn.uow, turn.district, report, now=turn.now)
        await say_when_sent(turn)
        return handed
    if turn.chat.kind is ChatKind.PRIVATE:
        report = _at_home(turn, report)
    draft = await open_draft(turn.uow, turn.district, report, now=turn.now)
    if draft is not None:
        await say_when_sent(turn)
    return draft


async def say_when_sent(turn: Turn) -> None:
    """Words that waited for hours are answered with the moment at which they were written."""
    moment = sent_at(turn.update)
    if was_held_up(moment, turn.now):
        await turn.reply("waited", sent_at=moment)


def _works_here(turn: Turn) -> bool:
    return any(g.role in {Role.GRID_WORKER, Role.STREET_OFFICER} for g in turn.actor.grants)


def _at_home(turn: Turn, report: Report) -> Report:
    """A worker who reports in private reports for his own street or community."""
    home = next(g.of for g in turn.actor.grants if g.role in {Role.GRID_WORKER, Role.STREET_OFFICER})
    return replace(report, home=home)


async def _belongs_to_draft(turn: Turn) -> bool:
    """Whether it joined an open draft of the same author: album siblings, places, pictures, more words."""
    message = turn.message
    if message is None:
        return False
    if message.media_group_id:
        album = await turn.uow.drafts.by_media_group(turn.chat.id, message.media_group_id)
        if album is not None and album.is_open:
            await _add(turn, album)
            return True
    since = turn.now - JOIN_WINDOW
    own = [d for d in await turn.own_drafts() if d.chat_id == turn.chat.id and d.updated_at >= since]
    draft = next((each for each in own if not each.is_wordless), None)
    if draft is None:
        return False
    place = place_of(message)
    if not place and not draft.place:
        place = mostly_place(turn.prepared.text, turn.prepared.understood)
    if place:
        await set_place(turn.uow, turn.actor, draft.id, place, now=turn.now)
        return True
    understood = turn.prepared.understood
    is_own_report = understood is not None and understood.act is Act.REPORT and understood.act_confidence >= 0.5
    is_chatter = understood is not None and understood.act is not Act.REPORT and understood.act is not Act.PROGRESS
    if (is_own_report and draft.text) or (is_chatter and turn.prepared.photo is None):
        return False
    if turn.prepared.photo is None and not turn.prepared.text:
        return False
    await _add(turn, draft)
    return True


async def _types_a_recording(turn: Turn) -> bool:
    """Whether the words are a reply to a voice message that waits for somebody to listen."""
    replied = turn.message.reply_to_message if turn.message else None
    draft = await turn.uow.drafts.by_message(turn.chat.id, replied.message_id) if replied else None
    if draft is None or not draft.is_open or not draft.is_wordless or not turn.prepared.text:
        return False
    understood = turn.prepared.understood
    await write_down(turn.uow, turn.district, turn.actor, draft.id, turn.prepared.text, understood, now=turn.now)
    return True


async def _add(turn: Turn, draft: Draft) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    photos = [photo.hash] if photo else []
    prepared, message_id = turn.prepared, turn.message_id
    await add_words_to_draft(
        turn.uow, turn.district, draft, prepared.text, photos, prepared.understood, message_id=message_id, now=turn.now
    )


async def _hold_photo(turn: Turn) -> None:
    """A picture that opened no draft waits, silently: alone for its author's next words, else for a reply `上报`."""
    photo, message = turn.prepared.photo, turn.message
    if photo is None or message is None:
        return
    await turn.uow.attachments.add(photo, at=turn.now)
    alone = not turn.prepared.text
    album = message.media_group_id or ""
    held = HeldPhoto(photo.hash, turn.now, message.message_id, album, alone)
    await hold(turn.uow, turn.person, turn.chat, held)
    if turn.chat.kind is ChatKind.PRIVATE:
        await turn.reply("photo-alone")


async def _held_photos(turn: Turn, *, replied: bool) -> tuple[str, ...]:
    """What waited for these words; where they are a reply `上报`, what the message answered had beside it."""
    if not replied:
        return await take_waiting(turn.uow, turn.person, turn.chat, now=turn.now)
    source = turn.message.reply_to_message if turn.message else None
    user = source.from_user if source else None
    author = await turn.uow.people.by_telegram_id(user.id) if user else None
    if source is None or author is None or photo_of(source) is None:
        return ()
    album = source.media_group_id or ""
    return await take_replied(turn.uow, author, turn.chat, source.message_id, album, now=turn.now)


async def accused(turn: Turn) -> bool:
    """Whether the words accuse somebody, wherever they were put; a unit's own words in its group need be a report."""
    prepared = turn.prepared
    answers = prepared.subject is not None or prepared.question is not None
    listens = turn.chat.kind in REPORTING_KINDS | {ChatKind.PRIVATE}
    meant = listens or answers or prepared.mentioned
    unknown = turn.chat.is_group and turn.person.telegram_id == ANONYMOUS_ADMIN
    if unknown or not meant or not is_accusation(prepared.understood, directed=answers and listens):
        return False
    await answer_accusation(turn)
    return True


async def answer_accusation(turn: Turn) -> None:
    """No draft, nothing kept but the fact, the lawful channels in private, one neutral line in the group."""
    turn.context.forget()
    manners = turn.services.manners
    params = {"hotline": manners.discipline_hotline, "petition": manners.petition_office}
    told = await turn.reply_private("accusation", params)
    if turn.chat.is_group:
        own = Subject(SubjectKind.PERSON, turn.person.id)
        write_me = ((Button("button-write-me", Action.BIND, own, url=BOT_PAGE),),)
        key = "accusation-group" if told else "private-matter"
        await turn.reply(key, {"reachable": False}, buttons=() if told else write_me)
    day = turn.district.day(turn.now).isoformat()
    count = await turn.uow.settings.get(f"accusations:{day}")
    await turn.uow.settings.put(f"accusations:{day}", (count if isinstance(count, int) else 0) + 1)
    if not told and turn.chat.is_group:
        await turn.uow.settings.put(f"accusation-owed:{turn.person.id}", True)


async def first_words(turn: Turn) -> bool:
    """Somebody wrote in private for the first time: what was waiting for that is shown now; whether there was any."""
    key = f"accusation-owed:{turn.person.id}"
    owed = bool(await turn.uow.settings.get(key))
    if owed:
        await turn.uow.settings.put(key, None)
        manners = turn.services.manners
        await turn.reply("accusation", hotline=manners.discipline_hotline, petition=manners.petition_office)
    since = turn.now - SHOWN_LATE
    shown = await show_waiting_drafts(turn.uow, turn.district, turn.actor, since=since, now=turn.now)
    return owed or bool(shown)

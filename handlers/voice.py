"""Voice never meets silence: an answer in private, and a grid worker is asked to listen and type one line."""

from __future__ import annotations

from datetime import timedelta

from bot.application.records import OpenQuestion, QuestionKind
from bot.application.reporting.change_draft import subject_of
from bot.application.reporting.open_draft import Report
from bot.application.reporting.resident_report import offer, workers_of
from bot.application.reporting.voice_report import ask_to_listen, keep_voice
from bot.domain.chat import REPORTING_KINDS, ChatKind
from bot.domain.draft import Draft
from bot.domain.people import ANONYMOUS_ADMIN, Role
from bot.domain.reading import Reading
from handlers.reports import reading_of
from handlers.turn import Turn
from handlers.words import command_in
from nlu.types import Act, Decision, Interpretation

ANSWER_TIME = timedelta(hours=12)
WORKERS = frozenset({Role.GRID_WORKER, Role.STREET_OFFICER})


async def voice(turn: Turn) -> None:
    """A recording: in a unit's group only where it answers a card, elsewhere always."""
    if turn.chat.kind is ChatKind.PRIVATE:
        await _in_private(turn)
    elif turn.chat.kind in REPORTING_KINDS:
        await _in_group(turn)
    elif turn.prepared.subject is not None and not await turn.reply_private("voice-asked"):
        await turn.reply("voice-asked")


def has_words(turn: Turn) -> bool:
    """Whether what was written beside the recording is a command, an answer or a report; chatter is not."""
    prepared = turn.prepared
    if not prepared.text:
        return False
    if command_in(prepared.text) or prepared.subject is not None or prepared.question is not None:
        return True
    return prepared.understood is not None and reading_of(turn, prepared.understood) is not Reading.SILENT


async def _in_private(turn: Turn) -> None:
    held = {grant.role for grant in turn.actor.grants}
    if held and (held & WORKERS or turn.prepared.subject is not None):
        await turn.reply("voice-asked")
        return
    draft = await _kept(turn)
    if draft.street:
        await offer(turn.uow, turn.district, draft, now=turn.now)
        await turn.reply("voice-resident", known=True)
        return
    subject, until = subject_of(draft.id), turn.now + ANSWER_TIME
    question = OpenQuestion(turn.person.id, turn.chat.id, QuestionKind.PLACE, subject, turn.now, until)
    await turn.uow.questions.ask(question)
    await turn.reply("voice-resident", known=False)


async def _in_group(turn: Turn) -> None:
    if not await turn.reply_private("voice-asked"):
        await turn.reply("voice-asked")
    others = await workers_of(turn.uow, turn.district, turn.chat.of, without=turn.person.id)
    if others and turn.person.telegram_id != ANONYMOUS_ADMIN:
        draft = await _kept(turn)
        await ask_to_listen(turn.uow, turn.district, draft, others[0], name=turn.person.name, now=turn.now)


async def _kept(turn: Turn) -> Draft:
    recording = turn.prepared.recording
    if recording is not None:
        await turn.uow.attachments.add(recording, at=turn.now)
    nothing_heard = Interpretation("", Act.REPORT, 1.0, Decision.ABSTAIN)
    report = Report(turn.person, turn.chat, turn.message_id, nothing_heard)
    return await keep_voice(turn.uow, turn.district, report, recording.hash if recording else "", now=turn.now)

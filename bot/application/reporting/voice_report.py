"""Voice: nobody here can hear it, so a grid worker is asked to listen and to type one line, which becomes the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.application.district import District
from bot.application.hub_tasks import settle_owed
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Face, OpenQuestion, Outgoing, QuestionKind, Subject
from bot.application.reporting.change_draft import load_open_draft, reword_draft, subject_of
from bot.application.reporting.draft_clock import pass_on_later, schedule_draft
from bot.application.reporting.open_draft import VOICE, Report, draft_of, show_draft
from bot.application.telling import tell
from bot.domain.draft import Draft, DraftState
from bot.domain.errors import TextMissing
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Actor, Person
from bot.domain.permissions import Action
from nlu.types import Interpretation


async def recordings_of(uow: UnitOfWork, subject: Subject) -> tuple[str, ...]:
    """The content hashes of what was spoken about it."""
    return tuple(use.hash for use in await uow.attachments.of(subject) if use.role == VOICE)


async def keep_voice(uow: UnitOfWork, district: District, report: Report, recording: str, *, now: datetime) -> Draft:
    """A draft without words; where nobody named a place the author's last matter tells whose worker listens."""
    draft = draft_of(district, report, now=now)
    draft.turn = None if report.chat.is_group else 0
    if not draft.street:
        for ticket in await uow.tickets.of_person(report.author.id, limit=1):
            draft = replace(draft, street=ticket.street, community=ticket.community, caller=ticket.caller)
    draft = await uow.drafts.add(draft)
    if recording:
        await uow.attachments.use(AttachmentUse(recording, subject_of(draft.id), VOICE, now))
    await schedule_draft(uow, district, draft, now=now)
    return draft


async def ask_to_listen(
    uow: UnitOfWork, district: District, draft: Draft, worker: Person, *, name: str = "", now: datetime
) -> None:
    """In private, with the recording; his next words there are what was said. A resident's name is not told."""
    if worker.private_chat_id is None:
        return
    subject = subject_of(draft.id)
    recordings = await recordings_of(uow, subject)
    message = Outgoing(
        kind="voice-worker",
        chat_id=worker.private_chat_id,
        params={"name": name, "wants_reply": True},
        subject=subject,
        attachment_hashes=recordings,
        locale=worker.locale,
        dedupe_key=f"draft:{draft.id}:listen:p{worker.id}",
    )
    await tell(uow, district, message, now=now)
    until = now + district.rules.resident_passes_on_after
    await uow.questions.ask(
        OpenQuestion(worker.id, worker.private_chat_id, QuestionKind.TEXT, subject, now, until, VOICE)
    )


async def send_beside(uow: UnitOfWork, district: District, draft: Draft, worker: Person, *, now: datetime) -> None:
    """The recording that came with a resident's words, to the worker who has the card."""
    recordings = await recordings_of(uow, subject_of(draft.id))
    if recordings and worker.private_chat_id is not None:
        message = Outgoing(
            kind="voice-beside",
            chat_id=worker.private_chat_id,
            subject=subject_of(draft.id),
            silent=True,
            attachment_hashes=recordings,
            locale=worker.locale,
            dedupe_key=f"draft:{draft.id}:beside:p{worker.id}",
        )
        await tell(uow, district, message, now=now)


async def write_down(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    draft_id: int,
    text: str,
    understood: Interpretation | None,
    *,
    now: datetime,
) -> Draft:
    """Somebody listened and typed: the draft has words now and its card is shown; raises `TextMissing`."""
    draft = await load_open_draft(uow, actor, draft_id, Action.ADD_PLACE)
    if not text.strip():
        raise TextMissing()
    await reword_draft(uow, district, draft, text.strip(), understood, now=now)
    await schedule_draft(uow, district, draft, now=now)
    if draft.turn is not None:
        await pass_on_later(uow, district, draft, now=now)
    chat, author = await uow.chats.get(draft.chat_id), await uow.people.get(draft.author_id)
    if chat is not None and author is not None and chat.is_group:
        await show_draft(uow, district, draft, chat, author, now=now, understood=understood)
    elif actor.person.private_chat_id is not None:
        await uow.cards.want(subject_of(draft.id), actor.person.private_chat_id, Face.DRAFT, silent=True, at=now)
    return draft


async def forget_voices(uow: UnitOfWork, drafts: Sequence[Draft], *, now: datetime) -> None:
    """Its author has typed himself: what waited for somebody to listen is done with."""
    for draft in drafts:
        if draft.is_wordless:
            draft.state, draft.updated_at = DraftState.DISCARDED, now
            await uow.drafts.save(draft)
            await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
            await uow.dues.drop(subject_of(draft.id))

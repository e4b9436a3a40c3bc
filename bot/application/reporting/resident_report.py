"""A resident's report goes to one grid worker in private first, then to the next; never to a group unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.hub_tasks import owe
from bot.application.ports import UnitOfWork
from bot.application.records import (
    AttachmentUse,
    DueRow,
    Face,
    OpenQuestion,
    Outgoing,
    QuestionKind,
    Subject,
    SubjectKind,
)
from bot.application.reporting.draft_clock import pass_on_later, schedule_draft
from bot.application.reporting.open_draft import VOICE, Report, draft_of
from bot.application.reporting.unconfirmed import tell_not_taken
from bot.application.reporting.voice_report import ask_to_listen, send_beside
from bot.application.telling import tell
from bot.domain.draft import Draft, DraftState
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Person, Role

ANSWER_TIME = timedelta(hours=12)


async def hand_to_worker(uow: UnitOfWork, district: District, report: Report, *, now: datetime) -> Draft:
    """The draft of a resident; without a known place he is asked for it first."""
    draft = await uow.drafts.add(replace(draft_of(district, report, now=now), turn=0))
    subject = Subject(SubjectKind.DRAFT, draft.id)
    for digest in report.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, subject, "report", now))
    if report.recording:
        await uow.attachments.use(AttachmentUse(report.recording, subject, VOICE, now))
    await schedule_draft(uow, district, draft, now=now)
    if not draft.street:
        await uow.questions.ask(
            OpenQuestion(report.author.id, report.chat.id, QuestionKind.PLACE, subject, now, now + ANSWER_TIME)
        )
        await _say(uow, district, report.author, "resident-ask-place", subject, now=now)
        return draft
    await offer(uow, district, draft, now=now)
    await _say(uow, district, report.author, "resident-received", subject, now=now)
    return draft


async def _say(
    uow: UnitOfWork, district: District, person: Person, kind: str, subject: Subject, *, now: datetime
) -> None:
    if person.private_chat_id:
        message = Outgoing(kind=kind, chat_id=person.private_chat_id, subject=subject, locale=person.locale)
        await tell(uow, district, message, now=now)


async def workers_of(uow: UnitOfWork, district: District, place: str, *, without: int) -> list[Person]:
    """Grid workers of that community, then of its street, whom the bot can write to."""
    catalogue = district.catalogue
    known = catalogue.communities.get(place)
    street = known.street if known else place
    whole = {street, *(c.code for c in catalogue.communities.values() if c.street == street)}
    found: dict[int, Person] = {}
    for codes in ({place}, whole):
        for person in await uow.people.holding(Role.GRID_WORKER, codes):
            if person.reachable and person.private_chat_id and person.id != without:
                found.setdefault(person.id, person)
    return list(found.values())


async def offer(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """The worker whose turn it is gets the card; after the last one the hub is told, and nothing is lost."""
    place, turn = draft.community or draft.street, draft.turn or 0
    people = await workers_of(uow, district, place, without=draft.author_id)
    subject = Subject(SubjectKind.DRAFT, draft.id)
    if turn >= len(people):
        community = district.catalogue.party_name(draft.community or draft.street)
        await owe(uow, district, HubTaskKind.RESIDENT, str(draft.id), community, now=now)
        return
    draft.turn = turn + 1
    await uow.drafts.save(draft)
    chat_id = people[turn].private_chat_id
    assert chat_id is not None
    if draft.is_wordless:
        await ask_to_listen(uow, district, draft, people[turn], now=now)
    else:
        silent = not (draft.danger or district.rings(now))
        await uow.cards.want(subject, chat_id, Face.DRAFT, silent=silent, at=now)
        await send_beside(uow, district, draft, people[turn], now=now)
    await pass_on_later(uow, district, draft, now=now)


async def pass_on(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Nobody pressed for a while: the next worker is asked; or somebody did, and the resident hears what came of it."""
    draft = await uow.drafts.get(row.subject.id, for_update=True)
    if draft is None:
        return
    if draft.is_open:
        await offer(uow, district, draft, now=now)
    elif draft.state is DraftState.DISCARDED:
        await tell_not_taken(uow, district, draft, now=now)
    elif draft.state is DraftState.JOINED and draft.ticket_id is not None:
        await uow.cards.want(Subject(SubjectKind.TICKET, draft.ticket_id), draft.chat_id, Face.RESIDENT, at=now)

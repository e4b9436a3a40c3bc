"""A resident's report goes to one grid worker in private first, then to the next; never to a group unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.hub_tasks import owe
from bot.application.ports import UnitOfWork
from bot.application.records import (
    AttachmentUse,
    DueKind,
    DueRow,
    Face,
    OpenQuestion,
    Outgoing,
    QuestionKind,
    Subject,
    SubjectKind,
)
from bot.application.reporting.draft_clock import schedule_draft
from bot.application.reporting.open_draft import VOICE, Report, draft_of
from bot.application.reporting.voice_report import ask_to_listen, send_beside
from bot.application.telling import tell
from bot.domain.draft import Draft
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Person, Role

ANSWER_TIME = timedelta(hours=12)


async def hand_to_worker(uow: UnitOfWork, district: District, report: Report, *, now: datetime) -> Draft:
    """The draft of a resident; without a known place he is asked for it first."""
    draft = await uow.drafts.add(draft_of(district, report, now=now))
    subject = Subject(SubjectKind.DRAFT, draft.id)
    for digest in report.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, subject, "report", now))
    if report.recording:
        await uow.attachments.use(AttachmentUse(report.recording, subject, VOICE, now))
    await schedule_draft(uow, district, draft.id, now=now, asked_again=False)
    if not draft.street:
        await uow.questions.ask(
            OpenQuestion(report.author.id, report.chat.id, QuestionKind.PLACE, subject, now, now + ANSWER_TIME)
        )
        await _say(uow, district, report.author, "resident-ask-place", subject, now=now)
        return draft
    await offer(uow, district, draft, 0, now=now)
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


async def offer(uow: UnitOfWork, district: District, draft: Draft, turn: int, *, now: datetime) -> None:
    """The worker whose turn it is gets the card; after the last one the hub is told, and nothing is lost."""
    place = draft.community or draft.street
    people = await workers_of(uow, district, place, without=draft.author_id)
    subject = Subject(SubjectKind.DRAFT, draft.id)
    if turn >= len(people):
        community = district.catalogue.party_name(draft.community or draft.street)
        await owe(uow, district, HubTaskKind.RESIDENT, str(draft.id), community, now=now)
        return
    chat_id = people[turn].private_chat_id
    assert chat_id is not None
    if draft.is_wordless:
        await ask_to_listen(uow, district, draft, people[turn], now=now)
    else:
        silent = not (draft.danger or district.rings(now))
        await uow.cards.want(subject, chat_id, Face.DRAFT, silent=silent, at=now)
        await send_beside(uow, district, draft, people[turn], now=now)
    read_at = now if draft.danger else district.rings_next(now)  # at night nobody has missed his turn
    passes_on = read_at + district.rules.resident_passes_on_after
    await uow.dues.put(subject, DueKind.RESIDENT_REPORT, passes_on, arg=str(turn + 1))


async def pass_on(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Nobody pressed for a while: the next worker is asked."""
    draft = await uow.drafts.get(row.subject.id, for_update=True)
    if draft is not None and draft.is_open:
        await offer(uow, district, draft, int(row.arg or 0), now=now)

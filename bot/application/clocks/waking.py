"""A batch card is edited in place and does not ring: whoever it waits for is woken with all of it, but seldom."""

from __future__ import annotations

from datetime import datetime

from bot.application.clocks.woken import last_woken, note_woken
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import tell
from bot.application.views.others import release_view, start_view, to_release, to_start
from bot.domain.people import Person


async def wake_officer(uow: UnitOfWork, district: District, person: Person, *, now: datetime) -> None:
    """At once where he has not been woken for a while, else as soon as that while is over, for all calls together."""
    subject = Subject(SubjectKind.PERSON, person.id)
    last = await last_woken(uow, Face.START, person.id)
    again = district.due_moment(last, district.rules.officer_wake_every) if last else now
    if not await to_start(uow, district, person.id):
        return
    if again > now:
        await uow.dues.put(subject, DueKind.WAKE, again)
    else:
        await _wake(uow, district, person, Face.START, now=now)


async def wake_leader(uow: UnitOfWork, district: District, person: Person, *, now: datetime) -> None:
    """Once a day; what comes later on that day is on his card, and in the next morning's digest."""
    last = await last_woken(uow, Face.RELEASE, person.id)
    woken_today = last is not None and district.day(last) == district.day(now)
    if not woken_today and await to_release(uow, district, person.id):
        await _wake(uow, district, person, Face.RELEASE, now=now)


async def wake_who_waits(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Something new waits for that person, or the while is over after which he may be woken again."""
    person = await uow.people.get(row.subject.id)
    if person is not None and person.reachable:
        await wake_officer(uow, district, person, now=now)
        await wake_leader(uow, district, person, now=now)


async def _wake(uow: UnitOfWork, district: District, person: Person, face: Face, *, now: datetime) -> None:
    await note_woken(uow, face, person.id, now=now)
    subject = Subject(SubjectKind.PERSON, person.id)
    card = await uow.cards.of(subject, person.private_chat_id, face) if person.private_chat_id else None
    if card is None or card.message_id is None:
        return  # it is on its way and rings itself
    view = await (start_view if face is Face.START else release_view)(uow, district, card, now)
    message = Outgoing(
        kind=view.key,
        chat_id=card.chat_id,
        params=view.params,
        buttons=view.rows,
        subject=subject,
        priority=Priority.DISPATCH,
        locale=person.locale,
        dedupe_key=f"woken:{face}:{person.id}:{now.isoformat()}",
    )
    await tell(uow, district, message, now=now)

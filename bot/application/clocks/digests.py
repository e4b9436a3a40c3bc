"""One digest a chat at its times on working days: planned as a due row, written when it is judged, else silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.application.clocks.long_breaks import plan_breaks
from bot.application.clocks.woken import note_woken
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import BY_SILENCE, DueKind, DueRow, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import assignment_subject, tell, ticket_subject
from bot.application.views.digests import Moment, digest_of
from bot.application.views.leaders import LEADERS, is_summary, leader_digest, next_leader_moment
from bot.domain import digest
from bot.domain.chat import Chat, ChatKind
from bot.domain.people import Actor, Person
from bot.domain.permissions import Action, Target, require

GIVEN_TO = frozenset({ChatKind.STREET, ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT, ChatKind.HUB})
TOO_LATE = timedelta(hours=2)
"""After an outage a digest that is older than this is left out; the next one says it all."""

SOON = timedelta(days=2)


def chat_subject(chat_id: int) -> Subject:
    """The chat as a subject."""
    return Subject(SubjectKind.CHAT, chat_id)


def times_of(district: District, chat: Chat) -> Sequence[time]:
    """When that chat is given its digest on a working day."""
    if chat.digest == digest.OFF:
        return ()
    return digest.parse_times(chat.digest) if chat.digest else district.rules.digest_times


async def plan_digest(uow: UnitOfWork, district: District, chat: Chat, *, now: datetime) -> datetime | None:
    """The chat's next digest from now on; a chat that gets none has no row."""
    times = times_of(district, chat) if chat.kind in GIVEN_TO else ()
    moment = digest.next_moment(district.calendar, times, now)
    if moment is None:
        await uow.dues.drop(chat_subject(chat.id), DueKind.DIGEST)
    else:
        await uow.dues.put(chat_subject(chat.id), DueKind.DIGEST, moment)
    return moment


async def plan_leader_digest(uow: UnitOfWork, district: District, person_id: int, *, now: datetime) -> None:
    """The next moment at which that leader may be told something; somebody without such a role has none."""
    subject = Subject(SubjectKind.PERSON, person_id)
    roles = {grant.role for grant in await uow.people.grants(person_id)}
    moment = next_leader_moment(district, now) if roles & LEADERS else None
    if moment is None:
        await uow.dues.drop(subject, DueKind.DIGEST)
    else:
        await uow.dues.put(subject, DueKind.DIGEST, moment)


async def plan_missing(uow: UnitOfWork, district: District, *, now: datetime) -> None:
    """Every bound chat waits for its digest; what waits already is left alone."""
    for chat in await uow.chats.all_bound():
        if chat.kind in GIVEN_TO and await uow.dues.moment_of(chat_subject(chat.id), DueKind.DIGEST) is None:
            await plan_digest(uow, district, chat, now=now)
    await plan_breaks(uow, district, now=now)
    for person in await _leaders(uow, district):
        if await uow.dues.moment_of(Subject(SubjectKind.PERSON, person.id), DueKind.DIGEST) is None:
            await plan_leader_digest(uow, district, person.id, now=now)


async def plan_all(uow: UnitOfWork, district: District, *, now: datetime) -> None:
    """The same for those who wait already, since working days are other ones; what is due by now stays."""
    for chat in await uow.chats.all_bound():
        moment = await uow.dues.moment_of(chat_subject(chat.id), DueKind.DIGEST)
        if moment is None or moment > now:
            await plan_digest(uow, district, chat, now=now)
    await plan_breaks(uow, district, now=now)
    for person in await _leaders(uow, district):
        moment = await uow.dues.moment_of(Subject(SubjectKind.PERSON, person.id), DueKind.DIGEST)
        if moment is None or moment > now:
            await plan_leader_digest(uow, district, person.id, now=now)


async def _leaders(uow: UnitOfWork, district: District) -> list[Person]:
    catalogue = district.catalogue
    parties = {"hub", *catalogue.streets, *catalogue.departments, *catalogue.units}
    return [person for role in sorted(LEADERS) for person in await uow.people.holding(role, parties)]


async def choose_times(
    uow: UnitOfWork, district: District, actor: Actor, chat: Chat, words: str, *, now: datetime
) -> datetime | None:
    """`汇总 09:00 15:00`, `汇总 关`, `汇总 开`: from now on; when the next one comes. Raises `DigestTimesInvalid`."""
    require(actor, Action.MUTE, Target(streets=frozenset({chat.of}), units=frozenset({chat.of})))
    wanted = words.strip().lower()
    if wanted in {"关", "off"}:
        chat.digest = digest.OFF
    elif wanted in {"开", "on"}:
        chat.digest = ""
    else:
        chat.digest = " ".join(f"{moment:%H:%M}" for moment in digest.parse_times(words))
    await uow.chats.save(chat)
    return await plan_digest(uow, district, chat, now=now)


async def give_digest(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """The digest of that chat, if something is open there, and its next one; or a leader's."""
    if row.subject.kind is SubjectKind.PERSON:
        await _give_leader(uow, district, row, now)
        return
    chat = await uow.chats.get(row.subject.id)
    if chat is None:
        return
    await plan_digest(uow, district, chat, now=now)
    quiet = chat.muted_until is not None and chat.muted_until > now
    lost = chat.unreachable_since is not None or chat.kind not in GIVEN_TO
    late = now - row.next_check_at > TOO_LATE or not district.calendar.is_working_day(district.day(now))
    if quiet or lost or late:
        return
    at = moment_at(district, chat, row.next_check_at, now)
    view = await digest_of(uow, district, chat, at)
    if view is not None:
        message = Outgoing(
            kind=view.key,
            chat_id=chat.id,
            params=view.params,
            buttons=view.rows,
            subject=chat_subject(chat.id),
            priority=Priority.DIGEST,
            dedupe_key=f"digest:{chat.id}:{row.next_check_at.isoformat()}",
        )
        await tell(uow, district, message, now=now)
    await freshen_cards(uow, district, chat, now=now)


async def _give_leader(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Decisions in the morning, else the week at its end; the dedupe key keeps it to one a day."""
    person = await uow.people.get(row.subject.id)
    if person is None:
        return
    await plan_leader_digest(uow, district, person.id, now=now)
    chat = await uow.chats.get(person.private_chat_id) if person.private_chat_id else None
    if chat is None or not person.reachable or chat.digest == digest.OFF or now - row.next_check_at > TOO_LATE:
        return
    summary = is_summary(district, row.next_check_at)
    view = await leader_digest(uow, district, person, now=now, summary=summary)
    if view is not None:
        message = Outgoing(
            kind=view.key,
            chat_id=chat.id,
            params=view.params,
            buttons=view.rows,
            subject=row.subject,
            priority=Priority.DIGEST,
            locale=person.locale,
            dedupe_key=f"digest:p{person.id}:{district.day(now).isoformat()}",
        )
        await tell(uow, district, message, now=now)
        await uow.settings.put(BY_SILENCE.format(person.id), None)
        for face in (Face.START, Face.RELEASE):
            await note_woken(uow, face, person.id, now=now)


def moment_at(district: District, chat: Chat, due: datetime, now: datetime) -> Moment:
    """What kind of digest it is that was due then: the first of its day, or the last before days off."""
    times, local = times_of(district, chat), district.local(due).time()
    last = digest.is_last_of_the_day(times, local)
    return Moment(
        now,
        is_first=not any(other < local for other in times),
        days_off=digest.days_off_after(district.calendar, district.day(now)) if last else 0,
    )


async def freshen_cards(uow: UnitOfWork, district: District, chat: Chat, *, now: datetime) -> None:
    """Cards that say 今天 and how much time is left are true again twice a day; no edit is spent on it otherwise."""
    if chat.kind is ChatKind.STREET:
        tickets = await uow.tickets.open_in(streets={chat.of})
        by_ticket = await uow.assignments.of_tickets([ticket.id for ticket in tickets])
        for ticket in tickets:
            if any(part.is_open and part.due_at and part.due_at < now + SOON for part in by_ticket[ticket.id]):
                await uow.cards.want(ticket_subject(ticket.id), chat.id, Face.CALLER, create=False)
    elif chat.kind is not ChatKind.HUB:
        codes = {u.code for u in district.catalogue.units.values() if chat.of in {u.code, u.department}} | {chat.of}
        for part in await uow.assignments.open_of(codes):
            if part.due_at and part.due_at < now + SOON:
                await uow.cards.want(assignment_subject(part.id), chat.id, Face.UNIT, create=False)

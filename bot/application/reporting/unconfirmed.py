"""Drafts that nobody confirms: the author is reminded, the community reads of them at the end of the day, they expire."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.application.district import District
from bot.application.hub_tasks import settle_owed
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, DueRow, Outgoing, Priority, Subject, SubjectKind
from bot.application.reporting.open_draft import is_private_matter
from bot.application.telling import tell
from bot.application.views.view import rows
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import Draft, DraftState
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import mask
from bot.domain.permissions import Action

MORNING = time(9, 0)
LISTED = 6
TO_LIST = "list"


def home_of(draft: Draft) -> str:
    """Whose list it is on: the community's, else the street's."""
    return draft.community or draft.street


async def remind(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """After half an hour (config) the author is reminded in private; at the end of the day it is listed."""
    draft = await uow.drafts.get(row.subject.id)
    if draft is None or not draft.is_open or draft.asked:
        return
    if row.arg == TO_LIST:
        await _list(uow, district, home_of(draft), now=now)
        return
    await _enlist(uow, district, draft, now=now)
    author, item = await uow.people.get(draft.author_id), district.catalogue.items.get(draft.item)
    confirm = Button("button-confirm", Action.CONFIRM, row.subject) if item else None
    if author is not None and author.reachable and author.private_chat_id:
        message = Outgoing(
            kind="draft-waiting",
            chat_id=author.private_chat_id,
            params={"place": draft.place, "item_name": item.name if item else ""},
            buttons=rows([confirm, Button("button-not-a-report", Action.DISCARD, row.subject)]),
            subject=row.subject,
            priority=Priority.REMINDER,
            locale=author.locale,
            dedupe_key=f"draft:{draft.id}:reminder",
        )
        await tell(uow, district, message, now=now)


async def _enlist(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    if is_private_matter(district, draft) or not home_of(draft):
        return
    key = f"unconfirmed:{home_of(draft)}"
    known = await uow.settings.get(key)
    ids = known if isinstance(known, list) else []
    await uow.settings.put(key, [*ids, draft.id])
    subject = Subject(SubjectKind.DRAFT, draft.id)
    await uow.dues.put(subject, DueKind.DRAFT_REMINDER, end_of_day(district, now), arg=TO_LIST)


def end_of_day(district: District, now: datetime) -> datetime:
    """The next moment at which a community reads of what nobody confirmed."""
    local = district.local(now)
    for moment in district.rules.draft_listed_at:
        end = datetime.combine(local.date(), moment, tzinfo=local.tzinfo)
        if end > local:
            return end.astimezone(now.tzinfo)
    morning = datetime.combine(local.date() + timedelta(days=1), MORNING, tzinfo=local.tzinfo)
    return morning.astimezone(now.tzinfo)


async def _list(uow: UnitOfWork, district: District, home: str, *, now: datetime) -> None:
    key = f"unconfirmed:{home}"
    ids = await uow.settings.get(key)
    found = [await uow.drafts.get(number) for number in ids] if isinstance(ids, list) else []
    waiting = [draft for draft in found if draft is not None and draft.is_open]
    await uow.settings.put(key, None)
    if not waiting:
        return
    cases = [_line(district, draft) for draft in waiting[:LISTED]]
    for chat in await _chats(uow, district, home):
        message = Outgoing(
            kind="unconfirmed",
            chat_id=chat.id,
            params={"count": len(waiting), "cases": cases},
            priority=Priority.DIGEST,
            silent=True,
            dedupe_key=f"unconfirmed:{home}:{now.isoformat(timespec='minutes')}:c{chat.id}",
        )
        await tell(uow, district, message, now=now)


def _line(district: District, draft: Draft) -> dict[str, object]:
    item = district.catalogue.items.get(draft.item)
    return {"item_name": item.name if item else "", "place": mask(draft.place)}


async def _chats(uow: UnitOfWork, district: District, home: str) -> list[Chat]:
    community = district.catalogue.communities.get(home)
    own = await uow.chats.bound({ChatKind.COMMUNITY}, {home}) if community else []
    street = community.street if community else home
    chats = own or await uow.chats.bound({ChatKind.STREET}, {street})
    return [chat for chat in chats if chat.unreachable_since is None]


async def expire(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Next noon it expires, and is counted for its community and day."""
    draft = await uow.drafts.get(row.subject.id, for_update=True)
    if draft is None or not draft.is_open:
        return
    draft.state, draft.updated_at = DraftState.EXPIRED, now
    await uow.drafts.save(draft)
    await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
    await uow.dues.drop(row.subject)
    await uow.cards.want_all(row.subject)
    key = f"expired-drafts:{home_of(draft)}:{district.day(now).isoformat()}"
    count = await uow.settings.get(key)
    await uow.settings.put(key, (count if isinstance(count, int) else 0) + 1)

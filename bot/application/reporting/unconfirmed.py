"""Drafts that nobody confirms: the author is asked again, the community reads of them at the end of the day, they expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.clocks.waiting import Waiting, stand_in
from bot.application.district import District
from bot.application.hub_tasks import settle_owed
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, DueRow, Outgoing, Priority, Subject, SubjectKind
from bot.application.reporting.draft_clock import draft_clock, schedule_draft
from bot.application.reporting.open_draft import is_private_matter
from bot.application.telling import tell_by_clock
from bot.application.views.view import rows as button_rows
from bot.domain import ladders
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import Draft, DraftState
from bot.domain.escalation import Tells
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import mask
from bot.domain.permissions import Action

LISTED = 6


def home_of(draft: Draft) -> str:
    """Whose list it is on: the community's, else the street's."""
    return draft.community or draft.street


async def load_drafts(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """Open drafts; the row says since when one waits, or nothing where nobody is asked again."""
    found: dict[int, Waiting] = {}
    for row in rows:
        draft = await uow.drafts.get(row.subject.id)
        if draft is None or not draft.is_open:
            continue
        since = datetime.fromisoformat(row.arg) if row.arg else draft.created_at
        ladder = district.ladders.get(ladders.DRAFT, ()) if row.arg and not draft.asked else ()
        found[row.id] = Waiting(
            row=row,
            ticket=stand_in("", since, street=draft.street),
            clock=draft_clock(district, since),
            ladder=ladder,
            owing=Tells.AUTHOR,
            what="draft",
            says=ask_again,
            wakes_nobody=True,
        )
    return found


async def ask_again(
    uow: UnitOfWork, district: District, subject: Subject, tells: Tells, now: datetime, told_at: datetime
) -> None:
    """The author in private, or the community in its group."""
    draft = await uow.drafts.get(subject.id)
    if draft is None:
        return
    if tells is Tells.AUTHOR:
        await _ask_author(uow, district, draft, subject, now=now, told_at=told_at)
    elif home_of(draft) and not is_private_matter(district, draft):
        await _list(uow, district, draft, now=now, told_at=told_at)


async def _ask_author(
    uow: UnitOfWork, district: District, draft: Draft, subject: Subject, *, now: datetime, told_at: datetime
) -> None:
    author, item = await uow.people.get(draft.author_id), district.catalogue.items.get(draft.item)
    confirm = Button("button-confirm", Action.CONFIRM, subject) if item else None
    if author is not None and author.reachable and author.private_chat_id:
        message = Outgoing(
            kind="draft-waiting",
            chat_id=author.private_chat_id,
            params={"place": draft.place, "item_name": item.name if item else ""},
            buttons=button_rows([confirm, Button("button-not-a-report", Action.DISCARD, subject)]),
            subject=subject,
            priority=Priority.REMINDER,
            locale=author.locale,
            dedupe_key=f"draft:{draft.id}:reminder",
        )
        await tell_by_clock(uow, district, message, now=now, told_at=told_at)


async def _list(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime, told_at: datetime) -> None:
    """All that are listed at one moment are one message."""
    item = district.catalogue.items.get(draft.item)
    line = {"item_name": item.name if item else "", "place": mask(draft.place)}
    for chat in await _chats(uow, district, home_of(draft)):
        message = Outgoing(
            kind="unconfirmed",
            chat_id=chat.id,
            params={"count": 1, "lines": [line]},
            priority=Priority.DIGEST,
            silent=True,
            not_before=told_at if told_at > now else None,
            dedupe_key=f"draft:{draft.id}:listed:c{chat.id}",
        )
        await uow.outbox.gather(message, listed=LISTED, at=now)


async def _chats(uow: UnitOfWork, district: District, home: str) -> list[Chat]:
    community = district.catalogue.communities.get(home)
    own = await uow.chats.bound({ChatKind.COMMUNITY}, {home}) if community else []
    street = community.street if community else home
    chats = own or await uow.chats.bound({ChatKind.STREET}, {street})
    return [chat for chat in chats if chat.unreachable_since is None]


async def expire(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Next noon it expires, and is counted for its community and day; a resident's only if nobody looks after it."""
    draft = await uow.drafts.get(row.subject.id, for_update=True)
    if draft is None or not draft.is_open:
        return
    if draft.turn is not None:
        if await _is_looked_after(uow, draft):
            await schedule_draft(uow, district, draft, now=now)
            return
        await tell_not_taken(uow, district, draft, now=now)
    draft.state, draft.updated_at = DraftState.EXPIRED, now
    await uow.drafts.save(draft)
    await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
    await uow.dues.drop(row.subject)
    await uow.cards.want_all(row.subject)
    key = f"expired-drafts:{home_of(draft)}:{district.day(now).isoformat()}"
    count = await uow.settings.get(key)
    await uow.settings.put(key, (count if isinstance(count, int) else 0) + 1)


async def _is_looked_after(uow: UnitOfWork, draft: Draft) -> bool:
    """A worker has his turn, or the hub owes it, with a clock of its own."""
    if await uow.dues.moment_of(Subject(SubjectKind.DRAFT, draft.id), DueKind.RESIDENT_REPORT) is not None:
        return True
    return any(task.about == str(draft.id) for task in await uow.hub_tasks.open(HubTaskKind.RESIDENT))


async def tell_not_taken(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """A resident was promised word: his report became no case, and he can say it again or elsewhere."""
    author = await uow.people.get(draft.author_id)
    if author is None or not author.reachable or not author.private_chat_id:
        return
    message = Outgoing(
        kind="resident-not-taken",
        chat_id=author.private_chat_id,
        params={"at": draft.created_at, "quote": draft.text},
        priority=Priority.REMINDER,
        locale=author.locale,
        dedupe_key=f"draft:{draft.id}:not-taken",
    )
    await tell_by_clock(uow, district, message, now=now, told_at=district.rings_next(now))

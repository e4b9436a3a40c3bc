"""One press makes a draft a ticket: called out, kept in the street, given to the hub, or joined to an open one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.application.calls.dispatching import call_out, open_hub_task
from bot.application.calls.keep_ticket import keep
from bot.application.district import District
from bot.application.hub_tasks import settle_owed
from bot.application.loading import Case, load_open_case
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, Face
from bot.application.reporting.alike import tell_burst
from bot.application.reporting.change_draft import load_open_draft, offer_draft_undo, subject_of, tell_resident_later
from bot.application.reporting.open_draft import VOICE
from bot.application.reporting.voice_report import recordings_of
from bot.application.telling import offer_undo, raise_cards, ticket_subject
from bot.domain.catalogue import Item
from bot.domain.draft import Draft, DraftState
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import is_unfit
from bot.domain.people import Actor
from bot.domain.permissions import Action
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket


class Way(StrEnum):
    """Which button confirmed it."""

    CALL = "call"
    KEEP = "keep"
    HUB = "hub"
    REFER = "refer"


WAY_ACTION = {
    Way.CALL: Action.CONFIRM,
    Way.KEEP: Action.KEEP,
    Way.HUB: Action.SEND_TO_HUB,
    Way.REFER: Action.REFER_UP,
}


async def confirm_draft(
    uow: UnitOfWork, district: District, actor: Actor, draft_id: int, way: Way, *, now: datetime
) -> Case:
    """The ticket that was born, with its first assignment or hub task, or laid before the leader; raises `DraftSettled`, `NotPermitted`."""
    draft = await load_open_draft(uow, actor, draft_id, WAY_ACTION[way])
    if way in {Way.CALL, Way.REFER} and not draft.item:
        way = Way.HUB
    by_resident = draft.turn is not None
    born = ticket_of(district, draft, way, now=now)
    born.reporter_id = actor.id if by_resident else draft.author_id
    ticket = await uow.tickets.add(born, day=district.day(now), prefix=district.rules.ticket_prefix)
    case = Case(ticket, [], [])
    await uow.events.append(
        ticket.id,
        EventKind.REPORTED,
        at=now,
        actor=actor.id,
        detail={"item": ticket.item, "street": ticket.street, "community": ticket.community, "way": str(way)},
        texts={"text": draft.text, "place": draft.place},
    )
    for digest in draft.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, ticket_subject(ticket.id), "report", now))
    await _keep_recordings(uow, draft, ticket.id, now=now)
    await uow.tickets.follow(ticket.id, draft.author_id, at=now)
    if way is Way.KEEP:
        await keep(uow, district, case, actor, now=now)
    elif way is Way.CALL or (way is Way.REFER and ticket.emergency):
        await call_out(uow, district, case, now=now, by=actor.id)
    elif way is Way.HUB:
        await open_hub_task(uow, district, case, HubTaskKind.DISPATCH, now=now)
    await settle(uow, draft, DraftState.CONFIRMED, ticket, now=now)
    if by_resident:
        await uow.cards.want(ticket_subject(ticket.id), draft.chat_id, Face.RESIDENT, at=now)
    if draft.split_from is not None:
        detail = {"ticket": ticket.code}
        await uow.events.append(draft.split_from, EventKind.SPLIT, at=now, actor=actor.id, detail=detail)
    await tell_burst(uow, district, ticket, now=now)
    await offer_undo(uow, district, ticket.id, now=now)
    return case


def ticket_of(district: District, draft: Draft, way: Way, *, now: datetime) -> Ticket:
    """The ticket as a value. What nobody could classify is an ordinary matter without an item."""
    item = None if way is Way.HUB else district.catalogue.item(draft.item)
    sensitivity = _sensitivity(district, draft, item)
    return Ticket(
        id=0,
        code="",
        mode=Mode.SELF if way is Way.KEEP else Mode.DIRECT,
        level=item.level if item else Level.ORDINARY,
        item=item.code if item else "",
        item_name=item.name if item else "",
        catalogue_version=district.catalogue.version,
        sensitivity=sensitivity,
        emergency=draft.danger or bool(item and item.emergency),
        text=draft.text,
        place=draft.place,
        street=draft.street,
        community=draft.community,
        caller=draft.caller,
        reporter_id=draft.author_id,
        created_at=now,
        origin_chat_id=draft.chat_id,
        origin_message_id=draft.message_id,
        danger=draft.danger,
        street_action=item.street_duty if item else "",
        split_from=draft.split_from,
    )


def _sensitivity(district: District, draft: Draft, item: Item | None) -> Sensitivity:
    """That of the item, unless the words ask for more; whoever chose the item himself knows what it is about."""
    guesses = [district.catalogue.items[c].sensitivity for c in draft.candidates if c in district.catalogue.items]
    hidden = Sensitivity.SENSITIVE in guesses
    if is_unfit(draft.text) or (draft.discreet and not draft.sure) or (item is None and hidden):
        return Sensitivity.SENSITIVE
    own = item.sensitivity if item else Sensitivity.PUBLIC
    doubtful = draft.discreet or (hidden and not draft.sure)
    return Sensitivity.LIMITED if own is Sensitivity.PUBLIC and doubtful else own


async def settle(uow: UnitOfWork, draft: Draft, state: DraftState, ticket: Ticket, *, now: datetime) -> None:
    """The draft has ended; its card, edited in place, becomes the ticket's."""
    draft.state, draft.ticket_id, draft.updated_at = state, ticket.id, now
    await uow.drafts.save(draft)
    await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
    await uow.dues.drop(subject_of(draft.id))
    for card in await uow.cards.of_subject(subject_of(draft.id)):
        await uow.cards.rename(card, ticket_subject(ticket.id), Face.CALLER)


async def _keep_recordings(uow: UnitOfWork, draft: Draft, ticket_id: int, *, now: datetime) -> None:
    for digest in await recordings_of(uow, subject_of(draft.id)):
        await uow.attachments.use(AttachmentUse(digest, ticket_subject(ticket_id), VOICE, now))


async def join_ticket(
    uow: UnitOfWork, district: District, actor: Actor, draft_id: int, ticket_id: int, *, now: datetime
) -> Case:
    """`＋1 并案`: the author follows the open ticket, whose unit learns his words as an addendum."""
    draft = await load_open_draft(uow, actor, draft_id, Action.JOIN_TICKET)
    case = await load_open_case(uow, ticket_id)
    new = await uow.tickets.follow(ticket_id, draft.author_id, at=now, joined=True)
    await uow.events.append(
        ticket_id,
        EventKind.FOLLOWED,
        at=now,
        actor=actor.id,
        detail={"draft": draft.id, "new": new},
        texts={"text": draft.text, "place": draft.place},
    )
    for digest in draft.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, ticket_subject(ticket_id), "report", now))
    await _keep_recordings(uow, draft, ticket_id, now=now)
    draft.state, draft.ticket_id, draft.updated_at = DraftState.JOINED, ticket_id, now
    await uow.drafts.save(draft)
    await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
    await uow.dues.drop(subject_of(draft.id))
    await tell_resident_later(uow, district, draft, now=now)
    await offer_draft_undo(uow, district, draft.id, now=now)
    await uow.cards.want_all(subject_of(draft.id))
    await raise_cards(uow, case)
    await tell_burst(uow, district, case.ticket, now=now)
    return case

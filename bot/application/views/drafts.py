"""The draft card (text 1)."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.people.identify import draft_target, identify
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, Subject, SubjectKind
from bot.application.reporting.alike import alike_tickets
from bot.application.views.view import QUOTE_LENGTH, View, is_recent, rows
from bot.domain import routing
from bot.domain.catalogue import Item
from bot.domain.chat import Chat
from bot.domain.draft import Draft, DraftState
from bot.domain.limits import LimitUnit, parse_limit
from bot.domain.masking import mask
from bot.domain.people import Grant, Person, Role
from bot.domain.permissions import Action, may
from bot.domain.ticket import Sensitivity, Ticket


async def draft_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """What the author sees before he presses."""
    met = await uow.presences.at_draft(card.subject.id, card.chat_id)
    if met is None:
        return None
    draft, author, chat = met.draft, met.author, met.chat
    subject = Subject(SubjectKind.DRAFT, draft.id)
    in_group = chat is not None and chat.is_group
    reader = None if in_group else await uow.people.in_private_chat(card.chat_id)
    if not draft.is_open:
        undoable = await _may(uow, district, draft, chat, reader, Action.DISCARD)
        return await _settled(uow, district, draft, now, in_group=in_group, undoable=undoable)
    name, quote = author.name if author else "", ""
    if reader is not None and draft.turn is not None:
        name, quote = reader.name, draft.text[:QUOTE_LENGTH]
    if draft.asked:
        asked: dict[str, object] = {"name": name, "quote": _quote(draft, in_group)}
        yes = Button("button-is-report", Action.REPORT, subject)
        return View("draft-asked", asked, rows([yes, _no(subject)]))
    item = district.catalogue.items.get(draft.item)
    offered = _offered(district, draft, in_group=in_group)
    if item is None or draft.choosing:
        return _choice(offered, draft, subject, name)
    similar = await alike_tickets(uow, district, draft, now=now)
    params = _params(district, draft, item, now, in_group=in_group) | {
        "name": name,
        "quote": quote,
        "unsure": not draft.sure,
        "similar": [ticket.code for ticket in similar],
        "days": district.rules.similar_within.days,
    }
    refers = await _may(uow, district, draft, chat, reader, Action.REFER_UP)
    up = _up(met.grants, draft, item) if refers else None
    keeps = await _may(uow, district, draft, chat, reader, Action.KEEP)
    return View("draft-card", params, _buttons(offered, draft, item, subject, similar, up=up, keeps=keeps))


async def _may(
    uow: UnitOfWork, district: District, draft: Draft, chat: Chat | None, reader: Person | None, action: Action
) -> bool:
    """In a group somebody may; who reads it in private may be no worker of the street, as in a mixed group."""
    if chat is None or reader is None:
        return True
    actor = identify(district, reader, await uow.people.grants(reader.id), chat)
    return may(actor, action, draft_target(draft, actor))


def _offered(district: District, draft: Draft, *, in_group: bool) -> list[Item]:
    """What may be chosen from; the very name of a sensitive item is not for a group."""
    items = [district.catalogue.items[code] for code in draft.candidates if code in district.catalogue.items]
    return [item for item in items if not in_group or item.sensitivity is not Sensitivity.SENSITIVE]


def _params(district: District, draft: Draft, item: Item, now: datetime, *, in_group: bool) -> dict[str, object]:
    unit = routing.lead_unit(district.catalogue, item, draft.street)
    community = district.catalogue.party_name(draft.community) if draft.community else ""
    running = parse_limit(item.handle_limit).unit is LimitUnit.RUNNING_HOURS
    sign_due = district.due_moment(now, item.sign_limit)
    return {
        "item": item.code,
        "item_name": item.name,
        "place": (mask(draft.place) if in_group else draft.place) or community,
        "place_missing": not draft.place,
        "photos": len(draft.photo_hashes),
        "lead": district.catalogue.party_name(unit.code) if unit else item.lead,
        "sign_limit": item.sign_limit,
        "handle_limit": item.handle_limit,
        "running": running,
        "street_duty": item.street_duty,
        "keeps_first": routing.keeps_first(item),
        "danger": draft.danger,
        "emergency": item.emergency,
        "due_at": None
        if running or district.day(sign_due) == district.day(now)
        else district.due_moment(now, item.handle_limit),
        "problems": _problems(district, draft),
    }


def _problems(district: District, draft: Draft) -> list[str]:
    """What the words name, by the names of the items; such a card is in private if one of them is sensitive."""
    firsts = [problem["candidates"][0] for problem in draft.segments if problem["candidates"]]
    return [district.catalogue.items[code].name for code in firsts if code in district.catalogue.items]


def _buttons(
    offered: list[Item],
    draft: Draft,
    item: Item,
    subject: Subject,
    similar: list[Ticket],
    *,
    up: Button | None,
    keeps: bool,
) -> tuple[tuple[Button, ...], ...]:
    confirm = Button("button-confirm", Action.CONFIRM, subject)
    keep = Button("button-keep", Action.KEEP, subject) if keeps else None
    change = Button("button-change-item", Action.CHANGE_ITEM, subject)
    place = Button("button-add-place", Action.ADD_PLACE, subject)
    join = (
        Button("button-join", Action.JOIN_TICKET, subject, arg=str(similar[0].id), params={"code": similar[0].code})
        if similar
        else None
    )
    first, second = (keep, confirm) if routing.keeps_first(item) else (confirm, keep)
    others = [] if draft.sure else _choices(offered, subject, without=item.code)
    split = Button("button-split", Action.SPLIT_DRAFT, subject) if len(draft.segments) > 1 else None
    return rows([first, None if others else change, place], *others, [split], [second, join, up, _no(subject)])


def _up(grants: frozenset[Grant], draft: Draft, item: Item) -> Button | None:
    """Who reports as the street's officer may lay it before the district leader at once."""
    officer = Grant(Role.STREET_OFFICER, draft.street) in grants
    subject = Subject(SubjectKind.DRAFT, draft.id)
    return Button("button-refer-up", Action.REFER_UP, subject) if officer and not item.emergency else None


def _choices(offered: list[Item], subject: Subject, *, without: str = "") -> list[list[Button]]:
    """A button an item, the most likely first, and the way to the hub."""
    choices = [
        [Button("button-item", Action.CHOOSE_ITEM, subject, arg=item.code, params={"name": item.name})]
        for item in offered
        if item.code != without
    ]
    return [*choices, [Button("button-none-of-these", Action.SEND_TO_HUB, subject)]]


def _choice(offered: list[Item], draft: Draft, subject: Subject, name: str) -> View:
    params = {"name": name, "items": [item.name for item in offered], "danger": draft.danger}
    return View("draft-choice", params, rows(*_choices(offered, subject), [_no(subject)]))


def _no(subject: Subject) -> Button:
    return Button("button-not-a-report", Action.DISCARD, subject)


def _quote(draft: Draft, in_group: bool) -> str:
    words = draft.text[:120]
    return mask(words) if in_group else words


async def _settled(
    uow: UnitOfWork, district: District, draft: Draft, now: datetime, *, in_group: bool, undoable: bool
) -> View | None:
    recent = undoable and is_recent(district, draft.updated_at, now)
    undo = Button("button-undo", Action.UNDO, Subject(SubjectKind.DRAFT, draft.id)) if recent else None
    ticket = await uow.tickets.get(draft.ticket_id) if draft.ticket_id else None
    if draft.state is DraftState.JOINED and ticket is not None:
        return View("draft-joined", {"code": ticket.code}, rows([undo]))
    if draft.state is DraftState.DISCARDED and undo is not None and not in_group:
        return View("discarded", {"quote": mask(draft.text[:40])}, rows([undo]))
    return View("draft-expired") if draft.state is DraftState.EXPIRED else None

"""双向派单: a department asks a street for something; by the list it goes out at once, else after admission (准入)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.calls.dispatching import dispatch_to
from bot.application.clocks.assignment_clocks import first_check
from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, DueKind, Face, Outgoing, Subject, SubjectKind
from bot.application.telling import (
    SECOND,
    hub_chats,
    offer_undo,
    raise_cards,
    tell,
    tell_hub,
    ticket_subject,
    unit_chats,
)
from bot.domain import ladders, routing, street_call
from bot.domain.chat import Chat
from bot.domain.errors import ButtonStale, NotPermitted, TextMissing
from bot.domain.events import EventKind
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor, Person, Role
from bot.domain.permissions import Action, Target, require, who_may
from bot.domain.street_call import StreetCall, StreetCallState
from bot.domain.ticket import Level, Mode, Sensitivity, Ticket

S = StreetCallState


def subject_of(call: StreetCall) -> Subject:
    """The wish as a subject."""
    return Subject(SubjectKind.STREET_CALL, call.id)


def unit_of(district: District, actor: Actor, chat: Chat) -> str:
    """For which unit this person asks here: the chat's, else the one he is liaison of; empty if none."""
    codes = district.catalogue.units.keys() | district.catalogue.departments.keys()
    if chat.of in codes:
        return chat.of
    speaking = {Role.LIAISON, Role.DEPARTMENT_LEADER}
    return next((g.of for g in sorted(actor.grants, key=str) if g.role in speaking and g.of in codes), "")


async def propose_call(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    chat: Chat,
    street: str,
    text: str,
    *,
    message_id: int | None,
    sensitive: bool,
    now: datetime,
) -> StreetCall:
    """One card: what of the list it may be, and the way for what is not on it; sensitive matters only in private."""
    unit = unit_of(district, actor, chat)
    require(actor, Action.CALL_STREET, Target(units=routing.covering_codes(district.catalogue, unit)))
    if not text.strip():
        raise TextMissing()
    person = actor.person
    shown_in = chat.id
    if sensitive and chat.is_group and person.private_chat_id is not None:
        shown_in = person.private_chat_id
    department = unit.partition("-")[0]
    likely = street_call.likely_items(text, district.rules.street_items.values(), department)
    call = await uow.street_calls.add(
        StreetCall(
            id=0,
            state=S.OPEN,
            unit=unit,
            street=street,
            text=text.strip()[:2000],
            author_id=actor.id,
            chat_id=shown_in,
            message_id=message_id if shown_in == chat.id else None,
            created_at=now,
            sensitive=sensitive,
            candidates=[item.code for item in likely],
        )
    )
    await uow.cards.want(subject_of(call), shown_in, Face.STREET_CALL, reply_to=call.message_id, silent=True, at=now)
    due = district.due_moment(now, district.rules.street_call_limit)
    await uow.dues.put(subject_of(call), DueKind.STREET_CALL, due)
    return call


async def load_call(uow: UnitOfWork, call_id: int, *states: StreetCallState) -> StreetCall:
    """The wish, locked, in one of these states; raises `ButtonStale`."""
    call = await uow.street_calls.get(call_id, for_update=True)
    if call is None:
        raise ButtonStale()
    if call.state not in states:
        raise ButtonStale()
    return call


def _target(district: District, call: StreetCall) -> Target:
    return Target(units=routing.covering_codes(district.catalogue, call.unit))


async def send_call(
    uow: UnitOfWork, district: District, actor: Actor, call_id: int, item: str, *, now: datetime
) -> Case:
    """The wish is on the list: it becomes a ticket, and the street has its card."""
    call = await load_call(uow, call_id, S.OPEN)
    require(actor, Action.CALL_STREET, _target(district, call))
    if item not in call.candidates:
        raise ButtonStale()
    call.item = item
    case = await _born(uow, district, call, actor.id, now=now)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


async def drop_call(uow: UnitOfWork, district: District, actor: Actor, call_id: int) -> StreetCall:
    """`不发了`."""
    call = await load_call(uow, call_id, S.OPEN, S.ADMISSION)
    require(actor, Action.CALL_STREET, _target(district, call))
    await end_call(uow, call, S.DROPPED)
    return call


async def ask_admission(
    uow: UnitOfWork, district: District, actor: Actor, call_id: int, *, now: datetime
) -> StreetCall:
    """`申请准入`: each approver that config names is asked; nothing reaches the street before."""
    call = await load_call(uow, call_id, S.OPEN)
    require(actor, Action.CALL_STREET, _target(district, call))
    call.state, call.asked_at = S.ADMISSION, now
    await uow.street_calls.save(call)
    first = first_check(district, ladders.ADMISSION, now, district.rules.approval_limit)
    await uow.dues.put(subject_of(call), DueKind.STREET_CALL, first)
    await uow.cards.want_all(subject_of(call))
    silent = not district.rings(now)
    unreached: set[str] = set()
    for approver in sorted(frozenset().union(*district.rules.approvers)):
        chats = await asked_at(uow, district, approver, sensitive=call.sensitive)
        for chat_id in chats:
            await uow.cards.want(subject_of(call), chat_id, Face.APPROVAL, silent=silent, at=now)
        if not chats:
            unreached.add(approver)
    if all(unreached & group for group in district.rules.approvers):
        await _tell_nobody_can_admit(uow, district, call, sorted(unreached), now=now)
    return call


async def _tell_nobody_can_admit(
    uow: UnitOfWork, district: District, call: StreetCall, unreached: Sequence[str], *, now: datetime
) -> None:
    """Each line of approvers lacks somebody whom the bot can write to: the hub learns whom."""
    name = district.catalogue.party_name
    params = {
        "unit": name(call.unit),
        "street": name(call.street),
        "offices": [{"office": one, "name": name(one)} for one in unreached],
    }
    await tell_hub(uow, district, "admission-unreached", params, now=now, dedupe_key=f"street_call:{call.id}:unreached")


def admission_buttons(district: District, call: StreetCall, approver: str) -> tuple[Button, ...]:
    """`同意` and `驳回`, in the name of that office."""
    subject = subject_of(call)
    name = {"name": district.catalogue.party_name(approver), "office": approver}
    return (
        Button("button-admit", Action.APPROVE, subject, arg=f"{approver}:yes", params=name),
        Button("button-refuse-admission", Action.APPROVE, subject, arg=f"{approver}:no", params=name),
    )


async def asked_at(uow: UnitOfWork, district: District, approver: str, *, sensitive: bool) -> list[int]:
    """In which chats that office is asked: its group, or its people in private; sensitive matters never in a group."""
    if approver == street_call.HUB and not sensitive:
        return [chat.id for chat in await hub_chats(uow)]
    people: Sequence[Person]
    if approver == street_call.HUB:
        people = await uow.people.holding(Role.DISPATCHER, {"hub"})
    elif approver == street_call.LIST_OFFICE:
        people = await uow.people.holding(Role.LIST_OFFICE, {"hub"})
    elif approver == street_call.DISTRICT_LEADER:
        people = await uow.people.holding(Role.DISTRICT_LEADER, {"hub"})
    else:
        chats = [] if sensitive else [chat.id for chat in await unit_chats(uow, district, approver)]
        if chats:
            return chats
        people = await uow.people.holding(Role.LIAISON, {approver})
    return [person.private_chat_id for person in people if person.reachable and person.private_chat_id]


async def decide_admission(
    uow: UnitOfWork, district: District, actor: Actor, call_id: int, approver: str, *, granted: bool, now: datetime
) -> StreetCall:
    """One approver's word; the last one needed sends the call out or refuses it."""
    call = await load_call(uow, call_id, S.ADMISSION)
    known = approver in frozenset().union(*district.rules.approvers)
    if not known or not street_call.speaks_for(actor, approver):
        raise NotPermitted(action=Action.APPROVE, who=who_may(Action.APPROVE))
    if call.word_of(approver) is granted:
        return call
    word = "granted" if granted else "refused"
    call.approvals = [
        *call.approvals,
        {"approver": approver, "word": word, "by": str(actor.id), "at": now.isoformat()},
    ]
    admitted = street_call.is_admitted(call, district.rules.approvers)
    if admitted:
        await _born(uow, district, call, actor.id, now=now)
    elif admitted is False:
        await end_call(uow, call, S.REFUSED)
        asked_of = district.catalogue.party_name(call.street)
        params = {"street": asked_of, "clause": district.rules.street_call_clause}
        await tell_asker(uow, district, call, "admission-refused", params, now=now, part=now.isoformat())
    else:
        await uow.street_calls.save(call)
    await uow.cards.want_all(subject_of(call))
    await uow.dues.put(subject_of(call), DueKind.CARD_REFRESH, now + district.rules.undo_window + SECOND)
    return call


async def tell_asker(
    uow: UnitOfWork,
    district: District,
    call: StreetCall,
    kind: str,
    params: Mapping[str, object],
    *,
    now: datetime,
    part: str = "",
) -> None:
    """In reply to what was asked; `part` where the same may be said again."""
    message = Outgoing(
        kind=kind,
        chat_id=call.chat_id,
        params=params,
        subject=subject_of(call),
        reply_to=call.message_id,
        dedupe_key=f"street_call:{call.id}:{kind}:{part}",
    )
    await tell(uow, district, message, now=now)


async def end_call(uow: UnitOfWork, call: StreetCall, state: StreetCallState) -> None:
    """Nothing waits any more."""
    call.state = state
    await uow.street_calls.save(call)
    await uow.dues.drop(subject_of(call))
    await uow.cards.want_all(subject_of(call))


async def _born(uow: UnitOfWork, district: District, call: StreetCall, by: int, *, now: datetime) -> Case:
    item = district.rules.street_items.get(call.item)
    unit = district.catalogue.units.get(call.unit)
    ticket = await uow.tickets.add(
        Ticket(
            id=0,
            code="",
            mode=Mode.TWO_WAY,
            level=Level.ORDINARY,
            item=item.code if item else "",
            item_name=item.name if item else district.rules.admitted_name,
            catalogue_version=district.catalogue.version,
            sensitivity=Sensitivity.SENSITIVE if call.sensitive else Sensitivity.PUBLIC,
            emergency=False,
            text=call.text,
            place="",
            street=call.street,
            community="",
            caller=unit.party if unit else Party(PartyKind.DEPARTMENT, call.unit),
            reporter_id=call.author_id,
            created_at=now,
            origin_chat_id=call.chat_id,
            origin_message_id=call.message_id,
        ),
        day=district.day(now),
        prefix=district.rules.ticket_prefix,
    )
    case = Case(ticket, [], [])
    detail = {"item": ticket.item, "street": ticket.street, "unit": call.unit, "approvals": call.approvals}
    await uow.events.append(ticket.id, EventKind.REPORTED, at=now, actor=by, detail=detail, texts={"text": call.text})
    await uow.tickets.follow(ticket.id, call.author_id, at=now)
    await dispatch_to(uow, district, case, Party(PartyKind.STREET, call.street), now=now, by=by)
    call.ticket_id = ticket.id
    await end_call(uow, call, S.SENT)
    for card in await uow.cards.of_subject(subject_of(call)):
        if card.face is Face.STREET_CALL:
            await uow.cards.rename(card, ticket_subject(ticket.id), Face.CALLER)
    await raise_cards(uow, case)
    return case

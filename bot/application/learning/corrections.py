"""What people put right is kept, masked, for whoever releases it; sensitive matters never are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.records import SubjectKind
from bot.domain import routing
from bot.domain.catalogue import Catalogue, Item, Unit
from bot.domain.correction import Correction, Origin
from bot.domain.draft import Draft
from bot.domain.masking import is_unfit, mask
from bot.domain.ticket import Mode, Sensitivity, Ticket

PROPOSED = 3
NAMED_OTHERWISE = frozenset({Mode.JOINT, Mode.REVERSE, Mode.ENFORCEMENT, Mode.TWO_WAY})
"""Ways in which a unit is named for other reasons than what the matter is about."""


async def keep_choice(uow: UnitOfWork, district: District, draft: Draft, item: str, *, by: int, now: datetime) -> None:
    """Another item than the one that was understood; the last choice counts."""
    await uow.corrections.forget(SubjectKind.DRAFT, draft.id)
    understood = draft.candidates[0] if draft.candidates else draft.item
    if item != understood and _is_public(district, [item]):
        await _keep(uow, district, draft, Origin.CHANGE_ITEM, item, understood, by=by, now=now)


async def keep_rejection(uow: UnitOfWork, district: District, draft: Draft, *, by: int, now: datetime) -> None:
    """`不是上报`."""
    await uow.corrections.forget(SubjectKind.DRAFT, draft.id)
    understood = draft.candidates[0] if draft.candidates else draft.item
    await _keep(uow, district, draft, Origin.NOT_A_REPORT, "", understood, by=by, now=now)


async def _keep(
    uow: UnitOfWork, district: District, draft: Draft, origin: Origin, item: str, was: str, *, by: int, now: datetime
) -> None:
    text = words_of(draft.text)
    if text and not draft.discreet and _is_public(district, [draft.item, *draft.candidates]):
        await uow.corrections.add(Correction(0, text, item, origin, SubjectKind.DRAFT, draft.id, by, now, was=was))


async def keep_ruling(
    uow: UnitOfWork, district: District, case: Case, unit: Unit, origin: Origin, *, by: int, now: datetime
) -> None:
    """The hub gave the matter to a unit to which the list would not have led: perhaps it is about another item."""
    ticket, catalogue = case.ticket, district.catalogue
    await uow.corrections.forget(SubjectKind.TICKET, ticket.id)
    if ticket.mode in NAMED_OTHERWISE or ticket.sensitivity is not Sensitivity.PUBLIC:
        return
    item = catalogue.items.get(ticket.item)
    expected = routing.lead_unit(catalogue, item, ticket.street) if item else None
    text = words_of(ticket.text)
    if not text or is_unfit(ticket.text) or (expected and expected.department == unit.department):
        return
    proposed = proposals(catalogue, text, unit.code)
    known = proposed[0].code if len(proposed) == 1 else ""
    await uow.corrections.add(
        Correction(0, text, known, origin, SubjectKind.TICKET, ticket.id, by, now, was=ticket.item, unit=unit.code)
    )


def words_of(text: str) -> str:
    """The words as an example: one line, without what identifies a person."""
    return mask(" ".join(text.split()))


def proposals(catalogue: Catalogue, text: str, unit_code: str) -> list[Item]:
    """The public items that the unit answers for, those that share most with the words first."""
    unit = catalogue.units.get(unit_code)
    department = catalogue.departments.get(unit.department if unit else unit_code)
    if department is None:
        return []
    led = [
        item
        for item in catalogue.items.values()
        if item.lead == department.name and item.sensitivity is Sensitivity.PUBLIC
    ]
    pairs = _pairs(text)
    return sorted(led, key=lambda item: -len(pairs & _pairs(item.name + item.scope)))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def _is_public(district: District, codes: Iterable[str]) -> bool:
    items = district.catalogue.items
    return all(items[code].sensitivity is Sensitivity.PUBLIC for code in codes if code in items)


async def may_teach(uow: UnitOfWork, district: District, correction: Correction) -> bool:
    """Whether it may be shown and learned from: nothing of its matter is, or has become since, limited or sensitive."""
    if is_unfit(correction.text):
        return False
    codes = [correction.item, correction.was]
    if correction.subject_kind == SubjectKind.DRAFT:
        draft = await uow.drafts.get(correction.subject_id)
        codes += [draft.item, *draft.candidates] if draft else []
        ticket = await uow.tickets.get(draft.ticket_id) if draft and draft.ticket_id else None
    else:
        ticket = await uow.tickets.get(correction.subject_id)
    return _is_public(district, codes) and _is_public_matter(ticket)


def _is_public_matter(ticket: Ticket | None) -> bool:
    return ticket is None or ticket.sensitivity is Sensitivity.PUBLIC

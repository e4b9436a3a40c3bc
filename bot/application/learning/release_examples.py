"""`/examples` at the hub: a second person looks at what was corrected and releases it for the next model, or does not."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.learning.corrections import PROPOSED, may_teach, proposals
from bot.application.ports import UnitOfWork
from bot.application.records import Face, Subject, SubjectKind
from bot.application.telling import show_anew
from bot.domain.catalogue import Item
from bot.domain.chat import Chat, ChatKind
from bot.domain.correction import Correction, Origin
from bot.domain.errors import ButtonStale, ItemUnknown, NothingToDo
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require
from bot.domain.ticket import Sensitivity

PAGE = 3
_PAGE_KEY = "examples:page:"


def list_of(chat_id: int) -> Subject:
    """The list of what waits, as it stands in that chat."""
    return Subject(SubjectKind.EXAMPLES, chat_id)


async def show_examples(uow: UnitOfWork, actor: Actor, chat: Chat, *, now: datetime) -> None:
    """The list from its beginning, as the newest message of the hub's chat or of a private one."""
    require(actor, Action.SEE_EXAMPLES, Target())
    if chat.kind not in {ChatKind.HUB, ChatKind.PRIVATE}:
        raise NothingToDo()
    await uow.settings.put(f"{_PAGE_KEY}{chat.id}", None)
    await show_anew(uow, list_of(chat.id), chat.id, Face.EXAMPLES, at=now)


async def turn_page(uow: UnitOfWork, actor: Actor, chat_id: int, page: int) -> None:
    """`下一页`."""
    require(actor, Action.SEE_EXAMPLES, Target())
    await uow.settings.put(f"{_PAGE_KEY}{chat_id}", page)
    await uow.cards.want_all(list_of(chat_id))


async def page_of(uow: UnitOfWork, chat_id: int) -> int:
    """The page that is open in that chat."""
    page = await uow.settings.get(f"{_PAGE_KEY}{chat_id}")
    return page if isinstance(page, int) else 0


async def waiting_examples(uow: UnitOfWork, district: District) -> list[Correction]:
    """What waits for a second person and may be shown."""
    return [one for one in await uow.corrections.waiting() if await may_teach(uow, district, one)]


async def released_examples(uow: UnitOfWork, district: District) -> list[Correction]:
    """What models may learn from, the newest first, without what has become limited or sensitive since."""
    released = sorted(await uow.corrections.released(), key=lambda one: (one.released_at, one.id), reverse=True)
    return [one for one in released if await may_teach(uow, district, one)]


def choices_of(district: District, correction: Correction) -> list[Item]:
    """The items it may be released as; none where the words are no report."""
    items = district.catalogue.items
    if correction.item in items:
        return [items[correction.item]]
    if correction.origin is Origin.NOT_A_REPORT:
        return []
    return proposals(district.catalogue, correction.text, correction.unit)[:PROPOSED]


async def release_example(
    uow: UnitOfWork, district: District, actor: Actor, correction_id: int, item: str, chat_id: int, *, now: datetime
) -> Correction:
    """`放行`: the next model learns it; raises `OwnCorrection` for who corrected it himself."""
    correction = await _load(uow, actor, correction_id, Action.RELEASE_EXAMPLE)
    if not await may_teach(uow, district, correction):
        raise ButtonStale()
    chosen = item or correction.item
    if (
        correction.origin is not Origin.NOT_A_REPORT
        and district.catalogue.item(chosen).sensitivity is not Sensitivity.PUBLIC
    ):
        raise ItemUnknown()
    correction.release(chosen, by=actor.id, at=now)
    await uow.corrections.save(correction)
    await uow.cards.want_all(list_of(chat_id))
    return correction


async def drop_example(uow: UnitOfWork, actor: Actor, correction_id: int, chat_id: int, *, now: datetime) -> None:
    """`不用`: its words are not kept."""
    correction = await _load(uow, actor, correction_id, Action.DROP_EXAMPLE)
    correction.drop(by=actor.id, at=now)
    await uow.corrections.save(correction)
    await uow.cards.want_all(list_of(chat_id))


async def _load(uow: UnitOfWork, actor: Actor, correction_id: int, action: Action) -> Correction:
    require(actor, action, Target())
    correction = await uow.corrections.get(correction_id, for_update=True)
    if correction is None:
        raise ButtonStale()
    return correction

"""What happens to a draft before it is confirmed: words and pictures join it, its item or place is set, it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.hub_tasks import settle_owed
from bot.application.learning.corrections import keep_choice, keep_rejection
from bot.application.people.identify import draft_target
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, DueKind, Face, OpenQuestion, QuestionKind, Subject, SubjectKind
from bot.application.reporting.draft_clock import pass_on_later
from bot.application.reporting.open_draft import (
    is_discreet,
    is_private_matter,
    is_sure,
    midnight_after,
    place_of,
    problems_of,
    sensitive_item,
    show_draft,
)
from bot.application.telling import SECOND
from bot.domain.draft import Draft, DraftState
from bot.domain.errors import ButtonStale, DraftSettled
from bot.domain.hub_task import HubTaskKind
from bot.domain.masking import is_unfit
from bot.domain.people import Actor
from bot.domain.permissions import Action, require
from nlu.types import Flag, Interpretation

QUESTION_LIFE = timedelta(hours=12)


def subject_of(draft_id: int) -> Subject:
    """The draft as a subject."""
    return Subject(SubjectKind.DRAFT, draft_id)


async def load_draft(uow: UnitOfWork, actor: Actor, draft_id: int, action: Action) -> Draft:
    """The draft, locked, open or not, if this person may do that; raises `NotPermitted`."""
    draft = await uow.drafts.get(draft_id, for_update=True)
    if draft is None:
        raise ButtonStale()
    require(actor, action, draft_target(draft, actor))
    return draft


async def load_open_draft(uow: UnitOfWork, actor: Actor, draft_id: int, action: Action) -> Draft:
    """The same, if it is open; raises `DraftSettled`."""
    draft = await load_draft(uow, actor, draft_id, action)
    if not draft.is_open:
        ticket = await uow.tickets.get(draft.ticket_id) if draft.ticket_id else None
        raise DraftSettled(state=draft.state, ticket=ticket.code if ticket else "")
    return draft


async def offer_items(uow: UnitOfWork, actor: Actor, draft_id: int) -> Draft:
    """`换一项`: the card shows the candidates to choose from."""
    draft = await load_open_draft(uow, actor, draft_id, Action.CHANGE_ITEM)
    draft.choosing = True
    await uow.drafts.save(draft)
    await uow.cards.want_all(subject_of(draft.id))
    return draft


async def choose_item(
    uow: UnitOfWork, district: District, actor: Actor, draft_id: int, item: str, *, now: datetime
) -> Draft:
    """The draft is about that item; the choice is kept as a correction to learn from."""
    draft = await load_open_draft(uow, actor, draft_id, Action.CHOOSE_ITEM)
    await keep_choice(uow, district, draft, district.catalogue.item(item).code, by=actor.id, now=now)
    draft.item, draft.sure, draft.choosing, draft.updated_at = item, True, False, now
    if item not in draft.candidates:
        draft.candidates = [item, *draft.candidates][:3]
    await uow.drafts.save(draft)
    await show_again(uow, district, draft, now=now)
    return draft


async def _move_to_private(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    author = await uow.people.get(draft.author_id)
    chat = await uow.chats.get(draft.chat_id)
    for card in await uow.cards.of_subject(subject_of(draft.id)):
        shown_in = await uow.chats.get(card.chat_id)
        if shown_in and shown_in.is_group:
            await uow.cards.retire(subject_of(draft.id))
            break
    if author and chat:
        await show_draft(uow, district, draft, chat, author, now=now)


async def ask_place(uow: UnitOfWork, actor: Actor, draft_id: int, chat_id: int, *, now: datetime) -> Draft:
    """`补充地点`: the next words of this person here are the place."""
    draft = await load_open_draft(uow, actor, draft_id, Action.ADD_PLACE)
    await uow.questions.ask(
        OpenQuestion(actor.id, chat_id, QuestionKind.PLACE, subject_of(draft.id), now, now + QUESTION_LIFE)
    )
    return draft


async def set_place(uow: UnitOfWork, actor: Actor, draft_id: int, place: str, *, now: datetime) -> Draft:
    """The place as the person wrote it or sent it."""
    draft = await load_open_draft(uow, actor, draft_id, Action.ADD_PLACE)
    draft.place, draft.updated_at = place.strip()[:200], now
    await uow.drafts.save(draft)
    await uow.cards.want_all(subject_of(draft.id))
    return draft


async def add_to_draft(
    uow: UnitOfWork, draft: Draft, *, text: str, photos: Sequence[str], message_id: int | None, now: datetime
) -> Draft:
    """A later message of the author belongs to the draft: its words are added, its pictures counted."""
    if text.strip():
        draft.text = f"{draft.text}\n{text.strip()}".strip()
    for digest in photos:
        if digest not in draft.photo_hashes:
            draft.photo_hashes.append(digest)
            await uow.attachments.use(AttachmentUse(digest, subject_of(draft.id), "report", now))
    if message_id and message_id not in draft.message_ids:
        draft.message_ids.append(message_id)
    draft.updated_at = now
    await uow.drafts.save(draft)
    await uow.cards.want_all(subject_of(draft.id))
    return draft


async def add_words_to_draft(
    uow: UnitOfWork,
    district: District,
    draft: Draft,
    text: str,
    photos: Sequence[str],
    understood: Interpretation | None,
    *,
    message_id: int | None,
    now: datetime,
) -> Draft:
    """What the author says later; the first words of a draft that was a picture only say what it is."""
    if draft.text or not text.strip():
        if not draft.place and understood is not None:
            draft.place = place_of(understood)
        await add_to_draft(uow, draft, text=text, photos=photos, message_id=message_id, now=now)
        await heed_added_words(uow, district, draft, understood, now=now)
        return draft
    await add_to_draft(uow, draft, text="", photos=photos, message_id=message_id, now=now)
    return await reword_draft(uow, district, draft, text.strip(), understood, now=now)


async def reword_draft(
    uow: UnitOfWork, district: District, draft: Draft, text: str, understood: Interpretation | None, *, now: datetime
) -> Draft:
    """The author changed his message before it was sent out: item and place are read again from the new words."""
    _, _, joined_later = draft.text.partition("\n") if len(draft.message_ids) > 1 else ("", "", "")
    draft.text, draft.updated_at = f"{text}\n{joined_later}".strip(), now
    found = understood.items if understood is not None and not draft.choosing else ()
    codes = [guess.code for guess in found if guess.code in district.catalogue.items]
    if understood is not None and codes:
        draft.item, draft.candidates = codes[0], codes[:3]
        draft.danger = Flag.DANGER in understood.flags
        draft.segments = problems_of(district, understood)
    draft.discreet = is_discreet(district, understood) or is_unfit(draft.text)
    if understood is not None and codes:
        draft.sure = is_sure(district, understood, discreet=draft.discreet)
    elif draft.discreet:
        draft.sure = False
    if understood is not None and (place := place_of(understood)):
        draft.place = place
    await uow.drafts.save(draft)
    await show_again(uow, district, draft, now=now, understood=understood)
    return draft


async def heed_added_words(
    uow: UnitOfWork, district: District, draft: Draft, understood: Interpretation | None, *, now: datetime
) -> None:
    """What joined the draft may be what no group should read: then it is about that, and the author asked alone."""
    code = sensitive_item(district, understood)
    if not is_discreet(district, understood) or is_private_matter(district, draft):
        return
    draft.discreet, draft.sure = True, False
    if code:
        draft.item = code
        draft.candidates = list(dict.fromkeys([code, *draft.candidates]))[:3]
    await uow.drafts.save(draft)
    await show_again(uow, district, draft, now=now)


async def show_again(
    uow: UnitOfWork, district: District, draft: Draft, *, now: datetime, understood: Interpretation | None = None
) -> None:
    if is_private_matter(district, draft, understood):
        await _move_to_private(uow, district, draft, now=now)
    else:
        await uow.cards.want_all(subject_of(draft.id))


async def show_opened(uow: UnitOfWork, district: District, actor: Actor, draft: Draft, *, now: datetime) -> None:
    """It is open once more or by itself: a resident's before the worker who made it so, with his time for it."""
    author, chat = await uow.people.get(draft.author_id), await uow.chats.get(draft.chat_id)
    if draft.turn is None and author is not None and chat is not None:
        await show_draft(uow, district, draft, chat, author, now=now)
    elif draft.turn is not None:
        if actor.person.private_chat_id is not None:
            await uow.cards.want(subject_of(draft.id), actor.person.private_chat_id, Face.DRAFT, silent=True, at=now)
        await pass_on_later(uow, district, draft, now=now)


async def tell_resident_later(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> None:
    """A resident hears what became of his words, once that cannot be taken back any more."""
    if draft.turn is not None:
        at = now + district.rules.undo_window + SECOND
        await uow.dues.put(subject_of(draft.id), DueKind.RESIDENT_REPORT, at)


async def offer_draft_undo(uow: UnitOfWork, district: District, draft_id: int, *, now: datetime) -> None:
    """For thirty seconds the card has a button that takes the press back; then it is shown once more without."""
    await uow.dues.put(subject_of(draft_id), DueKind.CARD_REFRESH, now + district.rules.undo_window + SECOND)


async def discard_draft(uow: UnitOfWork, district: District, actor: Actor, draft_id: int, *, now: datetime) -> Draft:
    """`不是上报`: the card goes; three in a day switch the group to asking in private until tomorrow.

    Who pressed can take it back in private, where he has ever written: in the group nothing is left of it.
    """
    draft = await load_open_draft(uow, actor, draft_id, Action.DISCARD)
    draft.state, draft.updated_at = DraftState.DISCARDED, now
    await uow.drafts.save(draft)
    await settle_owed(uow, HubTaskKind.RESIDENT, str(draft.id), now=now)
    await uow.cards.retire(subject_of(draft.id))
    await uow.dues.drop(subject_of(draft.id))
    await tell_resident_later(uow, district, draft, now=now)
    if actor.person.reachable and actor.person.private_chat_id:
        await uow.cards.want(subject_of(draft.id), actor.person.private_chat_id, Face.DRAFT, silent=True, at=now)
        await offer_draft_undo(uow, district, draft.id, now=now)
    await keep_rejection(uow, district, draft, by=actor.id, now=now)
    chat = await uow.chats.get(draft.chat_id)
    if chat is not None and chat.is_group and not draft.asked:
        today = district.day(now)
        chat.mistakes = [m for m in chat.mistakes if district.day(datetime.fromisoformat(m)) == today]
        chat.mistakes.append(now.isoformat())
        if len(chat.mistakes) >= district.rules.mistakes_before_private:
            chat.ask_private_until = midnight_after(district, now)
        await uow.chats.save(chat)
    return draft


async def is_discarded(uow: UnitOfWork, draft_id: int) -> bool:
    """Whether nothing of it is to be seen any more."""
    draft = await uow.drafts.get(draft_id)
    return draft is not None and draft.state is DraftState.DISCARDED


async def show_waiting_drafts(
    uow: UnitOfWork, district: District, actor: Actor, *, since: datetime, now: datetime
) -> int:
    """Drafts that could not be shown in private before are shown now that the person has written; how many."""
    shown = 0
    for draft in await uow.drafts.open_of(actor.id, since=since):
        if draft.is_wordless or not actor.person.private_chat_id:
            continue
        if not await uow.cards.of_subject(subject_of(draft.id)):
            await uow.cards.want(subject_of(draft.id), actor.person.private_chat_id, Face.DRAFT, at=now)
            shown += 1
    return shown

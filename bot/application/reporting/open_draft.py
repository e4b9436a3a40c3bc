"""A report was read or pointed at: it becomes a draft, shown where its sensitivity allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import (
    BOT_PAGE,
    AttachmentUse,
    Button,
    Face,
    Outgoing,
    Priority,
    Subject,
    SubjectKind,
)
from bot.application.reporting.draft_clock import schedule_draft
from bot.application.telling import tell
from bot.domain import routing
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import SAME_REPORT_WINDOW, Draft, DraftState, Problem
from bot.domain.errors import NothingToReport
from bot.domain.people import Person
from bot.domain.permissions import Action
from bot.domain.ticket import Sensitivity
from nlu.types import Decision, EntityKind, Flag, Interpretation

VOICE = "voice"
"""The role of a recording among what belongs to a draft or ticket, and the name of the question for its words."""

RECENT = 10
"""How many of an author's newest tickets may be the one that he is telling once more in another group."""

LIKELY = 0.5
SUSPECT = 0.05
"""From this confidence on the sensitive items among the candidates keep an unsure draft out of the group."""


@dataclass(frozen=True, slots=True)
class Report:
    """A message that is, or is said to be, a report; `asked` if the bot only wonders whether it is one.

    `home` is the street or community an author who writes in private reports for; `recording` the content hash of a
    voice message that has these words beside it.
    """

    author: Person
    chat: Chat
    message_id: int | None
    interpretation: Interpretation
    place: str = ""
    photo_hashes: tuple[str, ...] = ()
    message_ids: tuple[int, ...] = ()
    media_group: str = ""
    asked: bool = False
    home: str = ""
    recording: str = ""
    earlier: tuple[Draft, ...] = ()
    """The author's open drafts of the last `SAME_REPORT_WINDOW`."""


async def open_draft(uow: UnitOfWork, district: District, report: Report, *, now: datetime) -> Draft | None:
    """The new draft, or None if the same author or picture has one in another group already."""
    if not report.interpretation.text.strip() and not report.photo_hashes:
        raise NothingToReport()
    draft = draft_of(district, report, now=now)
    if await _is_repeat(uow, report, draft, now=now):
        return None
    draft = await uow.drafts.add(draft)
    subject = Subject(SubjectKind.DRAFT, draft.id)
    for digest in report.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, subject, "report", now))
    if report.recording:
        await uow.attachments.use(AttachmentUse(report.recording, subject, VOICE, now))
    await show_draft(uow, district, draft, report.chat, report.author, now=now, understood=report.interpretation)
    await schedule_draft(uow, district, draft, now=now)
    return draft


def draft_of(district: District, report: Report, *, now: datetime) -> Draft:
    """The draft as a value: top item, two alternatives, place, street and community."""
    understood = report.interpretation
    codes = [guess.code for guess in understood.items if guess.code in district.catalogue.items]
    street, community = locality(district, report.home or report.chat.of, understood)
    place = report.place or place_of(understood)
    discreet = is_discreet(district, understood)
    return Draft(
        id=0,
        state=DraftState.OPEN,
        author_id=report.author.id,
        chat_id=report.chat.id,
        message_id=report.message_id,
        text=understood.text,
        place=place,
        street=street,
        community=community,
        caller=routing.caller_party(street, community, by_community=report.chat.kind is ChatKind.COMMUNITY),
        created_at=now,
        updated_at=now,
        item=codes[0] if codes and understood.decision is not Decision.ABSTAIN else "",
        candidates=codes[:3],
        sure=is_sure(district, understood, discreet=discreet),
        danger=Flag.DANGER in understood.flags,
        asked=report.asked,
        photo_hashes=list(report.photo_hashes),
        message_ids=list(report.message_ids) or ([report.message_id] if report.message_id else []),
        media_group=report.media_group,
        segments=problems_of(district, understood),
        discreet=discreet,
    )


def problems_of(district: District, understood: Interpretation) -> list[Problem]:
    """The problems of words that name several, each with its own place where it has one; empty for one problem."""
    if len(understood.segments) < 2:
        return []
    problems: list[Problem] = []
    for segment in understood.segments:
        within = (e for e in understood.entities if segment.start <= e.start and e.end <= segment.end)
        codes = [guess.code for guess in segment.items if guess.code in district.catalogue.items]
        place = next((e.text for e in within if e.kind is EntityKind.PLACE), "")
        problems.append(Problem(text=segment.text.strip("，,、；;。 "), place=place, candidates=codes[:3]))
    return problems


def locality(district: District, home: str, understood: Interpretation) -> tuple[str, str]:
    """Street and community: where the chat stands, made finer by what the words name within it."""
    catalogue = district.catalogue
    named = understood.first(EntityKind.COMMUNITY)
    community = catalogue.communities.get(named.value or "") if named else None
    if home in catalogue.communities:
        return catalogue.communities[home].street, home
    if home in catalogue.streets:
        return home, community.code if community and community.street == home else ""
    if community:
        return community.street, community.code
    street = understood.first(EntityKind.STREET)
    return (street.value or "", "") if street else ("", "")


def place_of(understood: Interpretation) -> str:
    """The place in the words, as written."""
    entity = understood.first(EntityKind.PLACE) or understood.first(EntityKind.COMMUNITY)
    return entity.text if entity else ""


def sensitive_item(district: District, understood: Interpretation | None) -> str:
    """The sensitive item that these words may be about: the first if understanding is sure, else any likely one."""
    if understood is None:
        return ""
    if understood.decision is Decision.ACCEPT:
        return understood.items[0].code if likeliest_is_sensitive(district, understood) else ""
    return suspected_item(district, understood)


def is_discreet(district: District, understood: Interpretation | None) -> bool:
    """Whether no group reads these words, whatever item they are about in the end."""
    return understood is not None and (understood.discreet or bool(sensitive_item(district, understood)))


def is_sure(district: District, understood: Interpretation, *, discreet: bool) -> bool:
    """Whether the card need not ask which item it is; of discreet words only a sensitive item is the whole story."""
    accepted = understood.decision is Decision.ACCEPT
    return accepted and (not discreet or bool(sensitive_item(district, understood)))


def suspected_item(district: District, understood: Interpretation) -> str:
    """The likeliest sensitive item, if together they are likely enough: several weak suspicions are one strong one."""
    items = district.catalogue.items
    listed = [g for g in understood.items if g.code in items]
    suspected = [g for g in listed if items[g.code].sensitivity is Sensitivity.SENSITIVE]
    return suspected[0].code if suspected and sum(g.confidence for g in suspected) >= SUSPECT else ""


def likeliest_is_sensitive(district: District, understood: Interpretation | None) -> bool:
    """Whether a sensitive item is likelier than not: for words that are no report, where mere suspicion hides too much."""
    guess = understood.items[0] if understood and understood.items else None
    item = district.catalogue.items.get(guess.code) if guess else None
    likely = guess is not None and guess.confidence >= LIKELY
    return likely and item is not None and item.sensitivity is Sensitivity.SENSITIVE


def is_private_matter(district: District, draft: Draft, understood: Interpretation | None = None) -> bool:
    """Whether no group may see it: its words are discreet, or the first item, where unsure any likely one, is sensitive."""
    items = district.catalogue.items
    likely = {draft.item} if draft.item else set()
    likely |= {problem["candidates"][0] for problem in draft.segments if problem["candidates"]}
    if understood is not None and not draft.sure:
        likely.add(suspected_item(district, understood))
    sensitive = any(code in items and items[code].sensitivity is Sensitivity.SENSITIVE for code in likely)
    return sensitive or draft.discreet


async def show_draft(
    uow: UnitOfWork,
    district: District,
    draft: Draft,
    chat: Chat,
    author: Person,
    *,
    now: datetime,
    understood: Interpretation | None = None,
) -> None:
    """The card in the group, or in private where the matter, the group's kind or its patience asks for that."""
    subject = Subject(SubjectKind.DRAFT, draft.id)
    if draft.turn is not None:  # a resident's own words: whoever was asked has the card
        await uow.cards.want_all(subject)
        return
    sensitive = is_private_matter(district, draft, understood)
    shy = chat.kind is ChatKind.MIXED or draft.asked or bool(chat.ask_private_until and chat.ask_private_until > now)
    if not chat.is_group:
        await uow.cards.want(subject, chat.id, Face.DRAFT, reply_to=draft.message_id, silent=True, at=now)
    elif not (sensitive or shy):
        await uow.cards.want(
            subject, chat.id, Face.DRAFT, reply_to=draft.message_id, silent=True, priority=Priority.REPLY, at=now
        )
    else:
        if author.reachable and author.private_chat_id:
            await uow.cards.want(subject, author.private_chat_id, Face.DRAFT, priority=Priority.REPLY, at=now)
        elif draft.asked and not sensitive:
            await uow.cards.want(subject, chat.id, Face.DRAFT, reply_to=draft.message_id, silent=True, at=now)
        if sensitive or (not author.reachable and not draft.asked):
            await _say_private(uow, district, draft, chat, reachable=author.reachable, now=now)


async def _say_private(
    uow: UnitOfWork, district: District, draft: Draft, chat: Chat, *, reachable: bool, now: datetime
) -> None:
    draft_subject = Subject(SubjectKind.DRAFT, draft.id)
    message = Outgoing(
        kind="private-matter",
        chat_id=chat.id,
        params={"reachable": reachable},
        buttons=() if reachable else ((Button("button-write-me", Action.BIND, draft_subject, url=BOT_PAGE),),),
        subject=draft_subject,
        reply_to=draft.message_id,
        silent=True,
        dedupe_key=f"draft:{draft.id}:private",
    )
    await tell(uow, district, message, now=now)


async def _is_repeat(uow: UnitOfWork, report: Report, draft: Draft, *, now: datetime) -> bool:
    """Whether the same author or the same picture brought the same matter to another group a while ago."""
    since = now - SAME_REPORT_WINDOW
    if not report.chat.is_group:
        return False
    for other in report.earlier:
        if other.is_open and other.chat_id != report.chat.id and _same(draft, other.text, other.item, other.place):
            return True
    for ticket in await uow.tickets.of_person(report.author.id, limit=RECENT):
        recent = ticket.created_at >= since and ticket.origin_chat_id not in {None, report.chat.id}
        if recent and _same(draft, ticket.text, ticket.item, ticket.place):
            return True
    return await _is_known_picture(uow, report, since)


def _same(draft: Draft, text: str, item: str, place: str) -> bool:
    words, others = "".join(draft.text.split()), "".join(text.split())
    return (bool(words) and words == others) or bool(
        draft.item and draft.place and (draft.item, draft.place) == (item, place)
    )


async def _is_known_picture(uow: UnitOfWork, report: Report, since: datetime) -> bool:
    for digest in report.photo_hashes:
        for use in await uow.attachments.used(digest):
            if use.subject.kind is SubjectKind.DRAFT and use.at >= since:
                other_draft = await uow.drafts.get(use.subject.id)
                if other_draft and other_draft.chat_id != report.chat.id:
                    return True
    return False


def midnight_after(district: District, now: datetime) -> datetime:
    """The end of the district's day."""
    local = district.local(now)
    return datetime.combine(local.date() + timedelta(days=1), time(0), tzinfo=local.tzinfo).astimezone(now.tzinfo)

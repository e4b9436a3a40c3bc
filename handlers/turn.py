"""One update being handled: who, where, with what; and the three ways to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, cast

from telegram import Bot, Message, Update

from bot.application.calls.record_delivery import chat_found
from bot.application.district import District
from bot.application.lookups.find_ticket import FULL
from bot.application.people.entrusting import named_acts
from bot.application.people.identify import identify
from bot.application.people.resting import wake_roles
from bot.application.ports import UnitOfWork
from bot.application.records import Button, OpenQuestion, Outgoing, Priority, Subject
from bot.application.telling import tell
from bot.domain.chat import Chat, ChatKind
from bot.domain.draft import SAME_REPORT_WINDOW, Draft
from bot.domain.people import Actor, Person
from handlers.incoming import is_there, name_of, sender_of
from handlers.prepare import Prepared
from handlers.services import Services, services_of

PROMPTS = frozenset(
    {
        "ask-place",
        "ask-progress",
        "ask-handler",
        "ask-name",
        "ask-return",
        "ask-extend",
        "ask-tell-street",
        "ask-suspend",
        "ask-other-department",
        "ask-clause",
        "ask-owner",
        "ask-duplicate",
        "ask-question",
        "ask-ruled-unit",
        "ask-street",
        "ask-street-answer",
        "ask-answer",
        "ask-public",
        "ask-decline",
        "ask-withdraw",
        "reason-ask",
        "words-ask",
        "unknown-unit-code",
        "resident-ask-place",
        "ask-log",
        "meeting-ask-when",
        "meeting-ask-time",
        "meeting-ask-more",
        "meeting-ask-delegate",
        "meeting-ask-spot",
        "minutes-ask",
        "referred-ask",
        "order-ask",
        "further-ask",
        "minutes-unreadable",
    }
)
"""Texts that ask for words: they open the person's reply line, so that privacy mode does not hide the answer."""


class TurnContext(Protocol):
    """What the worker's context offers to handlers."""

    uow: UnitOfWork
    prepared: object
    bot: Bot
    bot_data: dict[str, object]

    def answer(self, text: str, alert: bool = False) -> None:
        """The one answer to a button press, given after the commit."""
        ...

    def forget(self) -> None:
        """Nothing of the raw update is kept once it is done."""
        ...


@dataclass(slots=True)
class Turn:
    """Everything a handler works with; `message` is None for what is no message."""

    update: Update
    context: TurnContext
    uow: UnitOfWork
    services: Services
    district: District
    prepared: Prepared
    chat: Chat
    actor: Actor
    now: datetime
    newly_reachable: bool = False
    question: OpenQuestion | None = None
    spoken: str = ""
    alert: bool = False
    """The answer to the press so far, and whether it is a window to close."""
    _own_drafts: tuple[Draft, ...] | None = None

    @property
    def person(self) -> Person:
        """Who wrote or pressed."""
        return self.actor.person

    @property
    def message(self) -> Message | None:
        """The message, new or edited."""
        return self.update.message or self.update.edited_message

    @property
    def message_id(self) -> int | None:
        """Telegram's id of the message."""
        return self.message.message_id if self.message else None

    @property
    def locale(self) -> str:
        """The person's language in private, the chat's in a group."""
        return self.person.locale if self.chat.kind is ChatKind.PRIVATE else self.chat.locale

    async def own_drafts(self) -> tuple[Draft, ...]:
        """The person's open drafts of the last half hour, newest first, as they were when first asked for."""
        if self._own_drafts is None:
            since = self.now - SAME_REPORT_WINDOW
            self._own_drafts = tuple(await self.uow.drafts.open_of(self.person.id, since=since))
        return self._own_drafts

    async def reply(
        self,
        key: str,
        params: Mapping[str, object] | None = None,
        *,
        subject: Subject | None = None,
        buttons: tuple[tuple[Button, ...], ...] = (),
        quote: bool = True,
        once: str | None = None,
        **more: object,
    ) -> None:
        """A silent answer in this chat, to the message that asked."""
        message = Outgoing(
            kind=key,
            chat_id=self.chat.id,
            params={**(params or {}), **more, **({"wants_reply": True} if key in PROMPTS else {})},
            buttons=buttons,
            subject=subject,
            reply_to=self.message_id if quote and self.chat.is_group else None,
            silent=self.chat.is_group,
            priority=Priority.REPLY,
            locale=self.locale,
            dedupe_key=once,
        )
        await tell(self.uow, self.district, message, now=self.now)

    async def reply_private(
        self,
        key: str,
        params: Mapping[str, object] | None = None,
        *,
        subject: Subject | None = None,
        buttons: tuple[tuple[Button, ...], ...] = (),
        once: str | None = None,
        attachments: tuple[str, ...] = (),
    ) -> bool:
        """To the person in private; False where he has never written to the bot there."""
        if not (self.person.reachable and self.person.private_chat_id):
            return False
        message = Outgoing(
            kind=key,
            chat_id=self.person.private_chat_id,
            params=params or {},
            buttons=buttons,
            subject=subject,
            silent=once is not None,
            locale=self.person.locale,
            dedupe_key=once,
            attachment_hashes=attachments,
        )
        await tell(self.uow, self.district, message, now=self.now)
        return True

    async def tell_person(self, person: Person, key: str, *, subject: Subject | None = None, **params: object) -> None:
        """A message to somebody else in private."""
        if person.private_chat_id:
            message = Outgoing(
                kind=key, chat_id=person.private_chat_id, params=params, subject=subject, locale=person.locale
            )
            await tell(self.uow, self.district, message, now=self.now)

    def toast(
        self, key: str, params: Mapping[str, object] | None = None, *, alert: bool = False, **more: object
    ) -> None:
        """The answer to a press."""
        filled = {**(params or {}), **more}
        self.spoken = self.services.texts.plain(key, self.person.locale, filled, now=self.now)
        self.alert = alert
        self.context.answer(self.spoken, alert)

    def toast_about(self, code: str) -> None:
        """A ticket's code stands in every answer about it, also where the sentence itself does without."""
        if self.spoken and code and not FULL.search(self.spoken):
            self.spoken = f"{code} {self.spoken}"
            self.context.answer(self.spoken, self.alert)

    def word(self, key: str, **params: object) -> str:
        """A word of the catalogue in this chat's language."""
        return self.services.texts.caption(key, self.locale, params)


async def turn_of(update: Update, context: object) -> Turn | None:
    """The turn, with chat and person stored; None for what comes from no person or no chat."""
    typed = cast(TurnContext, context)
    user, chat = sender_of(update), update.effective_chat
    if user is None or chat is None:
        return None
    services = services_of(typed.bot_data)
    uow = typed.uow
    private = chat.type == "private"
    now = services.clock.now()
    met = await uow.presences.of(chat.id, user.id, now=now)
    row = await uow.chats.ensure(chat.id, title=chat.title or "", private=private, known=met.chat)
    if row.unreachable_since is not None:
        await chat_found(uow, services.district(), row, now=services.clock.now())
    person = await uow.people.ensure(user.id, name=name_of(user), username=user.username or "", known=met.person)
    newly = private and not (person.reachable and person.private_chat_id == row.id)
    if newly:
        person.reachable, person.private_chat_id = True, row.id
        await uow.people.save(person)
    grants = met.grants
    if met.resting and is_there(update):
        grants |= await wake_roles(uow, services.district(), person.id, met.resting, row, now=now)
    actor = identify(services.district(), person, grants, row)
    named = await named_acts(uow, services.district(), person, actor.grants)
    actor = replace(actor, named=named) if named else actor
    prepared = typed.prepared if isinstance(typed.prepared, Prepared) else Prepared()
    return Turn(update, typed, uow, services, services.district(), prepared, row, actor, now, newly, met.question)

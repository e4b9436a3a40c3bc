"""Cards and outgoing messages as they are sent: words in the reader's language, keys with tokens, files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.lookups.find_ticket import FULL, ticket_id_of
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, Outgoing, Subject, SubjectKind
from bot.application.views.cards import view_of
from bot.delivery.sender import Key, Keys, Picture, Place, Words
from bot.delivery.splitting import split
from bot.domain.masking import mask, mask_numbers
from bot.text.catalogue import Texts

_MOMENTS = ("_at", "until")
SAID = frozenset(
    {"progress", "report", "public", "handler", "reason", "note", "text", "quote", "excuse", "why", "task"}
    | {"where", "words", "word", "title", "titles", "proposal", "cases"}
)
"""Parameters that hold people's own words, whoever they are."""

AS_WRITTEN = frozenset({"phone", "phones", "hotline", "petition", "code", "codes", "usage", "reference"})
"""Numbers that are meant to be read."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is to stand in the chat. `html` is whole; a text too long for one message is sent in `parts`."""

    html: str
    keys: Keys
    plain: Callable[[], str]
    pictures: tuple[Picture, ...] = ()
    wants_reply: bool = False

    @property
    def hash(self) -> str:
        """The same as long as words and keys are the same."""
        return hashlib.sha256(f"{self.html}\0{self.keys!r}".encode()).hexdigest()[:32]

    def parts(self) -> list[Words]:
        """The text as Telegram takes it; the first part carries the keys and is *the* message."""
        return [Words(part) for part in split(self.html, is_html=True)]

    def plain_parts(self) -> list[Words]:
        """The same parts without markup, rendered plain rather than stripped."""
        return [Words(part, is_html=False) for part in split(self.plain(), is_html=False)]


class Renderer:
    """Renders inside the transaction that claims, so that what is sent is the present state."""

    def __init__(self, texts: Texts, district: Callable[[], District], *, token_days: int) -> None:
        self._texts = texts
        self._district = district
        self._token_life = timedelta(days=token_days)

    async def card(self, uow: UnitOfWork, card: Card, place: Place, *, now: datetime) -> Rendered | None:
        """The card's subject as it is now; None if there is nothing to show any more."""
        view = await view_of(uow, self._district(), card, now=now)
        if view is None:
            return None
        rounds = {card.subject: view.params.get("round")}
        minting = _Minting(uow, f"card:{card.id}", place.chat_id, now + self._token_life, rounds)
        locale = view.locale or place.locale
        keys = await self._keys(minting, view.rows, locale, place)
        shown = () if card.message_id is not None or card.photos_sent else view.photos
        params = view.params if place.is_private else fit_for_groups(view.params)
        rendered = self._rendered(view.key, locale, params, now, keys, await _pictures(uow, shown))
        return await _with_code(uow, rendered, card.subject)

    async def outgoing(self, uow: UnitOfWork, message: Outgoing, place: Place, *, now: datetime) -> Rendered:
        """The message with its moments as moments again."""
        minting = _Minting(uow, f"out:{message.id}", place.chat_id, now + self._token_life, {})
        locale = message.locale or place.locale
        keys = await self._keys(minting, message.buttons, locale, place)
        pictures = await _pictures(uow, message.attachment_hashes)
        params = message.params if place.is_private else fit_for_groups(message.params)
        rendered = self._rendered(message.kind, locale, with_moments(params), now, keys, pictures)
        return await _with_code(uow, rendered, message.subject) if message.subject else rendered

    def _rendered(
        self,
        key: str,
        locale: str,
        params: Mapping[str, object],
        now: datetime,
        keys: Keys,
        pictures: tuple[Picture, ...],
    ) -> Rendered:
        return Rendered(
            self._texts.message(key, locale, params, now=now),
            keys,
            lambda: self._texts.plain(key, locale, params, now=now),
            pictures,
            wants_reply=params.get("wants_reply") is True,
        )

    async def _keys(self, minting: _Minting, rows: Sequence[Sequence[Button]], locale: str, place: Place) -> Keys:
        lines: list[tuple[Key, ...]] = []
        for row in rows:
            line = []
            for button in row:
                params = button.params if place.is_private else fit_for_groups(button.params)
                caption = self._texts.caption(button.label, locale, with_moments(params))
                token = "" if button.url else await minting.token(button)
                line.append(Key(caption, token, button.url))
            lines.append(tuple(line))
        return tuple(lines)


class _Minting:
    """Tokens for the buttons of one message."""

    def __init__(
        self, uow: UnitOfWork, owner: str, chat_id: int, expires_at: datetime, rounds: dict[Subject, object]
    ) -> None:
        self._uow = uow
        self._owner = owner
        self._chat_id = chat_id
        self._expires_at = expires_at
        self._rounds = rounds

    async def token(self, button: Button) -> str:
        return await self._uow.tokens.mint(
            self._owner,
            button.action,
            button.subject,
            button.arg,
            chat_id=self._chat_id,
            round=await self._round(button.subject),
            expires_at=self._expires_at,
        )

    async def _round(self, subject: Subject) -> int:
        if subject.kind is not SubjectKind.ASSIGNMENT:
            return 0
        known = self._rounds.get(subject)
        if not isinstance(known, int):
            assignment = await self._uow.assignments.get(subject.id)
            known = assignment.round if assignment else 0
            self._rounds[subject] = known
        return known


async def _with_code(uow: UnitOfWork, rendered: Rendered, subject: Subject) -> Rendered:
    """A ticket's code stands in every message about it, also where the sentence itself does without."""
    if FULL.search(rendered.html):
        return rendered
    ticket_id = await ticket_id_of(uow, subject)
    ticket = await uow.tickets.get(ticket_id) if ticket_id else None
    if ticket is None:
        return rendered
    plain = rendered.plain
    return replace(rendered, html=f"{ticket.code} {rendered.html}", plain=lambda: f"{ticket.code} {plain()}")


async def _pictures(uow: UnitOfWork, hashes: Sequence[str]) -> tuple[Picture, ...]:
    found = [await uow.attachments.get(digest) for digest in hashes]
    return tuple(Picture(each.hash, each.file_id, each.media_type) for each in found if each is not None)


def fit_for_groups(params: Mapping[str, object]) -> dict[str, object]:
    """What a group reads: phone, ID, plate, unit and floor masked in whatever it is, unfit words in what people wrote."""
    return {name: _masked(name, value) for name, value in params.items()}


def _masked(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return fit_for_groups(value)
    if isinstance(value, list | tuple):
        return [_masked(name, each) for each in value]
    if not isinstance(value, str) or "://" in value or name in AS_WRITTEN or _is_moment(name):
        return value
    return mask(value) if name in SAID else mask_numbers(value)


def with_moments(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as they were before they were stored as JSON: what is named like a moment is one again."""
    return {name: _restored(name, value) for name, value in params.items()}


def _restored(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return with_moments(value)
    if isinstance(value, list | tuple):
        return [_restored(name, each) for each in value]
    if isinstance(value, str) and _is_moment(name):
        return _moment(value)
    return value


def _is_moment(name: str) -> bool:
    return name == "at" or name.endswith(_MOMENTS)


def _moment(text: str) -> object:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo is not None else text

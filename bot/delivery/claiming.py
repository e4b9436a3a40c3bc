"""Finding what is ripe and claiming it: the present state is rendered in the transaction that claims."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import structlog

from bot.application.inbox import DeliveryStore
from bot.application.ports import UnitOfWork
from bot.application.records import Card, OutboxStatus, Outgoing, Priority
from bot.clock import Clock, Ticker
from bot.delivery.budget import Budget
from bot.delivery.jobs import Candidate, Job, urgency
from bot.delivery.marking import Marker
from bot.delivery.render import Rendered, Renderer
from bot.delivery.sender import Place, Refused
from bot.domain.chat import Chat, ChatKind

log = structlog.get_logger(__name__)

_ANYWHERE = Place(0, 0)
"""A chat that nothing was ever sent to: what it must wait for, all must."""
_ROUNDS = 4
_LOOK_AHEAD = 32
_FRESH = 0.2
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Finder:
    """Looks for what may go now, in a transaction that only reads.

    With a long queue a look finds more than may go at once; the rest is used up before the next look, for at most
    `_FRESH` seconds. That is safe since claiming judges each again.
    """

    def __init__(self, delivery: DeliveryStore, budget: Budget, clock: Clock, ticker: Ticker) -> None:
        self._delivery = delivery
        self._budget = budget
        self._clock = clock
        self._ticker = ticker
        self._seen: list[Candidate] = []
        self._seen_at = 0.0

    async def find(self, uow: UnitOfWork, *, busy: Collection[int], limit: int) -> list[Candidate]:
        """At most `limit` that the budget lets go now, most urgent first, one per chat, none of the busy chats."""
        if await self._budget.wait(_ANYWHERE, Priority.EMERGENCY) > 0:
            return []
        now = self._ticker.time()
        if not 0 <= now - self._seen_at < _FRESH:
            self._seen = []
        skip = set(busy) | await self._budget.full()
        found = await self._choose(uow, [one for one in self._seen if one.item.chat_id not in skip], skip, limit)
        for _ in range(_ROUNDS):
            if len(found) >= limit:
                break
            ripe = await self._placed(uow, await self.ripe(uow, skip=skip, limit=_LOOK_AHEAD))
            self._seen_at = now
            wanted = len(found)
            found += await self._choose(uow, ripe, skip, limit - wanted)
            if len(ripe) == len(found) - wanted:
                break
        return found

    async def _choose(self, uow: UnitOfWork, ripe: Sequence[Candidate], skip: set[int], limit: int) -> list[Candidate]:
        """The first that may go; what is left over is kept for the next time."""
        found: list[Candidate] = []
        rest = list(ripe)
        while rest and len(found) < limit:
            one = rest.pop(0)
            skip.add(one.item.chat_id)
            if one.place.is_lost or await self._budget.wait(one.place, one.priority) <= 0:
                found.append(Candidate(one.item, await _with_own_locale(uow, one.place)))
        self._seen = rest
        return found

    async def _placed(self, uow: UnitOfWork, ripe: Sequence[Card | Outgoing]) -> list[Candidate]:
        chats = await uow.chats.of_ids({item.chat_id for item in ripe}) if ripe else {}
        return [Candidate(item, place_of(chats.get(item.chat_id), item.chat_id)) for item in ripe]

    async def ripe(self, uow: UnitOfWork, *, skip: Collection[int], limit: int) -> list[Card | Outgoing]:
        """The most urgent thing of each chat, whether or not the budget has room."""
        now, skipped = self._ticker.time(), sorted(skip)
        messages = await self._delivery.ripe_outbox(
            uow, now=now, moment=self._clock.now(), skip_chats=skipped, limit=limit
        )
        cards = await self._delivery.ripe_cards(uow, now=now, skip_chats=skipped, limit=limit)
        first: dict[int, Card | Outgoing] = {}
        both: list[Card | Outgoing] = [*messages, *cards]
        for item in sorted(both, key=_order):
            first.setdefault(item.chat_id, item)
        return list(first.values())


def _order(item: Card | Outgoing) -> tuple[int, datetime, int]:
    return urgency(item), item.created_at or _LONG_AGO, item.id


def place_of(chat: Chat | None, chat_id: int) -> Place:
    """Where a message for that chat goes; a chat that is not there any more counts as lost."""
    if chat is None:
        return Place(chat_id, 0, is_lost=True)
    return Place(
        chat.id,
        chat.telegram_id,
        is_private=chat.kind is ChatKind.PRIVATE,
        topic_id=chat.topic_id,
        locale=chat.locale,
        is_lost=chat.unreachable_since is not None,
    )


async def _with_own_locale(uow: UnitOfWork, place: Place) -> Place:
    if not place.is_private:
        return place
    person = await uow.people.in_private_chat(place.chat_id)
    if person is None:
        return place
    return Place(place.chat_id, place.telegram_id, True, place.topic_id, person.locale, place.is_lost)


class Claimer:
    """Takes candidates for this process, in a transaction that the dispatcher commits."""

    def __init__(
        self, delivery: DeliveryStore, renderer: Renderer, marker: Marker, clock: Clock, *, worker: str
    ) -> None:
        self._delivery = delivery
        self._renderer = renderer
        self._marker = marker
        self._clock = clock
        self._worker = worker

    async def claim(self, uow: UnitOfWork, candidates: Sequence[Candidate], *, carefully: bool = False) -> list[Job]:
        """What is to be sent now. One that cannot be rendered is put off; `carefully` also survives a database error.

        What shows its present state already, or has nothing to show and never had, is marked and needs no send.
        """
        jobs: list[Job] = []
        for candidate in candidates:
            try:
                if carefully:
                    async with uow.savepoint():
                        job = await self._take(uow, candidate)
                else:
                    job = await self._take(uow, candidate)
            except Exception as problem:
                log.exception("not_rendered", item=_name(candidate.item))
                refused = Refused(f"{type(problem).__name__}: {problem}")
                await self._marker.unsent(uow, candidate.item, refused)
                continue
            if job is not None:
                jobs.append(job)
        return jobs

    async def _take(self, uow: UnitOfWork, candidate: Candidate) -> Job | None:
        if isinstance(candidate.item, Card):
            return await self._take_card(uow, candidate.item, candidate.place)
        return await self._take_message(uow, candidate.item, candidate.place)

    async def _take_message(self, uow: UnitOfWork, message: Outgoing, place: Place) -> Job | None:
        if place.is_lost:
            message.status, message.last_error = OutboxStatus.FAILED, "the chat cannot be reached"
            await self._delivery.mark_outgoing(uow, message)
            return None
        rendered = await self._renderer.outgoing(uow, message, place, now=self._clock.now())
        if not await self._delivery.claim_outgoing(uow, message, self._worker, rendered.html):
            return None
        return Job(message, place, rendered)

    async def _take_card(self, uow: UnitOfWork, found: Card, place: Place) -> Job | None:
        # As it is under the claim: renamed, retired or shown by another process since it was found.
        card = await self._delivery.claim_card(uow, found, self._worker)
        if card is None:
            return None
        if place.is_lost:
            card.dead = True
            await self._delivery.mark_card(uow, card)
            return None
        rendered = None if card.retired else await self._renderer.card(uow, card, place, now=self._clock.now())
        if _stands_already(card, rendered):
            card.shown_rev = card.wanted_rev
            await self._delivery.mark_card(uow, card)
            return None
        return Job(card, place, rendered)


def _stands_already(card: Card, rendered: Rendered | None) -> bool:
    if card.message_id is None:
        return rendered is None
    return rendered is not None and rendered.hash == card.shown_hash


def _name(item: Card | Outgoing) -> str:
    return f"card:{item.id}:{item.face}" if isinstance(item, Card) else f"out:{item.id}:{item.kind}"

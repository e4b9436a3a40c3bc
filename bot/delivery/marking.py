"""What became of a send, written in a transaction that the dispatcher commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import structlog

from bot.application.calls.record_delivery import chat_lost, chat_migrated, dead_card, record_delivery
from bot.application.district import District
from bot.application.inbox import DeliveryStore, Shown
from bot.application.ports import UnitOfWork
from bot.application.records import Card, OutboxStatus, Outgoing, SubjectKind
from bot.clock import Clock, Ticker
from bot.delivery.jobs import Job
from bot.delivery.patience import TRIES_IF_REFUSED, TRIES_IF_TEMPORARY, delay_after
from bot.delivery.render import Rendered
from bot.delivery.sender import Gone, Migrated, NotModified, Outcome, Removed, RetryAfter, Sent, Temporary
from bot.domain.errors import VersionConflict

log = structlog.get_logger(__name__)


class Marker:
    """Marks jobs; may be run again for the same job if its transaction was rolled back."""

    def __init__(self, delivery: DeliveryStore, district: Callable[[], District], clock: Clock, ticker: Ticker) -> None:
        self._delivery = delivery
        self._district = district
        self._clock = clock
        self._ticker = ticker

    async def lock(self, uow: UnitOfWork, jobs: Iterable[Job]) -> None:
        """Takes the calls that were delivered before any card is touched, which is the order of the use cases.

        Else a use case and a mark wait for each other until the database ends one of them a second later.
        """
        new = [job.item for job in jobs if isinstance(job.outcome, Sent) and isinstance(job.item, Card)]
        calls = {card.subject.id for card in new if card.subject.kind is SubjectKind.ASSIGNMENT and not card.message_id}
        for number in sorted(calls):
            assignment = await uow.assignments.get(number, for_update=True)
            if assignment is not None:
                await uow.tickets.get(assignment.ticket_id, for_update=True)

    async def mark(self, uow: UnitOfWork, job: Job) -> None:
        """Message id, revision and delivery if it stands; else when to try again, or that it is over."""
        if job.extras:
            await self._remember(uow, job, job.extras)
            return
        match job.outcome:
            case Gone(reason):
                log.warning("chat_lost", chat=job.place.chat_id, reason=reason)
                await chat_lost(uow, self._district(), job.place.chat_id, now=self._clock.now())
            case Migrated(telegram_id):
                _ = await chat_migrated(uow, job.place.telegram_id, telegram_id)
        if isinstance(job.item, Card):
            await self._mark_card(uow, job, job.item)
        else:
            await self._mark_message(uow, job, replace(job.item))

    async def _mark_message(self, uow: UnitOfWork, job: Job, message: Outgoing) -> None:
        if isinstance(job.outcome, Sent):
            message.status, message.message_id, message.last_error = OutboxStatus.SENT, job.outcome.message_id, ""
            await self._delivery.mark_outgoing(uow, message)
            await self._remember(uow, job, [job.outcome.message_id])
        elif isinstance(job.outcome, NotModified):
            message.status, message.last_error = OutboxStatus.SENT, ""
            await self._delivery.mark_outgoing(uow, message)
        else:
            await self.unsent(uow, message, job.outcome)

    async def _mark_card(self, uow: UnitOfWork, job: Job, claimed: Card) -> None:
        if isinstance(job.outcome, Sent | NotModified) and job.rendered is not None:
            await self._stands(uow, job, claimed, job.rendered)
            return
        # Use cases may have renamed or revived it while it was on its way.
        card = await uow.cards.get(claimed.id)
        if card is None:
            return
        if isinstance(job.outcome, Removed):
            card.message_id, card.shown_hash, card.shown_text = None, "", ""
            card.shown_rev, card.attempts = claimed.wanted_rev, 0
            await self._delivery.mark_card(uow, card)
        else:
            newer_wanted = card.wanted_rev > claimed.wanted_rev
            await self.unsent(uow, card, job.outcome, hopeless=not newer_wanted)

    async def _stands(self, uow: UnitOfWork, job: Job, claimed: Card, rendered: Rendered) -> None:
        sent = job.outcome.message_id if isinstance(job.outcome, Sent) else None
        shown = Shown(rendered.hash, rendered.html, sent, bool(rendered.pictures))
        card = await self._delivery.card_stands(uow, claimed, shown)
        if card is None or sent is None or sent == claimed.message_id:
            return
        await uow.messages.remember(card.chat_id, sent, card.subject)
        if card.subject.kind is SubjectKind.ASSIGNMENT:
            await self._delivered(uow, card)

    async def _delivered(self, uow: UnitOfWork, card: Card) -> None:
        try:
            async with uow.savepoint():
                await record_delivery(uow, self._district(), card, now=self._clock.now())
        except VersionConflict:
            raise
        except Exception:  # the message stands there all the same: sending it again would help nobody
            log.exception("delivery_not_recorded", card=card.id)

    async def _remember(self, uow: UnitOfWork, job: Job, message_ids: list[int]) -> None:
        card = await uow.cards.get(job.item.id) if isinstance(job.item, Card) and job.extras else None
        subject = card.subject if card is not None else job.item.subject
        if subject is not None:
            for message_id in message_ids:
                await uow.messages.remember(job.place.chat_id, message_id, subject)

    async def unsent(
        self, uow: UnitOfWork, item: Card | Outgoing, outcome: Outcome | None, *, hopeless: bool = True
    ) -> None:
        """Puts it off, or gives it up; `hopeless` False: a newer state is wanted, which may fare better."""
        now = self._ticker.time()
        if isinstance(outcome, Migrated):
            # Message ids begin anew in the new chat: the old one would be somebody else's there.
            if isinstance(item, Card):
                item.message_id = None
            await self._put_off(uow, item, now)
        elif isinstance(outcome, RetryAfter):
            await self._put_off(uow, item, now + outcome.seconds)
        else:
            await self._failed(uow, item, outcome, hopeless=hopeless)

    async def _failed(self, uow: UnitOfWork, item: Card | Outgoing, outcome: Outcome | None, *, hopeless: bool) -> None:
        item.attempts += 1
        reason = getattr(outcome, "reason", type(outcome).__name__)
        if isinstance(item, Outgoing):
            item.last_error = reason
        tries = TRIES_IF_TEMPORARY if isinstance(outcome, Temporary) else TRIES_IF_REFUSED
        if not hopeless or not (isinstance(outcome, Gone) or item.attempts >= tries):
            await self._put_off(uow, item, self._ticker.time() + delay_after(item.attempts))
            return
        name = f"{type(item).__name__.lower()}:{item.id}"
        log.warning("given_up", item=name, attempts=item.attempts, reason=reason)
        await self._give_up(uow, item)
        # Of a lost chat the hub hears at once, and of its calls by the scan.
        if isinstance(item, Card) and not isinstance(outcome, Gone):
            await dead_card(uow, self._district(), item, now=self._clock.now())

    async def _give_up(self, uow: UnitOfWork, item: Card | Outgoing) -> None:
        if isinstance(item, Card):
            item.dead = True
            await self._delivery.mark_card(uow, item)
        else:
            item.status = OutboxStatus.FAILED
            await self._delivery.mark_outgoing(uow, item)

    async def _put_off(self, uow: UnitOfWork, item: Card | Outgoing, at: float) -> None:
        if isinstance(item, Card):
            item.next_at = at
            await self._delivery.mark_card(uow, item)
        else:
            item.status, item.available_at = OutboxStatus.QUEUED, at
            await self._delivery.mark_outgoing(uow, item)


def in_lock_order(job: Job) -> tuple[bool, int]:
    """Cards by number, as use cases raise them; messages afterwards, which only delivery changes."""
    return not isinstance(job.item, Card), job.item.id

"""Carrying out one job outside any transaction: send, change or remove, with the ways out that need no database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.application.records import Outgoing, Priority
from bot.delivery.budget import Budget
from bot.delivery.jobs import Job
from bot.delivery.render import Rendered
from bot.delivery.sender import (
    AlbumSent,
    BadMarkup,
    Gone,
    Keys,
    Manner,
    MessageLost,
    Migrated,
    NotModified,
    Outcome,
    Picture,
    Place,
    Refused,
    Removed,
    RetryAfter,
    Sender,
    Sent,
    Temporary,
    TopicLost,
    Words,
)

log = structlog.get_logger(__name__)

EMPTY = Words("·", is_html=False)
"""What is left of a message that could not be deleted."""
ALBUM_LENGTH = 10
_TRIES_OF_PART = 5
_LONGEST_WAIT = 120.0


async def carry_out(sender: Sender, job: Job) -> Outcome:
    """How the message itself fared; what follows it (`follow`) comes after that was marked."""
    if job.rendered is None:
        return await _remove(sender, job.place, job.message_id)
    if job.message_id is not None:
        outcome = await _edit(sender, job.place, job.message_id, job.rendered)
        if not isinstance(outcome, MessageLost):
            return outcome
        if isinstance(job.item, Outgoing):
            return NotModified()  # only its buttons were to go: with the message they are gone
    manner = Manner(job.item.reply_to, job.item.silent, job.rendered.wants_reply)
    return await _send(sender, job.place, job.rendered, manner)


async def _send(sender: Sender, place: Place, rendered: Rendered, manner: Manner) -> Outcome:
    outcome = await sender.send(place, rendered.parts()[0], rendered.keys, manner)
    if isinstance(outcome, TopicLost) and place.topic_id is not None:
        place = replace(place, topic_id=None)
        outcome = await sender.send(place, rendered.parts()[0], rendered.keys, manner)
    if isinstance(outcome, BadMarkup):
        log.warning("markup_refused", chat=place.chat_id, reason=outcome.reason)
        outcome = await sender.send(place, rendered.plain_parts()[0], rendered.keys, manner)
    return outcome


async def _edit(sender: Sender, place: Place, message_id: int, rendered: Rendered) -> Outcome:
    outcome = await sender.edit(place, message_id, rendered.parts()[0], rendered.keys)
    if isinstance(outcome, BadMarkup):
        log.warning("markup_refused", chat=place.chat_id, reason=outcome.reason)
        outcome = await sender.edit(place, message_id, rendered.plain_parts()[0], rendered.keys)
    return outcome


async def _remove(sender: Sender, place: Place, message_id: int | None) -> Outcome:
    if message_id is None:
        return Removed()
    outcome = await sender.delete(place, message_id)
    if isinstance(outcome, MessageLost):
        return Removed()
    if isinstance(outcome, Refused):
        outcome = await sender.edit(place, message_id, EMPTY, NO_KEYS)
        if not isinstance(outcome, RetryAfter | Gone | Migrated | Temporary):
            return Removed()
    return outcome


NO_KEYS: Keys = ()


def has_followers(job: Job) -> bool:
    """Whether parts of a long text or files come after a message that was sent anew."""
    is_new = isinstance(job.outcome, Sent) and job.outcome.message_id != job.message_id
    return is_new and job.rendered is not None and bool(job.rendered.pictures or len(job.rendered.parts()) > 1)


async def follow(sender: Sender, budget: Budget, job: Job) -> list[int]:
    """Sends the rest of a long text and the files as silent replies to the message; the ids of what arrived.

    Never holds the chat: it waits for the budget beside everything else and gives up in the end. A server that
    takes no files has been asked twice.
    """
    assert job.rendered is not None and isinstance(job.outcome, Sent)
    manner = Manner(reply_to=job.outcome.message_id, silent=True)
    follower = _Follower(sender, budget, job.place, manner, job.priority)
    ids: list[int] = []
    for index in range(1, len(job.rendered.parts())):
        ids += await follower.part(job.rendered, index)
    for pictures in _albums(job.rendered.pictures):
        ids += await follower.album(pictures)
    return ids


def _albums(pictures: Sequence[Picture]) -> list[Sequence[Picture]]:
    """Albums of at most ten; photos and other files cannot be in one."""
    kinds = [[each for each in pictures if each.is_photo is is_photo] for is_photo in (True, False)]
    return [kind[start : start + ALBUM_LENGTH] for kind in kinds for start in range(0, len(kind), ALBUM_LENGTH)]


class _Follower:
    def __init__(self, sender: Sender, budget: Budget, place: Place, manner: Manner, priority: Priority) -> None:
        self._sender = sender
        self._budget = budget
        self._place = place
        self._manner = manner
        self._priority = priority

    async def part(self, rendered: Rendered, index: int) -> list[int]:
        words = rendered.parts()[index]
        for attempt in range(_TRIES_OF_PART):
            await self._room(1)
            outcome = await self._sender.send(self._place, words, (), self._manner)
            if isinstance(outcome, Sent):
                return [outcome.message_id]
            if isinstance(outcome, BadMarkup):
                words = rendered.plain_parts()[index]
            elif not await self._is_worth_waiting(outcome, 2.0**attempt):
                break
        log.warning("part_lost", chat=self._place.chat_id)
        return []

    async def album(self, pictures: Sequence[Picture]) -> list[int]:
        outcome: Outcome = Refused("not tried")
        for as_bytes in (False, True):
            await self._room(len(pictures))
            outcome = await self._sender.send_pictures(self._place, pictures, self._manner, as_bytes=as_bytes)
            if isinstance(outcome, AlbumSent):
                return list(outcome.message_ids)
            if isinstance(outcome, RetryAfter):
                await self._budget.halt(self._place.chat_id, outcome.seconds)
        log.warning("pictures_not_sent", chat=self._place.chat_id, reason=getattr(outcome, "reason", ""))
        return []

    async def _is_worth_waiting(self, outcome: Outcome, seconds: float) -> bool:
        if isinstance(outcome, RetryAfter):
            await self._budget.halt(self._place.chat_id, outcome.seconds)
            return True
        if isinstance(outcome, Temporary):
            await asyncio.sleep(seconds)
            return True
        return False

    async def _room(self, messages: int) -> None:
        waited = 0.0
        while (wait := await self._budget.wait(self._place, self._priority)) > 0 and waited < _LONGEST_WAIT:
            pause = min(wait, 1.0)
            await asyncio.sleep(pause)
            waited += pause
        await self._budget.spend(self._place, messages)

"""The loop itself: woken, bounded, killed between send and mark, stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.application.records import OutboxStatus
from bot.delivery.dispatcher import CHANNEL
from bot.delivery.sender import Keys, Manner, Outcome, Picture, Place, Sender, Words
from bot.delivery.settings import DeliverySettings
from tests.delivery.desk import HUB, LI, PARK, STREET, UNIT, WANG, Desk


@dataclass
class Watching:
    """The real sender, watched: who is on the way at once, and where the process dies."""

    sender: Sender
    seconds: float = 0.0
    dies_after_sending: bool = False
    running: list[int] = field(default_factory=list)
    most: int = 0
    doubled: bool = False
    sent: int = 0

    async def send(self, place: Place, words: Words, keys: Keys, manner: Manner) -> Outcome:
        self.doubled = self.doubled or place.chat_id in self.running
        self.running.append(place.chat_id)
        self.most = max(self.most, len(self.running))
        await asyncio.sleep(self.seconds)
        outcome = await self.sender.send(place, words, keys, manner)
        self.sent += 1
        self.running.remove(place.chat_id)
        if self.dies_after_sending:
            await asyncio.Event().wait()
        return outcome

    async def edit(self, place: Place, message_id: int, words: Words, keys: Keys) -> Outcome:
        return await self.sender.edit(place, message_id, words, keys)

    async def delete(self, place: Place, message_id: int) -> Outcome:
        return await self.sender.delete(place, message_id)

    async def send_pictures(
        self, place: Place, pictures: Sequence[Picture], manner: Manner, *, as_bytes: bool = False
    ) -> Outcome:
        return await self.sender.send_pictures(place, pictures, manner, as_bytes=as_bytes)


async def test_so_many_in_flight_and_one_in_a_chat(desk: Desk) -> None:
    watching = Watching(desk.sender, seconds=0.03)
    for chat in (STREET, UNIT, HUB, PARK, LI, WANG):
        for number in range(3):
            await desk.say(chat, f"J{number}")
    await desk.dispatcher(sender=watching, settings=DeliverySettings(in_flight=3)).drain(10)
    assert (watching.most, watching.doubled, watching.sent) == (3, False, 18)


async def test_killed_between_send_and_mark_it_sends_at_most_what_was_in_flight_again(any_desk: Desk) -> None:
    desk = any_desk
    watching = Watching(desk.sender, dies_after_sending=True)
    for chat in (STREET, UNIT, HUB, PARK, LI, WANG):
        await desk.say(chat, "J1")
        await desk.say(chat, "J2")
    dying = desk.dispatcher(sender=watching)
    await dying.drain(1.0)
    assert watching.sent == 4
    for task in dying._sending.values():
        task.cancel()

    again = desk.dispatcher()
    running = asyncio.create_task(again.run())
    await _until(lambda: all(len(desk.texts(chat)) >= 2 for chat in (STREET, UNIT, HUB, PARK, LI, WANG)))
    await again.stop()
    await running
    told = [[text.split()[1] for text in desk.texts(chat)] for chat in (STREET, UNIT, HUB, PARK, LI, WANG)]
    assert sorted(told) == [["J1", "J1", "J2"]] * 4 + [["J1", "J2"]] * 2
    assert {row.status for row in await desk.outbox()} == {OutboxStatus.SENT}


async def test_a_killed_card_is_sent_again_and_then_edited(any_desk: Desk) -> None:
    desk = any_desk
    dying = desk.dispatcher(sender=Watching(desk.sender, dies_after_sending=True))
    draft = await desk.a_draft(STREET)
    await dying.drain(0.5)
    for task in dying._sending.values():
        task.cancel()
    assert await desk.delivery.requeue_own("delivery") == 1
    await desk.drain()
    assert len(desk.said(STREET)) == 2
    await desk.change(draft, place="二号门")
    await desk.drain()
    assert ["二号门" in text for text in desk.texts(STREET)] == [False, True]


async def test_another_processes_claims_are_left_alone(desk: Desk) -> None:
    other = desk.dispatcher(worker="elsewhere", sender=Watching(desk.sender, dies_after_sending=True))
    await desk.say(STREET, "J1")
    await other.drain(0.5)
    mine = desk.dispatcher(worker="here")
    running = asyncio.create_task(mine.run())
    await asyncio.sleep(0.2)
    await mine.stop()
    await running
    assert len(desk.said(STREET)) == 1
    for task in other._sending.values():
        task.cancel()


async def test_two_dispatchers_send_nothing_twice(any_desk: Desk) -> None:
    desk = any_desk
    for chat in (STREET, UNIT, HUB, PARK):
        for number in range(5):
            await desk.say(chat, f"J{number}")
    await asyncio.gather(desk.dispatcher(worker="a").drain(10), desk.dispatcher(worker="b").drain(10))
    for chat in (STREET, UNIT, HUB, PARK):
        assert sorted(text.split()[1] for text in desk.texts(chat)) == [f"J{number}" for number in range(5)]


async def test_a_wake_up_is_followed_at_once(desk: Desk) -> None:
    dispatcher = desk.dispatcher(settings=DeliverySettings(look_every=30.0))
    running = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0.3)
    await desk.say(STREET, "J1")
    began = time.monotonic()
    await desk.wakeup.notify(CHANNEL)
    await _until(lambda: bool(desk.texts(STREET)))
    assert time.monotonic() - began < 5
    await dispatcher.stop()
    await running


async def test_without_a_wake_up_it_looks_by_itself(desk: Desk) -> None:
    dispatcher = desk.dispatcher(settings=DeliverySettings(look_every=0.1))
    running = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0.2)
    await desk.say(STREET, "J1")
    await _until(lambda: bool(desk.texts(STREET)))
    await dispatcher.stop()
    await running


async def test_stopping_finishes_what_is_in_flight_and_claims_no_more(desk: Desk) -> None:
    desk.play.faults.hang(0.5, "sendMessage")
    dispatcher = desk.dispatcher()
    await desk.say(STREET, "J1")
    await desk.say(STREET, "J2")
    running = asyncio.create_task(dispatcher.run())
    await _until(lambda: bool(dispatcher._sending))
    await dispatcher.stop()
    await running
    assert [row.status for row in await desk.outbox()] == [OutboxStatus.SENT, OutboxStatus.QUEUED]


async def test_a_send_that_hangs_does_not_hold_up_the_stop(desk: Desk) -> None:
    desk.play.faults.hang(8, "sendMessage")
    dispatcher = desk.dispatcher(settings=DeliverySettings(stop_within=0.3))
    await desk.say(STREET, "J1")
    running = asyncio.create_task(dispatcher.run())
    await _until(lambda: bool(dispatcher._sending))
    began = time.monotonic()
    await dispatcher.stop()
    await running
    assert time.monotonic() - began < 4
    assert [row.status for row in await desk.outbox()] == [OutboxStatus.SENDING]


async def test_drain_ends_with_a_chat_that_may_not_be_sent_to(desk: Desk) -> None:
    desk.play.faults.fail("sendMessage", 429, retry_after=600)
    await desk.say(STREET, "J1")
    began = time.monotonic()
    await desk.drain(10)
    assert time.monotonic() - began < 8 and desk.texts(STREET) == []


async def _until(is_so: object, timeout: float = 15.0) -> None:
    assert callable(is_so)
    async with asyncio.timeout(timeout):
        while not is_so():
            await asyncio.sleep(0.01)

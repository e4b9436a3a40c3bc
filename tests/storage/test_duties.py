"""Duty rosters, handovers, people by name, and the cards of one chat that go together."""

from __future__ import annotations

from datetime import date

import pytest

from bot.application.records import Face
from bot.domain.chat import Chat
from bot.domain.duty import Duty, Handover, HandoverKind
from bot.domain.errors import VersionConflict
from bot.domain.people import Person
from storage.store import SqlStore
from tests.storage.samples import DRAFT, NOW, TICKET, later

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 7)


def a_duty(of: str, first: date = FIRST, last: date = LAST, **other: object) -> Duty:
    values = {"names": ["张三"], "deputies": ["李四"], "people": [7], "set_by": 3, "set_at": NOW} | other
    return Duty(0, of, first, last, **values)  # type: ignore[arg-type]


async def test_the_newer_roster_comes_first(store: SqlStore) -> None:
    async with store.begin() as uow:
        old = await uow.duties.add(a_duty("D26"))
        new = await uow.duties.add(a_duty("D26", set_at=later(hours=1), names=["王五", "赵六"]))
        await uow.duties.add(a_duty("D11"))
        await uow.duties.add(a_duty("D26", last=date(2026, 9, 30), first=date(2026, 9, 30)))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.duties.ending_after({"D26", "D26-JL01"}, FIRST) == [new, old]
        assert await uow.duties.ending_after({"D26"}, date(2026, 10, 8)) == []


async def test_who_is_away_that_day(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        leave = Handover(0, HandoverKind.LEAVE, person.id, 9, "李四", "D26", NOW, FIRST, LAST, granted=["liaison:D26"])
        over = Handover(0, HandoverKind.LEAVE, person.id, None, "李四", "D26", NOW, FIRST, LAST, NOW, NOW)
        good = Handover(0, HandoverKind.HANDOVER, person.id, None, "李四", "D26", NOW)
        leave, over, good = [await uow.handovers.add(each) for each in (leave, over, good)]
        await uow.commit()
    async with store.begin() as uow:
        assert [await uow.handovers.away(day) for day in (FIRST, LAST, date(2026, 10, 8))] == [[leave], [leave], []]
        assert await uow.handovers.get(over.id, for_update=True) == over
        good.accepted_at = NOW
        await uow.handovers.save(good)
        assert await uow.handovers.get(good.id) == good
        assert await uow.handovers.get(good.id + 1) is None
        good.version = 1
        with pytest.raises(VersionConflict):
            await uow.handovers.save(good)


async def test_people_by_name_or_telegram_name(store: SqlStore) -> None:
    async with store.begin() as uow:
        one = await uow.people.ensure(1, name="张三", username="ZhangSan")
        two = await uow.people.ensure(2, name="张三")
        assert await uow.people.named("张三") == [one, two]
        assert await uow.people.named("@zhangsan") == [one]
        assert await uow.people.named("nobody") == []


async def test_cards_of_one_chat_go_together(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        other = await uow.chats.ensure(-1002, title="", private=False)
        for subject, where, face in (
            (TICKET, chat, Face.DETAIL),
            (DRAFT, chat, Face.DRAFT),
            (TICKET, other, Face.DETAIL),
        ):
            await uow.cards.want(subject, where.id, face)
        await uow.cards.retire_in(chat.id, {Face.DETAIL, Face.VERIFY})
        assert await uow.cards.of(TICKET, chat.id, Face.DETAIL) is None
        assert await uow.cards.of(DRAFT, chat.id, Face.DRAFT) is not None
        assert await uow.cards.of(TICKET, other.id, Face.DETAIL) is not None

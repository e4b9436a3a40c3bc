"""Cards: one message, edited in place to the present state, never to an older one."""

from __future__ import annotations

from datetime import timedelta

from bot.application.records import Face
from bot.application.telling import assignment_subject, ticket_subject
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.domain.draft import DraftState
from bot.playground.model import Message
from tests.delivery.desk import STREET, UNIT, Desk, subject_of


async def test_a_card_is_sent_once_and_edited_in_place(any_desk: Desk) -> None:
    desk = any_desk
    draft = await desk.a_draft(STREET, "一号门")
    await desk.drain()
    [first] = desk.said(STREET)
    assert "一号门" in first.text and "确认上报" in str(first.buttons)
    await desk.change(draft, place="二号门")
    await desk.drain()
    [second] = desk.said(STREET)
    assert second.message_id == first.message_id and "二号门" in second.text
    card = await desk.card_of(draft, STREET)
    assert (card.shown_rev, card.message_id) == (card.wanted_rev, first.message_id)
    assert "二号门" in card.shown_text
    async with desk.store.read() as uow:
        assert await uow.messages.subject_of(desk.chat(STREET), first.message_id) == subject_of(draft)


async def test_what_is_shown_already_is_not_sent_again(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    desk.play.faults.fail("editMessageText", 500, times=100)
    await desk.change(draft)
    await desk.drain()
    card = await desk.card_of(draft, STREET)
    assert card.shown_rev == card.wanted_rev == 2 and card.attempts == 0


async def test_an_edit_keeps_the_tokens(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    before = desk.said(STREET)[0].markup
    await desk.change(draft, place="二号门")
    await desk.drain()
    assert "二号门" in desk.texts(STREET)[0] and desk.said(STREET)[0].markup == before


async def test_ten_changes_without_room_become_one_edit(desk: Desk) -> None:
    """Nothing older is ever shown after something newer."""
    tight = DeliverySettings(budget=BudgetSettings(group_messages=1, kept_for_emergencies=0, kept_from_edits=0))
    dispatcher = desk.dispatcher(settings=tight)
    draft = await desk.a_draft(STREET, "起点")
    await dispatcher.drain(1.0)
    for number in range(10):
        await desk.change(draft, place=f"{number}号门")
        await dispatcher.drain(0.05)
    assert "起点" in desk.texts(STREET)[0]
    desk.ticker.pushed += 62
    await dispatcher.drain()
    [card] = desk.said(STREET)
    assert "9号门" in card.text
    assert [content.text.count("起点") for content, _ in card.earlier] == [1]


async def test_a_lost_message_is_sent_anew(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    first = desk.said(STREET)[0].message_id
    desk.play.world.message(STREET, first).deleted = True
    await desk.change(draft, place="二号门")
    await desk.drain()
    [said] = desk.said(STREET)
    assert said.message_id > first and "二号门" in said.text
    assert (await desk.card_of(draft, STREET)).message_id == said.message_id


async def test_a_discarded_draft_takes_its_card_away(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    await desk.change(draft, state=DraftState.DISCARDED)
    await desk.drain()
    assert desk.said(STREET) == []
    card = await desk.card_of(draft, STREET)
    assert card.message_id is None and card.shown_rev == card.wanted_rev


async def test_a_retired_card_is_deleted_and_comes_back_when_it_is_wanted(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    async with desk.store.begin() as uow:
        await uow.cards.retire(subject_of(draft))
        await uow.commit()
    await desk.drain()
    assert desk.said(STREET) == []
    async with desk.store.begin() as uow:
        _ = await uow.cards.want(subject_of(draft), desk.chat(STREET), Face.DRAFT)
        await uow.commit()
    await desk.drain()
    assert len(desk.said(STREET)) == 1


async def test_a_retired_card_too_old_to_delete_is_emptied(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    desk.clock.moment += timedelta(hours=49)
    async with desk.store.begin() as uow:
        await uow.cards.retire(subject_of(draft))
        await uow.commit()
    await desk.drain()
    [left] = desk.said(STREET)
    assert left.text == "·" and left.buttons == []


async def test_a_retired_card_nobody_saw_is_never_sent(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    async with desk.store.begin() as uow:
        await uow.cards.retire(subject_of(draft))
        await uow.commit()
    await desk.drain()
    assert desk.said(STREET) == []


async def test_the_draft_card_becomes_the_tickets_card_even_if_it_is_on_its_way(desk: Desk) -> None:
    """The press may come before the send is marked: the message then belongs to the ticket."""
    dispatcher = desk.dispatcher()
    desk.play.faults.hang(0.3, "sendMessage")
    draft = await desk.a_draft(STREET)
    assert await dispatcher._step()
    async with desk.store.begin() as uow:
        [card] = await uow.cards.of_subject(subject_of(draft))
        await uow.cards.rename(card, ticket_subject(1), Face.DRAFT)
        await uow.commit()
    await dispatcher.drain(1.0)
    [said] = desk.said(STREET)
    async with desk.store.read() as uow:
        assert await uow.messages.subject_of(desk.chat(STREET), said.message_id) == ticket_subject(1)


async def test_the_first_showing_of_a_call_is_its_delivery(any_desk: Desk) -> None:
    desk = any_desk
    assignment = await desk.call()
    await desk.drain()
    [card] = desk.said(UNIT)
    assert "签收" in str(card.buttons) and "柳荫路45号" in card.text
    async with desk.store.read() as uow:
        stored = await uow.assignments.get(assignment.id)
        assert stored is not None and stored.delivered_at == desk.clock.now()
        assert stored.clock_start == assignment.clock_start


async def test_a_late_delivery_starts_the_clock_anew(any_desk: Desk) -> None:
    desk = any_desk
    assignment = await desk.call()
    desk.clock.moment += timedelta(minutes=25)
    await desk.drain()
    async with desk.store.read() as uow:
        stored = await uow.assignments.get(assignment.id)
        assert stored is not None and stored.clock_start == desk.clock.now() > assignment.clock_start


async def test_tokens_of_an_assignment_name_its_round(desk: Desk) -> None:
    assignment = await desk.call()
    await desk.drain()
    async with desk.store.read() as uow:
        found = await uow.tokens.get(_tokens(desk.said(UNIT)[0])[0])
    assert found is not None and found.round == assignment.round == 1
    assert found.subject == assignment_subject(assignment.id)


def _tokens(message: Message) -> list[str]:
    assert message.markup is not None
    rows = message.markup["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row]  # type: ignore[attr-defined]

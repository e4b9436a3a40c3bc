"""What Telegram refuses and what breaks: the rest goes on, nothing is silent, nothing is tried for ever."""

from __future__ import annotations

from bot.application.records import DueKind, OutboxStatus
from bot.application.telling import assignment_subject
from bot.delivery.patience import TRIES_IF_TEMPORARY, delay_after
from bot.domain.hub_task import HubTaskKind
from tests.delivery.desk import HUB, LI, STREET, UNIT, Desk


async def test_retry_after_halts_its_chat_only(desk: Desk) -> None:
    dispatcher = desk.dispatcher()
    desk.play.faults.fail("sendMessage", 429, retry_after=30)
    await desk.say(STREET, "J1")
    await dispatcher.drain(1.0)
    await desk.say(STREET, "J2")
    await desk.say(UNIT, "J3")
    await dispatcher.drain(1.0)
    assert (len(desk.texts(STREET)), len(desk.texts(UNIT))) == (0, 1)
    desk.ticker.pushed += 31
    await dispatcher.drain()
    assert [text.split()[1] for text in desk.texts(STREET)] == ["J1", "J2"]
    assert {row.attempts for row in await desk.outbox()} == {0}


async def test_a_card_waits_for_retry_after_too(desk: Desk) -> None:
    desk.play.faults.fail("sendMessage", 429, retry_after=30)
    draft = await desk.a_draft(STREET)
    await desk.drain(1.0)
    assert desk.said(STREET) == []
    desk.ticker.pushed += 31
    await desk.drain()
    assert len(desk.said(STREET)) == 1 and (await desk.card_of(draft, STREET)).attempts == 0


async def test_a_chat_that_threw_the_bot_out_is_lost_and_the_hub_hears_of_it(any_desk: Desk) -> None:
    desk = any_desk
    await desk.play.kick(UNIT)
    assignment = await desk.call()
    await desk.say(UNIT, "J1")
    await desk.drain()
    assert desk.said(UNIT) == []
    assert any("📵" in text and "市政中心" in text for text in desk.texts(HUB))
    async with desk.store.read() as uow:
        chat = await uow.chats.get(desk.chat(UNIT))
        assert chat is not None and chat.unreachable_since == desk.clock.now()
        [card] = await uow.cards.of_subject(assignment_subject(assignment.id))
        assert card.dead
        due = [await uow.dues.get(row) for row in await uow.dues.ripe(desk.clock.now(), limit=99)]
    assert (assignment_subject(assignment.id), DueKind.DELIVERY) in [(row.subject, row.kind) for row in due if row]
    failed = [row.status for row in await desk.outbox() if row.chat_id == desk.chat(UNIT)]
    assert failed == [OutboxStatus.FAILED]


async def test_nothing_is_sent_to_a_chat_known_to_be_lost(desk: Desk) -> None:
    await desk.play.kick(UNIT)
    await desk.say(UNIT, "J1")
    await desk.drain()
    desk.play.faults.fail("sendMessage", 500, times=100)
    await desk.say(UNIT, "J2")
    await desk.drain(2.0)
    rows = [row for row in await desk.outbox() if row.chat_id == desk.chat(UNIT)]
    assert [row.status for row in rows] == [OutboxStatus.FAILED, OutboxStatus.FAILED]
    assert rows[1].attempts == 0


async def test_a_blocked_private_chat_makes_its_person_unreachable(desk: Desk) -> None:
    await desk.play.block(LI)
    await desk.say(LI, "J1")
    await desk.drain()
    async with desk.store.read() as uow:
        person = await uow.people.get(desk.people[LI].id)
    assert person is not None and not person.reachable


async def test_a_migrated_group_gets_the_message_under_its_new_id(any_desk: Desk) -> None:
    desk = any_desk
    draft = await desk.a_draft(STREET, "一号门")
    await desk.drain()
    new = await desk.play.migrate(STREET)
    await desk.change(draft, place="二号门")
    await desk.say(STREET, "J1")
    await desk.drain()
    texts = [message.text for message in desk.play.said_by_bot(new)]
    assert len(texts) == 2 and any("二号门" in text for text in texts)
    card = await desk.card_of(draft, STREET)
    assert "二号门" in desk.play.world.message(new, card.message_id or 0).text
    async with desk.store.read() as uow:
        chat = await uow.chats.by_telegram_id(STREET)
        assert chat is not None and (chat.id, chat.telegram_id) == (desk.chat(STREET), new)


async def test_refused_markup_goes_out_as_plain_words(desk: Desk) -> None:
    desk.play.faults.fail("sendMessage", 400, description="Bad Request: can't parse entities: unclosed tag")
    draft = await desk.a_draft(STREET, "A&B大厦")
    await desk.drain()
    [said] = desk.said(STREET)
    assert "A&B大厦" in said.text and "<b>" not in said.text and "&amp;" not in said.text
    assert "确认上报" in str(said.buttons)
    desk.play.faults.fail("editMessageText", 400, description="Bad Request: can't parse entities: unclosed tag")
    await desk.change(draft, place="C&D大厦")
    await desk.drain()
    assert "C&D大厦" in desk.texts(STREET)[0] and "&amp;" not in desk.texts(STREET)[0]


async def test_a_server_error_is_tried_again_and_others_go_on(desk: Desk) -> None:
    dispatcher = desk.dispatcher()
    desk.play.faults.fail("sendMessage", 502)
    await desk.say(STREET, "J1")
    await dispatcher.drain(1.0)
    await desk.say(UNIT, "J2")
    await dispatcher.drain(1.0)
    assert (len(desk.texts(STREET)), len(desk.texts(UNIT))) == (0, 1)
    [failed, _] = await desk.outbox()
    assert failed.status is OutboxStatus.QUEUED and failed.attempts == 1 and "502" not in failed.sent_text
    desk.ticker.pushed += delay_after(1)
    await dispatcher.drain()
    assert len(desk.texts(STREET)) == 1


async def test_an_outage_delays_and_loses_nothing(desk: Desk) -> None:
    dispatcher = desk.dispatcher()
    desk.play.offline(True)
    for chat in (STREET, UNIT, HUB, LI):
        await desk.say(chat, "J1")
        await desk.say(chat, "J2")
    await dispatcher.drain(1.5)
    desk.play.offline(False)
    desk.ticker.pushed += 40
    await dispatcher.drain()
    for chat in (STREET, UNIT, HUB, LI):
        assert [text.split()[1] for text in desk.texts(chat)] == ["J1", "J2"]


async def test_after_a_day_it_is_given_up_and_an_undelivered_call_is_the_hubs_task(desk: Desk) -> None:
    assignment = await desk.call()
    async with desk.store.begin() as uow:
        [card] = await uow.cards.of_subject(assignment_subject(assignment.id))
        card.attempts = TRIES_IF_TEMPORARY - 1
        await desk.delivery.mark_card(uow, card)
        await uow.commit()
    desk.play.faults.fail("sendMessage", 500, times=2)
    await desk.drain(1.0)
    async with desk.store.read() as uow:
        [card] = await uow.cards.of_subject(assignment_subject(assignment.id))
        tasks = await uow.hub_tasks.of_ticket(assignment.ticket_id)
    assert card.dead
    assert [task.kind for task in tasks if task.assignment_id == assignment.id] == [HubTaskKind.UNDELIVERED]


def test_the_tries_take_more_than_a_day() -> None:
    waited = sum(delay_after(attempt) for attempt in range(1, TRIES_IF_TEMPORARY + 1))
    assert 24 * 3600 <= waited < 25 * 3600


async def test_what_is_refused_for_good_is_tried_three_times(desk: Desk) -> None:
    desk.play.faults.fail("sendMessage", 400, times=99, description="Bad Request: BUTTON_DATA_INVALID")
    await desk.say(STREET, "J1")
    for _ in range(5):
        await desk.drain(1.0)
        desk.ticker.pushed += 60
    [row] = await desk.outbox()
    assert (row.status, row.attempts) == (OutboxStatus.FAILED, 3) and "data_invalid" in row.last_error


async def test_a_message_that_cannot_be_rendered_stops_no_other(any_desk: Desk) -> None:
    desk = any_desk
    _ = await desk.queue("no-such-text", UNIT)
    _ = await desk.a_draft(STREET)
    await desk.say(HUB, "J1")
    dispatcher = desk.dispatcher()
    for _ in range(4):
        await dispatcher.drain()
        desk.ticker.pushed += 60
    assert (len(desk.said(STREET)), len(desk.said(HUB))) == (1, 1)
    bad = (await desk.outbox())[0]
    assert (bad.status, bad.attempts) == (OutboxStatus.FAILED, 3) and "no-such-text" in bad.last_error


async def test_a_long_text_is_split_and_its_first_part_carries_the_buttons(desk: Desk) -> None:
    lines = "\n".join(f"第{number}行 <&> {'字' * 60}" for number in range(150))
    await desk.say(LI, lines)
    await desk.drain()
    said = desk.said(LI)
    assert len(said) == 3
    whole = "\n".join(message.text for message in said)
    assert all(f"第{number}行 <&>" in whole for number in range(150))
    assert [message.reply_to for message in said] == [None, said[0].message_id, said[0].message_id]
    assert all(len(message.text) <= 4096 for message in said)


async def test_a_server_that_says_the_message_is_the_same_counts_as_sent(desk: Desk) -> None:
    draft = await desk.a_draft(STREET)
    await desk.drain()
    said = "Bad Request: message is not modified: specified new message content is exactly the same"
    desk.play.faults.fail("editMessageText", 400, description=said)
    await desk.change(draft, place="二号门")
    await desk.drain()
    card = await desk.card_of(draft, STREET)
    assert card.shown_rev == card.wanted_rev and card.attempts == 0 and "二号门" in card.shown_text

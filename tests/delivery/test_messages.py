"""Messages that wake: sent once, in order, in the reader's language, held until their time."""

from __future__ import annotations

from datetime import timedelta

from bot.application.records import Button, OutboxStatus, Priority, Subject, SubjectKind
from bot.domain.permissions import Action
from tests.delivery.desk import LI, PARK, STREET, UNIT, Desk


async def test_a_message_goes_out_once_and_is_remembered(desk: Desk) -> None:
    subject = Subject(SubjectKind.TICKET, 7)
    await desk.say(STREET, "JL-20261123-0007", subject=subject, silent=True)
    await desk.drain()
    await desk.drain()
    [said] = desk.said(STREET)
    assert "JL-20261123-0007" in said.text and said.silent
    [row] = await desk.outbox()
    assert (row.status, row.message_id) == (OutboxStatus.SENT, said.message_id)
    assert "JL-20261123-0007" in row.sent_text
    async with desk.store.read() as uow:
        assert await uow.messages.subject_of(desk.chat(STREET), said.message_id) == subject


async def fade(desk: Desk, key: str) -> None:
    async with desk.store.begin() as uow:
        await uow.outbox.fade(key)
        await uow.commit()


async def test_buttons_whose_time_is_over_go_from_the_message_that_stands(desk: Desk) -> None:
    subject = Subject(SubjectKind.TICKET, 7)
    buttons = ((Button("button-undo", Action.UNDO, subject),),)
    for number in (1, 2):
        await desk.say(STREET, f"J{number}", buttons=buttons, dedupe_key=f"undo:{number}")
    await desk.drain()
    first, second = desk.said(STREET)
    assert first.buttons and second.buttons
    await fade(desk, "undo:1")
    await fade(desk, "undo:of nothing")
    await desk.drain()
    assert [message.message_id for message in desk.said(STREET)] == [first.message_id, second.message_id]
    assert not first.buttons and "J1" in first.text and second.buttons
    await desk.say(STREET, "J3", buttons=buttons, dedupe_key="undo:1")
    await desk.drain()
    assert len(desk.said(STREET)) == 3, "the key is free for the next one"


async def test_what_fades_before_it_was_sent_is_sent_without_and_what_is_gone_is_not_sent_anew(desk: Desk) -> None:
    buttons = ((Button("button-undo", Action.UNDO, Subject(SubjectKind.TICKET, 7)),),)
    await desk.say(STREET, "J1", buttons=buttons, dedupe_key="undo:1")
    await fade(desk, "undo:1")
    await desk.say(STREET, "J2", buttons=buttons, dedupe_key="undo:2")
    await desk.drain()
    first, second = desk.said(STREET)
    assert not first.buttons and second.buttons
    second.deleted = True
    await fade(desk, "undo:2")
    await desk.drain()
    assert [message.message_id for message in desk.said(STREET)] == [first.message_id]
    assert [row.status for row in await desk.outbox()] == [OutboxStatus.SENT, OutboxStatus.SENT]


async def test_messages_of_a_chat_keep_their_order(desk: Desk) -> None:
    for number in range(12):
        await desk.say(STREET, f"J{number:02}")
    await desk.drain()
    assert [text.split()[1] for text in desk.texts(STREET)] == [f"J{number:02}" for number in range(12)]


async def test_the_more_urgent_goes_first(desk: Desk) -> None:
    await desk.say(STREET, "digest", priority=Priority.DIGEST)
    await desk.say(STREET, "reply", priority=Priority.REPLY)
    await desk.say(STREET, "emergency", priority=Priority.EMERGENCY)
    await desk.say(STREET, "reminder", priority=Priority.REMINDER)
    await desk.drain()
    order = [text.split()[1] for text in desk.texts(STREET)]
    assert order == ["emergency", "reply", "reminder", "digest"]


async def test_it_waits_for_the_moment_people_live_in(desk: Desk) -> None:
    await desk.say(STREET, "J1", not_before=desk.clock.now() + timedelta(hours=1))
    desk.ticker.pushed += 7200
    await desk.drain()
    assert desk.texts(STREET) == []
    desk.clock.moment += timedelta(hours=1)
    await desk.drain()
    assert len(desk.texts(STREET)) == 1


async def test_words_are_escaped_and_moments_come_back(desk: Desk) -> None:
    due = desk.clock.now() + timedelta(hours=1)
    params = {"code": "<b>&J1", "round": 2, "due_at": due.isoformat(), "provisional": False}
    await desk.queue("rework", UNIT, params=params)
    await desk.drain()
    [text] = desk.texts(UNIT)
    assert "<b>&J1" in text and "今天 11:00" in text


async def test_it_speaks_the_readers_language(desk: Desk) -> None:
    async with desk.store.begin() as uow:
        person = await uow.people.get(desk.people[LI].id)
        assert person is not None
        person.locale = "en"
        await uow.people.save(person)
        await uow.commit()
    await desk.queue("call-back", LI, params={"code": "J1"})
    await desk.queue("call-back", STREET, params={"code": "J1"})
    await desk.drain()
    assert "resident" in desk.texts(LI)[0] and "居民" in desk.texts(STREET)[0]


async def test_buttons_carry_tokens_that_name_a_row(desk: Desk) -> None:
    subject = Subject(SubjectKind.TICKET, 7)
    button = Button("button-reopen", Action.REOPEN, subject, arg="x")
    await desk.say(STREET, "J1", buttons=((button,),))
    await desk.drain()
    [said] = desk.said(STREET)
    assert said.markup is not None
    token = said.markup["inline_keyboard"][0][0]["callback_data"]  # type: ignore[index]
    async with desk.store.read() as uow:
        found = await uow.tokens.get(token)
    assert found is not None
    assert (found.action, found.subject, found.arg, found.round) == (Action.REOPEN, subject, "x", 0)
    assert found.chat_id == desk.chat(STREET) and found.expires_at == desk.clock.now() + timedelta(days=60)


async def test_it_goes_into_the_bound_topic_and_into_the_group_if_that_is_gone(desk: Desk) -> None:
    topic = await desk.play.topic(PARK, "上报")
    async with desk.store.begin() as uow:
        chat = await uow.chats.get(desk.chat(PARK))
        assert chat is not None
        chat.topic_id = topic
        await uow.chats.save(chat)
        await uow.commit()
    await desk.say(PARK, "J1")
    await desk.drain()
    assert desk.said(PARK)[0].posting.thread == topic
    del desk.play.chat(PARK).topics[topic]
    await desk.say(PARK, "J2")
    await desk.drain()
    assert [message.posting.thread for message in desk.said(PARK)] == [topic, None]


async def test_a_reply_to_a_deleted_message_is_sent_all_the_same(desk: Desk) -> None:
    theirs = await desk.play.say(LI, STREET, "井盖没了")
    await desk.say(STREET, "J1", reply_to=theirs.message_id)
    await desk.say(STREET, "J2", reply_to=9_999)
    await desk.drain()
    assert [message.reply_to for message in desk.said(STREET)] == [theirs.message_id, None]

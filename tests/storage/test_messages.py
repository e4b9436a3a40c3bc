"""Cards, outgoing messages, tokens, and the dispatcher's claims on them."""

from __future__ import annotations

import pytest

from bot.application.records import Face, OutboxStatus, Priority, Subject, SubjectKind
from bot.domain.chat import Chat
from bot.domain.permissions import Action
from storage.delivery import SqlDelivery
from storage.store import SqlStore, SqlUnitOfWork
from tests.storage.samples import DRAFT, NOW, TICKET, an_outgoing, later


async def test_a_card_is_one_row_whose_wanted_revision_rises(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        assert await uow.cards.want(TICKET, chat.id, Face.UNIT, create=False) is None
        first = await uow.cards.want(TICKET, chat.id, Face.UNIT, at=NOW)
        second = await uow.cards.want(TICKET, chat.id, Face.UNIT, priority=Priority.EMERGENCY)
        third = await uow.cards.want(TICKET, chat.id, Face.UNIT, priority=Priority.EDIT, create=False)
        assert first is not None
        assert second is not None
        assert third is not None
        assert first.id == second.id == third.id
        assert [first.wanted_rev, second.wanted_rev, third.wanted_rev] == [1, 2, 3]
        assert third.priority is Priority.EMERGENCY
        await uow.cards.want_all(TICKET)
        found = await uow.cards.of(TICKET, chat.id, Face.UNIT)
        assert found is not None
        assert found.wanted_rev == 4
        assert await uow.cards.of(TICKET, chat.id, Face.HUB) is None


async def test_a_retired_card_is_gone_until_it_is_wanted_again(
    store: SqlStore, delivery: SqlDelivery, chat: Chat
) -> None:
    async with store.begin() as uow:
        card = await uow.cards.want(DRAFT, chat.id, Face.DRAFT)
        assert card is not None
        card.shown_rev, card.message_id = 1, 70
        await delivery.mark_card(uow, card)
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=5) == []
        await uow.cards.retire(DRAFT)
        [to_delete] = await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=5)
        assert to_delete.retired
        assert await uow.cards.of_subject(DRAFT) == []
        await uow.cards.want_all(DRAFT)
        assert await uow.cards.of(DRAFT, chat.id, Face.DRAFT) is None
        again = await uow.cards.want(DRAFT, chat.id, Face.DRAFT)
        assert again is not None
        assert (again.id, again.retired, again.message_id) == (card.id, False, 70)


async def test_a_draft_card_becomes_the_ticket_card(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    async with store.begin() as uow:
        card = await uow.cards.want(DRAFT, chat.id, Face.DRAFT)
        assert card is not None
        card.message_id, card.shown_rev = 70, 1
        await delivery.mark_card(uow, card)
        await uow.messages.remember(chat.id, 70, DRAFT)
        await uow.cards.rename(card, TICKET, Face.CALLER)
        found = await uow.cards.of(TICKET, chat.id, Face.CALLER)
        assert found == card
        assert (found.wanted_rev, found.message_id) == (2, 70)
        assert await uow.cards.of_subject(DRAFT) == []
        assert await uow.messages.subject_of(chat.id, 70) == TICKET


async def test_where_the_ticket_has_its_card_the_draft_card_is_retired(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        there = await uow.cards.want(TICKET, chat.id, Face.CALLER)
        card = await uow.cards.want(DRAFT, chat.id, Face.DRAFT)
        assert there is not None
        assert card is not None
        await uow.cards.rename(card, TICKET, Face.CALLER)
        found = await uow.cards.of(TICKET, chat.id, Face.CALLER)
        assert found is not None
        assert (found.id, found.wanted_rev) == (there.id, 2)
        old = await uow.cards.get(card.id)
        assert old is not None
        assert old.retired
        assert old.subject == DRAFT


async def test_cards_by_priority_then_age_one_per_chat(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    async with store.begin() as uow:
        other = await uow.chats.ensure(-2, title="", private=False)
        third = await uow.chats.ensure(-3, title="", private=False)
        subjects = [Subject(SubjectKind.TICKET, number) for number in range(1, 5)]
        plain = await uow.cards.want(subjects[0], chat.id, Face.UNIT)
        urgent = await uow.cards.want(subjects[1], chat.id, Face.UNIT, priority=0)
        second = await uow.cards.want(subjects[2], other.id, Face.UNIT)
        waits = await uow.cards.want(subjects[3], third.id, Face.UNIT)
        assert waits is not None
        waits.next_at = 50.0
        await delivery.mark_card(uow, waits)
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=9) == [urgent, second]
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[chat.id], limit=9) == [second]
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=1) == [urgent]
        assert await delivery.ripe_cards(uow, now=50.0, skip_chats=[], limit=9) == [urgent, second, waits]
        assert urgent is not None
        assert await delivery.claim_card(uow, urgent, "w1")
        assert not await delivery.claim_card(uow, urgent, "w2")
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=9) == [plain, second]


async def test_what_was_wanted_while_a_card_was_sent_stays_wanted(
    store: SqlStore, delivery: SqlDelivery, chat: Chat
) -> None:
    async with store.begin() as uow:
        card = await uow.cards.want(TICKET, chat.id, Face.UNIT)
        assert card is not None
        assert await delivery.claim_card(uow, card, "w1")
        await uow.cards.want_all(TICKET)
        card.shown_rev, card.shown_hash, card.message_id = 1, "h", 70
        await delivery.mark_card(uow, card)
        [again] = await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=9)
        assert (again.wanted_rev, again.shown_rev, again.message_id) == (2, 1, 70)
        again.dead = True
        await delivery.mark_card(uow, again)
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=9) == []


async def test_a_known_dedupe_key_is_passed_over(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        assert await uow.outbox.add(an_outgoing(chat.id), at=NOW)
        assert not await uow.outbox.add(an_outgoing(chat.id, kind="other"), at=NOW)
        assert await uow.outbox.add(an_outgoing(chat.id, dedupe_key=None, subject=None), at=NOW)
        assert await uow.outbox.add(an_outgoing(chat.id, dedupe_key=None), at=NOW)


async def test_messages_by_priority_then_age_when_their_time_has_come(
    store: SqlStore, delivery: SqlDelivery, chat: Chat
) -> None:
    plain = {"dedupe_key": None, "not_before": None, "available_at": 0.0, "priority": Priority.REPLY}
    async with store.begin() as uow:
        other = await uow.chats.ensure(-2, title="", private=False)
        third = await uow.chats.ensure(-3, title="", private=False)
        await uow.outbox.add(an_outgoing(chat.id, **(plain | {"kind": "a"})), at=NOW)
        await uow.outbox.add(an_outgoing(other.id, **(plain | {"kind": "b", "not_before": later(hours=1)})), at=NOW)
        await uow.outbox.add(an_outgoing(third.id, **(plain | {"kind": "c", "available_at": 20.0})), at=NOW)
        await uow.outbox.add(an_outgoing(chat.id, **(plain | {"kind": "d", "priority": Priority.EMERGENCY})), at=NOW)

        async def kinds(now: float, moment: object, *skip: int) -> list[str]:
            found = await delivery.ripe_outbox(uow, now=now, moment=moment, skip_chats=skip, limit=9)
            return [message.kind for message in found]

        assert await kinds(1.0, NOW) == ["d"]
        assert await kinds(20.0, later(hours=1)) == ["d", "b", "c"]
        assert await kinds(20.0, later(hours=1), chat.id) == ["b", "c"]


async def test_a_message_is_claimed_once_and_marked(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    async with store.begin() as uow:
        await uow.outbox.add(an_outgoing(chat.id), at=NOW)
        [message] = await delivery.ripe_outbox(uow, now=20.0, moment=NOW, skip_chats=[], limit=9)
        assert await delivery.claim_outgoing(uow, message, "w1", "正文")
        assert not await delivery.claim_outgoing(uow, message, "w2", "别的")
        assert (message.status, message.sent_text) == (OutboxStatus.SENDING, "正文")
        message.status, message.attempts, message.available_at = OutboxStatus.QUEUED, 2, 30.0
        await delivery.mark_outgoing(uow, message)
        assert await delivery.ripe_outbox(uow, now=20.0, moment=NOW, skip_chats=[], limit=9) == []
        [again] = await delivery.ripe_outbox(uow, now=30.0, moment=NOW, skip_chats=[], limit=9)
        assert again == message


async def test_what_an_earlier_life_was_sending_is_queued_again(
    store: SqlStore, delivery: SqlDelivery, chat: Chat
) -> None:
    async with store.begin() as uow:
        await uow.outbox.add(an_outgoing(chat.id), at=NOW)
        await uow.outbox.add(an_outgoing(chat.id, dedupe_key=None), at=NOW)
        for worker in ("host-1:2", "host-10:2"):
            [message] = await delivery.ripe_outbox(uow, now=20.0, moment=NOW, skip_chats=[], limit=1)
            assert await delivery.claim_outgoing(uow, message, worker, "正文")
        card = await uow.cards.want(TICKET, chat.id, Face.UNIT)
        assert card is not None
        assert await delivery.claim_card(uow, card, "host-1:3")
        await uow.commit()
    assert await delivery.queue_lengths() == {"queued": 0, "sending": 2, "failed": 0, "cards": 1}
    assert await delivery.requeue_own("host-1:") == 2
    assert await delivery.requeue_own("host-1:") == 0
    assert await delivery.queue_lengths() == {"queued": 1, "sending": 1, "failed": 0, "cards": 1}
    async with store.read() as uow:
        assert await delivery.ripe_cards(uow, now=1.0, skip_chats=[], limit=5) == [card]


async def mint(uow: SqlUnitOfWork, owner: str = "card:7", arg: str = "", round_: int = 0, hours: int = 1) -> str:
    until = later(hours=hours)
    return await uow.tokens.mint(owner, Action.SIGN, TICKET, arg, chat_id=1, round=round_, expires_at=until)


async def test_a_token_is_reused_for_the_same_button_only(store: SqlStore) -> None:
    async with store.begin() as uow:
        first = await mint(uow)
        assert await mint(uow) == first
        assert len({first, await mint(uow, owner="out:9"), await mint(uow, arg="x"), await mint(uow, round_=1)}) == 4
        assert len(first.encode()) <= 64
        assert await uow.tokens.get("unknown") is None
        await uow.commit()
    async with store.begin() as uow:
        assert await mint(uow) == first
        await uow.commit()


async def test_a_token_lives_as_long_as_its_last_edit_asked(store: SqlStore) -> None:
    async def expiry(text: str) -> object:
        async with store.read() as reading:
            token = await reading.tokens.get(text)
            return token and token.expires_at

    async with store.begin() as uow:
        first = await mint(uow)
        await mint(uow, hours=4)
        token = await uow.tokens.get(first)
        assert token is not None
        assert token.expires_at == later(hours=4)
        await uow.commit()
    assert await expiry(first) == later(hours=4)
    async with store.begin() as uow:
        await mint(uow, hours=9)
        await uow.commit()
    assert await expiry(first) == later(hours=9)


async def test_a_token_minted_in_vain_is_not_written(store: SqlStore) -> None:
    async with store.begin() as uow:
        with pytest.raises(KeyError):
            async with uow.savepoint():
                undone = await mint(uow)
                raise KeyError
        kept = await mint(uow, arg="kept")
        async with uow.savepoint():
            inside = await mint(uow, arg="inside")
        await uow.commit()
    async with store.read() as uow:
        assert await uow.tokens.get(undone) is None
        assert await uow.tokens.get(kept) is not None
        assert await uow.tokens.get(inside) is not None


async def test_what_a_message_is_about_can_change(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        assert await uow.messages.subject_of(chat.id, 9) is None
        await uow.messages.remember(chat.id, 9, DRAFT)
        await uow.messages.remember(chat.id, 9, TICKET)
        assert await uow.messages.subject_of(chat.id, 9) == TICKET

"""What is too old goes, in batches; what waits or is still in use stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.application.inbox import RawUpdate
from bot.application.records import (
    Attachment,
    AttachmentUse,
    CodeKind,
    Face,
    OneTimeCode,
    OpenQuestion,
    OutboxStatus,
    QuestionKind,
)
from bot.domain.chat import Chat
from bot.domain.draft import DraftState
from bot.domain.people import Person
from bot.domain.permissions import Action
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.inbox import SqlInbox
from storage.purge import Purged, Retention, purge
from storage.store import SqlStore
from tests.storage.samples import DRAFT, NOW, TICKET, a_draft, an_outgoing, later

DAY = timedelta(days=1)
RETENTION = Retention(
    raw_updates=7 * DAY, sent_texts=90 * DAY, tokens=2 * DAY, questions=3 * DAY, codes=30 * DAY, drafts=60 * DAY
)
NOTHING = Purged(0, 0, 0, 0, 0, 0, 0)


async def purge_at(store: SqlStore, days: float, files: FileStore | None = None) -> Purged:
    files = files or FileStore(Path("nowhere"))
    return await purge(store, files, RETENTION, now=later(days=days), now_real=days * 86_400.0, at_a_time=3)


async def test_raw_updates_that_are_done_go_and_those_that_wait_stay(store: SqlStore, inbox: SqlInbox) -> None:
    await inbox.add(1, [RawUpdate(number, "", "{}", -1) for number in range(9)], at=0.0)
    (claim,) = await inbox.claim(1, "w", now=1.0, lease=9.0, rows=8, lanes=1)
    for row in claim.rows[:7]:
        async with store.begin() as uow:
            await inbox.done(uow, claim, row)
            await uow.commit()
    await inbox.failed(claim, claim.rows[7], "x", retry_at=0.0, dead=True)
    assert await purge_at(store, 7) == NOTHING
    assert (await purge_at(store, 7.1)).raw_updates == 8
    assert await inbox.dead_letters(5) == []
    assert await inbox.backlog() == (1, 0.0)
    assert await inbox.add(1, [RawUpdate(8, "", "{}", -1)], at=0.0) == 0


async def test_words_that_were_sent_go_and_their_keys_stay(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    async with store.begin() as uow:
        await uow.outbox.add(an_outgoing(chat.id), at=NOW)
        await uow.outbox.add(an_outgoing(chat.id, dedupe_key="waits"), at=NOW)
        [message] = await delivery.ripe_outbox(uow, now=20.0, moment=NOW, skip_chats=[], limit=1)
        message.status, message.sent_text = OutboxStatus.SENT, "正文"
        await delivery.mark_outgoing(uow, message)
        card = await uow.cards.want(TICKET, chat.id, Face.UNIT, at=NOW)
        behind = await uow.cards.want(DRAFT, chat.id, Face.DRAFT, at=NOW)
        assert card is not None
        assert behind is not None
        card.shown_rev, card.shown_text, card.shown_hash = 1, "卡片", "h"
        behind.shown_text = "卡片"
        await delivery.mark_card(uow, card)
        await delivery.mark_card(uow, behind)
        await uow.commit()
    assert await purge_at(store, 90) == NOTHING
    assert await purge_at(store, 90.1) == Purged(0, 2, 0, 0, 0, 0, 0)
    assert await purge_at(store, 90.1) == NOTHING
    async with store.begin() as uow:
        assert not await uow.outbox.add(an_outgoing(chat.id), at=NOW)
        [waits] = await delivery.ripe_outbox(uow, now=20.0, moment=NOW, skip_chats=[], limit=5)
        assert waits.params
        read, unread = await uow.cards.get(card.id), await uow.cards.get(behind.id)
        assert read is not None
        assert unread is not None
        assert (read.shown_text, read.shown_hash, unread.shown_text) == ("", "h", "卡片")


async def test_tokens_questions_and_codes_go_some_time_after_their_end(
    store: SqlStore, person: Person, chat: Chat
) -> None:
    async with store.begin() as uow:
        text = await uow.tokens.mint("card:1", Action.SIGN, TICKET, "", chat_id=1, round=0, expires_at=later(days=1))
        await uow.questions.ask(OpenQuestion(person.id, chat.id, QuestionKind.PLACE, DRAFT, NOW, later(days=1)))
        await uow.codes.add(OneTimeCode("used", CodeKind.GROUP, "", "", later(days=99)))
        await uow.codes.add(OneTimeCode("over", CodeKind.GROUP, "", "", later(days=1)))
        await uow.codes.add(OneTimeCode("open", CodeKind.GROUP, "", "", later(days=99)))
        assert await uow.codes.use("used", by=1, at=later(days=2))
        await uow.commit()
    assert await purge_at(store, 3) == NOTHING
    assert await purge_at(store, 3.1) == Purged(0, 0, 1, 0, 0, 0, 0)
    assert await purge_at(store, 4.1) == Purged(0, 0, 0, 1, 0, 0, 0)
    assert await purge_at(store, 31.1) == Purged(0, 0, 0, 0, 1, 0, 0)
    assert await purge_at(store, 32.1) == Purged(0, 0, 0, 0, 1, 0, 0)
    async with store.read() as uow:
        assert await uow.tokens.get(text) is None
        assert [code.code for code in await uow.codes.open(CodeKind.GROUP)] == ["open"]


async def test_drafts_that_ended_lose_words_and_photos_that_no_ticket_shows(
    store: SqlStore, person: Person, chat: Chat, tmp_path: Path
) -> None:
    files = FileStore(tmp_path / "files")
    alone, shared, unused, open_one = [await files.put(content) for content in (b"1", b"2", b"3", b"4")]
    async with store.begin() as uow:
        for digest in (alone, shared, unused, open_one):
            await uow.attachments.add(Attachment(digest, "image/jpeg", 1, "", True), at=NOW)
        ended = await uow.drafts.add(
            a_draft(person.id, chat.id, state=DraftState.EXPIRED, photo_hashes=[alone, shared])
        )
        waiting = await uow.drafts.add(a_draft(person.id, chat.id, photo_hashes=[open_one], message_id=21))
        for digest in (alone, shared):
            await uow.attachments.use(AttachmentUse(digest, replace(DRAFT, id=ended.id), "report", NOW))
        await uow.attachments.use(AttachmentUse(open_one, replace(DRAFT, id=waiting.id), "report", NOW))
        await uow.attachments.use(AttachmentUse(shared, TICKET, "report", NOW))
        await uow.commit()
    assert (await purge_at(store, 59, files)).drafts == 0
    purged = await purge_at(store, 61, files)
    assert (purged.drafts, purged.photos) == (1, 2)
    assert [await files.has(each) for each in (alone, shared, unused, open_one)] == [False, True, False, True]
    async with store.read() as uow:
        kept = await uow.drafts.get(ended.id)
        assert kept is not None and (kept.text, kept.place, kept.photo_hashes) == ("", "", [])
        assert await uow.drafts.get(waiting.id) == waiting
        assert await uow.attachments.get(alone) is None
    again = await purge_at(store, 62, files)
    assert (again.drafts, again.photos) == (0, 0)

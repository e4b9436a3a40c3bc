"""The schedule, dialogues, codes, pictures, settings, corrections."""

from __future__ import annotations

from bot.application.records import (
    Attachment,
    AttachmentUse,
    CodeKind,
    DueKind,
    OneTimeCode,
    OpenQuestion,
    QuestionKind,
)
from bot.domain.chat import Chat
from bot.domain.people import Person
from storage.store import SqlStore
from tests.storage.samples import DRAFT, NOW, TICKET, a_correction, later


async def test_one_due_row_per_subject_and_kind(store: SqlStore) -> None:
    async with store.begin() as uow:
        assert await uow.dues.next_moment() is None
        await uow.dues.put(TICKET, DueKind.SIGN, later(hours=3))
        await uow.dues.put(TICKET, DueKind.SIGN, later(hours=1), arg="2")
        await uow.dues.put(TICKET, DueKind.HANDLE, later(hours=2))
        await uow.dues.put(DRAFT, DueKind.DRAFT, NOW)
        assert await uow.dues.next_moment() == NOW
        ripe = await uow.dues.ripe(later(hours=2), limit=9)
        rows = [await uow.dues.get(number, for_update=True) for number in ripe]
        assert [(row.subject, row.kind, row.arg) for row in rows if row] == [
            (DRAFT, DueKind.DRAFT, ""),
            (TICKET, DueKind.SIGN, "2"),
            (TICKET, DueKind.HANDLE, ""),
        ]
        assert await uow.dues.ripe(later(hours=2), limit=1) == ripe[:1]
        assert await uow.dues.moment_of(TICKET, DueKind.HANDLE) == later(hours=2)
        assert await uow.dues.moment_of(TICKET, DueKind.DELIVERY) is None
        await uow.dues.drop(TICKET, DueKind.SIGN)
        assert await uow.dues.ripe(later(hours=9), limit=9) == [ripe[0], ripe[2]]
        await uow.dues.drop(TICKET)
        assert await uow.dues.ripe(later(hours=9), limit=9) == ripe[:1]
        assert await uow.dues.get(ripe[2]) is None


async def test_the_newer_question_replaces_the_older(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        for kind in (QuestionKind.PLACE, QuestionKind.TEXT):
            await uow.questions.ask(OpenQuestion(person.id, chat.id, kind, TICKET, NOW, later(hours=1)))
        found = await uow.questions.open(person.id, chat.id, now=NOW)
        assert found is not None
        assert found.kind is QuestionKind.TEXT
        assert await uow.questions.open(person.id, chat.id, now=later(hours=1)) is None
        assert await uow.questions.open(person.id + 1, chat.id, now=NOW) is None
        await uow.questions.close(person.id, chat.id)
        assert await uow.questions.open(person.id, chat.id, now=NOW) is None


async def test_a_code_is_used_once(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.codes.add(OneTimeCode("A", CodeKind.GROUP, "street", "JL01", later(days=2)))
        await uow.codes.add(OneTimeCode("B", CodeKind.GROUP, "street", "JL01", later(days=1)))
        await uow.codes.add(OneTimeCode("C", CodeKind.FOLLOW, "JL-20261122-0007", "", later(days=1)))
        await uow.codes.add(OneTimeCode("D", CodeKind.FOLLOW, "JL-20261122-0007", "", later(days=9)))
        assert [code.code for code in await uow.codes.open(CodeKind.GROUP)] == ["B", "A"]
        assert await uow.codes.use("A", by=3, at=NOW)
        assert not await uow.codes.use("A", by=4, at=NOW)
        assert not await uow.codes.use("unknown", by=4, at=NOW)
        used = await uow.codes.get("A")
        assert used is not None
        assert (used.used_by, used.used_at) == (3, NOW)
        assert [code.code for code in await uow.codes.open(CodeKind.GROUP)] == ["B"]
        link = await uow.codes.follow_code("JL-20261122-0007")
        assert link is not None
        assert link.code == "D"
        assert await uow.codes.follow_code("JL-20261122-0008") is None


async def test_the_same_bytes_are_one_attachment_however_often_they_are_used(store: SqlStore) -> None:
    digest = "c" * 64
    async with store.begin() as uow:
        await uow.attachments.add(Attachment(digest, "image/jpeg", 5, "f1", True, "u1"), at=NOW)
        await uow.attachments.add(Attachment(digest, "image/jpeg", 5, "f2", False, "u2"), at=later(hours=1))
        found = await uow.attachments.get(digest)
        assert found == Attachment(digest, "image/jpeg", 5, "f2", True, "u2")
        assert await uow.attachments.by_file_id("u2") == found
        assert await uow.attachments.by_file_id("nobody") is None
        uses = [AttachmentUse(digest, TICKET, "report", NOW), AttachmentUse(digest, DRAFT, "report", later(hours=1))]
        for use in [*uses, uses[0]]:
            await uow.attachments.use(use)
        assert await uow.attachments.used(digest) == uses
        assert await uow.attachments.of(DRAFT) == uses[1:]
        await uow.attachments.unuse(uses[1])
        assert await uow.attachments.of(DRAFT) == [] and await uow.attachments.used(digest) == uses[:1]


async def test_settings_hold_any_json(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.settings.put("beat:one", {"at": 1.5, "list": ["甲", None]})
        await uow.settings.put("beat:one", {"at": 2.5, "list": ["甲", None]})
        await uow.settings.put("beat%", 3)
        await uow.settings.put("clock", 1)
        await uow.settings.put("clock", None)
        assert await uow.settings.get("clock") is None
        assert await uow.settings.get("beat:one") == {"at": 2.5, "list": ["甲", None]}
        assert await uow.settings.get("unknown") is None
        assert await uow.settings.starting_with("beat:") == {"beat:one": {"at": 2.5, "list": ["甲", None]}}
        assert await uow.settings.starting_with("beat%") == {"beat%": 3}


async def test_corrections_wait_are_released_or_dropped_and_counted(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        first, second, third = [
            await uow.corrections.add(a_correction(text=text, item=item, by=person.id, subject_id=number))
            for number, (text, item) in enumerate([("井盖", "SZ-03"), ("灯", "SZ-04"), ("桶", "SZ-03")])
        ]
        assert await uow.corrections.waiting() == [first, second, third]
        first.release("SZ-03", by=person.id + 1, at=NOW)
        second.drop(by=person.id + 1, at=NOW)
        for one in (first, second):
            await uow.corrections.save(one)
        await uow.commit()
    async with store.begin() as uow:
        assert await uow.corrections.waiting() == [third]
        assert await uow.corrections.released() == [first]
        kept = await uow.corrections.get(second.id, for_update=True)
        assert kept is not None
        assert (kept.text, kept.dropped_by, kept.dropped_at) == ("", person.id + 1, NOW)
        assert await uow.corrections.counted() == {
            ("change_item", "ZF-03", "SZ-03"): 2,
            ("change_item", "ZF-03", "SZ-04"): 1,
        }
        assert await uow.corrections.forget("draft", first.subject_id) == 0
        assert await uow.corrections.forget("draft", third.subject_id) == 1
        about = await uow.corrections.add(a_correction(subject_kind="ticket", subject_id=9))
        assert await uow.corrections.erase_of(9) == 1
        assert await uow.corrections.get(about.id) is None
        assert await uow.corrections.released() == [first]
        dropped = await uow.corrections.get(first.id)
        assert dropped is not None
        dropped.drop(by=person.id, at=NOW)
        await uow.corrections.save(dropped)
        assert await uow.corrections.released() == []

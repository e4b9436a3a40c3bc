"""Chats with two ids, bindings, people and their grants."""

from __future__ import annotations

from bot.application.records import Face, OpenQuestion, QuestionKind
from bot.domain.chat import Chat, ChatKind
from bot.domain.people import Grant, Person, Role
from storage.store import SqlStore
from tests.storage.samples import DRAFT, NOW, TICKET, a_draft, later


async def test_a_chat_is_made_once(store: SqlStore) -> None:
    async with store.begin() as uow:
        group = await uow.chats.ensure(-5, title="群", private=False)
        alone = await uow.chats.ensure(5, title="", private=True)
        again = await uow.chats.ensure(-5, title="新群名", private=False)
        assert (group.kind, alone.kind) == (ChatKind.UNBOUND, ChatKind.PRIVATE)
        assert (again.id, again.title) == (group.id, "新群名")
        assert (await uow.chats.ensure(-5, title="", private=False)).title == "新群名"
        assert await uow.chats.by_telegram_id(-6) is None


async def test_bindings_oldest_first(store: SqlStore) -> None:
    async with store.begin() as uow:
        chats = [await uow.chats.ensure(number, title="", private=False) for number in (-1, -2, -3)]
        for chat in reversed(chats):
            chat.kind, chat.of = ChatKind.STREET, "JL01"
            await uow.chats.save(chat)
        await uow.commit()
    async with store.begin() as uow:
        oldest = await uow.chats.get(chats[2].id)
        assert oldest is not None
        oldest.title = "改名不改次序"
        await uow.chats.save(oldest)
        found = await uow.chats.bound([ChatKind.STREET, ChatKind.MIXED], ["JL01", "JL02"])
        assert [chat.id for chat in found] == [chats[2].id, chats[1].id, chats[0].id]
        oldest.of = "JL02"
        await uow.chats.save(oldest)
        assert [chat.id for chat in await uow.chats.all_bound()] == [chats[1].id, chats[0].id, chats[2].id]
        assert await uow.chats.bound([ChatKind.HUB], ["JL01"]) == []


async def test_two_that_change_different_things_of_a_chat_lose_nothing(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as first:
        mine = await first.chats.get(chat.id)
        assert mine is not None
        mine.muted_until = later(hours=2)
        await first.chats.save(mine)
        await first.commit()
    async with store.begin() as second:
        theirs = await second.chats.get(chat.id)
        assert theirs is not None
        theirs.mistakes.append(NOW.isoformat())
        await second.chats.save(theirs)
        await second.commit()
    async with store.read() as uow:
        read = await uow.chats.get(chat.id)
        assert read is not None
        assert (read.muted_until, read.mistakes) == (later(hours=2), [NOW.isoformat()])


async def test_old_and_new_id_of_a_migration_are_one_chat(store: SqlStore, chat: Chat) -> None:
    async with store.begin() as uow:
        moved = await uow.chats.migrate(-1001, -100777)
        assert (moved.id, moved.telegram_id, moved.title) == (chat.id, -100777, chat.title)
        await uow.commit()
    async with store.begin() as uow:
        for number in (-1001, -100777):
            found = await uow.chats.by_telegram_id(number)
            assert found == moved
        assert await uow.chats.migrate(-1001, -100777) == moved
        assert (await uow.chats.ensure(-1001, title="", private=False)).id == chat.id


async def test_what_was_written_under_the_new_id_before_the_migration_is_kept(
    store: SqlStore, chat: Chat, person: Person
) -> None:
    async with store.begin() as uow:
        early = await uow.chats.ensure(-100777, title="群", private=False)
        draft = await uow.drafts.add(a_draft(person.id, early.id))
        card = await uow.cards.want(DRAFT, early.id, Face.DRAFT)
        kept = await uow.cards.want(TICKET, chat.id, Face.CALLER)
        await uow.cards.want(TICKET, early.id, Face.CALLER)
        await uow.messages.remember(early.id, 9, TICKET)
        await uow.questions.ask(OpenQuestion(person.id, early.id, QuestionKind.PLACE, DRAFT, NOW, later(hours=1)))
        await uow.commit()
    async with store.begin() as uow:
        await uow.chats.migrate(-1001, -100777)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.chats.get(early.id) is None
        found = await uow.drafts.by_message(chat.id, 11)
        assert found is not None
        assert found.id == draft.id
        assert card is not None
        assert kept is not None
        moved = await uow.cards.get(card.id)
        assert moved is not None
        assert moved.chat_id == chat.id
        assert [one.id for one in await uow.cards.of_subject(TICKET)] == [kept.id]
        assert await uow.messages.subject_of(chat.id, 9) == TICKET


async def test_a_person_is_made_once_and_a_new_name_is_taken_over(store: SqlStore) -> None:
    async with store.begin() as uow:
        person = await uow.people.ensure(7, name="王芳", username="w")
        again = await uow.people.ensure(7, name="王芳芳")
        assert (again.id, again.name, again.username) == (person.id, "王芳芳", "w")
        assert await uow.people.by_telegram_id(7) == again
        assert await uow.people.get(person.id + 1) is None
        assert await uow.people.in_private_chat(1) is None


async def test_grants_are_held_ended_and_held_again(store: SqlStore, person: Person) -> None:
    liaison, handler = Grant(Role.LIAISON, "D01"), Grant(Role.HANDLER, "D01")
    async with store.begin() as uow:
        for grant in (liaison, handler, liaison):
            await uow.people.grant(person.id, grant, at=NOW, by=None)
        assert await uow.people.grants(person.id) == {liaison, handler}
        assert await uow.people.revoke(person.id, liaison, at=later(hours=1)) == 1
        assert await uow.people.revoke(person.id, liaison, at=later(hours=1)) == 0
        assert await uow.people.grants(person.id) == {handler}
        await uow.people.grant(person.id, liaison, at=later(hours=2), by=person.id)
        assert await uow.people.revoke(person.id, None, at=later(hours=3)) == 2
        assert await uow.people.grants(person.id) == frozenset()


async def test_who_holds_a_role_longest_first(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        other = await uow.people.ensure(502, name="李强")
        gone = await uow.people.ensure(503, name="张三")
        await uow.people.grant(person.id, Grant(Role.LIAISON, "D01"), at=later(hours=2), by=None)
        await uow.people.grant(other.id, Grant(Role.LIAISON, "D01-JL01"), at=later(hours=1), by=None)
        await uow.people.grant(other.id, Grant(Role.LIAISON, "D01"), at=later(hours=3), by=None)
        await uow.people.grant(gone.id, Grant(Role.LIAISON, "D01"), at=NOW, by=None)
        await uow.people.revoke(gone.id, None, at=later(hours=1))
        assert await uow.people.holding(Role.LIAISON, ["D01", "D01-JL01"]) == [other, person]
        assert await uow.people.holding(Role.HANDLER, ["D01"]) == []


async def test_a_role_that_rests_is_held_by_nobody_until_it_is_granted_again(store: SqlStore, person: Person) -> None:
    liaison = Grant(Role.LIAISON, "D01")
    async with store.begin() as uow:
        await uow.people.grant(person.id, liaison, at=NOW, by=None)
        await uow.people.rest(person.id, liaison, at=later(hours=1))
        assert await uow.people.grants(person.id) == frozenset()
        assert await uow.people.holding(Role.LIAISON, ["D01"]) == []
        assert await uow.people.resting_of(person.id) == {liaison}
        assert await uow.people.resting(["D01", "D02"]) == [(person, liaison)]
        await uow.people.grant(person.id, liaison, at=later(hours=2), by=None)
        assert (await uow.people.grants(person.id), await uow.people.resting(["D01"])) == ({liaison}, [])
        await uow.people.rest(person.id, liaison, at=later(hours=3))
        assert await uow.people.revoke(person.id, None, at=later(hours=4)) == 1
        assert await uow.people.resting_of(person.id) == frozenset()

"""One clear sentence, in the reader's language, for what comes too late or reaches nobody; and the hub hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.chat import ChatKind
from bot.domain.permissions import Action
from storage import migrate
from tests.permissions.pressing import Bench, is_one_sentence, present_state
from tests.support.cast import CAST, CHEN, GROUPS, HUB, LI, LIU, OFFICER, ON_LEAVE, STREET, UNIT, WANG, ZHAO, settle_in
from tests.support.messenger import Said
from tests.support.quiet import Quiet, open_quiet
from tests.walks.speech import WalkingWords

A = Action
HELD_BACK = timedelta(seconds=2)
LANGUAGES = pytest.mark.parametrize("locale", ["zh", "en"])


@asynccontextmanager
async def district(folder: Path, locale: str) -> AsyncIterator[Quiet]:
    """The quiet district, where everybody reads that language."""
    url = f"sqlite+aiosqlite:///{folder}/clear.db"
    await migrate.upgrade(url)
    async with open_quiet(url, WalkingWords(), folder) as quiet:
        await settle_in(quiet)
        async with quiet.store.begin() as uow:
            for group in GROUPS:
                chat = await uow.chats.ensure(group, title="", private=False)
                chat.locale = locale
                await uow.chats.save(chat)
            for user in CAST:
                person = await uow.people.by_telegram_id(user)
                assert person is not None
                person.locale = locale
                await uow.people.save(person)
            await uow.commit()
        yield quiet
        assert quiet.faults == []


async def reports(quiet: Quiet, words: str) -> None:
    """A confirmed report of the street."""
    await quiet.says(LI, STREET, words)
    await quiet.does(LI, STREET, A.CONFIRM)
    await passes(quiet)


async def passes(quiet: Quiet, step: timedelta = HELD_BACK) -> None:
    """Time passes, and what was held back is shown."""
    await quiet.forward(step)


def is_in(locale: str, text: str) -> bool:
    """Whether the sentence is one, in that language: names of places and units aside."""
    english = sum(letter.isascii() and letter.isalpha() for letter in text) > 12
    return is_one_sentence(text) and english == (locale == "en")


@LANGUAGES
async def test_two_who_press_at_once(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        await quiet.says(LI, STREET, "路灯不亮，柳荫路1号")
        token = (await quiet.button(STREET, A.CONFIRM)).token
        presses = [quiet.update_of_press(user, STREET, token) for user in (LI, ZHAO)]
        answers = await asyncio.gather(*(quiet.happen(press) for press in presses))
        assert [len(each) for each in answers] == [1, 1]
        late = [each[0]["text"] for each in answers if each[0].get("show_alert")]
        assert len(late) == 1 and is_in(locale, late[0]) and "JL-20261123-0001" in late[0]


@LANGUAGES
async def test_a_button_from_last_week(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        await quiet.says(LI, STREET, "路灯不亮，柳荫路1号")
        draft = (await quiet.button(STREET, A.CONFIRM)).token
        await reports(quiet, "路面破损，柳荫路2号")
        signing = (await quiet.button(UNIT, A.SIGN)).token
        await passes(quiet)
        await quiet.does(OFFICER, STREET, A.WITHDRAW)
        await passes(quiet, timedelta(days=7))
        before = await present_state(Bench.of(quiet))
        for user, chat, token in ((LI, STREET, draft), (WANG, UNIT, signing)):
            said = await quiet.press(user, chat, token)
            assert is_in(locale, said)
        await passes(quiet, timedelta(days=60))
        said = await quiet.press(WANG, UNIT, signing)
        assert is_in(locale, said)
        after = await present_state(Bench.of(quiet))
        assert before == after


@LANGUAGES
async def test_a_reply_to_a_closed_case(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        await reports(quiet, "路灯不亮，柳荫路1号")
        card = next(said for said, token in await quiet.shown(UNIT) if token.action is A.SIGN)
        await quiet.does(OFFICER, STREET, A.WITHDRAW)
        await passes(quiet, timedelta(minutes=5))
        for words in ("已处理完毕，换好了", "正在抢修", "收到马上去"):
            await quiet.says(WANG, UNIT, words, card)
            [said] = quiet.messenger.fresh
            assert said.chat == UNIT and is_in(locale, said.text)


@LANGUAGES
async def test_a_group_that_was_lost(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        quiet.messenger.gone.add(UNIT)
        await reports(quiet, "路灯不亮，柳荫路1号")
        await passes(quiet, timedelta(minutes=15))
        lost = {
            "zh": "📵 市政中心（群1002）：群里发不进消息",
            "en": "📵 I cannot write to the group of 市政中心（群1002）",
        }
        assert [said.text.splitlines()[0] for said in standing(quiet, HUB)] == [lost[locale]]
        for liaison in (WANG, LIU):
            assert [token.action for _, token in await quiet.shown(liaison)].count(A.SIGN) == 1
        assert "⏳" not in standing(quiet, STREET)[-1].text, "it was delivered, in private"
        await quiet.does(WANG, WANG, A.SIGN)


@LANGUAGES
async def test_where_a_lost_group_leaves_nobody_the_hub_delivers(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        quiet.messenger.gone |= {UNIT, WANG, LIU, ON_LEAVE}
        await reports(quiet, "路灯不亮，柳荫路1号")
        await passes(quiet, timedelta(minutes=15))
        await reaches_nobody(quiet, locale)
        assert len(standing(quiet, HUB)) == 2, "the group, and the case"


@LANGUAGES
async def test_a_unit_that_is_bound_to_no_group(tmp_path: Path, locale: str) -> None:
    async with district(tmp_path, locale) as quiet:
        async with quiet.store.begin() as uow:
            chat = await uow.chats.ensure(UNIT, title="", private=False)
            chat.kind, chat.of = ChatKind.UNBOUND, ""
            await uow.chats.save(chat)
            for user in (WANG, LIU, ON_LEAVE):
                person = await uow.people.by_telegram_id(user)
                assert person is not None
                await uow.people.revoke(person.id, None, at=quiet.now)
            await uow.commit()
        await reports(quiet, "路灯不亮，柳荫路1号")
        await passes(quiet, timedelta(minutes=1))
        await reaches_nobody(quiet, locale)
        assert len(standing(quiet, HUB)) == 1


def standing(quiet: Quiet, chat: int) -> list[Said]:
    """What the bot said there, the newest last."""
    return sorted((said for said in quiet.messenger.said.values() if said.chat == chat), key=lambda said: said.id)


async def reaches_nobody(quiet: Quiet, locale: str) -> None:
    """The street reads that it is not delivered, the hub has the task with its button, and settles it."""
    street = {
        "zh": "⏳ 还没送达 市政中心，中枢正在联系",
        "en": "⏳ Not delivered to 市政中心 yet, the hub is contacting them",
    }
    hub = {"zh": "📵 没送达，请联系", "en": "📵 Not delivered, please contact them"}
    assert standing(quiet, STREET)[-1].text.splitlines()[0] == street[locale]
    assert standing(quiet, HUB)[-1].text.startswith(hub[locale])
    assert is_in(locale, await quiet.does(CHEN, HUB, A.NOTE_TOLD))
    await passes(quiet)
    assert not standing(quiet, STREET)[-1].text.startswith(street[locale])

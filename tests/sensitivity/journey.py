"""Messages on their whole way: draft, confirm, sign, progress, report back, evaluate; people press and write at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.playground.model import Message
from tests.sensitivity.messages import Said
from tests.support.world import (
    CHEN,
    COMMUNITY,
    HUB,
    LEADER,
    LEADERS,
    LI,
    MIXED,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Who writes where; `asks` is what makes the bot listen in a group that does not report by itself."""

    author: int
    chat: int
    asks: str = ""


PLACES = {
    "street group": Place(LI, STREET),
    "street group, by somebody who never wrote to the bot": Place(RESIDENT, STREET),
    "community group": Place(LI, COMMUNITY),
    "mixed group": Place(LI, MIXED),
    "department group": Place(WANG, UNIT, "/report "),
    "hub group": Place(CHEN, HUB, "/report "),
    "leaders group": Place(LEADER, LEADERS, "/report "),
    "private chat of a worker": Place(LI, LI),
    "private chat of a resident": Place(RESIDENT, RESIDENT),
}


@dataclass
class Journey:
    """One world with its people; keeps every answer to a press that was given in a group."""

    world: World
    place: Place
    toasts: list[str] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)

    @property
    def keeper(self) -> int:
        """Who has the draft in private: the author, a worker where the author is a resident in private."""
        return LI if self.place.chat == RESIDENT else self.place.author

    async def tell(self, messages: Sequence[Said]) -> None:
        """Everything is written, every third with a picture; in chats that listen on request both ways."""
        play, place = self.world.play, self.place
        for number, said in enumerate(messages):
            if place.asks:
                await play.say(place.author, place.chat, said.text)
            words = f"{place.asks}{said.text}"
            if number % 3 == 2:
                self.told.append(await play.photo(place.author, place.chat, "井盖", words))
            else:
                self.told.append(await play.say(place.author, place.chat, words))
        await self.world.settle()
        if place.author == RESIDENT and place.chat == STREET:
            await self.world.says(RESIDENT, RESIDENT, "你好")

    def cards(self, chat: int, button: str) -> list[Message]:
        """The bot's messages there with that button."""
        said = self.world.play.said_by_bot(chat)
        return [message for message in said if any(button in caption for caption in captions(message))]

    async def press(self, user: int, chat: int, button: str, messages: Sequence[Message] | None = None) -> int:
        """All of those (by default every card with that button) are pressed at once; how many."""
        targets = self.cards(chat, button) if messages is None else messages
        play = self.world.play
        presses = (play.press(user, chat, message.message_id, button, timeout=60.0) for message in targets)
        answers = await asyncio.gather(*presses)
        await self.world.settle()
        if chat < 0:
            self.toasts += [answer.text for answer in answers]
        return len(targets)

    async def reply(self, user: int, chat: int, pairs: Sequence[tuple[Message, str]]) -> None:
        """Somebody answers each of those messages in words."""
        for message, words in pairs:
            await self.world.play.say(user, chat, words, reply_to=message.message_id)
        await self.world.settle()

    async def confirm(self) -> None:
        """Every fifth and what cannot be confirmed at once goes to the hub as nobody's, the others are confirmed."""
        keeper = self.keeper
        drafts = self.cards(keeper, "不是上报")
        unclear = [
            draft for n, draft in enumerate(drafts) if n % 5 == 0 or not any("确认上报" in c for c in captions(draft))
        ]
        await self.press(keeper, keeper, "换一项", [each for each in unclear if "换一项" in captions(each)])
        await self.press(keeper, keeper, "都不是", unclear)
        rest = [each for each in self.cards(keeper, "不是上报") if each not in unclear]
        await self.press(keeper, keeper, "确认上报", rest)
        await self.world.forward(timedelta(hours=3))

    async def dispatch(self, codes: Sequence[str]) -> None:
        """The hub sends what waits there, and everything that did not arrive, to the police."""
        for number, code in enumerate(codes):
            await self.world.play.say(CHEN, HUB, f"派单 {code} D11")
            if number % 3 == 0:
                await self.world.play.say(CHEN, HUB, f"进度 {code}")
        await self.world.settle()

    async def work(self, words: Sequence[str]) -> None:
        """The unit signs by press and by words, says how it goes in the group, and reports back."""
        calls = self.cards(POLICE, "签收")
        await self.press(QIAN, POLICE, "签收", calls[::2])
        await self.reply(
            QIAN, POLICE, [(call, f"收到马上去，{word}") for call, word in zip(calls[1::2], words, strict=False)]
        )
        open_calls = self.cards(POLICE, "📮 回告")
        await self.reply(QIAN, POLICE, [(c, f"已到现场，{w}") for c, w in zip(open_calls, words, strict=False)])
        await self.press(QIAN, POLICE, "联系街道", open_calls[:2])
        await self.press(QIAN, POLICE, "看原话", open_calls[:2])
        await self.reply(QIAN, POLICE, [(c, f"已处理完毕，{w}") for c, w in zip(open_calls[::2], words, strict=False)])
        await self.press(QIAN, POLICE, "📮 回告", open_calls[1::2])
        for chat in (POLICE, QIAN):
            await self.press(QIAN, chat, "改给居民的话", self.cards(chat, "改给居民的话")[:1])
            await self.world.says(QIAN, chat, f"给居民的话，{words[0]}")
            await self.press(QIAN, chat, "发送回告")

    async def evaluate(self, words: Sequence[str]) -> None:
        """The person of record is not satisfied, or not at all, or content."""
        person = self.keeper
        asked = self.cards(person, "未解决")
        await self.press(person, person, "不满意", asked[::3])
        await self.press(person, person, "写一句", self.cards(person, "写一句")[:1])
        await self.world.says(person, person, f"原因是{words[0]}")
        await self.press(person, person, "未解决", asked[1::3])
        await self.press(person, person, "基本满意", asked[2::3])

    async def look_around(self, codes: Sequence[str], words: str) -> None:
        """Everybody asks in his group for what can be asked for, and with the words for what cannot."""
        for user, chat in ((LI, STREET), (LI, COMMUNITY), (LI, MIXED), (QIAN, POLICE), (CHEN, HUB), (LEADER, LEADERS)):
            for asked in ("清单", "清单 逾期", "我的", f"进度 {codes[0]}", f"/why {codes[-1]}", f"催办 {codes[-1]}"):
                await self.world.play.say(user, chat, asked)
            for command in ("status", "item", "why", "withdraw", "urge"):
                await self.world.play.say(user, chat, f"/{command} {words}")
        await self.world.settle()

    async def add_words(self, said: Sequence[Said]) -> None:
        """The author changes what he wrote, and adds to it."""
        for message, same in zip(self.told[:3], said, strict=False):
            if self.place.asks == "" and message.content.media is None:
                await self.world.play.edit(
                    self.place.author, self.place.chat, message.message_id, f"{same.text}，又来了"
                )
        await self.world.settle()
        own = self.world.play.said_by_bot(self.place.author)[-1:]
        await self.reply(self.place.author, self.place.author, [(message, said[0].text) for message in own])


async def whole_way(journey: Journey, messages: Sequence[Said]) -> list[str]:
    """Everything of the above in order; the codes of the tickets."""
    world, words = journey.world, [said.text for said in messages]
    await journey.tell(messages)
    await journey.confirm()
    async with world.app.store.read() as uow:
        codes = [ticket.code for ticket in await uow.tickets.listed(limit=1000)]
    if not codes:
        return []
    await journey.dispatch(codes)
    await journey.look_around(codes, words[0])
    await journey.add_words(messages)
    await journey.work(words)
    await journey.evaluate(words)
    await journey.work(words)
    await journey.look_around(codes, words[0])
    await world.forward(timedelta(days=2))
    return codes

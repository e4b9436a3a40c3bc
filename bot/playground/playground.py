"""The playground as its users hold it: set it up, act as its people, read its chats, wait for what the bot does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.playground.errors import PlaygroundError
from bot.playground.faults import Faults
from bot.playground.model import Chat, ChatKind, Json, Message, Person, Status
from bot.playground.moving import Moving
from bot.playground.rules import Rules
from bot.playground.speaking import Speaking
from bot.playground.world import World


class Playground(Speaking, Moving):
    """A Telegram in memory with one bot; `create_app` puts it behind HTTP."""

    def __init__(
        self,
        *,
        token: str = "1000:playground",
        username: str = "jiehu_demo_bot",
        now: Callable[[], datetime] | None = None,
        rules: Rules = Rules(),  # frozen
    ) -> None:
        """`now` gives the aware moment for the dates of messages; real time without it."""
        self.world = World(token, username, now, rules)
        self.hints: list[str] = []
        self.front: list[int] = []
        self.time_zone = "Asia/Shanghai"
        self._bot_is_coming = False

    @property
    def token(self) -> str:
        """The only token that is known here."""
        return self.world.token

    @property
    def bot(self) -> Person:
        """The bot's account."""
        return self.world.bot

    @property
    def rules(self) -> Rules:
        """Which of Telegram's rules are imitated; may be set at any time."""
        return self.world.rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self.world.rules = rules
        self.world.events.tell({"type": "rules"})

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.world.faults

    @property
    def bot_is_coming(self) -> bool:
        """Whether the page says that the bot is not there yet, and what is said waits for it."""
        return self._bot_is_coming

    @bot_is_coming.setter
    def bot_is_coming(self, is_coming: bool) -> None:
        self._bot_is_coming = is_coming
        self.world.events.tell({"type": "rules"})

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.world.updates.pending

    def add_user(self, user_id: int, first_name: str, *, username: str | None = None, label: str = "") -> None:
        """A person; `label` says for the page what he is, as "望澜街道 网格员"."""
        if user_id <= 0 or user_id in self.world.people:
            raise PlaygroundError(f"user id {user_id} is taken or not positive")
        self.world.people[user_id] = Person(user_id, first_name, username, label)
        self.world.events.tell({"type": "chats"})

    def add_chat(  # the agreed signature
        self,
        chat_id: int,
        title: str,
        members: Sequence[int],
        *,
        bot_is_admin: bool = True,
        forum: bool = False,
        note: str = "",
    ) -> None:
        """A supergroup with these people and the bot; the first of them owns it."""
        if chat_id >= 0 or chat_id in self.world.chats:
            raise PlaygroundError(f"chat id {chat_id} is taken or not negative")
        statuses = {self.world.person(each).id: Status.MEMBER for each in members}
        if members:
            statuses[members[0]] = Status.CREATOR
        statuses[self.bot.id] = Status.ADMINISTRATOR if bot_is_admin else Status.MEMBER
        self.world.chats[chat_id] = Chat(chat_id, ChatKind.SUPERGROUP, title, note, forum, statuses)
        self.world.events.tell({"type": "chats"})

    def start_message_ids_at(self, number: int) -> None:
        """For a bot that remembers chats longer than this playground: message ids go on above what it knows."""
        self.world.first_message_id = number

    def chat(self, chat_id: int) -> Chat:
        """A chat with its members and notes."""
        return self.world.chat(chat_id)

    def messages(self, chat_id: int) -> list[Message]:
        """What stands in a chat now, oldest first, without deleted messages."""
        return [each for each in self.world.chat(chat_id).messages.values() if not each.deleted]

    def said_by_bot(self, chat_id: int) -> list[Message]:
        """The bot's messages that stand in a chat now."""
        return [each for each in self.messages(chat_id) if each.sender is self.bot]

    def offline(self, away: bool) -> None:  # a switch, named by the method
        """Whether the Bot API answers every call with 502."""
        self.faults.offline = away
        self.world.events.tell({"type": "rules"})

    async def wait_for(
        self, chat_id: int, wanted: str | Callable[[Message], bool], timeout: float = 5.0, *, after: int = 0
    ) -> Message:
        """The bot's newest message in a chat with these words (or that fits) and an id above `after`; waits for it."""
        deadline = time.monotonic() + timeout
        fits = wanted if callable(wanted) else lambda message: wanted in message.text
        with self.world.events.watch() as queue:
            while True:
                for message in reversed(self.said_by_bot(chat_id)):
                    if message.message_id > after and fits(message):
                        return message
                await _next(queue, deadline, lambda: self._told(chat_id, wanted))

    async def drained(self, timeout: float = 5.0) -> None:
        """Return when the bot has confirmed every update; TimeoutError after so many real seconds."""
        deadline = time.monotonic() + timeout
        while self.pending:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.pending} updates are not confirmed")
            await self.world.updates.change(min(left, 0.05))

    def close(self) -> None:
        """End streams, long polls and the webhook, so that a server can stop at once."""
        self.faults.close()
        self.world.webhook.stop()
        self.world.updates.close()
        self.world.events.close()

    def _told(self, chat_id: int, wanted: object) -> str:
        texts = "\n---\n".join(each.text for each in self.said_by_bot(chat_id)[-5:]) or "nothing"
        return f"no message {wanted!r} of the bot in {chat_id}; it said last:\n{texts}"


async def _next(queue: asyncio.Queue[Json | None], deadline: float, complaint: Callable[[], str]) -> None:
    try:
        await asyncio.wait_for(queue.get(), max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        raise TimeoutError(complaint()) from None

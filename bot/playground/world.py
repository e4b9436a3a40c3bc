"""The state of the playground in one place: people, chats, files, settings. Nothing is written to disk."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

from bot.playground.errors import PlaygroundError, bad_request, forbidden
from bot.playground.events import Events
from bot.playground.faults import Faults
from bot.playground.files import Files
from bot.playground.flood import Flood
from bot.playground.model import ANONYMOUS_ADMIN, Chat, ChatKind, Content, Json, Message, Person, Posting, Status
from bot.playground.queries import Queries
from bot.playground.rules import Rules
from bot.playground.updates import Updates
from bot.playground.webhook import Webhook


class World:
    """Looks things up and puts messages into chats; who may do what is decided by its users."""

    def __init__(self, token: str, username: str, now: Callable[[], datetime] | None, rules: Rules) -> None:
        self.token = token
        self.rules = rules
        self.now = now or _real_time
        self.bot = Person(int(token.split(":", 1)[0]), "街呼", username, is_bot=True)
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.people[ANONYMOUS_ADMIN] = Person(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", is_bot=True)
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[Json]] = {}
        self.files = Files()
        self.events = Events()
        self.faults = Faults()
        self.flood = Flood()
        self.queries = Queries()
        self.updates = Updates()
        self.webhook = Webhook(self.updates)
        self.first_message_id = 1
        self._private_ids = itertools.count(1)
        self._groups = itertools.count(1)

    def person(self, person_id: int) -> Person:
        """The person; refuses an unknown one."""
        if person_id not in self.people:
            raise PlaygroundError(f"nobody has the id {person_id}")
        return self.people[person_id]

    def chat(self, chat_id: int) -> Chat:
        """The chat, a private one made when first asked for; refuses an unknown group."""
        if chat_id in self.chats:
            return self.chats[chat_id]
        person = self.people.get(chat_id)
        if person is None or person.is_bot:
            raise PlaygroundError(f"no chat has the id {chat_id}")
        members = {person.id: Status.MEMBER, self.bot.id: Status.MEMBER}
        self.chats[chat_id] = Chat(chat_id, ChatKind.PRIVATE, person.first_name, person.label, members=members)
        return self.chats[chat_id]

    def message(self, chat_id: int, message_id: int) -> Message:
        """A message of a chat, also a deleted one; refuses an unknown one."""
        found = self.chat(chat_id).messages.get(message_id)
        if found is None:
            raise PlaygroundError(f"chat {chat_id} has no message {message_id}")
        return found

    def chat_for_bot(self, chat_id: int | None, name: str = "") -> Chat:
        """The chat that a call names, if the bot may act there; else Telegram's 400 or 403."""
        if chat_id is None:
            raise bad_request("chat not found" if name else "chat_id is empty")
        try:
            chat = self.chat(chat_id)
        except PlaygroundError:
            raise bad_request("chat not found") from None
        if chat.migrated_to is not None and self.rules.migration:
            parameters = {"migrate_to_chat_id": chat.migrated_to}
            raise bad_request("group chat was upgraded to a supergroup chat", parameters)
        if self.rules.membership:
            self._refuse_outsider(chat)
        return chat

    def _refuse_outsider(self, chat: Chat) -> None:
        if chat.kind is ChatKind.PRIVATE:
            person = self.people[chat.id]
            if person.blocked:
                raise forbidden("bot was blocked by the user")
            if not person.started and self.rules.users_start_first:
                raise forbidden("bot can't initiate conversation with a user")
            return
        kind = "supergroup" if chat.kind is ChatKind.SUPERGROUP else "group"
        if chat.members.get(self.bot.id) is Status.KICKED:
            raise forbidden(f"bot was kicked from the {kind} chat")
        if not chat.has(self.bot.id):
            raise forbidden(f"bot is not a member of the {kind} chat")

    def spend(self, chat: Chat, messages: int = 1) -> None:
        """Count messages or edits of the bot in a group against Telegram's limit, if it is imitated."""
        if self.rules.flood_limits and chat.kind is not ChatKind.PRIVATE:
            self.flood.count(chat.id, self.rules.flood_per_minute, self.rules.flood_window_seconds, messages)

    def post(
        self, chat: Chat, sender: Person, content: Content, posting: Posting, markup: Json | None = None
    ) -> Message:
        """Put a message into a chat; everybody who watches is told, the bot is not."""
        message = Message(chat.id, self._next_id(chat), self.now(), sender, content, posting, markup)
        chat.messages[message.message_id] = message
        if sender is self.bot:
            chat.bot_has_spoken = True
        self.tell("message", message)
        return message

    def change(self, message: Message, content: Content, buttons: Json | None) -> None:
        """Give a message other words or buttons; what it was before is kept for tests."""
        message.earlier.append((message.content, message.markup))
        message.changed_at = self.now()
        if content != message.content:
            message.edited_at = message.changed_at
        message.content, message.markup = content, buttons
        self.tell("edit", message)

    def tell(self, kind: str, message: Message) -> None:
        """An event about a message; the page asks for its present look when it reads it."""
        self.events.tell({"type": kind, "chat": message.chat_id, "message_id": message.message_id})

    def new_query_id(self) -> str:
        """A number that looks like Telegram's."""
        return str(self.bot.id * 1_000_003 + next(self._groups))

    def new_group_id(self) -> str:
        """An id for an album."""
        return str(13_700_000_000_000_000 + next(self._groups))

    def _next_id(self, chat: Chat) -> int:
        # Private chats of one account share one numbering; supergroups each have their own.
        if chat.kind is ChatKind.PRIVATE:
            return next(self._private_ids) + self.first_message_id - 1
        chat.next_message_id += 1
        return chat.next_message_id + self.first_message_id - 2


def _real_time() -> datetime:
    return datetime.now(UTC)

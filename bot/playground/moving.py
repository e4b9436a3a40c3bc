"""Who comes and goes: the bot in groups, people in groups, blocking, topics, migration."""

from __future__ import annotations

from dataclasses import replace

from bot.playground import shapes
from bot.playground.errors import PlaygroundError
from bot.playground.model import Chat, ChatKind, Content, Json, Message, Person, Posting, Service, Status
from bot.playground.world import World

_SUPERGROUP_BASE = -1_000_000_000_000
_TOPIC_COLOUR = 7322096


class Moving:
    """The part of the playground by which membership changes."""

    world: World

    async def add(self, chat: int, *, admin: bool = True) -> None:
        """The bot is added to a group (again), as an administrator or an ordinary member."""
        room = self._group(chat)
        status = Status.ADMINISTRATOR if admin else Status.MEMBER
        self._set(room, self.world.bot, status, self._owner(room))
        self._notice(room, self._owner(room), _joined(self.world.bot))

    async def kick(self, chat: int) -> None:
        """The bot is thrown out of a group."""
        room = self._group(chat)
        self._set(room, self.world.bot, Status.KICKED, self._owner(room))
        self._notice(room, self._owner(room), _left(self.world.bot))

    async def promote(self, chat: int, *, admin: bool) -> None:
        """The bot becomes an administrator, or an ordinary member again."""
        room = self._group(chat)
        self._set(room, self.world.bot, Status.ADMINISTRATOR if admin else Status.MEMBER, self._owner(room))

    async def appoint(self, user: int, chat: int, *, admin: bool = True) -> None:
        """A person becomes an administrator, or an ordinary member again."""
        room = self._group(chat)
        self._set(room, self.world.person(user), Status.ADMINISTRATOR if admin else Status.MEMBER, self._owner(room))

    async def join(self, user: int, chat: int) -> None:
        """A person enters a group."""
        room, person = self._group(chat), self.world.person(user)
        self._set(room, person, Status.MEMBER, person)
        self._notice(room, person, _joined(person))

    async def leave(self, user: int, chat: int) -> None:
        """A person leaves a group."""
        room, person = self._group(chat), self.world.person(user)
        self._notice(room, person, _left(person))
        self._set(room, person, Status.LEFT, person)

    async def block(self, user: int) -> None:
        """A person blocks the bot."""
        room, person = self.world.chat(user), self.world.person(user)
        self._set(room, self.world.bot, Status.KICKED, person)
        person.blocked = True

    async def unblock(self, user: int) -> None:
        """A person unblocks the bot."""
        room, person = self.world.chat(user), self.world.person(user)
        person.blocked = False
        self._set(room, self.world.bot, Status.MEMBER, person)

    async def topic(self, chat: int, title: str) -> int:
        """A new topic of a forum; its thread id."""
        room = self._group(chat)
        if not room.forum:
            raise PlaygroundError(f"{room.title} has no topics")
        value: Json = {"name": title, "icon_color": _TOPIC_COLOUR}
        opened = self._notice(room, self._owner(room), Service("forum_topic_created", value, title))
        opened.posting = replace(opened.posting, thread=opened.message_id)
        room.topics[opened.message_id] = title
        return opened.message_id

    async def migrate(self, chat: int) -> int:
        """A basic group becomes a supergroup with a new id and new message ids; the new id."""
        old = self._group(chat)
        new_id = self._free_id()
        old.migrated_to = new_id
        members = dict(old.members)
        new = Chat(new_id, ChatKind.SUPERGROUP, old.title, old.note, old.forum, members)
        self.world.chats[new_id] = new
        owner = self._owner(old)
        self._notice(old, owner, Service("migrate_to_chat_id", new_id, str(new_id)))
        self._notice(new, owner, Service("migrate_from_chat_id", old.id, str(old.id)))
        self.world.events.tell({"type": "chats"})
        return new_id

    def _set(self, room: Chat, who: Person, status: Status, by: Person) -> None:
        before = shapes.member(room, who)
        room.members[who.id] = status
        update: Json = {
            "chat": shapes.chat(self.world, room),
            "from": shapes.user(by),
            "date": shapes.seconds(self.world.now()),
            "old_chat_member": before,
            "new_chat_member": shapes.member(room, who),
        }
        if who is self.world.bot:
            self.world.updates.push("my_chat_member", update)
        elif room.is_admin(self.world.bot.id):
            self.world.updates.push("chat_member", update)
        self.world.events.tell({"type": "chats"})

    def _notice(self, room: Chat, sender: Person, service: Service) -> Message:
        value = [shapes.user(each) for each in service.value] if isinstance(service.value, list) else service.value
        value = shapes.user(value) if isinstance(value, Person) else value
        content = Content(service=Service(service.field, value, service.line))
        message = self.world.post(room, sender, content, Posting())
        if room.has(self.world.bot.id):
            self.world.updates.push("message", shapes.message(self.world, message))
        return message

    def _group(self, chat: int) -> Chat:
        room = self.world.chat(chat)
        if room.kind is ChatKind.PRIVATE:
            raise PlaygroundError("this is not a group")
        return room

    def _owner(self, room: Chat) -> Person:
        people = [each for each in room.members if room.has(each) and each != self.world.bot.id]
        ranked = sorted(people, key=lambda each: room.members[each] is not Status.CREATOR)
        if not ranked:
            raise PlaygroundError(f"nobody is in {room.title}")
        return self.world.person(ranked[0])

    def _free_id(self) -> int:
        new_id = _SUPERGROUP_BASE - 1
        while new_id in self.world.chats:
            new_id -= 1
        return new_id


def _joined(person: Person) -> Service:
    return Service("new_chat_members", [person], person.first_name)


def _left(person: Person) -> Service:
    return Service("left_chat_member", person, person.first_name)

"""What Telegram says of chats and members: the bot added or removed, people leaving, groups with a new id."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.application.record_delivery import chat_found, chat_lost, chat_migrated
from bot.application.telling import tell_hub
from bot.domain.chat import ChatKind
from bot.domain.people import Role
from handlers.turn import Turn, turn_of

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


def _status(member: ChatMember | None) -> str:
    return member.status if member is not None else ""


async def my_membership(update: Update, context: object) -> None:
    """The bot was added, promoted, removed or blocked."""
    change = update.my_chat_member
    turn = await turn_of(update, context)
    if change is None or turn is None:
        return
    if _status(change.new_chat_member) in GONE:
        await chat_lost(turn.uow, turn.district, turn.chat.id, now=turn.now)
        return
    await chat_found(turn.uow, turn.district, turn.chat, now=turn.now)
    fresh = _status(change.old_chat_member) in GONE
    if fresh and turn.chat.kind is ChatKind.UNBOUND:
        await turn.reply("hello-unbound", quote=False)


async def membership(update: Update, context: object) -> None:
    """Somebody joined or left a group: the last liaison leaving is told to the hub the same minute."""
    change = update.chat_member
    turn = await turn_of(update, context)
    if change is None or turn is None or _status(change.new_chat_member) not in GONE:
        return
    left = await turn.uow.people.by_telegram_id(change.new_chat_member.user.id)
    if left is None or turn.chat.kind is not ChatKind.DEPARTMENT:
        return
    await _liaison_left(turn, left.id)


async def _liaison_left(turn: Turn, person_id: int) -> None:
    grants = await turn.uow.people.grants(person_id)
    was_liaison = any(g.role is Role.LIAISON and g.of == turn.chat.of for g in grants)
    others = [p for p in await turn.uow.people.holding(Role.LIAISON, {turn.chat.of}) if p.id != person_id]
    if was_liaison and not others:
        name = turn.district.catalogue.party_name(turn.chat.of)
        await tell_hub(
            turn.uow,
            turn.district,
            "last-liaison-left",
            {"name": name},
            now=turn.now,
            dedupe_key=f"chat:{turn.chat.id}:liaison:{person_id}:{turn.now:%Y%m%d%H%M}",
        )


async def migrated(update: Update, context: object) -> None:
    """A basic group became a supergroup: the new id means the same chat."""
    message = update.message
    turn = await turn_of(update, context)
    if message is None or turn is None:
        return
    if message.migrate_to_chat_id:
        await chat_migrated(turn.uow, message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await chat_migrated(turn.uow, message.migrate_from_chat_id, message.chat_id)

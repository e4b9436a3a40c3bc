"""What Telegram says of chats and members: the bot added or removed, people leaving, groups with a new id."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.application.calls.record_delivery import chat_found, chat_lost, chat_migrated
from bot.application.people.hand_over import held_here
from bot.application.people.liaison_left import liaison_left
from bot.application.people.resting import rest_roles, wake_roles
from bot.domain.chat import ChatKind
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
    if change is None or turn is None:
        return
    if _status(change.new_chat_member) in GONE:
        await _left(turn, change.new_chat_member.user.id)
    else:
        await _came(turn, change.new_chat_member.user.id)


async def left_message(update: Update, context: object) -> None:
    """The same where the bot is no administrator and hears of it only as a line in the group."""
    turn = await turn_of(update, context)
    user = update.message.left_chat_member if update.message else None
    if turn is not None and user is not None:
        await _left(turn, user.id)


async def _left(turn: Turn, telegram_id: int) -> None:
    left = await turn.uow.people.by_telegram_id(telegram_id)
    if left is None or turn.chat.kind not in {ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT}:
        return
    held = held_here(turn.district, await turn.uow.people.grants(left.id), turn.chat)
    resting = await rest_roles(turn.uow, turn.district, left.id, held, turn.chat, now=turn.now)
    await liaison_left(turn.uow, turn.district, left.id, held, now=turn.now)
    if resting and left.reachable:
        party = turn.district.catalogue.party_name(resting[0].of)
        await turn.tell_person(left, "role-rests", party=party)


async def _came(turn: Turn, telegram_id: int) -> None:
    came = await turn.uow.people.by_telegram_id(telegram_id)
    if came is not None:
        resting = await turn.uow.people.resting_of(came.id)
        await wake_roles(turn.uow, turn.district, came.id, resting, turn.chat, now=turn.now)


async def came_message(update: Update, context: object) -> None:
    """Who came, where the bot is no administrator and hears of it only as a line in the group."""
    turn = await turn_of(update, context)
    if turn is not None and update.message is not None:
        for user in update.message.new_chat_members or ():
            await _came(turn, user.id)


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

"""Commands that change something, and the table of all commands."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.application.calls.redispatch import reopen_ticket
from bot.application.calls.start_calls import authorise_item
from bot.application.calls.withdraw_ticket import withdraw_ticket
from bot.application.calls.work_on import hand_on
from bot.application.lookups.find_ticket import ticket_id_of
from bot.application.lookups.follow_ticket import urge
from bot.domain.errors import NothingToDo, TextMissing
from bot.domain.people import Role
from bot.domain.permissions import Action, Target, require
from handlers import (
    binding,
    boards,
    command_presses,
    desk,
    duties,
    emergencies,
    entrusting,
    example_presses,
    lookups,
    meeting_words,
    merging,
    referral_presses,
    replies,
    reports,
    street_calls,
)
from handlers.asking import reply_at_the_hub_to_undo, ticket_and_rest
from handlers.digest_command import digest_command
from handlers.turn import Turn

LONGEST_MUTE = 12


async def urge_command(turn: Turn, rest: str) -> None:
    """`催办 编号`."""
    ticket, _ = await ticket_and_rest(turn, rest)
    await urge(turn.uow, turn.district, turn.actor, ticket.id, now=turn.now)
    await reply_at_the_hub_to_undo(turn, ticket.id, "urge-noted", code=ticket.code)


async def withdraw_command(turn: Turn, rest: str) -> None:
    """`/withdraw 编号 [原因]`."""
    ticket, reason = await ticket_and_rest(turn, rest)
    case = await withdraw_ticket(turn.uow, turn.district, turn.actor, ticket.id, reason, now=turn.now)
    await turn.reply("withdrawn" if case.ticket.ending is not None else "answer-passed-on", code=ticket.code)


async def dispatch_command(turn: Turn, rest: str) -> None:
    """`派单 编号 单位`, by the hub."""
    ticket, unit = await ticket_and_rest(turn, rest)
    if not unit:
        raise TextMissing()
    await replies.dispatched(turn, ticket.id, unit)


async def reopen_command(turn: Turn, rest: str) -> None:
    """`重办 编号`."""
    ticket, _ = await ticket_and_rest(turn, rest)
    await reopen_ticket(turn.uow, turn.district, turn.actor, ticket.id, now=turn.now)


async def hand_on_command(turn: Turn, rest: str) -> None:
    """`转承办人 张工`, in reply to the call."""
    subject = turn.prepared.subject
    if subject is None:
        raise NothingToDo()
    ticket_id = await ticket_id_of(turn.uow, subject)
    parts = await turn.uow.assignments.of_ticket(ticket_id) if ticket_id else []
    if not parts:
        raise NothingToDo()
    await hand_on(turn.uow, turn.district, turn.actor, parts[-1].id, rest, now=turn.now)


async def mute_command(turn: Turn, rest: str) -> None:
    """`静音 2小时`: what people ask for is still answered."""
    require(turn.actor, Action.MUTE, Target(streets=frozenset({turn.chat.of}), units=frozenset({turn.chat.of})))
    found = re.match(r"\d{1,2}", rest)
    hours = max(1, min(int(found.group()) if found else 2, LONGEST_MUTE))
    turn.chat.muted_until = turn.now + timedelta(hours=hours)
    await turn.uow.chats.save(turn.chat)
    await turn.reply("muted", hours=hours)


async def unmute_command(turn: Turn, rest: str) -> None:
    """`取消静音`."""
    require(turn.actor, Action.MUTE, Target(streets=frozenset({turn.chat.of}), units=frozenset({turn.chat.of})))
    turn.chat.muted_until = None
    await turn.uow.chats.save(turn.chat)
    await turn.reply("unmuted")


async def lang_command(turn: Turn, rest: str) -> None:
    """`/lang zh|en`: per person in private, for the whole chat in a group."""
    wanted = {"zh": "zh", "en": "en", "中文": "zh", "英文": "en"}.get(rest.strip().lower())
    if wanted is None:
        await turn.reply("lang-usage")
        return
    turn.person.locale = wanted
    await turn.uow.people.save(turn.person)
    if turn.chat.is_group:
        turn.chat.locale = wanted
    await turn.uow.chats.save(turn.chat)
    await turn.reply("lang-set")


async def authorise_command(turn: Turn, rest: str) -> None:
    """`授权启动 SZ-03`, by the street's officer."""
    await _authority(turn, rest, granted=True)


async def revoke_authority_command(turn: Turn, rest: str) -> None:
    """`取消授权 SZ-03`."""
    await _authority(turn, rest, granted=False)


async def _authority(turn: Turn, rest: str, *, granted: bool) -> None:
    streets = [g.of for g in turn.actor.grants if g.role is Role.STREET_OFFICER] or [turn.chat.of]
    item = turn.district.catalogue.item(rest.strip().upper())
    for street in streets:
        await authorise_item(turn.uow, turn.district, turn.actor, street, item.code, granted=granted, now=turn.now)
    names = [turn.district.catalogue.party_name(street) for street in streets]
    await turn.reply("authorised" if granted else "authority-revoked", item=item.name, names=names)


COMMANDS: Mapping[str, Callable[[Turn, str], Awaitable[None]]] = {
    "report": reports.report_command,
    "status": lookups.status_command,
    "mine": lookups.mine_command,
    "why": lookups.why_command,
    "item": lookups.item_command,
    "board": boards.board_command,
    "next": desk.next_command,
    "shift": desk.shift_command,
    "merge": merging.merge_command,
    "split": merging.split_command,
    "help": lookups.help_command,
    "urge": urge_command,
    "withdraw": withdraw_command,
    "dispatch": dispatch_command,
    "reopen": reopen_command,
    "hand_on": hand_on_command,
    "call_street": street_calls.call_street_command,
    "command": command_presses.command_command,
    "further": command_presses.further_command,
    "refer_up": referral_presses.refer_command,
    "emergency": emergencies.emergency_command,
    "act_first": emergencies.act_first_command,
    "joint": meeting_words.joint_command,
    "call_out": meeting_words.call_out_command,
    "standing_meeting": meeting_words.standing_command,
    "meetings": meeting_words.meetings_command,
    "mute": mute_command,
    "unmute": unmute_command,
    "lang": lang_command,
    "authorise": authorise_command,
    "revoke_authority": revoke_authority_command,
    "start": binding.start_command,
    "bind": binding.bind_command,
    "join": binding.join_command,
    "code": binding.code_command,
    "unbind": binding.unbind_command,
    "revoke": binding.revoke_command,
    "leave": duties.leave_command,
    "duty": duties.duty_command,
    "entrust": entrusting.entrust_command,
    "take_back_trust": entrusting.take_back_command,
    "handover": duties.handover_command,
    "checklist": binding.checklist_command,
    "digest": digest_command,
    "examples": example_presses.examples_command,
}
ANYWHERE = frozenset({"bind", "help", "start", "lang"})
"""Commands that an unbound group understands."""

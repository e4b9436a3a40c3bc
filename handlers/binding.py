"""Binding in chat: /start, /bind, /join, /code, /unbind, /revoke, /leave, /checklist."""

from __future__ import annotations

from bot.application.calls.record_delivery import deliver_waiting
from bot.application.clocks.digests import plan_digest, plan_leader_digest
from bot.application.clocks.long_breaks import plan_breaks
from bot.application.lookups.follow_ticket import follow_by_link
from bot.application.people import binding as use
from bot.application.people.on_duty import without_duty
from bot.application.records import CodeKind
from bot.domain.chat import GROUP_KINDS, ChatKind
from bot.domain.duty import asked_on, next_break
from bot.domain.errors import AnonymousSender
from bot.domain.people import ANONYMOUS_ADMIN, Role
from bot.domain.permissions import Action, Target, require
from handlers import lookups
from handlers.turn import Turn

LISTED = 12


async def start_command(turn: Turn, rest: str) -> None:
    """`/start [token]`: a resident's link opens his ticket, else the greeting."""
    if turn.chat.is_group:
        await lookups.help_command(turn, "")
    elif rest:
        await follow_by_link(turn.uow, turn.actor, rest, now=turn.now)
    else:
        await lookups.help_command(turn, "")


async def bind_command(turn: Turn, rest: str) -> None:
    """`/bind CODE` in the group, in one of its topics where it has topics."""
    if not rest:
        await turn.reply("bind-usage")
        return
    message = turn.message
    topic = message.message_thread_id if message and message.is_topic_message else None
    chat = await use.bind_chat(turn.uow, turn.chat, turn.person, rest, topic, now=turn.now)
    await deliver_waiting(turn.uow, turn.district, chat.of, now=turn.now)
    await plan_digest(turn.uow, turn.district, chat, now=turn.now)
    await plan_breaks(turn.uow, turn.district, now=turn.now)
    await turn.reply(
        "bound",
        name=turn.district.catalogue.party_name(chat.of) if chat.of != "hub" else turn.word("hub"),
        kind_words=turn.word(f"kind-{chat.kind}"),
        sees_all=bool(turn.context.bot.can_read_all_group_messages),
    )


async def join_command(turn: Turn, rest: str) -> None:
    """`/join CODE` in private."""
    if not rest:
        await turn.reply("join-usage")
        return
    grant = await use.join_person(turn.uow, turn.district, turn.chat, turn.person, rest, now=turn.now)
    if grant.role is Role.LIAISON:
        await deliver_waiting(turn.uow, turn.district, grant.of, now=turn.now)
    await plan_leader_digest(turn.uow, turn.district, turn.person.id, now=turn.now)
    party = turn.district.catalogue.party_name(grant.of) if grant.of != "hub" else turn.word("hub")
    await turn.reply("joined", name=turn.person.name, party=party, role_words=turn.word(f"role-{grant.role}"))


async def code_command(turn: Turn, rest: str) -> None:
    """`/code group street JL01`, `/code person liaison D26`: a one-time code, without a shell."""
    words = rest.split()
    if turn.person.telegram_id == ANONYMOUS_ADMIN:
        raise AnonymousSender()
    kinds = {str(kind) for kind in GROUP_KINDS}
    valid = len(words) == 3 and words[0] in {"group", "person"}
    if not valid or words[1] not in (kinds if words[0] == "group" else {str(role) for role in Role}):
        await turn.reply("code-usage")
        return
    kind = CodeKind(words[0])
    of = words[2] if words[2] == "hub" else words[2].upper()
    code = await use.issue_code_in_chat(turn.uow, turn.district, turn.actor, kind, words[1], of, now=turn.now)
    command = "/bind" if kind is CodeKind.GROUP else "/join"
    await turn.reply("code-issued", code=code.code, usage=f"{command} {code.code}", until=code.expires_at.isoformat())


async def unbind_command(turn: Turn, rest: str) -> None:
    """`/unbind` in the group, or `/unbind D26` from the hub, by the hub."""
    if not rest:
        await use.unbind_chat(turn.uow, turn.actor, turn.chat)
        await turn.reply("unbound")
        return
    found = await use.unbind_party(turn.uow, turn.actor, rest.strip().upper())
    await turn.reply("unbound-of", names=[chat.title for chat in found])


async def revoke_command(turn: Turn, rest: str) -> None:
    """`/revoke` in reply to somebody, or `/revoke D26 姓名`: the roles end that this person may end."""
    of, _, name = rest.strip().partition(" ")
    replied = turn.message.reply_to_message if turn.message else None
    user = replied.from_user if replied else None
    person = await turn.uow.people.by_telegram_id(user.id) if user else None
    if name.strip():
        party = of if of == "hub" else of.upper()
        person = await use.holder_named(turn.uow, party, name.strip())
    if person is None:
        await turn.reply("revoke-usage")
        return
    count = await use.revoke_person(turn.uow, turn.district, turn.actor, person.id, now=turn.now)
    await turn.reply("revoked", count=count, name=person.known_as)


async def leave_command(turn: Turn, rest: str) -> None:
    """`/leave` in private: a person gives his roles back."""
    if turn.chat.is_group:
        await turn.reply("leave-privately")
        return
    count = await use.leave_roles(turn.uow, turn.district, turn.person, now=turn.now)
    await turn.reply("left-roles", count=count)


async def checklist_command(turn: Turn, rest: str) -> None:
    """`/checklist` at the hub: what is bound to nobody yet."""
    require(turn.actor, Action.SEE_CHECKLIST, Target())
    catalogue = turn.district.catalogue
    bound = {chat.of for chat in await turn.uow.chats.all_bound() if chat.kind is not ChatKind.UNBOUND}
    groups = [street.name for street in catalogue.streets.values() if street.code not in bound]
    groups += [unit.name for unit in catalogue.units.values() if not {unit.code, unit.department} & bound]
    people = []
    for unit in catalogue.units.values():
        if not await turn.uow.people.holding(Role.LIAISON, {unit.code, unit.department}):
            people.append(unit.name)
    duties = await _missing_duty(turn)
    more = sum(max(0, len(each) - LISTED) for each in (groups, people, duties))
    await turn.reply("checklist", groups=groups[:LISTED], people=people[:LISTED], duty=duties[:LISTED], more=more)


async def _missing_duty(turn: Turn) -> list[str]:
    """From the day on which units are asked: who has named nobody for the coming long break."""
    calendar, today = turn.district.calendar, turn.district.day(turn.now)
    spell = next_break(calendar, today)
    if spell is None or today < asked_on(calendar, spell):
        return []
    return await without_duty(turn.uow, turn.district, spell)

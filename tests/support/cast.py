"""Who lives in the quiet district: a person of every role and party, in pairs where two may press at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.chat import ChatKind
from bot.domain.people import Grant, Role
from tests.support.quiet import Quiet

LI, ZHAO, OFFICER, SECOND_OFFICER, WANG, LIU, SUN, HE, SECRETARY = range(101, 110)
QIAN, MA, CHEN, LIN, LEADER, QIN, LISTS, JUSTICE, LUO, DING = range(111, 121)
FAR_WORKER, FAR_OFFICER, FAR_LEADER, RESIDENT, STRANGER, GONE, ON_LEAVE, BACK_AGAIN = range(131, 139)
STREET, UNIT, HUB, COMMUNITY, MIXED, LEADERS, POLICE, CENTRE, FAR_STREET = range(-1001, -1010, -1)


@dataclass(frozen=True, slots=True)
class Member:
    """A name, the roles that are held, and the groups that somebody sits in."""

    name: str
    grants: tuple[Grant, ...]
    groups: tuple[int, ...]


def _who(name: str, role: str, of: str, *groups: int) -> Member:
    return Member(name, (Grant(Role(role), of),) if role else (), groups)


CAST = {
    LI: _who("李网格", "grid_worker", "JL0101", STREET, COMMUNITY, MIXED),
    ZHAO: _who("赵网格", "grid_worker", "JL0101", STREET, COMMUNITY),
    OFFICER: _who("郑副书记", "street_officer", "JL01", STREET),
    SECOND_OFFICER: _who("冯副书记", "street_officer", "JL01", STREET),
    WANG: _who("王联络", "liaison", "D26", UNIT, MIXED),
    LIU: _who("刘联络", "liaison", "D26", UNIT),
    SUN: _who("孙师傅", "", "", UNIT),
    HE: _who("何主任", "department_leader", "D26", UNIT),
    SECRETARY: _who("何秘书", "delegate", "D26", UNIT),
    QIAN: _who("钱警官", "liaison", "D11", POLICE),
    MA: _who("马警官", "liaison", "D11", POLICE),
    CHEN: _who("陈调度", "dispatcher", "hub", HUB),
    LIN: _who("林调度", "dispatcher", "hub", HUB),
    LEADER: _who("贺明远", "district_leader", "hub", LEADERS),
    QIN: _who("秦晓岚", "delegate", "hub", LEADERS),
    LISTS: _who("杜若", "list_office", "hub"),
    JUSTICE: _who("司法人", "liaison", "D18"),
    LUO: _who("罗队长", "liaison", "D33-JL01", CENTRE),
    DING: _who("小丁", "", "", CENTRE),
    FAR_WORKER: _who("远网格", "grid_worker", "JL0201", FAR_STREET),
    FAR_OFFICER: _who("远副书记", "street_officer", "JL02", FAR_STREET),
    FAR_LEADER: _who("远局长", "department_leader", "D01"),
    RESIDENT: _who("周居民", "", "", STREET, MIXED),
    GONE: _who("曾联络", "liaison", "D26", UNIT),
    ON_LEAVE: _who("休联络", "liaison", "D26", UNIT),
    BACK_AGAIN: _who("代联络", "", "", UNIT),
}
"""`GONE` held his roles once, `ON_LEAVE` is away, `BACK_AGAIN` stood in for somebody whose leave is over."""

GROUPS = {
    STREET: (ChatKind.STREET, "JL01"),
    UNIT: (ChatKind.DEPARTMENT, "D26"),
    HUB: (ChatKind.HUB, "hub"),
    COMMUNITY: (ChatKind.COMMUNITY, "JL0101"),
    MIXED: (ChatKind.MIXED, "JL01"),
    LEADERS: (ChatKind.LEADERS, "hub"),
    POLICE: (ChatKind.DEPARTMENT, "D11"),
    CENTRE: (ChatKind.ENFORCEMENT, "JL01"),
    FAR_STREET: (ChatKind.STREET, "JL02"),
}
ROOF = {group: tuple(user for user, who in CAST.items() if group in who.groups) for group in GROUPS}
"""Who sits in which group; the hub's and the leaders' people hold what they hold everywhere."""


async def settle_in(quiet: Quiet) -> None:
    """Everybody is known, reachable in private, and holds his roles; all groups are bound."""
    async with quiet.store.begin() as uow:
        for user, who in CAST.items():
            quiet.names[user] = who.name
            person = await uow.people.ensure(user, name=who.name)
            chat = await uow.chats.ensure(user, title="", private=True)
            person.reachable, person.private_chat_id = True, chat.id
            await uow.people.save(person)
            for grant in who.grants:
                await uow.people.grant(person.id, grant, at=quiet.now, by=None)
        for group, (kind, of) in GROUPS.items():
            chat = await uow.chats.ensure(group, title=f"群{-group}", private=False)
            chat.kind, chat.of = kind, of
            await uow.chats.save(chat)
        gone = await uow.people.by_telegram_id(GONE)
        assert gone is not None
        await uow.people.revoke(gone.id, None, at=quiet.now)
        await uow.commit()


def members(chat: int) -> tuple[int, ...]:
    """Who reads and presses there."""
    return ROOF.get(chat, (chat,))

"""Binding groups and people by one-time codes, letting them go again, and who issues the codes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.people.liaison_left import liaison_came, liaison_left
from bot.application.ports import UnitOfWork
from bot.application.records import CodeKind, OneTimeCode
from bot.domain.chat import GROUP_KINDS, Chat, ChatKind
from bot.domain.errors import ChatNotBound, CodeInvalid, CodeWrongPlace, UnitUnknown
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.permissions import Action, Target, may, require

CODE_LIFE = timedelta(days=7)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def check_party(district: District, of: str) -> None:
    """Raises `UnitUnknown` for a code that is no street, community, department, unit or `hub` of the list."""
    catalogue = district.catalogue
    known = (catalogue.streets, catalogue.communities, catalogue.departments, catalogue.units)
    if of != "hub" and not any(of in part for part in known):
        raise UnitUnknown(unit=of)


async def issue_code(
    uow: UnitOfWork, district: District, kind: CodeKind, value: str, of: str, *, now: datetime, by: int | None = None
) -> OneTimeCode:
    """A new code for `/bind` or `/join`, good for a week and for one use."""
    if kind is CodeKind.GROUP:
        ChatKind(value)
    else:
        Role(value)
    check_party(district, of)
    text = "".join(secrets.choice(ALPHABET) for _ in range(10))
    code = OneTimeCode(text, kind, value, of, now + CODE_LIFE, issued_by=by)
    await uow.codes.add(code)
    return code


async def issue_code_in_chat(
    uow: UnitOfWork, district: District, actor: Actor, kind: CodeKind, value: str, of: str, *, now: datetime
) -> OneTimeCode:
    """The same by `/code` in chat: the hub for everybody, an officer or a department leader for their own."""
    require(actor, Action.ISSUE_CODE, Target(streets=frozenset({of, of[:4]}), units=frozenset({of, of[:3]})))
    return await issue_code(uow, district, kind, value, of, now=now, by=actor.id)


async def bind_chat(
    uow: UnitOfWork, chat: Chat, person: Person, code_text: str, topic_id: int | None, *, now: datetime
) -> Chat:
    """`/bind CODE`: the group (or its topic) is this street's, unit's or the hub's from now on."""
    code = await _usable(uow, code_text, CodeKind.GROUP, now=now)
    if not chat.is_group:
        raise CodeWrongPlace(kind=code.kind)
    await uow.codes.use(code.code, by=person.id, at=now)
    chat.kind, chat.of, chat.topic_id = ChatKind(code.value), code.of, topic_id
    chat.unreachable_since = None
    await uow.chats.save(chat)
    return chat


async def join_person(
    uow: UnitOfWork, district: District, chat: Chat, person: Person, code_text: str, *, now: datetime
) -> Grant:
    """`/join CODE` in private: the person holds that role from now on."""
    code = await _usable(uow, code_text, CodeKind.PERSON, now=now)
    if chat.is_group:
        raise CodeWrongPlace(kind=code.kind)
    await uow.codes.use(code.code, by=person.id, at=now)
    grant = Grant(Role(code.value), code.of)
    await uow.people.grant(person.id, grant, at=now, by=code.issued_by)
    if grant.role is Role.LIAISON:
        await liaison_came(uow, district, grant.of, now=now)
    return grant


async def _usable(uow: UnitOfWork, text: str, kind: CodeKind, *, now: datetime) -> OneTimeCode:
    code = await uow.codes.get(text.strip().upper())
    if code is None or code.used_at is not None or code.expires_at < now or code.kind is CodeKind.FOLLOW:
        raise CodeInvalid()
    if code.kind is not kind:
        raise CodeWrongPlace(kind=code.kind)
    return code


async def unbind_chat(uow: UnitOfWork, actor: Actor, chat: Chat) -> Chat:
    """The group belongs to nobody again."""
    require(actor, Action.UNBIND, Target())
    if chat.kind not in GROUP_KINDS:
        raise ChatNotBound()
    chat.kind, chat.of, chat.topic_id = ChatKind.UNBOUND, "", None
    await uow.chats.save(chat)
    return chat


async def unbind_party(uow: UnitOfWork, actor: Actor, of: str) -> list[Chat]:
    """The same from the hub, for every group of that street or unit; those that were unbound."""
    require(actor, Action.UNBIND, Target())
    found = [chat for chat in await uow.chats.all_bound() if chat.of == of]
    for chat in found:
        await unbind_chat(uow, actor, chat)
    return found


async def revoke_person(uow: UnitOfWork, district: District, actor: Actor, person_id: int, *, now: datetime) -> int:
    """Takes from a person every role that this actor may take, a leader those of his unit; how many ended."""
    ended, refused = 0, 0
    for grant in await uow.people.grants(person_id) | await uow.people.resting_of(person_id):
        if may(actor, Action.REVOKE, Target(units=frozenset({grant.of, grant.of[:3]}))):
            ended += await uow.people.revoke(person_id, grant, at=now)
            await liaison_left(uow, district, person_id, [grant], now=now)
        else:
            refused += 1
    if refused and not ended:
        require(actor, Action.REVOKE, Target())
    return ended


async def holder_named(uow: UnitOfWork, of: str, name: str) -> Person | None:
    """Who holds a role of that party under that name."""
    held = [person for role in Role for person in await uow.people.holding(role, {of})]
    held += [person for person, _ in await uow.people.resting({of})]
    return next((p for p in held if name.lstrip("@") in {p.name, p.username, p.introduced}), None)


async def leave_roles(uow: UnitOfWork, district: District, person: Person, *, now: datetime) -> int:
    """A person gives all roles back; how many ended."""
    held = await uow.people.grants(person.id)
    ended = await uow.people.revoke(person.id, None, at=now)
    await liaison_left(uow, district, person.id, held, now=now)
    return ended

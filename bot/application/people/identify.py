"""Who somebody is here: his own grants, and the base role that a bound chat gives its members."""

from __future__ import annotations

from collections.abc import Iterable

from bot.application.district import District
from bot.application.people.leaders import with_streets
from bot.domain import routing
from bot.domain.assignment import Assignment
from bot.domain.catalogue import Catalogue
from bot.domain.chat import Chat, ChatKind
from bot.domain.commanding import stationed_team
from bot.domain.draft import Draft
from bot.domain.people import ANONYMOUS_ADMIN, Actor, Grant, Person, Role
from bot.domain.permissions import Target
from bot.domain.ticket import Mode, Ticket

BASE_ROLE = {
    ChatKind.STREET: Role.GRID_WORKER,
    ChatKind.COMMUNITY: Role.GRID_WORKER,
    ChatKind.MIXED: Role.GRID_WORKER,
    ChatKind.DEPARTMENT: Role.HANDLER,
    ChatKind.ENFORCEMENT: Role.GRID_WORKER,
}


def base_grant(person: Person, chat: Chat) -> Grant | None:
    """The base role of a bound chat; none for anonymous administrators, who cannot be told apart."""
    role = BASE_ROLE.get(chat.kind)
    return Grant(role, chat.of) if role and person.telegram_id != ANONYMOUS_ADMIN else None


def identify(district: District, person: Person, grants: frozenset[Grant], chat: Chat) -> Actor:
    """The actor that this person is in this chat."""
    held = with_streets(district, person, grants)
    base = base_grant(person, chat)
    if base is not None and chat.kind is ChatKind.ENFORCEMENT:
        # the centre reports like a grid worker, and its team is sent from there
        team = stationed_team(district.catalogue, district.rules.enforcement, chat.of)
        held |= {Grant(Role.HANDLER, team.code)} if team else frozenset()
    return Actor(person, held, base)


def draft_target(draft: Draft, actor: Actor) -> Target:
    """What permissions on a draft are judged by; where no community is known, any of its street's may take it."""
    places = {draft.street, draft.community} - {""}
    if draft.street and not draft.community:
        places |= {grant.of for grant in actor.grants if grant.of.startswith(draft.street)}
    return Target(owners=frozenset({draft.author_id}), streets=frozenset(places))


def ticket_target(ticket: Ticket, catalogue: Catalogue, assignments: Iterable[Assignment] = ()) -> Target:
    """What permissions on a ticket (or some of its assignments) are judged by; a street that is called calls not."""
    units = frozenset[str]()
    for assignment in assignments:
        units |= routing.covering_codes(catalogue, assignment.assignee.code)
    callers = routing.covering_codes(catalogue, ticket.caller.code)
    if ticket.mode is not Mode.TWO_WAY:
        callers |= {ticket.street, ticket.community} - (units - {ticket.caller.code})
    owners = frozenset({ticket.reporter_id} | ({ticket.ordered_by} if ticket.ordered_by else set()))
    return Target(owners=owners, streets=callers - {""}, units=units)

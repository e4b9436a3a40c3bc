"""执法调度: which team is stationed with a street, what may be commanded, and who may be called to help it (呼应)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import routing
from bot.domain.catalogue import Catalogue, Unit
from bot.domain.chat import Chat, ChatKind
from bot.domain.errors import Refusal
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Mode, Ticket


class NotForEnforcement(Refusal):
    """The item is none that the list gives to enforcement."""

    code = "not-for-enforcement"


class NoTeam(Refusal):
    """No team is stationed with that street."""

    code = "no-team"


@dataclass(frozen=True, slots=True)
class EnforcementRules:
    """`department` is whose offices in the streets are the stationed teams; empty: there are none."""

    department: str = ""


def stationed_team(catalogue: Catalogue, rules: EnforcementRules, street: str) -> Unit | None:
    """The team that the street's officer commands."""
    units = catalogue.units.values()
    return next(
        (u for u in units if rules.department and u.department == rules.department and u.street == street), None
    )


def is_commandable(catalogue: Catalogue, rules: EnforcementRules, ticket: Ticket) -> bool:
    """Whether the officer may command his team in this matter, which he has not done yet."""
    item = catalogue.items.get(ticket.item)
    if item is None or not item.enforcement or ticket.mode in {Mode.ENFORCEMENT, Mode.TWO_WAY}:
        return False
    return stationed_team(catalogue, rules, ticket.street) is not None


def teams_to_call(catalogue: Catalogue, rules: EnforcementRules, ticket: Ticket) -> list[Unit]:
    """Who may be called to help: lead and supporting departments of the item, without the team itself."""
    item = catalogue.items.get(ticket.item)
    names = (item.lead, *item.support) if item else ()
    departments = [catalogue.department_by_name.get(name) for name in names]
    units = [routing.unit_for(catalogue, d.code, ticket.street) for d in departments if d]
    return list(dict.fromkeys(u for u in units if u is not None and u.department != rules.department))


def as_team(unit: Unit) -> Party:
    """The unit as a party that is commanded and not asked."""
    return Party(PartyKind.TEAM, unit.code)


def codes_of(catalogue: Catalogue, rules: EnforcementRules, chat: Chat) -> frozenset[str]:
    """Whose assignments belong to that chat: its own party's; in an enforcement centre the stationed team's.

    What the centre's street was called to do stands in the street's own group.
    """
    team = stationed_team(catalogue, rules, chat.of) if chat.kind is ChatKind.ENFORCEMENT else None
    return frozenset({team.code if team else chat.of})

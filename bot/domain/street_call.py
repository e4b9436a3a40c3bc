"""双向派单: a department calls a street, by the list of what may be asked of streets; the rest needs admission (准入)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Actor, Role

PROPOSED = 3
UNSAID = "unsaid"
"""The word of an approver who took back what he had said."""

LIST_OFFICE, HUB, DISTRICT_LEADER = "list_office", "hub", "district_leader"
_ROLE_OF: Mapping[str, frozenset[Role]] = {
    LIST_OFFICE: frozenset({Role.LIST_OFFICE}),
    HUB: frozenset({Role.DISPATCHER}),
    DISTRICT_LEADER: frozenset({Role.DISTRICT_LEADER}),
}
OFFICES = frozenset(_ROLE_OF)
_OF_DEPARTMENT = frozenset({Role.LIAISON, Role.DEPARTMENT_LEADER})


@dataclass(frozen=True, slots=True)
class StreetItem:
    """What a department may ask of a street, with the clause that says so; `departments` empty: any of them."""

    code: str
    name: str
    scope: str
    departments: tuple[str, ...]
    sign_limit: str
    handle_limit: str
    clause: str


class StreetCallState(StrEnum):
    """What became of a department's wish."""

    OPEN = "open"
    SENT = "sent"
    DROPPED = "dropped"
    ADMISSION = "admission"
    REFUSED = "refused"


@dataclass(slots=True)
class StreetCall:
    """A department's wish to a street until it is a ticket; `approvals` are the words of approvers, in order.

    `asked_at`: when admission was asked for.
    """

    id: int
    state: StreetCallState
    unit: str
    street: str
    text: str
    author_id: int
    chat_id: int
    message_id: int | None
    created_at: datetime
    sensitive: bool = False
    item: str = ""
    candidates: list[str] = field(default_factory=list)
    approvals: list[dict[str, str]] = field(default_factory=list)
    ticket_id: int | None = None
    asked_at: datetime | None = None
    version: int = 1

    def word_of(self, approver: str) -> bool | None:
        """Whether that approver has agreed; None if he has said nothing, or took it back."""
        said = [one["word"] for one in self.approvals if one["approver"] == approver]
        return said[-1] == "granted" if said and said[-1] != UNSAID else None


def likely_items(text: str, items: Iterable[StreetItem], department: str) -> list[StreetItem]:
    """What this department may mean, the likeliest first; only what it may ask for at all."""
    wanted = _pairs(text)
    allowed = [item for item in items if not item.departments or department in item.departments]
    scored = [(len(wanted & _pairs(item.name + item.scope)), item) for item in allowed]
    ranked = sorted(scored, key=lambda pair: -pair[0])
    return [item for score, item in ranked[:PROPOSED] if score > 0]


def _pairs(text: str) -> set[str]:
    words = "".join(char for char in text if char.isalnum())
    return {words[place : place + 2] for place in range(len(words) - 1)}


def is_admitted(call: StreetCall, groups: Sequence[frozenset[str]]) -> bool | None:
    """True once all approvers of one group agree, False once each group has one who does not, else None."""
    if any(all(call.word_of(one) for one in group) for group in groups):
        return True
    blocked = all(any(call.word_of(one) is False for one in group) for group in groups)
    return False if blocked else None


def awaited(call: StreetCall, groups: Sequence[frozenset[str]]) -> list[list[str]]:
    """Of each group that can still admit it, who has not agreed yet."""
    open_groups = [group for group in groups if not any(call.word_of(one) is False for one in group)]
    return [sorted(one for one in group if not call.word_of(one)) for group in open_groups]


def speaks_for(actor: Actor, approver: str) -> bool:
    """Whether this person's word is that approver's: an office's by its role, a department's by its people."""
    if approver in _ROLE_OF:
        return any(grant.role in _ROLE_OF[approver] for grant in actor.all_grants())
    return any(grant.role in _OF_DEPARTMENT and grant.of == approver for grant in actor.all_grants())

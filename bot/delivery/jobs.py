"""One send on its way: what was claimed, what is to stand in the chat, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.application.records import Card, Outgoing, Priority
from bot.delivery.render import Rendered
from bot.delivery.sender import Outcome, Place


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something ripe, and where it goes."""

    item: Card | Outgoing
    place: Place

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return urgency(self.item)


@dataclass(slots=True)
class Job:
    """A claimed card or message; `rendered` None: the card's message is to vanish."""

    item: Card | Outgoing
    place: Place
    rendered: Rendered | None
    outcome: Outcome | None = None
    extras: list[int] = field(default_factory=list)
    """Ids of the parts and files that followed; once it has any, only those are left to remember."""

    @property
    def message_id(self) -> int | None:
        """The message that is changed rather than sent."""
        return self.item.message_id

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return urgency(self.item)


def urgency(item: Card | Outgoing) -> Priority:
    """A card that already stands in its chat is an edit, whatever it was when it came."""
    if isinstance(item, Card) and item.message_id is not None:
        return Priority.EDIT
    return item.priority

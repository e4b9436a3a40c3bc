"""What one scan says: a few things as they come; many for one chat, or what an outage left, as one digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.clocks.recipients import Recipients
from bot.application.clocks.step_messages import buttons_of_case
from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Outgoing, Priority

LISTED = 6
GATHER = timedelta(seconds=10)
"""So long a digest waits for what the rest of the scan adds to it."""

SEVERAL = 3
"""More than so many messages for one chat in one scan are one digest."""

NOBODY = "step-nobody"
WHO = ("code", "unit", "role")
"""Whom the hub should ring up: it hears that once, however many clocks of the case ask for it."""

LINE = ("code", "item_name", "place", "what", "due_at")


def _asks_the_same(message: Outgoing, other: Outgoing) -> bool:
    if message.kind != NOBODY or other.kind != NOBODY or message.params.get("role") == "hub":
        return False
    return all(message.params.get(name) == other.params.get(name) for name in WHO)


@dataclass(slots=True)
class Post:
    """`catching_up`: the rows are late because nobody scanned; all that is said of them is gathered."""

    uow: UnitOfWork
    district: District
    recipients: Recipients
    now: datetime
    catching_up: bool = False
    _messages: dict[int, list[Outgoing]] = field(default_factory=lambda: defaultdict(list))

    async def put(self, message: Outgoing, *, told_at: datetime, wakes: bool) -> None:
        """Queues it, held until `told_at`; it makes a sound if `wakes`, else only inside the delivery window."""
        message.not_before = told_at if told_at > self.now else None
        message.silent = message.silent or not (wakes or self.district.rings(told_at))
        known = self._messages[message.chat_id]
        if not any(_asks_the_same(message, other) for other in known):
            known.append(message)

    async def deliver(self) -> None:
        """Writes what was said in this transaction."""
        single: list[Outgoing] = []
        for chat_id, messages in self._messages.items():
            urgent = [m for m in messages if m.priority is Priority.EMERGENCY]
            others = [m for m in messages if m.priority is not Priority.EMERGENCY]
            if self.catching_up or len(others) > SEVERAL:
                # what a running clock says now does not wait for what is held until the morning
                for held in (False, True):
                    await self._gather(chat_id, [m for m in others if (m.not_before is not None) is held], held=held)
                others = []
            single += _without_signing(urgent + others)
        await self.uow.outbox.add_many(single, at=self.now)
        self._messages.clear()

    async def _gather(self, chat_id: int, messages: list[Outgoing], *, held: bool) -> None:
        if not messages:
            return
        notices = [message for message in messages if message.params.get("notice")]
        # a clock whose step and next announcement fall together is one line
        messages = list({tuple(map(str, map(message.params.get, LINE))): message for message in messages}.values())
        lines = [{name: message.params.get(name) for name in LINE} for message in messages]
        digest = Outgoing(
            kind="steps-missed" if self.catching_up else "steps-many",
            chat_id=chat_id,
            params={"count": len(lines), "lines": lines, "notice": bool(notices), "helps": _helps(notices)},
            buttons=tuple(buttons_of_case(message) for message in messages),
            silent=all(message.silent for message in messages),
            priority=Priority.DIGEST,
            not_before=max(self.now + GATHER, *(message.not_before or self.now for message in messages)),
            dedupe_key=f"steps:{self.catching_up}:{held}:{self.now.isoformat()}:c{chat_id}",
        )
        await self.uow.outbox.gather(digest, listed=LISTED, at=self.now)


def _without_signing(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """Who hears at the same moment that a call has to be handled needs no second word that it was not signed."""
    handled = {_about(message) for message in messages if message.params.get("what") == DueKind.HANDLE}
    return [
        message
        for message in messages
        if message.params.get("what") != DueKind.SIGN or message.params.get("notice") or _about(message) not in handled
    ]


def _helps(notices: Sequence[Outgoing]) -> list[str]:
    """What keeps a superior from being asked: said only where one of these calls allows it."""
    found: set[str] = set()
    for message in notices:
        signs = message.params.get("what") == DueKind.SIGN or message.params.get("unsigned")
        starts = message.params.get("what") == DueKind.START
        found.add("start" if starts else "sign" if signs else "word")
        if message.params.get("extendable"):
            found.add("extend")
    return sorted(found)


def _about(message: Outgoing) -> tuple[object, ...]:
    return message.kind, message.subject, message.params.get("role")

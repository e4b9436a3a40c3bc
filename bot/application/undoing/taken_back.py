"""What others have read of a press is taken back aloud: an urging, a word to the street, a ruling that was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.records import Outgoing
from bot.application.telling import answer_reporter, street_chats, tell, tell_followers, ticket_subject, unit_chats
from bot.application.undoing.last_press import Undoing
from bot.domain.assignment import OPEN_STATES, Assignment
from bot.domain.events import EventKind
from bot.domain.people import Role

E = EventKind


async def say_taken_back(it: Undoing, what: str, chats: Iterable[int], *, silent: bool = True) -> None:
    """One line to each of these chats (by their internal ids)."""
    for chat_id in dict.fromkeys(chats):
        message = Outgoing(
            kind="taken-back",
            chat_id=chat_id,
            params={"code": it.case.ticket.code, "what": what},
            subject=ticket_subject(it.case.ticket.id),
            silent=silent,
            dedupe_key=f"ticket:{it.case.ticket.id}:taken-back:{it.press[-1].seq}:{what}:c{chat_id}",
        )
        await tell(it.uow, it.district, message, now=it.now)


async def say_to_street(it: Undoing, what: str) -> None:
    """To the groups of the ticket's street."""
    await say_taken_back(it, what, [chat.id for chat in await street_chats(it.uow, it.case.ticket.street)])


async def say_to_units(it: Undoing, what: str, parts: Iterable[Assignment]) -> None:
    """To the groups of these units."""
    found = [await unit_chats(it.uow, it.district, part.assignee.code) for part in parts]
    await say_taken_back(it, what, [chat.id for chats in found for chat in chats])


async def say_to_followers(it: Undoing, what: str, *, reporter: bool) -> None:
    """To those who follow the ticket, and in reply to the reporter's own sentence where he had been told."""
    params = {"what": what, "part": f"back{it.press[-1].seq}"}
    await tell_followers(it.uow, it.district, it.case.ticket, "taken-back", params, now=it.now)
    if reporter:
        await say_to_reporter(it, what)


async def say_to_reporter(it: Undoing, what: str) -> None:
    """In reply to the reporter's own sentence."""
    params = {"what": what, "part": f"back{it.press[-1].seq}"}
    await answer_reporter(it.uow, it.district, it.case.ticket, "taken-back", params, now=it.now)


async def take_back_urging(it: Undoing) -> None:
    """It does not count; who was woken hears so. The distance to the next one stays, for they were woken."""
    if any(detail.get("to_street") for detail in it.details(E.URGED)):
        await say_to_street(it, "resident_urged")
    else:
        await say_to_units(it, "urged", [part for part in it.case.assignments if part.state in OPEN_STATES])


async def take_back_callback(it: Undoing) -> None:
    """Nobody needs to call."""
    await say_to_street(it, "callback_asked")


async def take_back_merge_request(it: Undoing) -> None:
    """The street's officers and the hub need not decide; the task itself goes with what the press opened."""
    officers = await it.uow.people.holding(Role.STREET_OFFICER, {it.case.ticket.street})
    chats = [person.private_chat_id for person in officers if person.reachable and person.private_chat_id]
    await say_taken_back(it, "merge_requested", chats)


async def take_back_progress(it: Undoing) -> None:
    """The word before it, or none, is the last one again."""
    texts = await it.uow.events.texts_of(it.case.ticket.id)
    seq = next(event.seq for event in it.press if event.kind is E.PROGRESSED)
    before_at = it.details(E.PROGRESSED)[0].get("before_at")
    for part in it.named(E.PROGRESSED):
        part.last_progress = texts.get((seq, "before"), "")
        part.last_progress_at = datetime.fromisoformat(before_at) if before_at else None
        await it.uow.assignments.save(part)

"""撤销 by who admits wishes to streets: his word is not said; what it sent out or ended waits for admission again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face
from bot.application.telling import ticket_subject
from bot.application.undoing.last_press import last_press
from bot.application.undoing.undo import undo
from bot.application.ways.call_street import load_call, subject_of, tell_asker
from bot.domain.errors import UndoTooLate
from bot.domain.people import Actor
from bot.domain.street_call import UNSAID, StreetCall, StreetCallState

S = StreetCallState


async def undo_admission(
    uow: UnitOfWork, district: District, actor: Actor, call_id: int, *, now: datetime
) -> StreetCall:
    """This approver has said nothing yet; raises `UndoTooLate`."""
    call = await load_call(uow, call_id, S.ADMISSION, S.SENT, S.REFUSED)
    word = last_word(call, actor.id, district.rules.undo_window, now=now)
    if word is None:
        raise UndoTooLate()
    if call.state is S.SENT:
        await _call_back(uow, district, actor, call, word, now=now)
    elif call.state is S.REFUSED:
        params = {"street": district.catalogue.party_name(call.street)}
        await tell_asker(uow, district, call, "admission-reopened", params, now=now, part=word["at"])
    call.state = S.ADMISSION
    await uow.dues.put(subject_of(call), DueKind.STREET_CALL, now)
    unsaid = {"approver": word["approver"], "word": UNSAID, "by": str(actor.id), "at": now.isoformat()}
    call.approvals = [*call.approvals, unsaid]
    await uow.street_calls.save(call)
    await uow.cards.want_all(subject_of(call))
    return call


def last_word(call: StreetCall, person_id: int, window: timedelta, *, now: datetime) -> Mapping[str, str] | None:
    """The word of this person that can still be taken back: his newest, and where it decided, the last of all."""
    said = [word for word in call.approvals if word["by"] == str(person_id)]
    if not said or said[-1]["word"] == UNSAID or now - datetime.fromisoformat(said[-1]["at"]) > window:
        return None
    if call.state not in {S.ADMISSION, S.SENT, S.REFUSED}:
        return None
    return said[-1] if call.state is S.ADMISSION or said[-1] is call.approvals[-1] else None


async def _call_back(
    uow: UnitOfWork, district: District, actor: Actor, call: StreetCall, word: Mapping[str, str], *, now: datetime
) -> None:
    """The ticket that the word made is withdrawn, unless somebody has gone on from there."""
    assert call.ticket_id is not None
    press = last_press(await uow.events.of_ticket(call.ticket_id), district.rules.undo_window, now=now)
    if press is None or press.at != datetime.fromisoformat(word["at"]):
        raise UndoTooLate()
    await undo(uow, district, actor, call.ticket_id, now=now)
    for card in await uow.cards.of_subject(ticket_subject(call.ticket_id)):
        if card.face is Face.CALLER and card.chat_id == call.chat_id:
            await uow.cards.rename(card, subject_of(call), Face.STREET_CALL)
    call.ticket_id = None
